"""Leases, restarts and clean stops: what is in hand is lost by nobody and done by one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from contracts.envelope import AnyEnvelope, Event
from contracts.errors import UnsafeStore
from contracts.facts import Ref
from services.runtime.log import Snapshot
from services.runtime.log_memory import MemoryLog
from services.runtime.service import States
from tests.conformance.logs import lead_number
from tests.unit.runtime_loop.loops import (
    PACE,
    PATIENCE_S,
    consumer,
    enrich,
    enriched,
    pending,
    running,
    service,
    settled,
    snapshots_fit,
    until,
    write_leads,
)


class Gate:
    """A handler that waits for a sign, and says who waits and who was cut off."""

    def __init__(self) -> None:
        self.sign = asyncio.Event()
        self.began: list[str] = []
        self.cut_off: list[str] = []

    async def __call__(self, heard: AnyEnvelope, states: States) -> Sequence[Event]:
        self.began.append(heard.aggregate_id)
        try:
            await self.sign.wait()
        except asyncio.CancelledError:
            self.cut_off.append(heard.aggregate_id)
            raise
        return await enrich(heard, states)

    async def busy(self) -> bool:
        return bool(self.began)


class Time:
    """Milliseconds that only the test moves."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def log(time: Time) -> MemoryLog:
    return MemoryLog(clock_ms=time)


async def test_I18_stop_lets_work_in_hand_end(log: MemoryLog) -> None:
    gate = Gate()
    await write_leads(log, 1, 3)
    stopping = asyncio.Event()
    task = asyncio.create_task(consumer(log, service(gate)).run(stopping))
    await until(gate.busy)
    stopping.set()
    gate.sign.set()
    await asyncio.wait_for(task, PATIENCE_S)
    assert len(await enriched(log)) == 3
    assert pending(log) == 0


async def test_I18_stop_does_not_wait_for_ever_and_loses_nothing(log: MemoryLog) -> None:
    gate = Gate()
    await write_leads(log, 1, 3)
    stopping = asyncio.Event()
    task = asyncio.create_task(consumer(log, service(gate), pace=replace(PACE, grace_s=0.05)).run(stopping))
    await until(gate.busy)
    stopping.set()
    await asyncio.wait_for(task, 2.0)
    assert sorted(gate.cut_off) == sorted(gate.began)
    assert pending(log) == 3
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 3
    assert await snapshots_fit(log)


async def test_I18_waiting_read_ends_at_once(log: MemoryLog) -> None:
    stopping = asyncio.Event()
    task = asyncio.create_task(
        consumer(log, service(), pace=replace(PACE, block_ms=60_000, lease_ms=200_000)).run(stopping)
    )
    await until(lambda: settled(log))
    stopping.set()
    await asyncio.wait_for(task, 2.0)


async def test_consumer_that_was_cancelled_leaves_no_read_behind(log: MemoryLog) -> None:
    pace = replace(PACE, block_ms=60_000, lease_ms=200_000)
    task = asyncio.create_task(consumer(log, service(), pace=pace).run(asyncio.Event()))
    await until(lambda: settled(log))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await write_leads(log, 1, 1)
    assert pending(log) == 0
    assert [one for one in asyncio.all_tasks() if one is not asyncio.current_task()] == []


async def test_own_pending_is_found_again_after_a_restart(log: MemoryLog) -> None:
    await write_leads(log, 1, 150)
    for category in ("lead", "ops"):
        await log.open_group(0, category, "enricher")
    await log.read_group(0, ["lead"], "enricher", "enricher-0", count=150, block_ms=0)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 150


async def test_what_a_read_swallowed_is_found_without_a_restart(log: MemoryLog) -> None:
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
        await write_leads(log, 1, 1)
        # Handed out, and the answer never arrived.
        await log.read_group(0, ["lead"], "enricher", "enricher-0", count=1, block_ms=0)
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 1


async def test_entries_of_a_dead_consumer_are_claimed_after_the_lease_and_not_before(
    log: MemoryLog, time: Time
) -> None:
    await write_leads(log, 1, 3)
    for category in ("lead", "ops"):
        await log.open_group(0, category, "enricher")
    await log.read_group(0, ["lead"], "enricher", "enricher-7", count=2, block_ms=0)
    async with running(consumer(log, service())):

        async def third() -> bool:
            return await enriched(log) == [lead_number(3)]

        await until(third)
        time.ms += PACE.lease_ms - 1
        sweep = asyncio.get_running_loop().time() + PACE.lease_ms / 1000

        async def swept() -> bool:
            return asyncio.get_running_loop().time() > sweep

        await until(swept)
        assert pending(log) == 2
        time.ms += 1
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 3


async def test_I3_lost_lease_ends_the_gathering_and_nothing_is_recorded_twice(log: MemoryLog) -> None:
    gate = Gate()
    await write_leads(log, 1, 1)
    async with running(consumer(log, service(gate))):
        await until(gate.busy)
        await log.claim(0, "lead", "enricher", "enricher-7", idle_ms=0, cursor="0-0", count=10)

        async def cut() -> bool:
            return gate.cut_off == gate.began

        await until(cut)
        async with running(consumer(log, service(), slot=7)):
            await until(lambda: settled(log))
        gate.sign.set()
    assert len(gate.began) == 1
    assert await enriched(log) == [lead_number(1)]
    assert not log._parts[0].failures


async def test_lease_lost_while_waiting_for_another_try_does_not_end_the_renewal(log: MemoryLog) -> None:
    gate = Gate()
    failing = True

    async def answer(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        if heard.aggregate_id == lead_number(1) and failing:
            raise KeyError
        return await gate(heard, states)

    pace = replace(PACE, retry_delay_s=60.0, retry_delay_s_max=60.0, lease_ms=60)
    await write_leads(log, 1, 1)
    async with running(consumer(log, service(answer), pace=pace)) as stopping:

        async def failed() -> bool:
            return bool(log._parts[0].failures)

        await until(failed)
        await log.claim(0, "lead", "enricher", "enricher-7", idle_ms=0, cursor="0-0", count=10)
        await write_leads(log, 2, 2)
        await until(gate.busy)
        renewals = 0
        renew = log.renew

        async def counted(partition: int, category: str, group: str, consumer: str, seqs: Sequence[int]) -> list[int]:
            nonlocal renewals
            renewals += 1
            return await renew(partition, category, group, consumer, seqs)

        log.renew = counted  # type: ignore[method-assign]

        async def renewed() -> bool:
            return renewals > 3

        await until(renewed)
        gate.sign.set()

        async def done() -> bool:
            return await enriched(log) == [lead_number(2)]

        await until(done)
        stopping.set()
    assert log._parts[0].groups["lead", "enricher"].pending.keys() == {1}


async def test_I3_two_consumers_with_one_name_record_each_answer_once(log: MemoryLog) -> None:
    await write_leads(log, 1, 200)

    async def slow(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        for _ in range(3):
            await asyncio.sleep(0)
        return await enrich(heard, states)

    pace = replace(PACE, lease_ms=20, count=16)
    async with running(consumer(log, service(slow), pace=pace), consumer(log, service(slow), pace=pace)):
        await until(lambda: settled(log))
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 201))
    assert await snapshots_fit(log)


async def test_store_that_does_not_fit_ends_the_service(log: MemoryLog) -> None:
    async def unfit(partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        raise UnsafeStore("The store is at another fold.")

    await write_leads(log, 1, 1)
    log.load = unfit  # type: ignore[method-assign]
    with pytest.raises(UnsafeStore):
        await asyncio.wait_for(consumer(log, service()).run(asyncio.Event()), PATIENCE_S)
