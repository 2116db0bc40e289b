"""Verify over a real store: clean where all is as the log says, and the first difference by name where it is not."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple, get_args

import msgspec
import pytest

from contracts.access import AccountOpened
from contracts.codec import Entry, check
from contracts.facts import KINDS
from contracts.policy import Excluded, OutboundHalted
from contracts.run import RunEvent
from services.projections import approval_queue
from services.projections.rebuild import rebuild
from services.projections.service import Pace, Projector, partitions
from services.projections.verify import Report, verify
from services.projections.views import QUEUE, VIEWS
from services.runtime import keys
from services.runtime.log import WATERMARKS
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.redis_client import ask
from services.runtime.view_store import ROW_PREFIX, ViewStore
from tests.unit.projections.stories import Teller, tell, waves

KEY = b"k" * 32
LEADS = 40
ALL = list(VIEWS.values())
IN_CONTROL = (*get_args(RunEvent), OutboundHalted, Excluded, AccountOpened)


class Swarm(NamedTuple):
    """A log with a store for its views."""

    log: RedisLog
    store: ViewStore

    @property
    def home(self) -> int:
        """A partition with leads."""
        return partitions(self.log)[-1]

    def rows(self, title: str, generation: int = 2) -> str:
        return keys.view_rows(self.store.namespace, VIEWS[title].name, generation)

    async def some(self, name: str) -> tuple[str, bytes]:
        """A field of a hash, and its value."""
        _, found = await ask(self.store.client, "HSCAN", name, 0, "COUNT", 1)
        key, value = min(found.items())
        return key.decode(), value

    async def first(self) -> str:
        """The first difference, in one line."""
        report = await verify(self.log, self.store)
        assert report.first
        assert report.total >= 1
        return report.first.sentence()


@pytest.fixture(params=[1, 4], ids=["one partition", "four partitions"])
async def swarm(request: pytest.FixtureRequest, redis_url: str, namespace: str) -> AsyncIterator[Swarm]:
    """Told, folded and clean."""
    log = await open_log(redis_url, namespace, identity_key=KEY, partitions=request.param)
    store = ViewStore(redis_url, namespace)
    await tell(log, LEADS)
    await rebuild(log, store, ALL, grace_s=0)
    yield Swarm(log, store)
    await store.close()
    await log.close()


async def rewrite(swarm: Swarm, category: str, number: int, change: "Change") -> str:
    """Write a stream anew, with one entry changed or left out; returns the entry's position."""
    client, name = swarm.store.client, keys.stream(swarm.store.namespace, swarm.home, category)
    entries = await ask(client, "XRANGE", name, "-", "+")
    await client.delete(name)
    for at, (stream_id, fields) in enumerate(entries):
        kept = change(Entry(*fields[1::2])) if at == number else Entry(*fields[1::2])
        if kept:
            flat = [part for pair in zip(Entry._fields, kept, strict=True) for part in pair]
            await ask(client, "XADD", name, stream_id, *flat)
    return f"{swarm.home}:{entries[number][0].decode().removesuffix('-0')}"


class Change:
    """What becomes of an entry; None removes it."""

    def __init__(self, *, forged: bool = False, **fields: bytes) -> None:
        self._forged, self._fields = forged, fields

    def __call__(self, entry: Entry) -> Entry | None:
        changed = entry._replace(**self._fields)
        return changed._replace(h=check(*changed[:5])) if self._forged else changed


class Removal(Change):
    def __call__(self, entry: Entry) -> Entry | None:
        return None


def lines(report: Report) -> list[str]:
    return [one.sentence() for one in report.differences]


async def test_what_was_told_and_folded_is_clean(swarm: Swarm) -> None:
    report = await verify(swarm.log, swarm.store)
    assert lines(report) == []
    assert report.first is None
    assert report.facts == sum([await swarm.log.head(partition) for partition in partitions(swarm.log)])
    assert report.aggregates > LEADS
    assert report.rows > LEADS
    assert set(report.behind.values()) == {0}


