"""Both logs hand out alike: what was delivered stays with its consumer until it is acknowledged or taken over."""

import asyncio

import pytest
from redis.exceptions import ResponseError

from services.runtime.log import Answer, Claimed
from tests.conformance.logs import (
    GROUP,
    Store,
    acknowledging,
    done,
    everything,
    hand_out,
    heard,
    seqs,
    sourced,
    unit,
    updated,
)
from tests.controls import email_drafted

HOUR_MS = 3_600_000


async def leads(store: Store, number: int) -> None:
    await store.log.commit(store.partition, [unit(sourced(n)) for n in range(1, number + 1)])


async def pending(store: Store, consumer: str) -> list[int]:
    page = await store.log.own_pending(store.partition, "lead", GROUP, consumer, after="0", count=1000)
    return seqs(page.entries)


async def claim(store: Store, consumer: str, *, idle_ms: int = HOUR_MS, cursor: str = "", count: int = 100) -> Claimed:
    return await store.log.claim(store.partition, "lead", GROUP, consumer, idle_ms=idle_ms, cursor=cursor, count=count)


async def test_new_deliveries_are_handed_out_once_and_in_order(store: Store) -> None:
    await leads(store, 5)
    assert seqs(await hand_out(store, "a", count=3)) == [1, 2, 3]
    assert seqs(await hand_out(store, "b")) == [4, 5]
    assert await hand_out(store, "a") == []
    assert await pending(store, "a") == [1, 2, 3]


async def test_several_categories_come_by_position(store: Store) -> None:
    for category in ("lead", "email"):
        await store.log.open_group(store.partition, category, GROUP)
    await store.log.commit(store.partition, [unit(sourced()), unit(email_drafted()), unit(sourced(2))])
    read = await store.log.read_group(store.partition, ["email", "lead"], GROUP, "a", count=10, block_ms=0)
    assert [(one.category, one.seq) for one in read] == [("lead", 1), ("email", 2), ("lead", 3)]


async def test_group_that_nobody_opened_is_an_error(store: Store) -> None:
    with pytest.raises(ResponseError, match="NOGROUP"):
        await store.log.read_group(store.partition, ["lead"], "nobody", "a", count=1, block_ms=0)


