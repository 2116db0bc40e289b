"""The live feed: each fact once and in order, across any number of cuts, as far as its reader may see."""

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest

from contracts.access import Person
from gateway import hub
from gateway.answers import read_position
from gateway.feed import MESSAGES, Ear, Wish
from gateway.hub import Bounds, Hub
from gateway.server import NoWire
from tests.integration.gateway.office import DOMAIN, FOUNDER, Lead, Office

PATIENCE_S = 20.0
READERS = 40
LEADS = 60
BOUNDS = Bounds(quiet_s=0.05)


class Heard(NamedTuple):
    """A message; one without an event only says where the feed stands."""

    event: str
    id: str
    data: dict[str, Any]


async def somebody(office: Office, role: str = "reviewer") -> Person:
    return await office.backend.accounts.authenticate(office.tokens[role])


async def listen(
    office: Office, person: Person, after: int, *, wish: Wish | None = None, stopping: asyncio.Event | None = None
) -> AsyncGenerator[Heard, None]:
    """What a hub of its own tells somebody; `office.app` has the one that all share."""
    async with (
        Hub(office.backend.log, stopping or asyncio.Event(), BOUNDS) as own,
        aclosing(hear(own, person, after, wish or Wish())) as heard,
    ):
        async for one in heard:
            yield one


async def hear(hub: Hub, person: Person, after: int, wish: Wish) -> AsyncGenerator[Heard, None]:
    async with hub.reader(person, Ear.of(person, wish, MESSAGES), {0: after}, NoWire()) as reader:
        while told := await reader.next():
            for message in told.messages:
                yield Heard(**json.loads(message))
            if told.what == "here":
                yield Heard("", told.place, {})


def seq(told: Heard) -> int:
    return read_position(told.id)[0]


async def heard_until(feed: AsyncGenerator[Heard, None], last: int) -> list[Heard]:
    """What is told up to a position."""
    found: list[Heard] = []
    async with asyncio.timeout(PATIENCE_S), aclosing(feed):
        async for told in feed:
            found += [told] if told.event else []
            if seq(told) >= last:
                break
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_I14_no_gap_no_repeat_and_no_disorder_across_cuts(office: Office, seed: int) -> None:
    """Many readers cut themselves off at random and come back with their place, while facts are told."""
    chance, auditor = random.Random(seed), await somebody(office, "admin")
    start = await office.backend.log.head(0)
    last = start + 4 * LEADS

    async def reader(luck: random.Random) -> list[int]:
        heard, place = list[int](), start
        while place < last:
            left = luck.randrange(1, 30)
            async with aclosing(listen(office, auditor, place)) as feed:
                async for told in feed:
                    heard += [seq(told)] if told.event else []
                    place, left = seq(told), left - 1
                    if place >= last or not left:
                        break
        return heard

    async with asyncio.timeout(PATIENCE_S):
        reading = [asyncio.create_task(reader(random.Random(chance.random()))) for _ in range(READERS)]
        for number in range(1, LEADS + 1):
            await office.teller.tell([Lead(number=number).step()])
        for heard in await asyncio.gather(*reading):
            assert heard == list(range(start + 1, last + 1)), f"seed {seed}"


async def test_I14_the_check_can_fail(office: Office, leads: list[Lead]) -> None:
    """A reader that comes back with a place too far on, or too far back, hears a gap or a repeat."""
    head, person = await office.backend.log.head(0), await somebody(office, "admin")
    first = [seq(told) for told in await heard_until(listen(office, person, 0), head - 10)]
    for place, whole in ((first[-1], True), (first[-1] + 1, False), (first[-1] - 1, False)):
        rest = [seq(told) for told in await heard_until(listen(office, person, place), head)]
        assert ([*first, *rest] == list(range(first[0], head + 1))) is whole


async def test_filters_leave_out_what_was_not_asked_for_and_move_the_place(office: Office, leads: list[Lead]) -> None:
    head, person = await office.backend.log.head(0), await somebody(office)
    only = await heard_until(listen(office, person, 0, wish=Wish(categories=frozenset({"email"}))), head)
    assert {told.event for told in only} == {"email.drafted.v1"}
    one = await heard_until(listen(office, person, 0, wish=Wish(lead_id=leads[2].lead_id)), head)
    assert {told.data["lead_id"] for told in one} == {leads[2].lead_id}
    agents = await heard_until(listen(office, person, 0, wish=Wish(actors=frozenset({"agent:hunter"}))), head)
    assert [told.data["actor"] for told in agents] == ["agent:hunter"] * 4 * len(leads)
    assert await heard_until(listen(office, person, 0, wish=Wish(actors=frozenset({"agent:crafter"}))), head) == []
    none = [told async for told in _some(listen(office, person, head), 1)]
    assert [(told.event, seq(told)) for told in none] == [("", head)]


