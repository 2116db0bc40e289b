"""Files over HTTP: what is seen of one before a run takes it, what is refused, and what a run then finds."""

import asyncio
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from contracts.envelope import Personal
from contracts.run import RunRequested
from gateway.answers import POSITION
from services.reading.chunks import read_chunk
from services.runtime import keys
from services.runtime.import_store import ImportStore
from tests import controls
from tests.integration.gateway.office import (
    BYTES_MAX,
    DOMAIN,
    FOUNDER,
    KEPT_S,
    NOW,
    WAITING_BYTES_MAX,
    Lead,
    Office,
)
from tests.unit.projections.stories import Step

DEMO = Path(__file__).parents[3] / "services" / "hunter" / "samples" / "demo.csv"
HEADER = "Work Email,Full Name,Company,Shoe Size\n"
GOOD = f"amy@new.{DOMAIN},Amy Engel,New Works,44\n"
NO_ADDRESS = "nobody at nowhere,=HYPERLINK(1),Bad Works,45\n"
BROKEN = '"open,@Ben,Open Works,46\n'
CSV = (HEADER + GOOD + NO_ADDRESS + BROKEN).encode()


async def bring(
    office: Office, content: bytes, role: str = "operator", *, name: str = "leads.csv", mapping: str | None = None
) -> httpx.Response:
    """Send a file as a form does."""
    fields = {} if mapping is None else {"mapping": mapping}
    return await office.http.post(
        "/api/imports", files={"file": (name, content, "text/csv")}, data=fields, headers=office.headers(role)
    )


async def brought(office: Office, content: bytes = CSV, **more: Any) -> str:
    """The path of a file that waits."""
    answer = await bring(office, content, **more)
    assert answer.status_code == 201, answer.text
    return f"/api/imports/{answer.json()['import_id']}"


async def requested(office: Office) -> list[RunRequested]:
    """Every run that was asked for."""
    found = [one.decode(0) for one in await office.backend.log.tail(0, ["run"], 0, count=99)]
    return [one.event for one in found if isinstance(one.event, RunRequested)]


