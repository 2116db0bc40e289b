"""Whether all has had its effect: asked of a real store, before, while and after it has."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.email import EmailDrafted
from contracts.facts import Ref
from services.cli import session
from services.cli.bootstrap import open_swarm
from services.runtime.follower import Follows
from services.runtime.host import Standing, host
from services.runtime.log import WATERMARKS, Delivery, Save, Unit
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.server_process import ThrowAwayServer
from services.runtime.settings import Settings
from services.runtime.settle import follower_behind, group_behind, group_standing
from tests.conformance.logs import sourced, unit
from tests.controls import IDENTITY_KEY, email_drafted


@pytest.fixture(params=[1, 4])
async def log(request: pytest.FixtureRequest, redis_url: str, namespace: str) -> AsyncIterator[RedisLog]:
    opened = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY, partitions=request.param)
    yield opened
    await opened.close()


@pytest.fixture
def place(log: RedisLog) -> int:
    return 0 if log.partitions == 1 else 3


async def test_group_is_behind_until_all_it_was_handed_is_acknowledged(log: RedisLog, place: int) -> None:
    for category in ("lead", "ops"):
        await log.open_group(place, category, "g")
    assert not await group_behind(log, place, "g")
    await log.commit(place, [unit(sourced(n)) for n in (1, 2)])
    assert await group_behind(log, place, "g")
    await log.read_group(place, ["lead"], "g", "g-0", count=1, block_ms=0)
    await log.commit(place, [Unit((), deliveries=[Delivery("lead", "g", 1)])])
    assert await group_behind(log, place, "g")
    await log.read_group(place, ["lead"], "g", "g-0", count=1, block_ms=0)
    assert await group_behind(log, place, "g")
    await log.commit(place, [Unit((), deliveries=[Delivery("lead", "g", 2)])])
    assert not await group_behind(log, place, "g")


async def test_group_of_a_service_that_only_just_starts_is_behind(log: RedisLog, place: int) -> None:
    await log.open_group(place, "ops", "another")
    await log.open_group(place, "lead", "g")
    assert await group_behind(log, place, "g")
    await log.commit(place, [unit(sourced(1))])
    assert await group_behind(log, place, "g")


async def test_follower_is_behind_while_something_it_answers_lies_past_its_watermark(log: RedisLog, place: int) -> None:
    drafts = Follows("f", frozenset({EmailDrafted}), lambda _: (), lambda _, __, ___: [])
    assert not await follower_behind(log, place, 0, drafts)
    await log.commit(place, [unit(sourced(1)), unit(email_drafted()), unit(sourced(2))])
    assert await follower_behind(log, place, 0, drafts)
    ref = Ref(WATERMARKS, f"f:{place}")
    await log.commit(0, [Unit([(ref, 0)], saves=[Save(ref, 1, b"")])])
    assert await follower_behind(log, place, 0, drafts)
    await log.commit(0, [Unit([(ref, 1)], saves=[Save(ref, 2, b"")])])
    assert not await follower_behind(log, place, 0, drafts)


async def test_group_moves_with_each_delivery_and_each_acknowledgement(log: RedisLog, place: int) -> None:
    async def standing() -> Standing:
        return await group_standing(log, place, "g")

    for category in ("lead", "ops"):
        await log.open_group(place, category, "g")
    assert not (await standing()).waits
    await log.commit(place, [unit(sourced(n)) for n in (1, 2)])
    seen = [await standing()]
    await log.read_group(place, ["lead"], "g", "g-0", count=1, block_ms=0)
    seen.append(await standing())
    await log.commit(place, [Unit((), deliveries=[Delivery("lead", "g", 1)])])
    seen.append(await standing())
    assert all(one.waits for one in seen)
    assert len({one.place for one in seen}) == len(seen)
    assert await standing() == seen[-1]


async def test_work_that_an_idle_agent_gets_while_the_others_are_asked_counts(
    server: ThrowAwayServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agents are asked before the followers, and a follower hands them something in between; the views have it."""
    settings = Settings(redis_url=server.url, home=tmp_path)  # type: ignore[arg-type]
    stopping = asyncio.Event()
    async with open_swarm(settings) as swarm:
        async with session.working(swarm):
            assert await session.settle(swarm, timeout_s=30.0)
        projector = asyncio.create_task(host(await swarm.serve(["projector"]), stopping))
        left = len(swarm.followers())

        async def handed_on(log: RedisLog, source: int, target: int, follows: Follows) -> bool:
            nonlocal left
            left -= 1
            behind = await follower_behind(log, source, target, follows)
            if not left:
                await log.commit(0, [unit(sourced(1))])
                while not await session.projected(swarm):  # noqa: ASYNC110 - its process tells nobody
                    await asyncio.sleep(0)
            return behind

        monkeypatch.setattr(session, "follower_behind", handed_on)
        try:
            assert not await session.settled(swarm)
            assert left == 0
        finally:
            stopping.set()
            await projector