async def _some(feed: AsyncGenerator[Heard, None], count: int) -> AsyncGenerator[Heard, None]:
    async with aclosing(feed):
        async for told in feed:
            yield told
            count -= 1
            if not count:
                return


async def test_what_belongs_to_a_prospect_is_redacted_for_who_may_not_see_it(office: Office, leads: list[Lead]) -> None:
    head = await office.backend.log.head(0)
    seen = {
        role: "".join(
            json.dumps(told.data) + told.event
            for told in await heard_until(listen(office, await somebody(office, role), 0), head)
        )
        for role in ("reviewer", "auditor")
    }
    assert DOMAIN in seen["reviewer"]
    assert DOMAIN not in seen["auditor"].replace(f"c1.{DOMAIN}", "")
    assert "[redacted]" in seen["auditor"]
    assert "access.token_created" not in seen["reviewer"]
    assert "access.token_created" in seen["auditor"]
    assert "secret_hash" not in seen["auditor"]


@pytest.mark.parametrize("block_ms", [5, 2_000])
async def test_who_hears_nothing_is_told_where_it_stands(
    office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch, block_ms: int
) -> None:
    """Whether the reads of an idle log end sooner than the silence may last, or later."""
    monkeypatch.setattr(hub, "BLOCK_MS", block_ms)
    head, person = await office.backend.log.head(0), await somebody(office)
    silent = Wish(categories=frozenset({"run"}))
    async with asyncio.timeout(PATIENCE_S):
        told = [one async for one in _some(listen(office, person, head, wish=silent), 3)]
    assert [(one.event, seq(one)) for one in told] == [("", head)] * 3


async def test_stop_ends_a_feed_at_once(office: Office) -> None:
    stopping, person = asyncio.Event(), await somebody(office)
    feed = asyncio.create_task(heard_until(listen(office, person, 0, stopping=stopping), 10**9))
    await asyncio.sleep(0)
    stopping.set()
    async with asyncio.timeout(PATIENCE_S):
        await feed


async def lines(answering: Awaitable[httpx.Response]) -> list[str]:
    """The lines of a feed; the client of the tests has them when it is over."""
    async with asyncio.timeout(PATIENCE_S):
        answer = await answering
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return answer.text.splitlines()


async def test_feed_over_http_has_ids_and_types_and_ends_when_its_reader_loses_a_role(
    office: Office, leads: list[Lead]
) -> None:
    accounts = office.backend.accounts
    await accounts.open_account("temp", name="", roles=["reviewer"], actor=FOUNDER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        "temp", label="", scopes=(), life=timedelta(days=1), actor=FOUNDER, command_id=str(uuid4())
    )
    head = await office.backend.log.head(0)
    await office.tell(Lead(number=9).step())
    headers = {"Authorization": f"Bearer {text}"}
    asking = asyncio.create_task(office.http.get(f"/api/feed?from=0:{head}", headers=headers))
    await asyncio.sleep(0.1)
    assert not asking.done()
    await accounts.change_roles("temp", roles=["auditor"], actor=FOUNDER, command_id=str(uuid4()))
    told = await lines(asking)
    assert [line for line in told if line.startswith("id: ")] == [f"id: 0:{head + n}" for n in range(1, 5)]
    assert [line for line in told if line.startswith("event: ")][-1] == "event: email.drafted.v1"


async def test_place_that_is_not_in_this_log_is_reset(office: Office) -> None:
    office.stop()
    head = await office.backend.log.head(0)
    headers = office.headers("reviewer") | {"Last-Event-ID": f"0:{head + 1}"}
    told = await lines(office.http.get("/api/feed", headers=headers))
    assert told[:2] == [f"id: 0:{head}", "event: reset"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("category=mail", "category"), ("type=email.sent", "type"), ("actor=hunter", "actor"), ("from=now", "after")],
)
async def test_wish_that_cannot_be_met_is_refused_by_name(office: Office, query: str, field: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        answer = await office.http.get(f"/api/feed?{query}", headers=office.headers("reviewer"))
    assert (answer.status_code, answer.json()["values"]["field"]) == (422, field)
