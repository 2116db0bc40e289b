"""Views over a real store: what a projector writes is the fold of the log, however it is disturbed."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from contracts.codec import encode_state
from contracts.errors import DamagedEntry, StoreUnavailable
from contracts.facts import CATEGORIES
from services.projections.fold import Fold
from services.projections.rebuild import rebuild
from services.projections.service import Pace, Projector, partitions
from services.projections.views import QUEUE, TIMERS, VIEWS, AnyView
from services.runtime import stored
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.redis_client import ask
from services.runtime.view_store import Advance, ViewStore, stamp
from tests.unit.projections.stories import Teller, tell, waves

KEY = b"k" * 32
LEADS = 60
ALL = list(VIEWS.values())
SMALL = Pace(count=7, block_ms=200, retry_delay_s=0.01, retry_delay_s_max=0.02)


class Swarm(NamedTuple):
    """A log with a store for its views."""

    log: RedisLog
    store: ViewStore

    async def caught_up(self, views: Sequence[AnyView] = ALL) -> None:
        """Wait until the views have everything that is in the log now."""
        for partition in partitions(self.log):
            head = await self.log.head(partition)
            for view in views:
                assert await self.store.wait_for(view, partition, head, timeout_s=20)


@pytest.fixture(params=[1, 4], ids=["one partition", "four partitions"])
async def swarm(request: pytest.FixtureRequest, redis_url: str, namespace: str) -> AsyncIterator[Swarm]:
    log = await open_log(redis_url, namespace, identity_key=KEY, partitions=request.param)
    store = ViewStore(redis_url, namespace)
    yield Swarm(log, store)
    await store.close()
    await log.close()


class Running:
    """A projector at work for as long as the block."""

    def __init__(self, swarm: Swarm, store: ViewStore | None = None, views: Sequence[AnyView] = ALL) -> None:
        self._projector = Projector(swarm.log, store or swarm.store, views, pace=SMALL)
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._projector.run(self._stopping))

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        await self._task


async def values_of(store: ViewStore, view: AnyView) -> tuple[dict[str, bytes], dict[str, float | None]]:
    """All that is stored of the live generation: rows and their ranks."""
    [standing] = await store.standing([view])
    rows: dict[str, bytes] = {}
    ranks: dict[str, float | None] = {}
    async for page in stored.view_pages(store.client, store.namespace, view.name, standing.generation):
        assert not page.strays
        rows |= {one.key: one.value for one in page.rows}
        ranks |= {one.key: one.rank for one in page.rows}
    return rows, ranks


async def everything(store: ViewStore) -> Mapping[str, object]:
    return {view.title: await values_of(store, view) for view in ALL}


async def folded(log: RedisLog, view: AnyView) -> dict[str, bytes]:
    """The rows that one plain fold of the log gives, one fact after another."""
    rows: dict[str, bytes] = {}
    for partition in partitions(log):
        after = 0
        while some := await log.tail(partition, CATEGORIES, after, count=50):
            for one in some:
                fact, after = one.decode(partition), one.seq
                for key in view.keys(fact):
                    before = rows.pop(key, None)
                    row = view.project(view.decode(before[21:]) if before else None, fact)
                    if row is not None:
                        rows[key] = stamp(partition, one.seq) + encode_state(row)
    return rows


async def test_rows_are_the_fold_of_the_log(swarm: Swarm) -> None:
    await tell(swarm.log, LEADS)
    async with Running(swarm):
        await swarm.caught_up()
    for view in ALL:
        rows, ranks = await values_of(swarm.store, view)
        assert rows == await folded(swarm.log, view)
        assert rows, view.title
        for key, value in rows.items():
            assert ranks[key] == (view.rank(view.decode(value[21:])) if view.rank else None)


async def test_two_projectors_at_once_write_what_one_does(swarm: Swarm, redis_url: str) -> None:
    other = ViewStore(redis_url, swarm.store.namespace)
    teller = Teller(swarm.log)
    async with Running(swarm), Running(swarm, other):
        for steps in waves(LEADS, swarm.log.partitions):
            await teller.tell(steps)
        await swarm.caught_up()
    await other.close()
    for view in ALL:
        assert (await values_of(swarm.store, view))[0] == await folded(swarm.log, view)


class Flaky(ViewStore):
    """Loses every third answer, before or after the write."""

    calls = 0

    async def advance(self, writes: Sequence[Advance]) -> list[bool]:
        self.calls += 1
        turn = self.calls % 3  # Other partitions call while this one waits.
        if turn == 1:
            raise StoreUnavailable("The write was lost.")
        done = await super().advance(writes[: 4 if turn == 2 else None])
        if turn == 2:
            raise StoreUnavailable("The answer was lost, and half of the views with it.")
        return done


async def test_projector_that_dies_between_writes_loses_and_repeats_nothing(swarm: Swarm, redis_url: str) -> None:
    flaky = Flaky(redis_url, swarm.store.namespace)
    await tell(swarm.log, 20)
    async with Running(swarm, flaky):
        await swarm.caught_up()
    await flaky.close()
    assert flaky.calls > 6
    for view in ALL:
        assert (await values_of(swarm.store, view))[0] == await folded(swarm.log, view)


async def test_view_that_comes_later_catches_up_beside_the_others(swarm: Swarm) -> None:
    await tell(swarm.log, LEADS)
    first = [view for view in ALL if view.title != "timers"]
    async with Running(swarm, views=first):
        await swarm.caught_up(first)
    async with Running(swarm):
        await swarm.caught_up()
    assert (await values_of(swarm.store, VIEWS["timers"]))[0] == await folded(swarm.log, VIEWS["timers"])


async def test_I3_facts_heard_again_change_no_row(swarm: Swarm) -> None:
    await tell(swarm.log, 20)
    async with Running(swarm):
        await swarm.caught_up()
    before = await everything(swarm.store)
    fold = Fold(swarm.store, ALL, 0)
    await fold.open()
    [group] = fold.groups()
    old = await swarm.log.tail(0, CATEGORIES, 0, count=50)
    # The write is refused, since it would not advance; folded it would have put answered drafts back.
    stale = [folding.written(0, folding.position, live=True) for folding in group.foldings]
    assert all(not one.upserts and not one.removals for one in stale)
    fold.foldings[0].position = 0
    assert await fold.apply(fold.groups()[0], old) is False
    assert await everything(swarm.store) == before


async def test_I11_rebuilt_views_equal_the_live_ones_byte_for_byte(swarm: Swarm) -> None:
    await tell(swarm.log, LEADS)
    async with Running(swarm):
        await swarm.caught_up()
    before = await everything(swarm.store)
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    done = await rebuild(swarm.log, swarm.store, ALL, sleep=note, count=13)
    assert pauses == [60.0]
    assert set(done.generations.values()) == {2}
    assert await everything(swarm.store) == before
    left = [key async for key in swarm.store.client.scan_iter(match=f"*{swarm.store.namespace}:v:*}}:1:*")]
    assert left == []


async def test_I11_the_check_can_fail(swarm: Swarm) -> None:
    await tell(swarm.log, 20)
    async with Running(swarm):
        await swarm.caught_up()
    before = await everything(swarm.store)
    rows, _ = await values_of(swarm.store, VIEWS["timeline"])
    key, value = next((key, value) for key, value in rows.items() if b"company" in value)
    name = f"{{{swarm.store.namespace}:v:timeline@1}}:1:rows"
    await swarm.store.client.hset(name, key, value.replace(b"company", b"compaNy"))
    assert await everything(swarm.store) != before
    await rebuild(swarm.log, swarm.store, ALL, grace_s=0)
    assert await everything(swarm.store) == before


async def test_rebuild_beside_a_projector_and_new_facts_switches_without_loss(swarm: Swarm) -> None:
    teller = await tell(swarm.log, LEADS)
    async with Running(swarm):
        await swarm.caught_up()
        building = asyncio.create_task(rebuild(swarm.log, swarm.store, ALL, grace_s=0, count=5))
        told = 0
        for steps in waves(LEADS, swarm.log.partitions, after=LEADS):
            await teller.tell(steps)
            told += not building.done()
        done = await building
        assert told > 3
        assert set(done.generations.values()) == {2}
        await swarm.caught_up()
        assert [one.generation for one in await swarm.store.standing(ALL)] == [2] * len(ALL)
    for view in ALL:
        assert (await values_of(swarm.store, view))[0] == await folded(swarm.log, view)


async def test_two_rebuilds_at_once_end_as_one(swarm: Swarm, redis_url: str) -> None:
    await tell(swarm.log, 20)
    other = ViewStore(redis_url, swarm.store.namespace)
    await asyncio.gather(
        rebuild(swarm.log, swarm.store, ALL, grace_s=0, count=5), rebuild(swarm.log, other, ALL, grace_s=0, count=3)
    )
    await other.close()
    for view in ALL:
        assert (await values_of(swarm.store, view))[0] == await folded(swarm.log, view)


async def test_damaged_entry_stops_the_projector_before_it(swarm: Swarm) -> None:
    await tell(swarm.log, 20)
    name = f"{{{swarm.store.namespace}:0}}:log:policy"
    [(stream_id, fields)] = await ask(swarm.log.store, "XREVRANGE", name, "+", "-", "COUNT", 1)
    place = int(stream_id.split(b"-")[0])
    flat = [one if i != 9 else one + b"x" for i, one in enumerate(fields)]
    await swarm.log.store.delete(name)
    await ask(swarm.log.store, "XADD", name, stream_id, *flat)
    projector = Projector(swarm.log, swarm.store, ALL, pace=SMALL)
    with pytest.raises(DamagedEntry):
        await projector.run(asyncio.Event())
    assert (await swarm.store.position(QUEUE)).get(0, 0) < place


async def test_what_is_read_pages_by_rank_and_only_what_is_there(swarm: Swarm) -> None:
    await tell(swarm.log, LEADS)
    async with Running(swarm):
        await swarm.caught_up()
    listed = await swarm.store.by_rank(QUEUE)
    assert len(listed) == await swarm.store.count(QUEUE) > 10
    assert [row.drafted_at for _, row in listed] == sorted(row.drafted_at for _, row in listed)
    assert await swarm.store.by_rank(QUEUE, offset=3, count=4) == listed[3:7]
    assert await swarm.store.by_rank(QUEUE, count=2, highest_first=True) == listed[:-3:-1]
    key, row = listed[0]
    assert await swarm.store.get(QUEUE, key) == row
    assert await swarm.store.get_many(QUEUE, ["nobody", key]) == {key: row}
    assert {one: row async for one, row in swarm.store.all(QUEUE, count=3)}.keys() > {key}
    assert await swarm.store.by_rank(TIMERS, highest=0.0) == []


async def test_waiting_for_a_position_gives_up_after_its_time(swarm: Swarm) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    assert await swarm.store.wait_for(QUEUE, 0, 1, timeout_s=0.5, sleep=sleep) is False
    assert sum(slept) >= 0.5
    assert await swarm.store.wait_for(QUEUE, 0, 0, timeout_s=0.0, sleep=sleep)
