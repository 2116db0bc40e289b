"""Components end together; and a lead is held exactly while its run is stopped."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.envelope import Event
from contracts.errors import StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.lead import LeadHeld, LeadReleased, LeadSourced
from services.runtime.host import Component, host
from services.runtime.log_memory import MemoryLog
from services.runtime.run_board import RunBoard, holding
from services.runtime.service import Hears, Service
from tests.controls import (
    LEAD,
    RUN,
    lead_disqualified,
    lead_released,
    lead_sourced,
    run_cancelled,
    run_requested,
    run_resumed,
    run_stopped,
    run_withdrawn,
)
from tests.unit.runtime_loop.loops import (
    consumer,
    enrich,
    enriched,
    facts,
    lead_of,
    running,
    settled,
    until,
    write,
)


async def wait(stopping: asyncio.Event) -> None:
    await stopping.wait()


async def test_components_end_when_told() -> None:
    stopping = asyncio.Event()
    hosting = asyncio.create_task(host([Component("a", wait), Component("b", wait)], stopping))
    stopping.set()
    await asyncio.wait_for(hosting, 2)


async def test_first_failure_is_the_one_that_is_raised() -> None:
    async def late(stopping: asyncio.Event) -> None:
        await stopping.wait()
        raise KeyError("only because of the other")

    async def early(stopping: asyncio.Event) -> None:
        raise ValueError("the cause")

    with pytest.raises(ValueError, match="the cause"):
        await asyncio.wait_for(host([Component("late", late), Component("early", early)], asyncio.Event()), 2)


async def test_component_that_ends_early_ends_the_others() -> None:
    async def short(stopping: asyncio.Event) -> None:
        return

    stopping = asyncio.Event()
    await asyncio.wait_for(host([Component("a", wait), Component("b", short)], stopping), 2)
    assert stopping.is_set()


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def agent(board: RunBoard) -> Service:
    hears: dict[type[Event], Hears] = {kind: Hears(enrich, lead_of) for kind in (LeadSourced, LeadReleased)}
    return holding(Service("enricher", hears), "enrich", board)


async def given_run(*answers: Event) -> tuple[MemoryLog, RunBoard, Seconds]:
    log, seconds = MemoryLog(), Seconds()
    await write(log, run_requested(), *answers)
    return log, RunBoard(log, seconds), seconds


async def work(log: MemoryLog, board: RunBoard) -> None:
    async with running(consumer(log, agent(board))):
        await until(lambda: settled(log))


@pytest.mark.parametrize("answer", [run_stopped(), run_cancelled(), run_withdrawn()])
async def test_lead_of_a_run_that_was_stopped_is_held_once(answer: Event) -> None:
    log, board, _ = await given_run(answer)
    await write(log, lead_sourced(), lead_sourced(), cause=LEAD)
    await work(log, board)
    held = [fact.event for fact in await facts(log, LeadHeld)]
    assert held == [LeadHeld(lead_id=LEAD, run_id=RUN, stage="enrich")]
    assert await enriched(log) == []


async def test_released_lead_goes_on_at_once_although_the_hold_was_just_seen() -> None:
    log, board, _ = await given_run(run_stopped())
    await write(log, lead_sourced(), cause=LEAD)
    await work(log, board)
    await write(log, run_resumed(), lead_released(), cause=str(LEAD))
    await work(log, board)
    assert await enriched(log) == [LEAD]
    assert len(await facts(log, LeadHeld)) == 1


async def test_lead_whose_way_is_over_is_not_held() -> None:
    log, board, _ = await given_run(run_stopped())
    await write(log, lead_sourced(), lead_disqualified(), cause=LEAD)
    await work(log, board)
    assert await facts(log, LeadHeld) == []


async def test_running_run_is_looked_up_now_and_then() -> None:
    log, board, seconds = await given_run()
    looked: list[Sequence[Ref]] = []
    load = log.load

    async def counted(partition: int, refs: Sequence[Ref]) -> object:
        assert partition == CONTROL
        looked.append(refs)
        return await load(partition, refs)

    log.load = counted  # type: ignore[method-assign,assignment]
    assert not any(await asyncio.gather(*(board.holds(RUN) for _ in range(20))))
    assert len(looked) == 1
    seconds.now = 0.12
    assert not await board.holds(RUN)
    assert len(looked) == 1
    seconds.now = 0.38
    assert not await board.holds(RUN)
    assert len(looked) == 2


async def test_running_run_is_looked_up_before_anybody_has_to_wait_for_it() -> None:
    log, board, seconds = await given_run()
    assert not await board.holds(RUN)
    await write(log, run_stopped())
    seconds.now = 0.24
    asked = board.holds(RUN)
    with pytest.raises(StopIteration):
        asked.send(None)  # It answers at once,
    await until_held(board)  # and the look that it began tells the next.


async def until_held(board: RunBoard) -> None:
    """Wait until the run is seen to be held, without a clock that moves."""

    async def held() -> bool:
        return await board.holds(RUN)

    await until(held)


async def test_look_that_fails_is_the_next_ones_to_repeat() -> None:
    log, board, seconds = await given_run()
    assert not await board.holds(RUN)
    load = log.load

    async def away(partition: int, refs: Sequence[Ref]) -> object:
        raise StoreUnavailable("The store does not answer.")

    log.load = away  # type: ignore[method-assign,assignment]
    seconds.now = 0.24
    assert not await board.holds(RUN)
    seconds.now = 0.26
    with pytest.raises(StoreUnavailable):
        await board.holds(RUN)
    log.load = load  # type: ignore[method-assign]
    assert not await board.holds(RUN)


async def test_unknown_run_holds_nothing() -> None:
    log = MemoryLog()
    assert not await RunBoard(log, Seconds()).holds("nobody")
