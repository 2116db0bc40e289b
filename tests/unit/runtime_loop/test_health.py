"""Health: what a process says of itself while it works, while its store is away, when work stands still, and at its end."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.errors import StoreUnavailable, UnsafeStore
from services.runtime import health as under_test
from services.runtime.follower import Follower, Follows
from services.runtime.health import STUCK_S, Health, Moving
from services.runtime.host import Check, Component, Standing, host
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import sourced, unit
from tests.unit.runtime_loop.loops import now, until

ABOUT = {"services": "enricher"}


async def answers() -> object:
    return 7


async def works(stopping: asyncio.Event) -> None:
    await stopping.wait()


async def well() -> str:
    return ""


def health(*components: Component) -> Health:
    return Health(components or [Component("enricher:0", works, well)], answers, ABOUT)


async def test_process_that_works_is_live_and_ready() -> None:
    asked = health()
    assert (asked.live().status, asked.live().wrong) == ("live", [])
    told = await asked.ready(stopping=False)
    assert (told.status, told.wrong, told.about) == ("ready", [], ABOUT)


async def test_process_that_was_told_to_stop_is_live_and_not_ready() -> None:
    assert health().live().status == "live"
    assert (await health().ready(stopping=True)).wrong == ["the process was told to stop"]


async def test_component_that_ends_by_itself_is_named_and_what_ends_with_it_is_not() -> None:
    async def fails(stopping: asyncio.Event) -> None:
        raise ValueError("of its own")

    asked = health(Component("enricher:0", works), Component("send-clock", fails))
    with pytest.raises(ValueError, match="of its own"):
        await host(asked.watched(), asyncio.Event())
    assert (asked.live().status, asked.live().wrong) == ("not live", ["send-clock has ended by itself"])
    assert "send-clock has ended by itself" in (await asked.ready(stopping=True)).wrong
    assert asked.over.is_set()


async def test_components_that_end_when_told_leave_nothing_to_say() -> None:
    asked, stopping = health(), asyncio.Event()
    hosting = asyncio.create_task(host(asked.watched(), stopping))
    await asyncio.sleep(0)
    assert not asked.over.is_set()
    stopping.set()
    await asyncio.wait_for(hosting, 2)
    assert asked.over.is_set()
    assert asked.live().wrong == []


async def test_store_that_is_away_is_one_sentence_and_nobody_else_is_asked() -> None:
    async def away() -> object:
        raise StoreUnavailable("The store does not answer.", "Check it.")

    async def never() -> str:
        raise AssertionError("asked all the same")

    asked = Health([Component("enricher:0", works, never)], away, ABOUT)
    told = await asked.ready(stopping=False)
    assert (told.status, told.wrong) == ("not ready", ["store: The store does not answer."])
    assert asked.live().status == "live"


async def test_store_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "LOOK_S_MAX", 0.01)
    asked = Health([], asyncio.Event().wait, ABOUT)
    assert (await asked.ready(stopping=False)).wrong == ["store: no answer within 0 s"]


async def raises() -> str:
    raise UnsafeStore("The store does not fit: -FOLD canary.", "Run another version.")


async def lost() -> str:
    return "the slot ran out"


@pytest.mark.parametrize(("check", "words"), [(lost, "the slot ran out"), (raises, "unsafe-store")])
async def test_what_a_component_lacks_is_told_under_its_name_without_the_words_of_the_store(
    check: Check, words: str
) -> None:
    asked = health(Component("a", works), Component("b", works, check), Component("c", works, well))
    assert (await asked.ready(stopping=False)).wrong == [f"b: {words}"]


class Reader:
    """A reader whose place the test sets, and a clock."""

    def __init__(self) -> None:
        self.place, self.waits, self.now = 1, True, 1_000.0
        self.moving = Moving(self._look, lambda: self.now)

    async def _look(self) -> Standing:
        return Standing((self.place,), self.waits)

    async def after(self, seconds: float, *, place: int = 1, waits: bool = True) -> str:
        self.now += seconds
        self.place, self.waits = place, waits
        return await self.moving()


async def test_work_that_waits_at_one_place_for_too_long_is_told() -> None:
    reader = Reader()
    assert await reader.after(0) == ""
    assert await reader.after(STUCK_S) == ""
    assert await reader.after(1) == f"work waits and nothing has moved for {STUCK_S + 1:.0f} s"


async def test_reader_that_is_behind_and_moves_is_well() -> None:
    reader = Reader()
    assert [await reader.after(STUCK_S + 1, place=place) for place in (1, 2, 3)] == ["", "", ""]


async def test_time_without_work_does_not_count() -> None:
    reader = Reader()
    assert await reader.after(0) == ""
    assert await reader.after(STUCK_S * 5, waits=False) == ""
    # The work came a moment ago, at the place where the reader has rested for long.
    assert await reader.after(STUCK_S * 5) == ""
    assert await reader.after(STUCK_S + 1) != ""


async def test_follower_says_how_far_it_has_read() -> None:
    log, stopping = MemoryLog(), asyncio.Event()
    await log.commit(0, [unit(sourced(n)) for n in (1, 2)])
    heard: Sequence[type] = [type(sourced(1))]
    follows = Follows("test", frozenset(heard), lambda _: (), lambda *_: [])
    follower = Follower(log, follows, 0, 0, clock=now, block_ms=20)
    assert await follower.standing() == ((0,), True)
    running = asyncio.create_task(follower.run(stopping))

    async def through() -> bool:
        return await follower.standing() == ((2,), False)

    await until(through)
    stopping.set()
    await running