def refused(answer: httpx.Response, status: int, *words: str) -> dict[str, Any]:
    """A problem that says these words."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    document: dict[str, Any] = answer.json()
    for word in words:
        assert word in f"{document['detail']} {document['remedy']}", document
    return document


async def test_a_preview_can_be_of_the_first_rows_alone(office: Office) -> None:
    path = await brought(office)
    whole = (await office.get(path, "operator")).json()
    first = (await office.get(path, "operator", limit=1)).json()
    assert (whole["counts"]["refused"], whole["counts"]["not_taken"]) == (2, 0)
    assert first["counts"] == {"rows": 3, "sourced": 1, "updated": 0, "duplicate": 0, "refused": 0, "not_taken": 2}
    assert first["refused"] == []
    refused(await office.get(path, "operator", limit=0), 422)


async def test_preview_says_what_is_in_a_file_and_what_would_come_of_it(office: Office) -> None:
    answer = await bring(office, CSV, name="C:\\leads\\list\u202e 1.csv")
    found = answer.json()
    assert answer.status_code == 201
    assert (found["name"], found["bytes"], found["rows"]) == ("list 1.csv", len(CSV), 3)
    assert (found["encoding"], found["delimiter"], found["format"]) == ("utf-8", ",", "csv")
    assert [(one["column"], one["field"], one["how"]) for one in found["columns"]] == [
        ("Work Email", "email", "alias"),
        ("Full Name", "full_name", "alias"),
        ("Company", "company", "alias"),
        ("Shoe Size", None, None),
    ]
    assert (found["missing"], "industry" in found["fields"], found["near"]) == ([], True, [])
    assert found["sample"] == [
        {"row": 1, "email": f"amy@new.{DOMAIN}", "full_name": "Amy Engel", "company": "New Works"}
    ]
    assert [(one["row"], one["field"]) for one in found["refused"]] == [(2, "email"), (3, "row")]
    assert all(one["reason"] and one["remedy"] for one in found["refused"])
    assert found["counts"] == {
        "rows": 3,
        "sourced": 1,
        "updated": 0,
        "duplicate": 0,
        "refused": 2,
        "not_taken": 0,
    }
    assert (found["by"], found["expires_at"]) == ("person:otto@swarm", "2026-03-02T11:00:00Z")
    assert await requested(office) == []
    again = await office.get(f"/api/imports/{found['import_id']}", "operator")
    assert again.json() == found


async def test_counts_are_held_against_what_is_known(office: Office, leads: list[Lead]) -> None:
    first, second, *_ = leads
    rows = (
        f"{first.address},Person {first.number},Works {first.number},1\n"
        f"{second.address},Somebody Else,Works {second.number},1\n{GOOD}"
    )
    found = (await bring(office, (HEADER + rows).encode())).json()
    assert (found["counts"]["duplicate"], found["counts"]["updated"], found["counts"]["sourced"]) == (1, 1, 1)


async def test_a_file_that_is_older_than_what_is_known_says_so(office: Office, leads: list[Lead]) -> None:
    origin = msgspec.structs.replace(controls.ORIGIN, source="file")
    name = {"full_name": Personal.plain("Person One")}
    known = controls.lead_updated(lead_id=leads[0].lead_id, origin=origin, fields=name)
    await office.tell(Step(0, (known,)))
    content = f"{HEADER}{leads[0].address},Somebody Else,Works {leads[0].number},1\n".encode()
    for as_of, older, updated in (("2001-02-03T04:05:06Z", 1, 0), ("", 0, 1)):
        form = {"as_of": as_of} if as_of else {}
        answer = await office.http.post(
            "/api/imports", files={"file": ("old.csv", content)}, data=form, headers=office.headers("operator")
        )
        found = answer.json()
        assert (found["older"], found["counts"]["updated"], found["came_before"]) == (older, updated, "")
    for wrong, word in (("yesterday", "no time"), ("2001-02-03T04:05:06", "no time zone")):
        answer = await office.http.post(
            "/api/imports",
            files={"file": ("a.csv", content)},
            data={"as_of": wrong},
            headers=office.headers("operator"),
        )
        refused(answer, 422, word)


async def test_what_is_kept_of_columns_is_offered_for_the_same_header(office: Office) -> None:
    header, mapping = ["Kundin", "Haus", "Adresse"], {"email": "Adresse", "full_name": "Kundin"}
    kept = await office.post("/api/mappings", {"name": "crm", "header": header, "mapping": mapping}, "operator")
    assert (kept.status_code, kept.json()["by"], kept.json()["mapping"]) == (200, "person:otto@swarm", mapping)
    assert (await office.get("/api/mappings", "operator")).json() == {"mappings": [kept.json()]}
    same = (await bring(office, f"adresse;HAUS;Kundin\na@new.{DOMAIN};New Works;Amy\n".encode())).json()
    assert [(one["name"], one["mapping"]) for one in same["kept"]] == [("crm", mapping)]
    other = (await bring(office, CSV)).json()
    assert other["kept"] == []
    wrong = {"name": "crm", "header": header, "mapping": {"email": "Mail"}}
    refused(await office.post("/api/mappings", wrong, "operator"), 422, "no column `Mail`")
    dropped = await office.http.delete("/api/mappings/crm", headers=office.headers("operator"))
    assert dropped.status_code == 204
    again = await office.http.delete("/api/mappings/crm", headers=office.headers("operator"))
    refused(again, 404, "No mapping 'crm' is kept", "None is kept yet.")


async def test_columns_are_what_a_person_says_they_are(office: Office) -> None:
    content = f"Kundin,Haus,Adresse\nAmy Engel,New Works,amy@new.{DOMAIN}\n".encode()
    path = await brought(office, content)
    found = (await office.get(path, "operator")).json()
    assert (found["missing"], found["sample"], found["counts"]["refused"]) == (
        ["email", "full_name", "company"],
        [],
        1,
    )
    run = {"mode": "staging", "synthetic": True}
    refused(await office.post(f"{path}/run", run, "operator"), 422, "`Kundin`", '{"mapping":{"email":"Adresse"}}')
    assert found["near"] == [{"column": "Adresse", "field": "email", "because": "it holds e-mail addresses"}]
    mistaken = {"mapping": {"email": "Haus", "full_name": "Kundin"}}
    [doubt] = (await office.post(f"{path}/mapping", mistaken, "operator")).json()["doubts"]
    assert (doubt["field"], doubt["column"]) == ("email", "Haus")
    assert doubt["remedy"] == '`Adresse` looks like it: {"mapping":{"email":"Adresse"}}.'
    mapping = {"mapping": {"full_name": "kundin", "company": "Haus"}}
    mapped = (await office.post(f"{path}/mapping", mapping, "operator")).json()
    assert (mapped["missing"], mapped["counts"]["sourced"], mapped["unaddressed"]) == ([], 1, 1)
    assert [one["how"] for one in mapped["columns"]] == ["mapping", "mapping", None]
    for wrong, field, word in (("shoe", "shoe", "full_name"), ("email", "email", "`Adresse`")):
        answer = await office.post(f"{path}/mapping", {"mapping": {wrong: "Town"}}, "operator")
        assert refused(answer, 422, word)["values"]["field"] == field
    assert (await office.get(path, "operator")).json() == mapped
    assert (await office.post(f"{path}/run", run, "operator")).status_code == 200
    [asked] = await requested(office)
    assert asked.file is not None
    assert asked.file.mapping == {"full_name": "Kundin", "company": "Haus"}


async def test_field_that_a_person_takes_from_no_column_is_not_taken(office: Office) -> None:
    content = f"Email,Phone\namy@new.{DOMAIN},123\n".encode()
    path = await brought(office, content)
    mapped = (await office.post(f"{path}/mapping", {"mapping": {"phone": " "}}, "operator")).json()
    assert [one["field"] for one in mapped["columns"]] == ["email", None]
    assert (mapped["mapping"], mapped["sample"]) == ({"phone": " "}, [{"row": 1, "email": f"amy@new.{DOMAIN}"}])
    again = (await office.post(f"{path}/mapping", {"mapping": {}}, "operator")).json()
    assert [one["field"] for one in again["columns"]] == ["email", "phone"]
    await office.post(f"{path}/mapping", {"mapping": {"phone": ""}}, "operator")
    assert (await office.post(f"{path}/run", {"mode": "staging", "synthetic": True}, "operator")).status_code == 200
    [asked] = await requested(office)
    assert asked.file is not None
    assert asked.file.mapping == {"email": "Email"}


async def test_mapping_can_come_with_the_file(office: Office) -> None:
    found = (await bring(office, CSV, mapping='{"industry": "Shoe Size"}')).json()
    assert found["columns"][3] == {"column": "Shoe Size", "field": "industry", "how": "mapping"}
    refused(await bring(office, CSV, mapping='{"industry": "Town"}'), 422, "`Town`", "`Shoe Size`")
    for wrong in ("[]", '{"a": 1}', "{", '"x"', "\ud800"):
        answer = await bring(office, CSV, mapping=wrong.encode("utf-8", "surrogatepass").decode("latin-1"))
        assert refused(answer, 422)["values"]["field"] == "mapping"


async def test_rows_are_for_who_may_see_people(office: Office) -> None:
    _, text = await office.backend.accounts.create_token(
        "otto",
        label="",
        scopes=("run",),
        life=timedelta(hours=1),
        actor=FOUNDER,
        command_id=str(uuid4()),
    )
    narrow = replace(office, tokens={**office.tokens, "runner": text})
    found = (await bring(narrow, CSV, "runner")).json()
    assert (found["sample"], found["counts"]["sourced"], len(found["columns"])) == ([], 1, 4)
    answer = await narrow.get(f"/api/imports/{found['import_id']}/refused.csv", "runner")
    assert answer.text.splitlines()[0] == "\ufeffrow,field,reason,remedy"
    assert "nowhere" not in answer.text
    assert answer.text.count("\r\n") == 3


async def test_refused_rows_come_back_as_they_came_and_as_no_formula(office: Office) -> None:
    path = await brought(office)
    answer = await office.get(f"{path}/refused.csv", "operator")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, bad, broken = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header[4:] == ["row", "field", "reason", "remedy", "as_it_came"]
    assert bad[:6] == ["nobody at nowhere", "'=HYPERLINK(1)", "Bad Works", "45", "2", "email"]
    assert (broken[:5], broken[-1]) == (["", "", "", "", "3"], BROKEN.strip())
    assert all((bad[7], broken[7]))


async def test_run_finds_the_file_in_the_store(office: Office) -> None:
    """No agent is at work here, so the run is asked for and nothing comes of it."""
    content = DEMO.read_bytes()
    path = await brought(office, content, name="demo.csv")
    answer = await office.post(f"{path}/run", {"mode": "staging", "limit": 7, "draft": ["tier_4"]}, "operator")
    assert answer.status_code == 200, answer.text
    run_id, receipt = answer.json()["run_id"], answer.json()["receipt"]
    assert (receipt["about"], receipt["by"], answer.headers[POSITION]) == (
        run_id,
        "person:otto@swarm",
        receipt["position"],
    )
    [asked] = await requested(office)
    assert asked.file is not None
    assert (asked.run_id, asked.limit, asked.terms.mode, asked.terms.draft) == (run_id, 7, "staging", ("tier_4",))
    sha256 = hashlib.sha256(content).hexdigest()
    assert (asked.file.sha256, asked.file.name, asked.file.synthetic) == (sha256, "demo.csv", True)
    files = office.backend.imports.files
    stored = [await files.chunk(sha256, number) for number in range(asked.file.chunks + 1)]
    assert stored.pop() is None
    assert sum(len(read_chunk(blob or b"").rows) for blob in stored) == asked.file.rows
    shown = (await office.get(f"/api/runs/{run_id}", after=answer.headers[POSITION])).json()
    assert (shown["status"], shown["file_name"], shown["asked_by"]) == ("running", "demo.csv", "person:otto@swarm")


async def test_one_key_is_one_run(office: Office, namespace: str) -> None:
    path = await brought(office)
    key, body = {"Idempotency-Key": "one"}, {"mode": "staging", "synthetic": True}
    first = await office.post(f"{path}/run", body, "operator", headers=key)
    at_once = await asyncio.gather(*(office.post(f"{path}/run", body, "operator", headers=key) for _ in range(3)))
    for again in at_once:
        assert again.json()["run_id"] == first.json()["run_id"]
        assert again.json()["receipt"] == first.json()["receipt"] | {"status": "repeated"}
    other = await office.post(f"{path}/run", body | {"limit": 1}, "operator", headers=key)
    assert refused(other, 422)["type"] == "urn:swarm:idempotency-key-reused"
    [asked] = await requested(office)
    assert asked.file is not None
    holders = await office.backend.views.client.smembers(keys.file_runs(namespace, asked.file.sha256))
    assert holders == {asked.run_id.encode()}
    await office.http.delete(path, headers=office.headers("operator"))
    late = await office.post(f"{path}/run", body, "operator", headers=key)
    assert late.json()["run_id"] == first.json()["run_id"]


async def test_equal_commands_at_once_are_one_run(office: Office, namespace: str) -> None:
    path = await brought(office)
    key, body = {"Idempotency-Key": "one"}, {"mode": "staging", "synthetic": True}
    answers = await asyncio.gather(*(office.post(f"{path}/run", body, "operator", headers=key) for _ in range(4)))
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    [asked] = await requested(office)
    assert asked.file is not None
    holders = await office.backend.views.client.smembers(keys.file_runs(namespace, asked.file.sha256))
    assert holders == {asked.run_id.encode()}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"mode": "moon"}, 422, "dry_run, sandbox, staging, production"),
        ({"mode": "staging"}, 409, "marked synthetic"),
        ({"mode": "sandbox"}, 409, "synthetic sources only"),
        ({"mode": "dry_run"}, 409, "commits nothing"),
        ({"mode": "production", "synthetic": True}, 409, "real rows only"),
        ({"mode": "production"}, 422, '"confirm": "'),
        ({"mode": "production", "confirm": "yes"}, 422, '"confirm": "'),
        ({"mode": "staging", "synthetic": True, "limit": 0}, 422, "1 or more"),
        ({"mode": "staging", "synthetic": True, "segment": "tier_9"}, 422, "tier_1"),
        ({"mode": "staging", "synthetic": True, "draft": ["tier_1"]}, 422, "needs_data"),
        ({"mode": "staging", "synthetic": True, "campaign": "engines"}, 422, "no campaign 'engines'"),
        ({"mode": "staging", "campaing": "engines"}, 422, "schema"),
        ({"limit": 1}, 422, "schema"),
    ],
)
async def test_run_that_may_not_be_is_refused_as_on_the_command_line(
    office: Office, namespace: str, body: dict[str, object], status: int, words: str
) -> None:
    path = await brought(office)
    refused(await office.post(f"{path}/run", body, "operator"), status, words)
    assert await requested(office) == []
    sha256 = hashlib.sha256(CSV).hexdigest()
    assert await office.backend.views.client.exists(keys.file(namespace, sha256)) == 0


async def test_production_run_is_confirmed_by_the_name_of_the_namespace(office: Office, namespace: str) -> None:
    path = await brought(office)
    answer = await office.post(f"{path}/run", {"mode": "production", "confirm": namespace}, "operator")
    assert answer.status_code == 200, answer.text
    [asked] = await requested(office)
    assert (asked.terms.mode, asked.limit) == ("production", None)


async def test_files_larger_than_they_may_be_are_refused_by_their_limit(office: Office) -> None:
    row = f"{GOOD.strip()}{'x' * 900}\n"
    too_large = (HEADER + row * (BYTES_MAX // len(row) + 1)).encode()
    assert refused(await bring(office, too_large), 413, "2,000,000 bytes")["values"]["limit"] == BYTES_MAX

    async def in_pieces() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="l.csv"\r\n\r\n'
        for start in range(0, len(too_large), 50_000):
            yield too_large[start : start + 50_000]
        yield b"\r\n--b--\r\n"

    headers = office.headers("operator") | {"Content-Type": "multipart/form-data; boundary=b"}
    unannounced = await office.http.post("/api/imports", content=in_pieces(), headers=headers)
    refused(unannounced, 413, "2,000,000 bytes")
    refused(await bring(office, CSV, mapping='{"email": "' + "x" * 64_000 + '"}'), 413, "64,000 bytes")
    refused(await bring(office, b"email\n" + b"a\n" * 100_001), 422, "100,000 rows")
    refused(await bring(office, ",".join(f"c{n}" for n in range(10_000)).encode() + b"\nx\n"), 422, "256 is the most")
    other = await office.post("/api/runs", {"mode": "sandbox", "source": "x" * 1_000_001}, "operator")
    refused(other, 413)


async def test_cell_that_is_too_long_costs_its_row_alone(office: Office) -> None:
    content = HEADER + f"ben@new.{DOMAIN},{'x' * 64_001},Works,1\n" + f"cy@new.{DOMAIN},{'x' * 300_000},W,1\n" + GOOD
    found = (await bring(office, content.encode())).json()
    assert [(one["row"], one["field"]) for one in found["refused"]] == [(1, "row"), (2, "row")]
    assert "64,000" in found["refused"][0]["reason"]
    assert found["counts"]["sourced"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"Work Email,Company\n", "no rows"),
        (b"anna@acme.example,Anna,Acme\nbo@acme.example,Bo,Acme\n", "no header"),
        (b"\0" * 5_000, "no text"),
        (b"a\0b\0\0c,d\n" * 500, "no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "no text"),
        (b"PK\x03\x04" + b"x" * 500, "Excel workbook"),
        (b"[" * 200_000, "nested too deep"),
        (b"x," * 300_000, "no header"),
        (b",,,\n1,2,3,4\n", "names no column"),
    ],
)
async def test_file_of_no_use_is_refused_and_not_kept(office: Office, content: bytes, words: str) -> None:
    refused(await bring(office, content), 422, words)
    assert await office.backend.imports.store.weight(NOW) == 0


async def test_nuls_and_half_characters_cost_their_rows_alone(office: Office) -> None:
    content = (
        HEADER + GOOD
    ).encode() + b"b\0@x.example,B,W,1\nc@x.example,\xff\xfe,W,1\nd@x.example,\xc3\xa9\xc3\xa9\xc3\xa9,W,1\n"
    path = await brought(office, content)
    found = (await office.get(path, "operator")).json()
    assert (found["counts"]["sourced"], [one["row"] for one in found["refused"]]) == (2, [2, 3])
    assert "\0" not in (await office.get(f"{path}/refused.csv", "operator")).text


def bodies() -> Iterator[tuple[str, bytes, int, str]]:
    """Type and body, and what is answered."""
    kind = "multipart/form-data; boundary=b"
    part = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="l.csv"\r\n\r\nx\r\n'
    yield "application/json", b"{}", 415, "multipart/form-data"
    yield "text/csv", CSV, 415, "multipart/form-data"
    yield "multipart/form-data", part % b"file" + b"--b--\r\n", 422, "no multipart"
    yield kind, b"", 422, "no multipart"
    yield kind, b"--b--\r\n", 422, "no file"
    yield kind, part % b"file", 422, "no multipart"
    yield kind, part % b"file" * 2 + b"--b--\r\n", 422, "twice"
    yield kind, part % b"other" + b"--b--\r\n", 422, "`file`, `as_of`, `mapping`"
    yield kind, part % b"mapping" * 9 + b"--b--\r\n", 422, "twice"
    yield kind, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", 422, ""
    yield kind, b"--b\r\nX: " + b"y" * 9_000 + b"\r\n\r\nx\r\n--b--\r\n", 422, "header"


@pytest.mark.parametrize(("kind", "body", "status", "words"), list(bodies()))
async def test_body_that_is_no_form_with_a_file(
    office: Office, kind: str, body: bytes, status: int, words: str
) -> None:
    headers = office.headers("operator") | {"Content-Type": kind}
    refused(await office.http.post("/api/imports", content=body, headers=headers), status, words)


async def test_two_imports_of_one_file_know_nothing_of_each_other(office: Office) -> None:
    first, second = await brought(office), await brought(office)
    assert first != second
    done = await office.http.delete(first, headers=office.headers("operator"))
    assert (done.status_code, done.content) == (204, b"")
    refused(await office.get(first, "operator"), 404, "bring the file again")
    refused(await office.http.delete(first, headers=office.headers("operator")), 404)
    body = {"mode": "staging", "synthetic": True}
    runs = [(await office.post(f"{second}/run", body, "operator")).json()["run_id"] for _ in range(2)]
    assert [asked.run_id for asked in await requested(office)] == runs
    assert len(set(runs)) == 2


async def test_only_so_much_may_wait(office: Office) -> None:
    row = f"{GOOD.strip()}{'x' * 200}\n"
    content = (HEADER + row * (WAITING_BYTES_MAX // 2 // len(row))).encode()
    path = await brought(office, content)
    await brought(office, content)
    refused(await bring(office, CSV + content[len(HEADER) :]), 409, "3,000,000 is the most", "DELETE")
    await office.http.delete(path, headers=office.headers("operator"))
    await brought(office, content)


async def test_file_that_no_run_takes_goes_by_itself(office: Office, namespace: str) -> None:
    backend = office.backend
    found = await backend.imports.take("leads.csv", CSV, {}, FOUNDER)
    names = (
        keys.import_record(namespace, found.import_id),
        keys.import_content(namespace, found.import_id),
        keys.imports(namespace),
    )
    assert await backend.views.client.exists(*names) == 3
    assert (await office.get(f"/api/imports/{found.import_id}", "operator")).status_code == 200
    for name in names:
        assert 0 < await backend.views.client.ttl(name) <= KEPT_S
        await backend.views.client.expire(name, 0)
    for path in ("", "/refused.csv"):
        refused(await office.get(f"/api/imports/{found.import_id}{path}", "operator"), 404)
    mapping = await office.post(f"/api/imports/{found.import_id}/mapping", {"mapping": {}}, "operator")
    refused(mapping, 404)
    refused(await office.post(f"/api/imports/{found.import_id}/run", {"mode": "staging"}, "operator"), 404)


async def test_one_namespace_never_sees_what_waits_in_another(office: Office, namespace: str) -> None:
    import_id = (await brought(office)).rpartition("/")[2]
    client = office.backend.views.client
    assert await ImportStore(client, namespace, kept_s=60).find(import_id) is not None
    elsewhere = ImportStore(client, f"{namespace}2", kept_s=60)
    assert (await elsewhere.find(import_id), await elsewhere.weight(NOW)) == (None, 0)


async def test_new_mapping_does_not_lengthen_the_wait(office: Office, namespace: str) -> None:
    path = await brought(office)
    record = keys.import_record(namespace, path.rpartition("/")[2])
    await office.backend.views.client.expire(record, 60)
    assert (await office.post(f"{path}/mapping", {"mapping": {}}, "operator")).status_code == 200
    assert 0 < await office.backend.views.client.ttl(record) <= 60


async def test_others_are_answered_while_a_large_file_is_read(office: Office) -> None:
    row = f"p@c.{DOMAIN},Person,Works,1\n"
    reading = asyncio.create_task(bring(office, (HEADER + row * (400_000 // len(row))).encode()))
    answered = 0
    while not reading.done():
        assert (await office.http.get("/api/health/live")).status_code == 200
        answered += 1
        await asyncio.sleep(0)  # In process an answer may come without anybody else having had a turn.
    assert (await reading).status_code == 201
    assert answered > 20


async def test_nothing_comes_from_the_url(office: Office) -> None:
    path = await brought(office)
    for method, address in (("POST", "/run"), ("POST", "/mapping"), ("DELETE", "")):
        body: dict[str, object] = {"mapping": {}} if address == "/mapping" else {"mode": "staging"}
        answer = await office.http.request(
            method, f"{path}{address}?confirm=x", json=body, headers=office.headers("operator")
        )
        refused(answer, 422, "nothing from the URL")
    refused(await office.get(f"{path}/refused.csv", "operator", run_id="x"), 422, "no parameter")


async def test_invented_people_are_asked_for_once_a_key(office: Office) -> None:
    key, body = {"Idempotency-Key": "one"}, {"mode": "sandbox", "source": "competitor_gong"}
    first = await office.post("/api/runs", body, "operator", headers=key)
    again = await office.post("/api/runs", body, "operator", headers=key)
    assert (first.status_code, again.json()["run_id"]) == (200, first.json()["run_id"])
    assert again.json()["receipt"]["status"] == "repeated"
    [asked] = await requested(office)
    assert (asked.run_id, asked.source, asked.limit, asked.file) == (first.json()["run_id"], "competitor_gong", 5, None)
    seeded = await office.post("/api/runs", body | {"seed": 7, "limit": 3}, "operator")
    assert seeded.status_code == 200
    assert [(one.seed, one.limit) for one in (await requested(office))[1:]] == [(7, 3)]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"mode": "sandbox", "source": "moon"}, 422, "competitor_gong"),
        ({"mode": "sandbox", "source": "file"}, 422, "needs a file"),
        ({"mode": "sandbox", "source": "default", "limit": 21}, 422, "at most 20"),
        ({"mode": "staging", "source": "default"}, 409, "files of test data"),
        ({"mode": "production", "source": "default"}, 409, "real rows only"),
        ({"mode": "sandbox", "source": "default", "seed": -1}, 422, "schema"),
        ({"mode": "sandbox"}, 422, "schema"),
    ],
)
async def test_invented_people_that_may_not_be(
    office: Office, body: dict[str, object], status: int, words: str
) -> None:
    refused(await office.post("/api/runs", body, "operator"), status, words)
    assert await requested(office) == []