async def test_views_that_are_behind_are_compared_where_they_stand(swarm: Swarm) -> None:
    await ask(swarm.store.client, "DEL", keys.view(swarm.store.namespace, VIEWS["queue"].name))
    report = await verify(swarm.log, swarm.store)
    assert lines(report) == []
    assert report.behind["queue"] == report.facts
    assert report.behind["leads"] == 0


async def test_one_byte_of_a_snapshot(swarm: Swarm) -> None:
    name = keys.snapshots(swarm.store.namespace, swarm.home, "lead")
    key, value = await swarm.some(name)
    await swarm.store.client.hset(name, key, value[:-1] + bytes([value[-1] ^ 1]))
    assert (await swarm.first()).startswith(f"snapshot lead {key}: expected version")


@pytest.mark.parametrize("category", sorted(KINDS.keys() - {"ops"}))
async def test_missing_and_surplus_snapshot_of_every_category(swarm: Swarm, category: str) -> None:
    for partition in reversed(partitions(swarm.log)):
        name = keys.snapshots(swarm.store.namespace, partition, category)
        if await swarm.store.client.hlen(name):
            break
    key, value = await swarm.some(name)
    await swarm.store.client.hdel(name, key)
    assert await swarm.first() == f"snapshot {category} {key}: expected one ({partition}), found none"
    await swarm.store.client.hset(name, mapping={key: value, "nobody": value})
    assert (await swarm.first()).startswith(f"snapshot {category} nobody: expected none")


async def test_snapshot_of_before_a_field_is_no_difference_and_another_value_is(swarm: Swarm) -> None:
    """A state gets a field with a default: what was saved before reads as the same state, in fewer bytes."""
    name = keys.snapshots(swarm.store.namespace, 0, "access")
    key, value = await swarm.some(name)
    state = msgspec.msgpack.decode(value[26:])
    del state["password_hash"]
    for changes, same in (({}, True), ({"login": "eve"}, False), ({"surplus": 1}, False)):
        await swarm.store.client.hset(name, key, value[:26] + msgspec.msgpack.encode(state | changes))
        report = await verify(swarm.log, swarm.store)
        assert (lines(report) == []) is same


async def test_mark_of_a_draft(swarm: Swarm) -> None:
    name = keys.snapshots(swarm.store.namespace, swarm.home, "email")
    key, value = await swarm.some(name)
    await swarm.store.client.hset(name, key, value[:10] + b"%016d" % 1 + value[26:])
    assert (await swarm.first()).startswith(f"snapshot email {key}: ")


@pytest.mark.parametrize("title", sorted(VIEWS))
async def test_one_byte_of_a_row_a_row_too_few_and_one_too_many(swarm: Swarm, title: str) -> None:
    name = swarm.rows(title)
    key, value = await swarm.some(name)
    await swarm.store.client.hset(name, key, value[:-1] + bytes([value[-1] ^ 1]))
    assert (await swarm.first()).startswith(f"row {title} {key}: expected the fold up to ")
    await swarm.store.client.hdel(name, key)
    assert f"row {title} {key}: expected " in await swarm.first()
    await swarm.store.client.hset(name, mapping={key: value, "nobody": value})
    assert (await swarm.first()).startswith(f"row {title} nobody: expected none")
    await swarm.store.client.hdel(name, "nobody")
    assert lines(await verify(swarm.log, swarm.store)) == []


async def test_row_that_missed_its_last_fact(swarm: Swarm) -> None:
    name = swarm.rows("timeline")
    key, value = await swarm.some(name)
    await swarm.store.client.hset(name, key, value[:5] + b"%016d" % 1 + value[ROW_PREFIX:])
    sentence = await swarm.first()
    assert sentence.startswith(f"row timeline {key}: expected the row of {int(value[:4])}:")


async def test_listing_that_does_not_fit_its_rows(swarm: Swarm) -> None:
    order = keys.view_order(swarm.store.namespace, VIEWS["queue"].name, 2)
    [(key, row)] = await swarm.store.by_rank(QUEUE, count=1)
    rank = approval_queue.rank(row)
    assert rank
    await swarm.store.client.zadd(order, {key: rank + 1})
    assert await swarm.first() == f"row queue {key}: expected listed by {rank}, found listed by {rank + 1}"
    await swarm.store.client.zadd(order, {key: rank, "stray": 1.0})
    assert await swarm.first() == "row queue stray: expected a row for what is listed, found none"


