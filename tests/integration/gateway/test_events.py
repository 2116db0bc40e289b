"""The log page by page: everything once and in order, as far as its reader may see."""

from collections.abc import AsyncIterator

import pytest

from gateway import pages
from gateway.answers import position_text, read_position
from gateway.columns import TRUNCATED
from gateway.events import Reader
from gateway.feed import Wish
from services.runtime.log import EventLog
from services.runtime.namespace import open_log
from tests import controls
from tests.integration.gateway.office import DOMAIN, FOUNDER, Lead, Office
from tests.integration.gateway.test_export import rows
from tests.integration.gateway.test_personal_reads import recorded
from tests.integration.gateway.test_read_refusals import problem
from tests.unit.projections.stories import ADA, Step, tell


async def walk(office: Office, role: str = "admin", **query: str | int) -> list[str]:
    """The positions of all pages, in order."""
    found, place = list[str](), "0:0"
    while place:
        document = (await office.get("/api/events", role, **{"from": place, **query})).json()
        found += [item["position"] for item in document["items"]]
        place = document["next"]
    return found


@pytest.mark.parametrize("limit", [1, 7, 200])
async def test_log_is_walked_whole_and_in_order(office: Office, leads: list[Lead], limit: int) -> None:
    head = await office.backend.log.head(0)
    found = await walk(office, "auditor", limit=limit)
    assert found == [f"0:{seq}" for seq in range(1, head + 1)]


async def test_fact_is_told_as_the_feed_tells_it(office: Office, leads: list[Lead]) -> None:
    told = (await office.get("/api/events", type="email.drafted.v1", limit=1)).json()["items"][0]
    assert (told["type"], told["lead_id"], told["actor"]) == ("email.drafted.v1", leads[4].lead_id, "agent:hunter")
    assert told["data"]["content"]["recipient"] == leads[4].address
    assert "salt" not in told["data"]["content"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"category": "email"}, 5),
        ({"type": "lead.scored.v1"}, 5),
        ({"category": "lead", "type": "email.drafted.v1"}, 0),
        ({"lead_id": "LEAD"}, 4),
        ({"lead_id": "LEAD", "category": "lead"}, 3),
        ({"run_id": controls.RUN}, 20),
        ({"run_id": "another"}, 0),
    ],
    ids=str,
)
async def test_events_are_filtered(office: Office, leads: list[Lead], query: dict[str, str], count: int) -> None:
    asked = {name: value.replace("LEAD", leads[2].lead_id) for name, value in query.items()}
    assert len(await walk(office, limit=2, **asked)) == count
    assert len((await office.get("/api/events", newest="true", **asked)).json()["items"]) == count


async def test_events_are_filtered_by_who_caused_them(office: Office, leads: list[Lead]) -> None:
    await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
    for actors, types in (
        ([str(ADA)], ["email.rejected.v1"]),
        ([str(ADA), str(FOUNDER)], ["access.account_opened.v1", "access.token_created.v1", "email.rejected.v1"]),
        ([str(ADA).upper().replace("PERSON", "person")], []),
        ([str(ADA)[:-1]], []),
    ):
        for newest in ("false", "true"):
            query = {"actor": actors, "newest": newest}
            answer = await office.http.get("/api/events", params=query, headers=office.headers("auditor"))
            items = answer.json()["items"]
            assert sorted({item["type"] for item in items}) == types
            assert {item["actor"] for item in items} <= set(actors)
    reviewers = (await office.get("/api/events", actor=str(FOUNDER))).json()["items"]
    assert reviewers == []


