"""Slots: the lowest free one, held by renewing it, given back by its holder alone."""

import asyncio
from collections.abc import AsyncIterator

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


async def test_slot_that_nobody_renews_runs_out(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "HELD_MS", 30)
    await slot(client, namespace, "a").take()

    async def free() -> bool:
        return not await served(client, namespace, ["enricher"])

    assert not await free()
    await until(free)
    assert await slot(client, namespace, "b").take() == 0


async def test_slot_that_is_kept_stays_and_is_given_back_at_the_end(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "HELD_MS", 90)
    kept, stopping = slot(client, namespace, "a"), asyncio.Event()
    await kept.take()
    task = asyncio.create_task(kept.keep(stopping))
    end = asyncio.get_running_loop().time() + 0.3

    async def long_after() -> bool:
        assert await served(client, namespace, ["enricher"])
        return asyncio.get_running_loop().time() > end

    await until(long_after)
    stopping.set()
    await asyncio.wait_for(task, PATIENCE_S)
    assert not await served(client, namespace, ["enricher"])


async def test_slot_that_another_took_meanwhile_is_neither_taken_back_nor_given_up_for_them(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "HELD_MS", 30)
    late, stopping = slot(client, namespace, "late"), asyncio.Event()
    await late.take()
    name = keys.alive(namespace, "enricher", 0)
    await client.set(name, "another", px=60_000)
    task = asyncio.create_task(late.keep(stopping))
    end = asyncio.get_running_loop().time() + 0.1

    async def long_after() -> bool:
        assert await client.get(name) == b"another"
        return asyncio.get_running_loop().time() > end

    await until(long_after)
    stopping.set()
    await asyncio.wait_for(task, PATIENCE_S)
    assert await client.get(name) == b"another"


async def test_slot_that_ran_out_is_taken_again_by_its_holder(
    client: Client, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "HELD_MS", 30)
    kept, stopping = slot(client, namespace, "a"), asyncio.Event()
    await kept.take()
    await client.delete(keys.alive(namespace, "enricher", 0))
    task = asyncio.create_task(kept.keep(stopping))

    async def back() -> bool:
        return bool(await served(client, namespace, ["enricher"]))

    await until(back)
    stopping.set()
    await asyncio.wait_for(task, PATIENCE_S)


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
    monkeypatch.setattr(slots, "HELD_MS", 90)
    kept, stopping = slot(client, namespace, "a"), asyncio.Event()
    await kept.take()
    assert await kept.check() == ""
    await asyncio.sleep(0.1)
    assert "ran out" in await kept.check()
    task = asyncio.create_task(kept.keep(stopping))

    async def held() -> bool:
        return await kept.check() == ""

    await until(held)
    await client.set(keys.alive(namespace, "enricher", 0), "another")

    async def lost() -> bool:
        return "another process has it" in await kept.check()

    await until(lost)
    stopping.set()
    await task
