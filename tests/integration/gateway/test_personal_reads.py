"""Who was shown what belongs to other people is recorded before they see it, and shown to nobody where it is not."""

import asyncio
from datetime import timedelta

import pytest

from contracts.access import AccessAccount, PersonalRead, account_id_of
from contracts.errors import VersionConflict
from contracts.facts import Ref
from contracts.identity import CONTROL
from gateway import personal
from services.commands import personal_reads
from services.commands.personal_reads import NAMED_MAX, PersonalReads
from tests import controls
from tests.integration.gateway.conftest import PEOPLE
from tests.integration.gateway.office import DOMAIN, NOW, Lead, Office
from tests.integration.gateway.test_access import routes
from tests.integration.gateway.test_imports import brought
from tests.unit.projections.stories import ADA, Step


async def recorded(office: Office) -> list[PersonalRead]:
    """Every such fact, oldest first."""
    found = await office.backend.log.tail(CONTROL, ["access"], 0, count=1_000)
    return [event for one in found if isinstance(event := one.decode(CONTROL).event, PersonalRead)]


def test_places_are_paths_of_the_app() -> None:
    known = {path.replace(":str", "") for _, path, _ in routes()}
    assert set(personal.PLACES) <= known


@pytest.mark.parametrize(
    ("path", "where", "people"),
    [
        ("/api/pending-emails", "queue", [0, 1, 2, 3]),
        ("/api/pending-emails?tier=tier_2", "queue", [1]),
        ("/api/emails/{email}", "email", [0]),
        ("/api/emails/{answered}", "email", [4]),
        ("/api/leads?tier=tier_3", "leads", [2]),
        ("/api/leads/{lead}", "lead", [0]),
        ("/api/feedback", "feedback", [4]),
    ],
)
async def test_what_is_shown_is_recorded_with_whose_it_is(
    office: Office, leads: list[Lead], path: str, where: str, people: list[int]
) -> None:
    await office.tell(Step(0, (controls.email_rejected(**leads[4].seen),), ADA))
    ids = {"email": leads[0].email_id, "answered": leads[4].email_id, "lead": leads[0].lead_id}
    answer = await office.http.get(path.format(**ids), headers=office.headers("reviewer"))
    assert answer.status_code == 200
    (read,) = await recorded(office)
    assert (read.account_id, read.where, read.exported) == (account_id_of(PEOPLE["reviewer"]), where, False)
    assert (list(read.people), read.count) == ([leads[one].lead_id for one in people], len(people))


async def test_who_sees_no_person_leaves_no_record(office: Office, leads: list[Lead]) -> None:
    for path in ("/api/pending-emails", "/api/leads", f"/api/emails/{leads[0].email_id}", "/api/feedback"):
        assert (await office.get(path, "auditor")).status_code == 200
    for path in ("/api/queue-status", "/api/runs", "/api/pending-emails?q=nobody", "/api/emails/nobody"):
        await office.http.get(path, headers=office.headers("reviewer"))
    assert await recorded(office) == []


async def test_same_person_place_and_id_once_an_hour(office: Office, leads: list[Lead]) -> None:
    now = NOW
    reads = PersonalReads(office.backend.log, lambda: now)
    person = await office.backend.accounts.authenticate(office.tokens["reviewer"])
    other = await office.backend.accounts.authenticate(office.tokens["operator"])
    await reads.record(person, "queue", ["a", "b", "a"])
    await reads.record(person, "queue", ["b", "c"])
    await reads.record(person, "queue", ["a", "b", "c"])
    await reads.record(person, "lead", ["a"])
    await reads.record(other, "queue", ["a"])
    now += timedelta(hours=1)
    await reads.record(person, "queue", ["a"])
    told = [(one.where, one.people, one.count) for one in await recorded(office)]
    assert told == [
        ("queue", ("a", "b"), 2),
        ("queue", ("c",), 1),
        ("lead", ("a",), 1),
        ("queue", ("a",), 1),
        ("queue", ("a",), 1),
    ]