async def test_page_looks_at_a_bounded_part_of_the_log(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOOK_MAX", 5)
    first = (await office.get("/api/events", "admin", type="email.drafted.v1")).json()
    assert (first["items"], bool(first["next"])) == ([], True)
    assert len(await walk(office, type="email.drafted.v1")) == 5


async def test_newest_is_the_end_of_the_log_and_a_place_to_go_on_from(office: Office, leads: list[Lead]) -> None:
    head = await office.backend.log.head(0)
    last = (await office.get("/api/events", "auditor", newest="true", limit=3)).json()
    assert [item["position"] for item in last["items"]] == [f"0:{seq}" for seq in range(head - 2, head + 1)]
    assert (last["next"], last["position"]) == ("", f"0:{head}")
    few = (await office.get("/api/events", "auditor", newest="true", **{"from": f"0:{head - 2}"})).json()
    assert [item["position"] for item in few["items"]] == [f"0:{head - 1}", f"0:{head}"]
    file = await office.get("/api/events", "auditor", newest="true", format="csv", limit=1)
    assert (len(rows(file)), file.headers[TRUNCATED]) == (head, "false")
    await office.tell(Step(0, (controls.email_rejected(**leads[0].seen),), ADA))
    since = (await office.get("/api/events", "auditor", **{"from": last["position"]})).json()
    assert [item["type"] for item in since["items"]] == ["email.rejected.v1"]


async def test_access_is_for_audit_alone(office: Office, leads: list[Lead]) -> None:
    told = (await office.get("/api/events", "auditor", category="access")).json()["items"]
    assert {item["type"] for item in told} == {"access.account_opened.v1", "access.token_created.v1"}
    assert "secret_hash" not in str(told)
    problem(await office.get("/api/events", "reviewer", category="access"), 403, "forbidden")
    for query in ({}, {"newest": "true"}, {"type": "access.token_created.v1"}):
        items = (await office.get("/api/events", "reviewer", **query)).json()["items"]
        assert not [item for item in items if item["type"].startswith("access.")]


async def test_personal_data_is_redacted_or_its_reading_recorded(office: Office, leads: list[Lead]) -> None:
    hidden = await office.get("/api/events", "auditor", category="email")
    assert "[redacted]" in hidden.text
    assert DOMAIN not in hidden.text
    assert await recorded(office) == []
    await office.get("/api/events", "reviewer", lead_id=leads[1].lead_id)
    await office.get("/api/events", "reviewer", type="lead.scored.v1")
    (read,) = await recorded(office)
    assert (read.where, read.people) == ("events", (leads[1].lead_id,))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"category": "mail"}, "category"),
        ({"type": "email.sent"}, "type"),
        ({"actor": "ada@swarm"}, "actor"),
        ({"actor": "robot:ada@swarm"}, "actor"),
        ({"actor": "person:"}, "actor"),
        ({"actor": ""}, "actor"),
        ({"from": "now"}, "from"),
        ({"from": "0:999999"}, "from"),
        ({"from": "7:1"}, "from"),
        ({"after": "0:1"}, "after"),
    ],
    ids=str,
)
async def test_wish_that_cannot_be_met_is_refused_by_name(office: Office, query: dict[str, str], field: str) -> None:
    assert problem(await office.get("/api/events", **query), 422, "bad-input") == {"field": field}


@pytest.fixture
async def spread(redis_url: str, namespace: str) -> AsyncIterator[EventLog]:
    """A log of two partitions and control, with the stories of some leads."""
    log = await open_log(redis_url, f"{namespace}b", identity_key=controls.IDENTITY_KEY, partitions=2)
    await tell(log, 12)
    yield log
    await log.close()


@pytest.mark.parametrize("limit", [1, 9, 100])
async def test_partitions_are_told_by_time_and_each_in_its_order(office: Office, spread: EventLog, limit: int) -> None:
    person = await office.backend.accounts.authenticate(office.tokens["admin"])
    reader = Reader(spread, Wish(), person)
    heads = {partition: await spread.head(partition) for partition in (0, 1, 2)}
    place, items = "0:0.1:0.2:0", list[dict[str, object]]()
    while place:
        page = await reader.forward(read_position(place), limit, 1_000)
        items, place = items + page.items, page.next
    positions = [read_position(str(item["position"])) for item in items]
    for partition, head in heads.items():
        assert [one[partition] for one in positions if partition in one] == list(range(1, head + 1))
    assert [item["at"] for item in items] == sorted(str(item["at"]) for item in items)
    newest = await reader.newest(dict.fromkeys(heads, 0), limit, 1_000)
    assert [item["at"] for item in newest.items] == [item["at"] for item in items[-limit:]]
    assert newest.position == position_text(heads)
