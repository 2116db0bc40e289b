"""A follower answers each fact once, in order, and its place is part of what it writes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest

from contracts.email import EmailDrafted
from contracts.envelope import AnyEnvelope, Event
from contracts.errors import StoreUnavailable, UnsafeStore
from contracts.facts import Ref, State
from contracts.lead import LeadEnriched, LeadSourced, LeadUpdated
from services.runtime.follower import Follower, Follows
from services.runtime.log import MAX_FACTS, WATERMARKS, Answer, EventLog, Unit
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import lead_number, sourced, updated
from tests.controls import envelope, lead_enriched
from tests.unit.runtime_loop.loops import (
    PATIENCE_S,
    enriched,
    entry_of,
    facts,
    now,
    snapshots_fit,
    until,
    write,
    write_leads,
    write_raw,
)
from tests.unit.runtime_loop.test_consumer_damage import newer

WATERMARK = Ref(WATERMARKS, "echo:0")


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def lead(fact: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("lead", fact.aggregate_id),)


def echo(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], at: datetime) -> Sequence[Event]:
    return [lead_enriched(lead_id=fact.aggregate_id) for fact in heard]


def follows(count: int = 256) -> Follows:
    return Follows("echo", frozenset({LeadSourced}), lead, echo, count)


async def follow(log: EventLog, what: Follows, *, through: int, log_of: MemoryLog, many: int = 1) -> None:
    """Run followers until the watermark has reached a position."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(Follower(log, what, 0, 0, clock=now, block_ms=20).run(stopping)) for _ in range(many)]

    async def reached() -> bool:
        for task in tasks:
            if task.done():
                task.result()
        return (await log_of.load(0, [WATERMARK]))[WATERMARK].version >= through

    try:
        await until(reached)
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_S)


async def test_each_fact_is_answered_once(log: MemoryLog) -> None:
    await write_leads(log, 1, 40)
    await write(log, updated(3))
    await follow(log, follows(), through=41, log_of=log)
    assert await enriched(log) == [lead_number(n) for n in range(1, 41)]
    answer = (await facts(log, LeadEnriched))[0]
    assert answer.causation_id == (await facts(log))[0].event_id
    assert await snapshots_fit(log)


async def test_I3_of_two_that_race_one_answers_each_fact(log: MemoryLog) -> None:
    await write_leads(log, 1, 60)
    await follow(log, follows(count=7), through=60, log_of=log, many=3)
    assert await enriched(log) == [lead_number(n) for n in range(1, 61)]


async def test_place_is_known_again_after_a_restart(log: MemoryLog) -> None:
    await write_leads(log, 1, 3)
    await follow(log, follows(), through=3, log_of=log)
    await write_leads(log, 4, 5)
    await follow(log, follows(), through=8, log_of=log)
    assert await enriched(log) == [lead_number(n) for n in range(1, 6)]


class Forgetful:
    """A log whose commits stand while their answers are lost, as often as it is told."""

    def __init__(self, log: MemoryLog, lost: int) -> None:
        self._log = log
        self.lost = lost

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        answers = await self._log.commit(partition, units, acks)
        if self.lost:
            self.lost -= 1
            raise StoreUnavailable("The answer was lost.")
        return answers


async def test_I3_lost_answer_is_not_given_twice(log: MemoryLog) -> None:
    await write_leads(log, 1, 3)
    lossy = Forgetful(log, lost=1)
    await follow(lossy, follows(), through=3, log_of=log)  # type: ignore[arg-type]
    assert lossy.lost == 0
    assert len(await enriched(log)) == 3


async def test_conflict_is_decided_again(log: MemoryLog) -> None:
    calls = 0

    class Busy(Forgetful):
        async def commit(
            self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
        ) -> list[Answer]:
            nonlocal calls
            calls += 1
            if calls == 1:
                await write(log, updated(1, "Countess"))
            return await super().commit(partition, units, acks)

    await write_leads(log, 1, 2)
    await follow(Busy(log, 0), follows(), through=2, log_of=log)  # type: ignore[arg-type]
    assert calls > 1
    assert len(await enriched(log)) == 2
    assert await snapshots_fit(log)