async def test_file_is_recorded_each_time_and_a_feed_once_an_hour(office: Office) -> None:
    """A page opens its feed anew whenever the network hiccups."""
    person = await office.backend.accounts.authenticate(office.tokens["reviewer"])
    many = [str(number) for number in range(NAMED_MAX + 5)]
    reads = office.backend.personal_reads
    for _ in range(2):
        await reads.record(person, "leads", many, exported=True)
        await reads.record(person, "feed", ())
    told = [(one.where, len(one.people), one.count, one.exported) for one in await recorded(office)]
    file = ("leads", NAMED_MAX, NAMED_MAX + 5, True)
    assert told == [file, ("feed", 0, 0, False), file]


async def test_no_more_is_remembered_than_there_is_room_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_reads, "REMEMBERED_MAX", 2)
    person = await office.backend.accounts.authenticate(office.tokens["reviewer"])
    for one in ("a", "b", "c", "a", "c"):
        await office.backend.personal_reads.record(person, "queue", [one])
    assert [read.people for read in await recorded(office)] == [("a",), ("b",), ("c",), ("a",)]


async def test_many_reads_at_once_are_all_answered_and_recorded_once(office: Office, leads: list[Lead]) -> None:
    """They all write to one account, so without turns they would be in each other's way."""
    paths = [f"/api/leads/{lead.lead_id}" for lead in leads] * 8
    answers = await asyncio.gather(*(office.get(path, "reviewer") for path in paths))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(read.people[0] for read in await recorded(office)) == sorted(lead.lead_id for lead in leads)


async def test_what_cannot_be_recorded_is_not_shown(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def moving(*_: object) -> None:
        raise VersionConflict("The account kept changing.")

    monkeypatch.setattr(personal_reads, "execute", moving)
    answers = [
        await office.get(path) for path in ("/api/pending-emails", f"/api/leads/{leads[0].lead_id}", "/api/feed")
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:swarm:store-unavailable")
        assert answer.headers["retry-after"]
        assert leads[0].address not in answer.text
    assert (await office.get("/api/pending-emails", "auditor")).status_code == 200


async def test_opened_feed_is_recorded_for_who_sees_people_in_it(office: Office) -> None:
    office.stop()
    for role in ("reviewer", "auditor"):
        assert (await office.get("/api/feed", role)).status_code == 200
    assert [(read.where, read.count) for read in await recorded(office)] == [("feed", 0)]


async def test_account_is_as_it_was_and_audit_tells_the_read(office: Office, leads: list[Lead]) -> None:
    about = Ref("access", account_id_of(PEOPLE["reviewer"]))
    before = (await office.backend.log.load(CONTROL, [about]))[about]
    await office.get("/api/pending-emails", "reviewer")
    after = (await office.backend.log.load(CONTROL, [about]))[about]
    assert isinstance(after.state, AccessAccount)
    assert (after.state, after.version) == (before.state, before.version + 1)
    await office.caught_up()
    acts = (await office.get("/api/audit", "auditor")).json()["items"]
    (told,) = [act for act in acts if act["act"] == "access.personal_read"]
    assert (told["by"]["id"], told["words"]) == ("grace@swarm", "read what belongs to 5 people in the queue")


async def test_path_that_nobody_named_is_elsewhere_and_not_forgotten(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal, "PLACES", {})
    await office.get("/api/pending-emails", "reviewer")
    assert [(read.where, read.count) for read in await recorded(office)] == [("elsewhere", 5)]


async def test_rows_of_a_file_belong_to_people_too(office: Office) -> None:
    path = await brought(office)
    assert DOMAIN in (await office.get(path, "operator")).text
    await office.get(f"{path}/refused.csv", "operator")
    import_id = path.rpartition("/")[2]
    told = [(read.where, read.people, read.exported) for read in await recorded(office)]
    assert told == [("imports", (import_id,), False), ("imports", (import_id,), True)]


async def test_names_of_colleagues_are_recorded_as_read(office: Office) -> None:
    await office.caught_up()
    assert (await office.get("/api/users", "admin")).status_code == 200
    (read,) = await recorded(office)
    assert (read.where, read.count) == ("people", len(PEOPLE))
