"""Walking lists page by page while they change: nothing that stays is missing, and nothing comes twice."""

from collections.abc import Awaitable, Callable

import pytest
from litestar.openapi.spec import OpenAPI

from contracts.envelope import Event
from gateway import pages
from gateway.app import create_app
from gateway.pages import cursor
from services.runtime.view_pages import Place
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.unit.projections.stories import ADA, Step

LISTS = ("/api/pending-emails", "/api/leads", "/api/runs", "/api/feedback", "/api/audit")
IDS = ("event_id", "id", "email_id", "run_id")
Between = Callable[[int], Awaitable[None]]


async def walk(office: Office, path: str, between: Between | None = None, **query: str | int) -> list[str]:
    """The ids of all pages, in order."""
    found: list[str] = []
    cursor, turn = "", 0
    while cursor or not turn:
        answer = await office.get(path, "admin", cursor=cursor, **query)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        assert len(document["items"]) <= int(query.get("limit", 50))
        found += [next(item[name] for name in IDS if name in item) for item in document["items"]]
        cursor, turn = document["next"], turn + 1
        if between:
            await between(turn)
    return found


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
async def test_queue_is_walked_whole_while_drafts_come_and_go(office: Office, limit: int) -> None:
    # Two moments for all of them: most stand at the same place of the order and only their ids tell them apart.
    first = [Lead(number=number, tier="tier_1" if number % 3 else "tier_2") for number in range(1, 13)]
    second = [Lead(number=number, tier="tier_2") for number in range(13, 24)]
    for some in (first, second):
        await office.tell(Step(0, tuple(lead.drafted() for lead in some)))
    seen = await walk(office, "/api/pending-emails")
    stay = seen[2:]

    async def between(turn: int) -> None:
        facts: list[Event] = [Lead(number=100 + turn).drafted(), Lead(number=200 + turn, tier="tier_3").drafted()]
        if turn <= 2:
            lead = next(lead for lead in [*first, *second] if lead.email_id == seen[turn - 1])
            facts.append(controls.email_rejected(**lead.seen))
        if turn <= 5:
            await office.tell(Step(0, tuple(facts)))

    found = await walk(office, "/api/pending-emails", between, limit=limit)
    assert len(set(found)) == len(found)
    assert [one for one in found if one in stay] == stay


@pytest.mark.parametrize("limit", [1, 4])
async def test_leads_are_walked_whole_while_others_come(office: Office, limit: int) -> None:
    leads = [Lead(number=number) for number in range(1, 15)]
    await office.tell(Step(0, tuple(next(lead.story()) for lead in leads)))

    async def between(turn: int) -> None:
        if turn <= 6:
            await office.tell(Step(0, tuple(next(Lead(number=100 * turn + n).story()) for n in range(3))))

    found = await walk(office, "/api/leads", between, limit=limit)
    assert len(set(found)) == len(found)
    assert {lead.lead_id for lead in leads} <= set(found)
    again = await walk(office, "/api/leads", limit=limit, sort="oldest")
    assert len(again) == len(set(again)) == 14 + 3 * min(6, -(-14 // limit))
    assert again[::-1] == await walk(office, "/api/leads")


async def test_lead_that_changed_last_comes_first(office: Office, leads: list[Lead]) -> None:
    assert await walk(office, "/api/leads") == [lead.lead_id for lead in leads]  # Told from the last to the first.
    await office.tell(Step(0, (controls.email_rejected(**leads[3].seen),), ADA))
    by_change = [leads[3], *leads[:3], leads[4]]
    assert await walk(office, "/api/leads", limit=2) == [lead.lead_id for lead in by_change]
    assert await walk(office, "/api/leads", sort="oldest") == [lead.lead_id for lead in by_change[::-1]]


@pytest.mark.parametrize("path", ["/api/feedback", "/api/audit", "/api/runs"])
async def test_newest_first_is_walked_whole_while_newer_ones_come(office: Office, leads: list[Lead], path: str) -> None:
    for some in (leads[:3], leads[3:]):  # Those of one step have one time.
        runs = [controls.run_requested(run_id=f"run_{lead.number}") for lead in some]
        await office.tell(Step(0, (*(controls.email_rejected(**lead.seen) for lead in some), *runs), ADA))
    before = await walk(office, path)

    async def between(turn: int) -> None:
        if turn <= 4:
            lead = Lead(number=50 + turn)
            asked = controls.run_requested(run_id=f"run_5{turn}")
            await office.tell(lead.step(), Step(0, (controls.email_rejected(**lead.seen), asked), ADA))

    found = await walk(office, path, between, limit=2)
    assert len(set(found)) == len(found)
    assert [one for one in found if one in before] == before


async def test_answered_again_comes_first_and_not_again(office: Office, leads: list[Lead]) -> None:
    for lead in leads:
        await office.tell(Step(0, (controls.email_approved(**lead.seen),), ADA))
    before = await walk(office, "/api/feedback")

    async def between(turn: int) -> None:
        if turn == 1:
            await office.tell(Step(0, (controls.email_revoked(**leads[-1].seen),), ADA))

    assert await walk(office, "/api/feedback", between, limit=1) == before


async def test_filter_looks_at_a_bounded_number_of_rows_and_gives_a_cursor_to_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [Lead(number=number) for number in range(1, 31)]
    await office.tell(*(Step(0, (lead.drafted(),)) for lead in leads))
    monkeypatch.setattr(pages, "LOOK_MAX", 4)
    first = (await office.get("/api/pending-emails", q="works 30", limit=1)).json()
    assert first["items"] == []
    assert first["next"]
    assert await walk(office, "/api/pending-emails", q="works 30", limit=1) == [leads[-1].email_id]


async def test_last_page_has_no_cursor_however_full_it_is(office: Office, leads: list[Lead]) -> None:
    for limit, more in ((4, True), (5, False), (6, False)):
        for path in ("/api/pending-emails", "/api/leads"):
            document = (await office.get(path, limit=limit)).json()
            assert (len(document["items"]), bool(document["next"])) == (min(limit, 5), more)


@pytest.mark.parametrize("path", LISTS)
async def test_what_is_no_cursor_of_this_list_is_refused(office: Office, leads: list[Lead], path: str) -> None:
    place = Place(1.0, "a")
    titles = {"/api/pending-emails": "queue", "/api/leads": "leads newest"}
    title = titles.get(path, path.rpartition("/")[2])
    assert (await office.get(path, "admin", cursor=cursor(title, place))).status_code == 200
    others = (
        cursor("another", place),
        cursor(title, Place(float("nan"), "a")),
        cursor(title, Place(float("inf"), "a")),
    )
    for text in ("garbage", "-", "ö", cursor(title, place)[:-2], *others):
        answer = await office.get(path, "admin", cursor=text)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:swarm:bad-input"), text
        assert answer.json()["values"] == {"field": "cursor"}


def test_description_says_what_a_list_takes_and_gives() -> None:
    schema = create_app().openapi_schema
    assert isinstance(schema, OpenAPI)
    document = schema.to_schema()
    for path in LISTS:
        asked = document["paths"][path]["get"]
        assert {"limit", "cursor", "after"} <= {one["name"] for one in asked["parameters"]}
        assert str(asked["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]).endswith("Page")