async def test_entry_that_was_damaged(swarm: Swarm) -> None:
    where = await rewrite(swarm, "lead", 3, Change(a=b"somebody else"))
    assert (await swarm.first()).startswith(f"entry {where}: expected an undamaged entry")


async def test_entry_without_the_fields_of_a_fact(swarm: Swarm) -> None:
    name = keys.stream(swarm.store.namespace, swarm.home, "ops")
    await ask(swarm.store.client, "XADD", name, f"{await swarm.log.head(swarm.home) + 1}-0", "t", "x")
    assert "expected an undamaged entry" in await swarm.first()


async def test_entry_that_was_removed(swarm: Swarm) -> None:
    where = await rewrite(swarm, "lead", 3, Removal())
    assert (await swarm.first()).startswith(f"entry {where}: expected an entry, found none before")


async def test_end_of_the_log_that_was_cut_off(swarm: Swarm) -> None:
    head = await swarm.log.head(swarm.home)
    await swarm.store.client.set(keys.seq(swarm.store.namespace, swarm.home), head + 2)
    sentence = await swarm.first()
    assert sentence == f"entry {swarm.home}:{head + 1}: expected entries up to {swarm.home}:{head + 2}, found none"


async def test_I12_versions_are_dense_and_the_log_is_in_order(swarm: Swarm) -> None:
    versions: dict[tuple[int, str, bytes], int] = {}
    for partition in partitions(swarm.log):
        last = 0
        for one in await swarm.log.tail(partition, list(KINDS), 0, count=100_000):
            assert one.seq == last + 1
            last = one.seq
            name = (partition, one.category, one.entry.a)
            assert int(one.entry.n) == versions.get(name, 0) + 1
            versions[name] = int(one.entry.n)
    assert lines(await verify(swarm.log, swarm.store)) == []


async def test_I12_the_check_can_fail(swarm: Swarm) -> None:
    where = await rewrite(swarm, "lead", 3, Change(n=b"7", forged=True))
    assert (await swarm.first()).startswith(f"entry {where}: expected version 1 of lead ")


async def test_event_id_that_was_there_before(swarm: Swarm) -> None:
    [[_, fields]] = await ask(
        swarm.store.client, "XRANGE", keys.stream(swarm.store.namespace, swarm.home, "lead"), "-", "+", "COUNT", 1
    )
    where = await rewrite(swarm, "lead", 3, Change(i=fields[7], forged=True))
    assert (await swarm.first()).startswith(f"entry {where}: expected an event id of its own")


async def test_watermark_past_the_end(swarm: Swarm) -> None:
    name = keys.snapshots(swarm.store.namespace, 0, WATERMARKS)
    await swarm.store.client.hset(name, f"queen:{swarm.home}", b"%010d%016d" % (10**6, 0))
    head = await swarm.log.head(swarm.home)
    assert await swarm.first() == f"watermark queen:{swarm.home}: expected at most {head}, found 0001000000"


async def test_clean_while_facts_are_committed_and_folded_and_views_are_rebuilt(swarm: Swarm) -> None:
    async def go_on() -> None:
        # New leads alone: the run and the policy stand at versions that another teller knows.
        teller = Teller(swarm.log, told=10_000)
        for steps in waves(100, swarm.log.partitions, after=9_999):
            await teller.tell([step for step in steps if not isinstance(step.events[0], IN_CONTROL)])

    telling = asyncio.create_task(go_on())
    stopping = asyncio.Event()
    projector = Projector(swarm.log, swarm.store, pace=Pace(count=11, block_ms=100))
    projecting = asyncio.create_task(projector.run(stopping))
    checks = 0
    while not telling.done() or checks < 3:
        assert lines(await verify(swarm.log, swarm.store)) == []
        checks += 1
        if checks == 1:
            await rebuild(swarm.log, swarm.store, ALL, grace_s=0, count=50)
    stopping.set()
    await asyncio.gather(telling, projecting)
    assert lines(await verify(swarm.log, swarm.store)) == []
