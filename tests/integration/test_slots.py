"""Slots: the lowest free one, held by renewing it, given back by its holder alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from contracts.errors import StoreUnavailable
from services.runtime import keys, slots
from services.runtime.redis_client import Client, writer
from services.runtime.slots import Slot, served
from tests.unit.runtime_loop.loops import PATIENCE_S, until


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Client]:
    client = writer(redis_url)
    yield client
    await client.aclose()


def slot(client: Client, namespace: str, token: str, service: str = "enricher") -> Slot:
    return Slot(client, namespace, service, token)


async def test_each_takes_the_lowest_that_is_free(client: Client, namespace: str) -> None:
    a, b, c = (slot(client, namespace, token) for token in "abc")
    assert [await a.take(), await b.take(), await c.take()] == [0, 1, 2]
    await b.leave()
    assert await slot(client, namespace, "d").take() == 1
    assert await slot(client, namespace, "e", "crafter").take() == 0


async def run_out(client: Client, namespace: str) -> None:
    """So much later that a slot nobody renews is nobody's."""
    assert 0 < await client.pttl(keys.alive(namespace, "enricher", 0)) <= slots.HELD_MS
    await client.delete(keys.alive(namespace, "enricher", 0))


@asynccontextmanager
async def keeping(kept: Slot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[float]]:
    """Renew it again and again without the rests between, and leave it; gives the rests that there would have been."""
    rests: list[float] = []

    async def rest(seconds: float, _: asyncio.Event) -> None:
        rests.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(slots, "rest", rest)
    stopping = asyncio.Event()
    task = asyncio.create_task(kept.keep(stopping))
    try:
        yield rests
    finally:
        stopping.set()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_slot_that_nobody_renews_runs_out(client: Client, namespace: str) -> None:
    await slot(client, namespace, "a").take()
    assert await served(client, namespace, ["enricher"])
    await run_out(client, namespace)
    assert not await served(client, namespace, ["enricher"])
    assert await slot(client, namespace, "b").take() == 0


async def test_slot_that_is_kept_stays_and_is_given_back_at_the_end(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, name = slot(client, namespace, "a"), keys.alive(namespace, "enricher", 0)
    await kept.take()
    await client.pexpire(name, slots.HELD_MS // 2)
    async with keeping(kept, monkeypatch) as rests:

        async def renewed() -> bool:
            return bool(await client.pttl(name) > slots.HELD_MS // 2)

        await until(renewed)
    assert set(rests) == {slots.HELD_MS / 3_000}, "two may fail before it runs out"
    assert not await served(client, namespace, ["enricher"])


async def test_slot_that_another_took_meanwhile_is_neither_taken_back_nor_given_up_for_them(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = slot(client, namespace, "late")
    await late.take()
    name = keys.alive(namespace, "enricher", 0)
    await client.set(name, "another", px=60_000)
    async with keeping(late, monkeypatch) as rests:

        async def tried_often() -> bool:
            assert await client.get(name) == b"another"
            return len(rests) > 3

        await until(tried_often)
    assert await client.get(name) == b"another"


async def test_slot_that_ran_out_is_taken_again_by_its_holder(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = slot(client, namespace, "a")
    await kept.take()
    await run_out(client, namespace)
    async with keeping(kept, monkeypatch):

        async def back() -> bool:
            return bool(await served(client, namespace, ["enricher"]))

        await until(back)


async def test_full_house_is_said_in_a_sentence(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "SLOTS_MAX", 2)
    for token in "ab":
        await slot(client, namespace, token).take()
    with pytest.raises(StoreUnavailable, match="2 processes already run enricher"):
        await slot(client, namespace, "c").take()


async def test_served_names_the_services_that_somebody_runs(client: Client, namespace: str) -> None:
    await slot(client, namespace, "a").take()
    await slot(client, namespace, "b", "crafter").take()
    assert await served(client, namespace, ["enricher", "crafter", "queen"]) == {"enricher", "crafter"}
    assert await served(client, f"{namespace}2", ["enricher"]) == frozenset()


async def test_slot_says_whether_it_is_held(client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = slot(client, namespace, "a")
    await kept.take()
    assert await kept.check() == ""
    with monkeypatch.context() as shorter:
        shorter.setattr(slots, "HELD_MS", 1)
        await kept.leave()
        await kept.take()

        async def ran_out() -> bool:
            return "ran out" in await kept.check()

        await until(ran_out)
    async with keeping(kept, monkeypatch):

        async def held() -> bool:
            return await kept.check() == ""

        await until(held)
        await client.set(keys.alive(namespace, "enricher", 0), "another")

        async def lost() -> bool:
            return "another process has it" in await kept.check()

        await until(lost)
