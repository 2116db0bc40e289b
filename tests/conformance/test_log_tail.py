"""Both logs read alike: every fact once, in the order of the log, however small the page."""

import asyncio

import pytest

from tests.conformance.logs import Store, everything, seqs, sourced, together, unit
from tests.controls import account_approached, email_drafted


async def mixed(store: Store, number: int) -> None:
    """Commits that touch one, two or three categories, unevenly."""
    for n in range(number):
        lead = unit(sourced(n))
        mail = unit(email_drafted(email_id=f"email {n}"))
        deal = unit(account_approached(account_id=f"account {n}"))
        units = [lead] if n % 3 else [together(together(mail, lead), deal)]
        await store.log.commit(store.partition, units * 1 + ([mail] if n % 5 == 1 else []))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 1000])
async def test_I12_pages_of_any_size_skip_nothing_and_rise(store: Store, count: int) -> None:
    await mixed(store, 20)
    read = seqs(await everything(store, count))
    assert read == list(range(1, await store.log.head(store.partition) + 1))


async def test_I12_reader_beside_writers_skips_nothing_and_rises(store: Store) -> None:
    read: list[int] = []

    async def reads() -> None:
        while len(read) < 40:
            after = read[-1] if read else 0
            page = await store.log.tail(store.partition, ["lead", "email", "deal"], after, count=2, block_ms=4_000)
            read.extend(seqs(page))

    reader = asyncio.create_task(reads())
    await mixed(store, 24)
    async with asyncio.timeout(10):
        await reader
    assert read == list(range(1, len(read) + 1))


async def test_only_the_named_categories_are_read(store: Store) -> None:
    await store.log.commit(store.partition, [together(unit(sourced()), unit(email_drafted())), unit(sourced(2))])
    assert seqs(await store.log.tail(store.partition, ["lead", "run"], 0, count=10)) == [1, 3]
    assert seqs(await store.log.tail(store.partition, ["lead"], 1, count=10)) == [3]
    assert await store.log.tail(store.partition, ["lead", "email"], 3, count=10) == []


async def test_blocked_tail_wakes_when_something_is_committed(store: Store) -> None:
    waits = asyncio.create_task(store.log.tail(store.partition, ["email", "lead"], 0, count=10, block_ms=5_000))
    await asyncio.sleep(0)
    await store.log.commit(store.partition, [together(unit(sourced()), unit(email_drafted()))])
    async with asyncio.timeout(4):
        # Who was woken by the first stream may be told of the second with the next read, and never of the second alone.
        woken = seqs(await waits)
    following = seqs(await store.log.tail(store.partition, ["email", "lead"], woken[-1], count=10))
    assert woken + following == [1, 2]


async def test_blocked_tail_gives_up_in_time(store: Store) -> None:
    await store.log.commit(store.partition, [unit(sourced())])
    async with asyncio.timeout(4):
        assert await store.log.tail(store.partition, ["lead"], 1, count=10, block_ms=20) == []
