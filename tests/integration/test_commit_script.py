"""The commit script in a real store: what is malformed, damaged or does not fit is refused, and nothing is written."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from redis.exceptions import ResponseError

from contracts.errors import DamagedEntry, StoreUnavailable, SwarmError, UnsafeStore
from contracts.facts import Ref
from services.runtime import keys
from services.runtime.commit_call import Argument, lay_out
from services.runtime.log import COMMAND_TTL_S, WATERMARKS, CommandKey, Save, Unit
from services.runtime.log_redis import SCRIPT
from services.runtime.redis_client import ask
from services.runtime.server_process import ThrowAwayServer
from tests.conformance.logs import (
    GROUP,
    RedisStore,
    acknowledging,
    done,
    everything,
    hand_out,
    heard,
    lead_number,
    redis_store,
    seqs,
    sourced,
    together,
    unit,
    updated,
)
from tests.controls import email_drafted

REFUSED_CALLS = 2_000
JUNK = ("", "x", "-1", "1.5", "1e0", "0x1", " 1", "1 ", "+1", "nan", "inf", "9" * 15, "9" * 16, "9" * 400, "0", "7")
EMAIL = email_drafted().about()


@pytest.fixture
async def store(redis_url: str, namespace: str) -> AsyncIterator[RedisStore]:
    opened = await redis_store(redis_url, namespace, 1)
    yield opened
    await opened.close()


async def filled(store: RedisStore) -> list[Unit]:
    """Three leads that were handed out; returns units of every shape that all of them fit."""
    await store.log.commit(0, [unit(sourced(n)) for n in (1, 2, 3)])
    await hand_out(store)
    watermark = Ref(WATERMARKS, "queen")
    return [
        unit(updated(), at=1, hears=[heard(1)]),
        together(unit(sourced(5)), unit(email_drafted()))._replace(command=CommandKey("c1", "body", b"answer")),
        Unit([(watermark, 0)], saves=[Save(watermark, 9, b"")]),
        unit(updated(2), at=1, hears=[heard(2), heard(3)], command=CommandKey("c2", "body", b"answer")),
    ]


async def dump(store: RedisStore) -> dict[bytes, bytes]:
    """Every key of the namespace, as its bytes."""
    names = sorted(await ask(store.redis.store, "KEYS", f"{{{store.redis.namespace}:*"))
    pipeline = store.redis.store.pipeline()
    for name in names:
        pipeline.dump(name)
    return dict(zip(names, await pipeline.execute(), strict=True))


async def restore(store: RedisStore, kept: dict[bytes, bytes]) -> None:
    pipeline = store.redis.store.pipeline()
    for name in {*await dump(store), *kept}:
        pipeline.delete(name)
    for name, value in kept.items():
        pipeline.restore(name, 0, value)
    await pipeline.execute()


@dataclass
class Call:
    """One call of the script, to be damaged."""

    names: list[str]
    arguments: list[Argument]


def damaged(chance: random.Random, units: Sequence[Unit], namespace: str) -> Call:
    """A call for these units with one or two things wrong; now and then what is wrong does no harm."""
    call = Call(*lay_out(namespace, 0, units))
    numbers = [at for at, one in enumerate(call.arguments) if isinstance(one, int)]
    for _ in range(chance.choice((1, 1, 1, 2))):
        at = chance.randrange(len(call.arguments))
        match chance.randrange(10):
            case 0:
                del call.arguments[at:]
                if not call.arguments:
                    return call
                numbers = [one for one in numbers if one < at] or [0]
            case 1:
                call.arguments.insert(at, chance.choice(JUNK))
            case 2:
                call.arguments += [chance.choice(JUNK)] * chance.randint(1, 4)
            case 3:
                call.names.pop(chance.randrange(len(call.names)))
            case 4:
                call.names.append(keys.stream(namespace, 0, "run"))
            case 5:
                one, other = chance.sample(range(len(call.names)), 2)
                call.names[one] = call.names[other]
            case 6:
                call.arguments[chance.randrange(min(5, len(call.arguments)))] = chance.choice(JUNK)
            case 7:
                call.arguments[at] = chance.choice(JUNK)
            case _:
                call.arguments[chance.choice(numbers)] = chance.choice(JUNK)
        if not call.names:
            return call
    return call


async def half_written(store: RedisStore, script: str, seed: int, refused_calls: int) -> list[str]:
    """Run damaged calls until so many were refused; returns the errors of those that wrote all the same."""
    chance = random.Random(seed)
    units = await filled(store)
    before = await dump(store)
    script_id = (await store.redis.store.script_load(script)).encode()
    refused, wrote = 0, []
    while refused < refused_calls:
        call = damaged(chance, chance.sample(units, chance.randint(1, 4)), store.redis.namespace)
        try:
            await ask(store.redis.store, "EVALSHA", script_id, len(call.names), *call.names, *call.arguments)
        except ResponseError as error:
            refused += 1
            if await dump(store) != before:
                wrote.append(f"{error}: {call}")
                await restore(store, before)
        else:
            await restore(store, before)
    return wrote


@pytest.mark.parametrize("seed", [1, 2])
async def test_malformed_calls_write_nothing(store: RedisStore, seed: int) -> None:
    assert await half_written(store, SCRIPT, seed, REFUSED_CALLS // 2) == []


async def test_half_written_calls_would_be_found(store: RedisStore) -> None:
    lenient = SCRIPT.replace("if not streams[", "if false and not streams[")
    assert lenient != SCRIPT
    assert await half_written(store, lenient, 1, 600)


async def test_delivery_that_no_stream_id_can_be_is_refused(store: RedisStore) -> None:
    """XACK raises on a longer id, and by then the unit before it is written."""
    first, *_ = await filled(store)
    names, arguments = lay_out(store.redis.namespace, 0, [first, acknowledging(heard(3))])
    assert arguments[-5:] == [3, 0, 0, 0, 0]
    arguments[-5] = "0" * 200 + "3"
    before = await dump(store)
    with pytest.raises(ResponseError, match="MALFORMED delivery of unit 2"):
        await ask(store.redis.store, "EVAL", SCRIPT, len(names), *names, *arguments)
    assert await dump(store) == before


@pytest.mark.parametrize("what", ["units", "facts", "expectations"])
async def test_call_past_a_bound_is_refused(store: RedisStore, what: str) -> None:
    expects = [(Ref("lead", lead_number(n)), 0) for n in range(1_025)]
    units = {
        "units": [unit(sourced(n)) for n in range(65)],
        "facts": [unit(sourced(), *[updated()] * 512)],
        "expectations": [Unit(expects)],
    }[what]
    names, arguments = lay_out(store.redis.namespace, 0, units)
    before = await dump(store)
    with pytest.raises(ResponseError, match="MALFORMED too many"):
        await ask(store.redis.store, "EVAL", SCRIPT, len(names), *names, *arguments)
    assert await dump(store) == before


@pytest.mark.parametrize("at", range(8))
async def test_key_of_another_type_is_refused(store: RedisStore, at: int) -> None:
    units = await filled(store)
    name = lay_out(store.redis.namespace, 0, units)[0][at]
    await store.redis.store.delete(name)
    await ask(store.redis.store, "SADD", name, "not what it was")
    before = await dump(store)
    with pytest.raises((ResponseError, SwarmError)):
        await store.log.commit(0, units)
    assert await dump(store) == before


@pytest.mark.parametrize(
    "value",
    [b"", b"0000000001", b"0000000001" + b"0" * 15, b"000000000x" + b"0" * 16, b" 000000001" + b"0" * 16, b"x" * 40],
)
async def test_damaged_snapshot_is_refused(store: RedisStore, value: bytes) -> None:
    await filled(store)
    await ask(store.redis.store, "HSET", keys.snapshots(store.redis.namespace, 0, "lead"), lead_number(1), value)
    before = await dump(store)
    with pytest.raises(ResponseError, match="MALFORMED the stored snapshot"):
        await store.log.commit(0, [unit(sourced(8)), unit(updated(), at=1)])
    with pytest.raises(DamagedEntry):
        await store.log.load(0, [Ref("lead", lead_number(1))])
    assert await dump(store) == before


@pytest.mark.parametrize("value", ["", "body", "body|1|", "body|x|1|answer"])
async def test_damaged_answer_of_a_command_is_refused(store: RedisStore, value: str) -> None:
    units = await filled(store)
    await store.redis.store.set(keys.command(store.redis.namespace, 0, "c2"), value)
    before = await dump(store)
    with pytest.raises(ResponseError, match="MALFORMED the answer kept"):
        await store.log.commit(0, units)
    assert await dump(store) == before


@pytest.mark.parametrize("trimmed", [False, True])
async def test_log_that_went_back_is_refused(store: RedisStore, trimmed: bool) -> None:
    units = await filled(store)
    await store.redis.store.delete(keys.seq(store.redis.namespace, 0))
    if trimmed:
        await store.redis.store.xtrim(keys.stream(store.redis.namespace, 0, "lead"), maxlen=0, approximate=False)
    before = await dump(store)
    with pytest.raises(UnsafeStore, match="WENTBACK"):
        await store.log.commit(0, units)
    assert await dump(store) == before


@pytest.mark.parametrize("fold", ["99", None])
async def test_snapshots_of_another_fold_are_refused(store: RedisStore, fold: str | None) -> None:
    units = await filled(store)
    folds = keys.folds(store.redis.namespace, 0)
    await (store.redis.store.hset(folds, "lead", fold) if fold else store.redis.store.hdel(folds, "lead"))
    before = await dump(store)
    with pytest.raises(UnsafeStore, match="FOLD" if fold else "NONAMESPACE"):
        await store.log.commit(0, units)
    assert await dump(store) == before


async def test_forgotten_script_is_loaded_again(store: RedisStore) -> None:
    await filled(store)
    await store.redis.store.script_flush()
    units = [unit(sourced(n)) for n in range(10, 300)]
    acks = {("lead", GROUP): [1], ("email", GROUP): [1]}
    assert await store.log.commit(0, units, acks) == [done(n) for n in range(4, 294)]
    assert len(await everything(store)) == 293


async def test_I7_answer_is_kept_for_a_day_and_an_hour(store: RedisStore) -> None:
    await store.log.commit(0, await filled(store))
    left_ms = await store.redis.store.pttl(keys.command(store.redis.namespace, 0, "c1"))
    assert COMMAND_TTL_S * 1000 - 60_000 < left_ms <= COMMAND_TTL_S * 1000


async def test_I16_full_store_takes_nothing_not_even_the_acknowledgement(server: ThrowAwayServer) -> None:
    store = await redis_store(server.url, "full", 1)
    try:
        units = await filled(store)
        before = await dump(store)
        await store.redis.store.config_set("maxmemory", "1mb")
        for some in (units, [acknowledging(heard(1))]):
            with pytest.raises(StoreUnavailable, match="OOM"):
                await store.log.commit(0, some)
        assert await dump(store) == before
        await store.redis.store.config_set("maxmemory", "0")
        assert [one.outcome for one in await store.log.commit(0, units)] == ["done"] * 4
    finally:
        await store.close()


async def test_I16_the_check_can_fail(server: ThrowAwayServer) -> None:
    """A full store still takes acknowledgements: sent beside the commit instead of inside, they would lose the work."""
    store = await redis_store(server.url, "full", 1)
    try:
        units = await filled(store)
        before = await dump(store)
        await store.redis.store.config_set("maxmemory", "1mb")
        assert await store.redis.store.xack(keys.stream("full", 0, "lead"), GROUP, "1-0") == 1
        with pytest.raises(StoreUnavailable, match="OOM"):
            await store.log.commit(0, units)
        assert await dump(store) != before
    finally:
        await store.close()


async def test_I1_acknowledged_fact_survives_the_death_of_the_server(server: ThrowAwayServer) -> None:
    store = await redis_store(server.url, "killed", 1)
    assert await store.log.commit(0, [unit(sourced())]) == [done(1)]
    server.kill()
    with pytest.raises(StoreUnavailable):
        await store.log.commit(0, [unit(sourced(2))])
    await store.close()
    server.start()
    store = await redis_store(server.url, "killed", 1)
    try:
        assert seqs(await everything(store)) == [1]
        assert await store.log.commit(0, [unit(updated(), at=1)]) == [done(2)]
    finally:
        await store.close()


async def test_I1_the_check_can_fail(server: ThrowAwayServer) -> None:
    """Without the append-only file what was acknowledged is gone with the server."""
    store = await redis_store(server.url, "killed", 1)
    await store.redis.store.config_set("appendonly", "no")
    assert await store.log.commit(0, [unit(sourced())]) == [done(1)]
    await store.close()
    server.kill()
    server.start()
    store = await redis_store(server.url, "killed", 1)
    try:
        assert seqs(await everything(store)) == []
    finally:
        await store.close()
