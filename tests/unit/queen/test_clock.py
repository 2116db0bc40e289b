"""QUEEN's clock lets drafts expire and finds runs in which nothing moves; her follower counts what the log holds."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from contracts.envelope import Event
from contracts.errors import StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL, partition_of
from contracts.run import STAGES, Run
from services.queen.service import QueenClock, follows
from services.runtime.follower import Follower
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import lead_number
from tests.controls import (
    AT,
    EMAIL,
    RUN,
    TERMS,
    email_approved,
    email_drafted,
    run_chunk_read,
    run_requested,
)
from tests.unit.queen.ways import SENT, of_lead
from tests.unit.runtime_loop.loops import PATIENCE_S, facts, now, until, write


class Due:
    """A view of what is due: always a little behind, so it names too much."""

    def __init__(self, drafts: Sequence[str] = (), runs: Sequence[str] = ()) -> None:
        self.drafts, self.runs = drafts, runs

    async def expired(self, now: datetime) -> Sequence[str]:
        return self.drafts

    async def running(self) -> Sequence[str]:
        return self.runs


def clock_of(log: MemoryLog, due: Due, at: datetime) -> QueenClock:
    return QueenClock(log, due, clock=lambda: at, tick_s=0.001)


def where(partitions: int) -> int:
    return partition_of(EMAIL, partitions)


async def names(log: MemoryLog, partition: int = 0) -> list[str]:
    return [fact.event.type_tag() for fact in await facts(log, partition=partition)]


@pytest.mark.parametrize("partitions", [1, 4])
async def test_draft_that_nobody_answered_expires_once(partitions: int) -> None:
    log, place = MemoryLog(partitions=partitions), where(partitions)
    await write(log, email_drafted(expires_at=AT + timedelta(hours=72)), partition=place)
    for late in (timedelta(hours=71), timedelta(hours=72), timedelta(hours=73), timedelta(days=9)):
        await clock_of(log, Due([EMAIL]), AT + late).tick()
    assert await names(log, place) == ["email.drafted.v1", "email.expired.v1"]
    assert (await facts(log, partition=place))[-1].actor.id == "clock"


async def test_draft_that_was_answered_does_not_expire() -> None:
    log = MemoryLog()
    await write(log, email_drafted(), email_approved())
    await clock_of(log, Due([EMAIL]), AT + timedelta(days=30)).tick()
    assert await names(log) == ["email.drafted.v1", "email.approved.v1"]


async def test_stalled_run_fails_at_its_stage() -> None:
    log = MemoryLog()
    await write(log, run_requested())
    await clock_of(log, Due(runs=[RUN]), AT + timedelta(seconds=299)).tick()
    assert await names(log) == ["run.requested.v1"]
    await clock_of(log, Due(runs=[RUN]), AT + timedelta(seconds=300)).tick()
    await clock_of(log, Due(runs=[RUN]), AT + timedelta(seconds=900)).tick()
    assert await names(log) == ["run.requested.v1", "run.stage_failed.v1", "run.failed.v1"]
    assert (await facts(log))[-1].correlation_id == RUN


async def test_clock_waits_for_a_store_that_is_away() -> None:
    class Away(Due):
        asked = 0

        async def expired(self, now: datetime) -> Sequence[str]:
            self.asked += 1
            raise StoreUnavailable("It is away.")

    away, stopping = Away(), asyncio.Event()
    task = asyncio.create_task(clock_of(MemoryLog(), away, AT).run(stopping))

    async def asked_again() -> bool:
        return away.asked > 2

    await until(asked_again)
    stopping.set()
    await asyncio.wait_for(task, PATIENCE_S)


@pytest.mark.parametrize("partitions", [1, 4])
async def test_run_of_a_whole_log_is_counted_alike_with_one_and_four_partitions(partitions: int) -> None:
    log = MemoryLog(partitions=partitions)
    places = range(1) if partitions == 1 else range(partitions + 1)
    terms = TERMS.__class__(run_id=RUN, mode="sandbox")
    await write(
        log,
        run_requested(terms=terms, file=None, limit=12),
        run_chunk_read(rows=12, sourced=12, duplicate=0, refused=0),
    )
    for number in range(12):
        place = partition_of(lead_number(number), partitions)
        await write(log, *of_lead(number, SENT), partition=place, cause=lead_number(number))
    stopping = asyncio.Event()
    # Two of each: one process more than needed.
    tasks = [
        asyncio.create_task(Follower(log, follows(place), place, CONTROL, clock=now, block_ms=10).run(stopping))
        for place in places
        for _ in range(2)
    ]
    ref = Ref("run", RUN)

    async def over() -> bool:
        run = (await log.load(CONTROL, [ref]))[ref].state
        return isinstance(run, Run) and run.status == "completed"

    try:
        await until(over)
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_S)
    run = (await log.load(CONTROL, [ref]))[ref].state
    assert isinstance(run, Run)
    assert {stage: (one.entered, one.out, one.errors) for stage, one in run.results.items()} == dict.fromkeys(
        STAGES, (12, 12, 0)
    )
    said: list[Event] = [fact.event for fact in await facts(log)]
    assert [event.type_tag() for event in said].count("run.completed.v1") == 1
    ids = [fact.event_id for fact in await facts(log)]
    assert len(set(ids)) == len(ids)
