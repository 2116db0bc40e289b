"""The loop of an agent over a real store: outages, leases, twins and entries that are gone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from redis import exceptions

from contracts.envelope import AnyEnvelope, Event
from services.runtime import keys
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.redis_client import ask
from services.runtime.server_process import ThrowAwayServer
from services.runtime.service import States
from tests.conformance.logs import lead_number
from tests.controls import IDENTITY_KEY
from tests.unit.runtime_loop.loops import (
    PACE,
    PATIENCE_S,
    consumer,
    dead,
    enrich,
    enriched,
    facts,
    running,
    service,
    snapshots_fit,
    until,
    write_leads,
)


@pytest.fixture
async def log(redis_url: str, namespace: str) -> AsyncIterator[RedisLog]:
    opened = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    yield opened
    await opened.close()


async def pending(log: RedisLog, category: str = "lead", group: str = "enricher") -> int:
    about = await log.store.xpending(keys.stream(log.namespace, 0, category), group)
    return int(about["pending"])


async def settled(log: RedisLog, group: str = "enricher") -> bool:
    for category in ("lead", "ops"):
        name = keys.stream(log.namespace, 0, category)
        if not await log.store.exists(name):
            return False
        found = {one["name"]: one for one in await log.store.xinfo_groups(name)}
        newest = await log.store.xrevrange(name, count=1)
        one = found.get(group.encode())
        if one is None or one["pending"] or (newest and one["last-delivered-id"] != newest[0][0]):
            return False
    return True


class Slow:
    """Each lead takes a while, longer than the lease, and says how often it was begun."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began: list[str] = []

    async def __call__(self, heard: AnyEnvelope, states: States) -> Sequence[Event]:
        self.began.append(heard.aggregate_id)
        await asyncio.sleep(self.seconds)
        return await enrich(heard, states)


async def test_I3_three_consumers_answer_each_lead_once(log: RedisLog) -> None:
    await write_leads(log, 1, 300)
    pace = replace(PACE, count=16)
    async with running(*(consumer(log, service(), slot=slot, pace=pace) for slot in range(3))):
        await until(lambda: settled(log))
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 301))
    assert await snapshots_fit(log)


async def test_I3_two_consumers_with_one_name_answer_each_lead_once(log: RedisLog) -> None:
    await write_leads(log, 1, 200)
    slow = Slow(0.002)
    pace = replace(PACE, count=16, lease_ms=60)
    async with running(*(consumer(log, service(slow), slot=0, pace=pace) for _ in range(2))):
        await until(lambda: settled(log))
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 201))
    assert await snapshots_fit(log)


async def test_slow_handler_keeps_its_lease_by_renewing_it(log: RedisLog) -> None:
    slow = Slow(1.0)
    await write_leads(log, 1, 1)
    async with running(consumer(log, service(slow), slot=0)):

        async def busy() -> bool:
            return bool(slow.began)

        await until(busy)
        async with running(consumer(log, service(), slot=1)):
            await until(lambda: settled(log))
    assert slow.began == [lead_number(1)]
    assert (await facts(log))[-1].actor.id == "enricher"
    assert len(await enriched(log)) == 1


async def test_what_a_dead_consumer_held_is_claimed_after_the_lease(log: RedisLog) -> None:
    await write_leads(log, 1, 150)
    for category in ("lead", "ops"):
        await log.open_group(0, category, "enricher")
    await log.read_group(0, ["lead"], "enricher", "enricher-7", count=120, block_ms=0)
    async with running(consumer(log, service(), pace=replace(PACE, lease_ms=1_000))):
        await until(lambda: settled(log))
    answered = await enriched(log)
    assert len(answered) == 150
    assert set(answered[:30]) == {lead_number(n) for n in range(121, 151)}


async def test_restart_under_the_same_slot_finds_what_it_held_at_once(log: RedisLog) -> None:
    await write_leads(log, 1, 100)
    for category in ("lead", "ops"):
        await log.open_group(0, category, "enricher")
    await log.read_group(0, ["lead"], "enricher", "enricher-0", count=100, block_ms=0)
    async with running(consumer(log, service(), pace=replace(PACE, lease_ms=60_000))):
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 100


async def test_entry_deleted_while_it_waits_stops_nobody(log: RedisLog) -> None:
    await write_leads(log, 1, 5)
    for category in ("lead", "ops"):
        await log.open_group(0, category, "enricher")
    await log.read_group(0, ["lead"], "enricher", "enricher-0", count=3, block_ms=0)
    await ask(log.store, "XDEL", keys.stream(log.namespace, 0, "lead"), "2-0")

    async def done() -> bool:
        return len(await enriched(log)) == 4

    async with running(consumer(log, service())):
        await until(done)
        await until(lambda: settled(log))
    assert not await dead(log)


async def test_I17_store_that_was_killed_is_waited_for(server: ThrowAwayServer) -> None:
    log = await open_log(server.url, "main", identity_key=IDENTITY_KEY)
    await write_leads(log, 1, 50)
    slow = Slow(0.005)
    loops = [consumer(log, service(slow), slot=slot, pace=replace(PACE, count=8)) for slot in range(2)]
    async with running(*loops):

        async def some() -> bool:
            return len(slow.began) > 10

        for last in (80, 110, 140):
            slow.began.clear()
            # Somebody whose connections are new; the loops find out about theirs by themselves.
            people = await open_log(server.url, "main", identity_key=IDENTITY_KEY)
            await write_leads(people, last - 29, last)
            await people.close()
            await until(some)
            server.kill()
            server.start()
        await until(lambda: calm(log))
        assert len(await log.store.xinfo_consumers(keys.stream("main", 0, "lead"), "enricher")) <= 2
        assert len(await log.store.client_list()) < 16
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 141))
    assert await pending(log) == 0
    assert await snapshots_fit(log)
    assert all(loop.in_flight == 0 for loop in loops)
    await log.close()


async def calm(log: RedisLog) -> bool:
    try:
        return await settled(log)
    except exceptions.ConnectionError:
        return False


async def test_I17_store_that_stays_away_does_not_keep_a_process_from_ending(server: ThrowAwayServer) -> None:
    log = await open_log(server.url, "main", identity_key=IDENTITY_KEY)
    stopping = asyncio.Event()
    task = asyncio.create_task(consumer(log, service()).run(stopping))
    await until(lambda: settled(log))
    server.kill()
    stopping.set()
    await asyncio.wait_for(task, PATIENCE_S)
    await log.close()


async def test_I18_stop_in_the_middle_of_work_loses_and_repeats_nothing(log: RedisLog) -> None:
    await write_leads(log, 1, 100)
    pace = replace(PACE, count=10, grace_s=0.02)
    for _ in range(5):
        stopping, slow = asyncio.Event(), Slow(0.01)

        async def some(slow: Slow = slow) -> bool:
            return len(slow.began) > 15

        task = asyncio.create_task(consumer(log, service(slow), pace=pace).run(stopping))
        await until(some)
        stopping.set()
        await asyncio.wait_for(task, 2.0)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 101))
    ids = [fact.event_id for fact in await facts(log)]
    assert len(set(ids)) == len(ids)
    assert await snapshots_fit(log)


async def test_groups_that_were_removed_are_made_again(log: RedisLog) -> None:
    await write_leads(log, 1, 5)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
        for category in ("lead", "ops"):
            await ask(log.store, "XGROUP", "DESTROY", keys.stream(log.namespace, 0, category), "enricher")
        await write_leads(log, 6, 8)
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 8