async def test_batch_with_too_many_answers_is_halved(log: MemoryLog) -> None:
    def flood(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], at: datetime) -> Sequence[Event]:
        return [lead_enriched(lead_id=fact.aggregate_id) for fact in heard for _ in range(100)]

    await write_leads(log, 1, 20)
    assert MAX_FACTS < 100 * 20
    await follow(log, Follows("echo", frozenset({LeadSourced}), lead, flood), through=20, log_of=log)
    assert len(await enriched(log)) == 2_000
    ids = [fact.event_id for fact in await facts(log)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("field", ["b", "t", "h"])
async def test_damaged_entry_is_not_passed_and_all_before_it_are_answered(log: MemoryLog, field: str) -> None:
    await write_leads(log, 1, 2)
    entry = entry_of(envelope(sourced(3)))
    raw: bytes = getattr(entry, field)
    await write_raw(log, entry._replace(**{field: bytes([raw[0] ^ 1]) + raw[1:]}))
    await write_leads(log, 4, 4)
    await follow(log, follows(), through=2, log_of=log)
    assert (await log.load(0, [WATERMARK]))[WATERMARK].version == 2
    assert await enriched(log) == [lead_number(1), lead_number(2)]


async def test_newer_version_of_what_it_hears_is_not_passed(log: MemoryLog) -> None:
    await write_leads(log, 1, 1)
    await write_raw(log, newer(2))
    await follow(log, follows(), through=1, log_of=log)
    assert (await log.load(0, [WATERMARK]))[WATERMARK].version == 1


async def test_store_that_does_not_fit_ends_it(log: MemoryLog) -> None:
    class Unfit(Forgetful):
        async def tail(self, *_: object, **__: object) -> None:
            raise UnsafeStore("The store is at another fold.")

    with pytest.raises(UnsafeStore):
        await follow(Unfit(log, 0), follows(), through=1, log_of=log)  # type: ignore[arg-type]


async def test_fact_of_another_category_does_not_move_it(log: MemoryLog) -> None:
    await write_leads(log, 1, 1)
    await follow(log, Follows("echo", frozenset({LeadSourced, EmailDrafted}), lead, echo), through=1, log_of=log)
    assert len(await enriched(log)) == 1


class Told(MemoryLog):
    """Remembers how many facts of each batch were answered together."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []


def counting(log: Told, *, patience_s: float) -> Follows:
    """A sourced lead is sure to be updated; an update presses."""

    def told(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], at: datetime) -> Sequence[Event]:
        log.batches.append(len(heard))
        return []

    hears = frozenset[type[Event]]({LeadSourced, LeadUpdated})
    return Follows("echo", hears, lead, told, more_to_come=frozenset({LeadSourced}), patience_s=patience_s)


async def test_what_has_more_to_come_is_answered_with_it() -> None:
    log, stopping = Told(), asyncio.Event()
    await write_leads(log, 1, 2)
    running = asyncio.create_task(
        Follower(log, counting(log, patience_s=PATIENCE_S), 0, 0, clock=now, block_ms=20).run(stopping)
    )
    await asyncio.sleep(0)
    await write_leads(log, 3, 3)
    assert not log.batches
    await write(log, updated(1))

    async def answered() -> bool:
        return bool(log.batches)

    await until(answered)
    stopping.set()
    await asyncio.wait_for(running, PATIENCE_S)
    assert log.batches == [4]


async def test_patience_ends() -> None:
    log = Told()
    await write_leads(log, 1, 3)
    await follow(log, counting(log, patience_s=0.005), through=3, log_of=log)
    assert log.batches == [3]


async def test_what_presses_is_answered_at_once() -> None:
    log = Told()
    await write_leads(log, 1, 1)
    await write(log, updated(1))
    await follow(log, counting(log, patience_s=10 * PATIENCE_S), through=2, log_of=log)
    assert log.batches == [2]
