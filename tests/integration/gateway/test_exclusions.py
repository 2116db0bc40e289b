"""Those who are left alone, over HTTP: who is named goes in a body and never comes back, and the draft stands still."""

import httpx
import pytest

from contracts.exclusion import address_key, domain_key
from tests import controls
from tests.integration.gateway.office import DOMAIN, Lead, Office

ACME, NOBODY = "acme.example", "somebody@quiet.example"


async def said(office: Office, path: str = "", role: str = "operator", **body: str) -> httpx.Response:
    answer = await office.http.post(f"/api/exclusions{path}", headers=office.headers(role), json=body)
    await office.caught_up()
    return answer


async def brought(office: Office, content: bytes, name: str = "customers.csv", **fields: str) -> httpx.Response:
    answer = await office.http.post(
        "/api/exclusions/import", headers=office.headers("operator"), files={"file": (name, content)}, data=fields
    )
    await office.caught_up()
    return answer


async def test_who_is_excluded_is_on_the_list_by_the_key_alone(office: Office) -> None:
    answer = await said(office, who=f"Ada@{ACME}", reason="She said no.")
    receipt = answer.json()
    assert (answer.status_code, receipt["status"]) == (200, "recorded")
    assert receipt["about"] == address_key(controls.IDENTITY_KEY, f"ada@{ACME}")
    (row,) = (await office.get("/api/exclusions", "operator")).json()["items"]
    assert (row["key"], row["kind"], row["reason"]) == (receipt["about"], "address", "She said no.")
    events = (await office.get("/api/events", "admin", category="policy")).text
    assert ACME not in events
    assert ACME not in answer.text


async def test_command_says_again_what_it_said(office: Office) -> None:
    headers = office.headers("operator") | {"Idempotency-Key": "one"}
    first, again = [
        (await office.http.post("/api/exclusions", headers=headers, json={"who": ACME})).json() for _ in range(2)
    ]
    assert (first["status"], again["status"], again["fact"]) == ("recorded", "repeated", first["fact"])
    assert (await said(office, who=f"www.{ACME}")).json()["fact"] == ""


async def test_check_says_by_what_somebody_is_covered(office: Office) -> None:
    await said(office, who=ACME)
    told = (await said(office, "/check", who=f"bob@mail.{ACME}")).json()
    assert told["excluded"] is True
    assert [one["key"] for one in told["by"]] == [domain_key(controls.IDENTITY_KEY, ACME)]
    assert told["key"] == address_key(controls.IDENTITY_KEY, f"bob@mail.{ACME}")
    assert (await said(office, "/check", who=NOBODY)).json()["excluded"] is False


async def test_exclusion_is_lifted_by_its_key(office: Office) -> None:
    key = (await said(office, who=ACME)).json()["about"]
    for status in ("recorded", "repeated"):
        answer = await office.http.delete(f"/api/exclusions/{key}", headers=office.headers("operator"))
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert (await said(office, "/check", who=f"bob@{ACME}")).json()["excluded"] is False
    unknown = await office.http.delete(f"/api/exclusions/{controls.EXCLUSION}", headers=office.headers("operator"))
    assert unknown.status_code == 404
    named = await office.http.delete(f"/api/exclusions/{ACME}", headers=office.headers("operator"))
    assert (named.status_code, ACME in named.text.replace(f"/api/exclusions/{ACME}", "")) == (422, False)


@pytest.mark.parametrize(("who", "reason"), [("nonsense", ""), (f"ada@{ACME}", f"ada@{ACME} wrote"), ("com", "")])
async def test_what_cannot_be_meant_is_refused_and_not_repeated(office: Office, who: str, reason: str) -> None:
    answer = await said(office, who=who, reason=reason)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:swarm:bad-input")
    assert f"ada@{ACME}" not in answer.text
    assert (await office.get("/api/exclusions", "operator")).json()["items"] == []


async def test_file_excludes_everybody_whom_it_names(office: Office) -> None:
    content = f"Company;E-Mail;Domain\nAcme;ada@{ACME};\nQuiet;;www.quiet.example\nNobody;none;\nAcme;Ada+x@{ACME};\n"
    answer = await brought(office, content.encode("cp1252"), reason="Customers.")
    told = answer.json()
    assert (answer.status_code, told["lines"], told["added"], told["known"]) == (200, 4, 2, 0)
    assert [one["line"] for one in told["refused"]] == [4]
    assert "none" not in told["refused"][0]["reason"]
    again = (await brought(office, content.encode(), reason="Customers.")).json()
    assert (again["added"], again["known"]) == (0, 2)
    rows = (await office.get("/api/exclusions", "operator")).json()["items"]
    assert [(row["source"], row["reason"]) for row in rows] == [("customers.csv", "Customers.")] * 2


async def test_file_that_is_too_large_or_names_nobody_is_refused(office: Office) -> None:
    assert (await brought(office, b"Name\nAda\nBob\n")).status_code == 422
    assert (await brought(office, b"a@acme.example\n" * 70_000)).status_code == 413
    assert (await brought(office, b"a@acme.example\n" * 10_001)).status_code == 413


async def test_draft_of_somebody_who_is_excluded_cannot_be_brought_further(office: Office, leads: list[Lead]) -> None:
    lead = leads[0]
    await said(office, who=DOMAIN)
    for what, more in (
        ("approve", {}),
        ("edit", {"body": "Hello Ada,\n\nmay I call on Tuesday?\n"}),
        ("request-changes", {"instruction": "Name a day."}),
    ):
        answer = await office.http.post(
            f"/api/emails/{lead.email_id}/{what}",
            headers=office.headers("reviewer"),
            json={"expected_version": 1, **more},
        )
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:swarm:excluded"), what
        assert DOMAIN not in answer.text
    many = await office.http.post(
        "/api/bulk/approve",
        headers=office.headers("reviewer"),
        json={"items": [{"email_id": one.email_id, "expected_version": 1} for one in leads[:2]]},
    )
    assert "urn:swarm:excluded" in many.text
    assert '"recorded"' not in many.text
    rejected = await office.http.post(
        f"/api/emails/{lead.email_id}/reject",
        headers=office.headers("reviewer"),
        json={"expected_version": 1, "tag": "other", "reason": "To be left alone."},
    )
    assert rejected.status_code == 200