async def test_delivery_is_acknowledged_with_its_effect(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    answer = unit(updated(), at=1, hears=[heard(1)])
    assert await store.log.commit(store.partition, [answer]) == [done(2)]
    assert await pending(store, "a") == []


async def test_I3_effect_of_a_delivery_happens_once(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    effects = [unit(updated(title=title), at=1, hears=[heard(1)]) for title in ("first", "second")]
    assert await store.log.commit(store.partition, effects[:1]) == [done(2)]
    late = effects[1]._replace(expects=[(effects[1].expects[0][0], 2)])
    assert await store.log.commit(store.partition, [late]) == [Answer("gone")]
    assert seqs(await everything(store)) == [1, 2]


async def test_conflict_leaves_the_delivery_pending(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    assert await store.log.commit(store.partition, [unit(updated(), at=7, hears=[heard(1)])]) == [Answer("conflict")]
    assert await pending(store, "a") == [1]


async def test_unit_for_a_delivery_never_handed_out_is_gone(store: Store) -> None:
    await leads(store, 2)
    await hand_out(store, count=1)
    strange = [acknowledging(heard(2)), acknowledging(heard(99)), acknowledging(heard(1)._replace(group="other"))]
    assert await store.log.commit(store.partition, strange) == [Answer("gone")] * 3


async def test_several_deliveries_of_one_unit_are_all_or_nothing(store: Store) -> None:
    await leads(store, 3)
    await hand_out(store)
    await store.log.commit(store.partition, [acknowledging(heard(2))])
    assert await store.log.commit(store.partition, [acknowledging(heard(1), heard(2), heard(3))]) == [Answer("gone")]
    assert await pending(store, "a") == [1, 3]
    both = unit(updated(), at=1, hears=[heard(1), heard(3)])
    assert await store.log.commit(store.partition, [both]) == [done(4)]
    assert await pending(store, "a") == []


async def test_what_a_group_does_not_hear_is_acknowledged_with_the_next_commit(store: Store) -> None:
    await leads(store, 3)
    await hand_out(store)
    acks = {("lead", GROUP): [1, 3, 99], ("email", "nobody"): [1], ("run", GROUP): []}
    assert await store.log.commit(store.partition, [acknowledging(heard(2))], acks) == [done(0)]
    assert await pending(store, "a") == []


async def test_acknowledging_alone_needs_no_unit(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    assert await store.log.commit(store.partition, [], {("lead", GROUP): [1]}) == []
    assert await pending(store, "a") == []


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 7])
async def test_own_pending_is_paged_to_its_end(store: Store, count: int) -> None:
    await leads(store, 6)
    await hand_out(store)
    found: list[int] = []
    cursor, pages = "0", 0
    while cursor:
        page = await store.log.own_pending(store.partition, "lead", GROUP, "a", after=cursor, count=count)
        found += seqs(page.entries)
        cursor, pages = page.cursor, pages + 1
    assert found == [1, 2, 3, 4, 5, 6]
    assert pages == 6 // count + 1


async def test_consumer_without_deliveries_has_an_empty_page(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    nothing = await store.log.own_pending(store.partition, "lead", GROUP, "b", after="0", count=10)
    assert (nothing.cursor, list(nothing.entries)) == ("", [])


async def test_only_what_lay_long_enough_is_taken_over(store: Store) -> None:
    await leads(store, 4)
    await hand_out(store, "a", count=2)
    assert list((await claim(store, "b")).entries) == []
    await store.age("lead", GROUP, 2 * HOUR_MS)
    await hand_out(store, "a")
    taken = await claim(store, "b")
    assert (taken.cursor, seqs(taken.entries)) == ("", [1, 2])
    assert await pending(store, "a") == [3, 4]
    assert await pending(store, "b") == [1, 2]


async def test_taking_over_starts_the_idle_time_anew(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store)
    await store.age("lead", GROUP, 2 * HOUR_MS)
    assert seqs((await claim(store, "b")).entries) == [1]
    assert list((await claim(store, "c")).entries) == []


@pytest.mark.parametrize("count", [1, 2, 5])
async def test_claim_follows_its_cursor_to_the_end(store: Store, count: int) -> None:
    await leads(store, 30)
    await hand_out(store, "a")
    await store.age("lead", GROUP, 2 * HOUR_MS)
    # Renewed leases lie between the others, enough of them for pages without any entry.
    assert await store.log.renew(store.partition, "lead", GROUP, "a", list(range(3, 28))) == []
    taken: list[int] = []
    page = await claim(store, "b", count=count)
    taken += seqs(page.entries)
    while page.cursor:
        page = await claim(store, "b", cursor=page.cursor, count=count)
        taken += seqs(page.entries)
    assert taken == [1, 2, 28, 29, 30]


async def test_I3_old_owner_loses_to_the_new_one(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store, "old")
    await store.age("lead", GROUP, 2 * HOUR_MS)
    await claim(store, "new")
    ours = unit(updated(title="new"), at=1, hears=[heard(1)])
    theirs = unit(updated(2, title="old"), hears=[heard(1)])
    assert await store.log.commit(store.partition, [ours]) == [done(2)]
    assert await store.log.commit(store.partition, [theirs]) == [Answer("gone")]
    assert seqs(await everything(store)) == [1, 2]


async def test_I3_old_owner_may_be_first_and_then_has_the_effect(store: Store) -> None:
    await leads(store, 1)
    await hand_out(store, "old")
    await store.age("lead", GROUP, 2 * HOUR_MS)
    await claim(store, "new")
    effects = [unit(updated(n), at=at, hears=[heard(1)]) for n, at in ((1, 1), (2, 0))]
    answers = await asyncio.gather(*(store.log.commit(store.partition, [one]) for one in effects))
    assert answers == [[done(2)], [Answer("gone")]]


async def test_renewing_names_what_is_lost(store: Store) -> None:
    await leads(store, 4)
    await hand_out(store, "a")
    await store.age("lead", GROUP, 2 * HOUR_MS)
    await claim(store, "b", count=1)
    await store.log.commit(store.partition, [acknowledging(heard(2))])
    assert await store.log.renew(store.partition, "lead", GROUP, "a", [1, 2, 3, 4, 99]) == [1, 2, 99]
    assert await store.log.renew(store.partition, "lead", GROUP, "a", []) == []
    assert list((await claim(store, "c")).entries) == []
    assert await pending(store, "b") == [1]


async def test_recreated_group_starts_at_the_beginning(store: Store) -> None:
    await leads(store, 2)
    await hand_out(store)
    await store.log.commit(store.partition, [acknowledging(heard(1))])
    await store.drop_group("lead", GROUP)
    assert seqs(await hand_out(store, "b")) == [1, 2]
    assert await pending(store, "a") == []


async def test_opening_a_group_again_changes_nothing(store: Store) -> None:
    await leads(store, 2)
    assert seqs(await hand_out(store, count=1)) == [1]
    assert seqs(await hand_out(store, "b")) == [2]
    assert await pending(store, "a") == [1]


async def test_blocked_group_wakes_when_something_is_committed(store: Store) -> None:
    await hand_out(store)
    waits = asyncio.create_task(store.log.read_group(store.partition, ["lead"], GROUP, "a", count=10, block_ms=5_000))
    await asyncio.sleep(0)
    await leads(store, 1)
    async with asyncio.timeout(4):
        assert seqs(await waits) == [1]


async def test_failures_are_counted_by_entry_and_group(store: Store) -> None:
    failed = store.log.failed
    assert [await failed(store.partition, GROUP, "lead", 1) for _ in range(3)] == [1, 2, 3]
    assert await failed(store.partition, GROUP, "email", 1) == 1
    assert await failed(store.partition, "other", "lead", 1) == 1
    await store.log.forget_failures(store.partition, GROUP, "lead", 1)
    await store.log.forget_failures(store.partition, GROUP, "lead", 77)
    assert await failed(store.partition, GROUP, "lead", 1) == 1
