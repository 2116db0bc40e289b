"""Followers and commands over a real store: the watermark and the command key are kept by its script."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from contracts.facts import Ref
from contracts.identity import CONTROL, partition_of
from services.runtime.follower import Follower
from services.runtime.log import WATERMARKS
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.server_process import ThrowAwayServer
from tests.conformance.logs import lead_number, sourced
from tests.controls import IDENTITY_KEY
from tests.unit.runtime_loop.loops import (
    PATIENCE_S,
    enriched,
    facts,
    now,
    snapshots_fit,
    until,
    write,
    write_leads,
)
from tests.unit.runtime_loop.test_execute import ask, rename
from tests.unit.runtime_loop.test_follower import WATERMARK, follows


@pytest.fixture
async def log(redis_url: str, namespace: str) -> AsyncIterator[RedisLog]:
    opened = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    yield opened
    await opened.close()


async def follow(log: RedisLog, through: int, *, many: int = 1, count: int = 256) -> None:
    stopping = asyncio.Event()
    tasks = [
        asyncio.create_task(Follower(log, follows(count), 0, 0, clock=now, block_ms=20).run(stopping))
        for _ in range(many)
    ]

    async def reached() -> bool:
        return (await log.load(0, [WATERMARK]))[WATERMARK].version >= through

    try:
        await until(reached)
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_S)


async def test_I3_of_three_that_race_one_answers_each_fact(log: RedisLog) -> None:
    await write_leads(log, 1, 60)
    await follow(log, 60, many=3, count=7)
    assert await enriched(log) == [lead_number(n) for n in range(1, 61)]
    assert await snapshots_fit(log)


async def test_place_is_known_after_the_store_was_killed(server: ThrowAwayServer) -> None:
    log = await open_log(server.url, "main", identity_key=IDENTITY_KEY)
    await write_leads(log, 1, 20)
    await follow(log, 20)
    await log.close()
    server.kill()
    server.start()
    log = await open_log(server.url, "main", identity_key=IDENTITY_KEY)
    await write_leads(log, 21, 25)
    await follow(log, 45)
    assert await enriched(log) == [lead_number(n) for n in range(1, 26)]
    await log.close()


async def test_facts_of_four_partitions_are_followed_into_control(redis_url: str, namespace: str) -> None:
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY, partitions=4)
    for number in range(20):
        await write(log, sourced(number), partition=partition_of(lead_number(number), 4), cause=lead_number(number))
    stopping = asyncio.Event()
    tasks = [
        asyncio.create_task(Follower(log, follows(), place, CONTROL, clock=now, block_ms=20).run(stopping))
        for place in range(1, 5)
        for _ in range(2)
    ]

    async def all_there() -> bool:
        return len(await enriched(log)) >= 20

    await until(all_there)
    stopping.set()
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_S)
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(20))
    for place in range(1, 5):
        ref = Ref(WATERMARKS, f"echo:{place}")
        assert (await log.load(CONTROL, [ref]))[ref].version == await log.head(place)
    await log.close()


async def test_I7_one_id_many_times_at_once_is_recorded_once(log: RedisLog) -> None:
    await write_leads(log, 1, 1)
    answers = await asyncio.gather(*(ask(log, answer=rename) for _ in range(8)))
    assert sorted({one.status for one in answers if one}) == ["recorded", "repeated"]
    assert len({(one.fact, one.position) for one in answers if one}) == 1
    assert len(await facts(log)) == 2


async def test_I6_of_many_at_once_one_wins(log: RedisLog) -> None:
    await write_leads(log, 1, 1)
    answers = await asyncio.gather(*(ask(log, str(n)) for n in range(8)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyDecided"] * 7 + ["Receipt"]
    assert len(await facts(log)) == 2
