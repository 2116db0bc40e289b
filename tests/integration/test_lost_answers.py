"""A commit whose answer is lost stands once: sending it again is recognised by delivery, version or command id."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from contracts.errors import StoreUnavailable
from services.runtime.log import Answer, CommandKey
from services.runtime.server_process import ThrowAwayServer
from tests.conformance.logs import (
    RedisStore,
    done,
    everything,
    hand_out,
    heard,
    redis_store,
    seqs,
    sourced,
    unit,
    updated,
)
from tests.integration.lossy_proxy import LossyProxy, lossy_proxy


@dataclass
class Lossy:
    """A store behind the proxy."""

    store: RedisStore
    proxy: LossyProxy


@pytest.fixture
async def lossy(server: ThrowAwayServer) -> AsyncIterator[Lossy]:
    async with lossy_proxy(server.socket, server.directory / "p.sock") as (proxy, url):
        store = await redis_store(url, "lossy", 1)
        yield Lossy(store, proxy)
        await store.close()


async def test_I3_effects_of_a_lost_answer_happen_once(lossy: Lossy) -> None:
    log = lossy.store.log
    await log.commit(0, [unit(sourced(n)) for n in (1, 2)])
    await hand_out(lossy.store)
    units = [
        unit(updated(1), at=1, hears=[heard(1)]),
        unit(sourced(3)),
        unit(sourced(4), command=CommandKey("c1", "body", b"answer")),
        # Nothing is expected to have another version here: the delivery alone recognises the repeat.
        unit(updated(1), at=2, hears=[heard(2)])._replace(expects=[], saves=[]),
    ]
    lossy.proxy.lose_answer_to(b"EVALSHA")
    with pytest.raises(StoreUnavailable):
        await log.commit(0, units)
    assert lossy.proxy.lost == 1
    assert seqs(await everything(lossy.store)) == [1, 2, 3, 4, 5, 6]
    assert await log.commit(0, units) == [
        Answer("conflict"),
        Answer("conflict"),
        Answer("repeated", 5, 5, b"answer"),
        Answer("gone"),
    ]
    assert seqs(await everything(lossy.store)) == [1, 2, 3, 4, 5, 6]


async def test_I7_lost_answer_of_a_command_is_given_again(lossy: Lossy) -> None:
    asked = [unit(sourced(), command=CommandKey("c1", "body", b"answer"))]
    await lossy.store.log.head(0)
    lossy.proxy.lose_answer_to(b"SCRIPT")
    with pytest.raises(StoreUnavailable):
        await lossy.store.log.commit(0, asked)
    assert await lossy.store.log.head(0) == 0
    lossy.proxy.lose_answer_to(b"EVALSHA")
    with pytest.raises(StoreUnavailable):
        await lossy.store.log.commit(0, asked)
    for _ in range(2):
        assert await lossy.store.log.commit(0, asked) == [Answer("repeated", 1, 1, b"answer")]


async def test_I3_many_calls_cut_off_are_finished_by_sending_them_again(lossy: Lossy) -> None:
    units = [unit(sourced(n)) for n in range(500)]
    assert await lossy.store.log.commit(0, units[:1]) == [done(1)]
    lossy.proxy.lose_answer_to(b"EVALSHA")
    with pytest.raises(StoreUnavailable):
        await lossy.store.log.commit(0, units)
    await lossy.store.log.commit(0, units)
    facts = await everything(lossy.store)
    assert len({one.entry.a for one in facts}) == len(facts) == 500
