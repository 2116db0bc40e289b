"""Everybody who waits at the end of a log gets each fact once and in order, from one reader."""

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import StoreUnavailable
from contracts.facts import CATEGORIES
from services.runtime import shared_tail
from services.runtime.log import Recorded
from services.runtime.log_memory import MemoryLog
from services.runtime.shared_tail import SharedTail
from tests.controls import email_drafted, run_requested
from tests.unit.runtime_loop.loops import PATIENCE_S, write, write_leads


class Reading:
    """The log's own reads, counted, and failing on demand."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log
        self.blocked = 0
        self.away = False

    async def __call__(self, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0) -> list[Recorded]:
        self.blocked += bool(block_ms)
        some = await self.log.tail(0, categories, after, count=count, block_ms=block_ms)
        if self.away:
            raise StoreUnavailable("The store does not answer.")
        return some


def tail_of(log: MemoryLog) -> tuple[SharedTail, Reading]:
    reading = Reading(log)
    return SharedTail(reading, partial(log.head, 0), CATEGORIES), reading


async def listen(tail: SharedTail, categories: Sequence[str], after: int, last: int, count: int) -> list[int]:
    """Read on until the last fact that there will be for these categories."""
    heard: list[int] = []
    while after < last:
        some = await tail.next(categories, after, count=count, block_ms=10_000)
        assert some, f"nothing came after {after}"
        heard += [one.seq for one in some]
        after = some[-1].seq
    return heard


HEARD = ["email", "lead", "run"]


async def add(log: MemoryLog, category: str, number: int) -> None:
    if category == "lead":
        await write_leads(log, number, number)
    elif category == "email":
        await write(log, email_drafted(email_id=f"00000000-0000-4000-8000-{number:012d}"))
    else:
        await write(log, run_requested(run_id=f"run-{number}"))


@given(
    st.lists(st.sampled_from(HEARD), min_size=1, max_size=12),
    st.lists(
        st.tuples(st.sets(st.sampled_from(HEARD), min_size=1), st.integers(0, 12), st.integers(1, 5)),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 12),
    st.integers(1, 8),
)
@settings(max_examples=60, deadline=None)
def test_each_reader_hears_its_facts_once_and_in_order(
    told: list[str], readers: list[tuple[set[str], int, int]], before: int, kept: int
) -> None:
    """Whatever they listen to, wherever they begin, and however little is kept."""

    async def go() -> None:
        log = MemoryLog()
        for number, category in enumerate(told[:before], 1):
            await add(log, category, number)
        tail, _ = tail_of(log)
        listening = []
        for categories, after, count in readers:
            last = max((n for n, category in enumerate(told, 1) if category in categories), default=0)
            reading = listen(tail, sorted(categories), min(after, before, len(told)), last, count)
            listening.append(asyncio.create_task(reading))
        for number, category in enumerate(told[before:], before + 1):
            await add(log, category, number)
            await asyncio.sleep(0)
        heard = await asyncio.gather(*listening)
        await tail.close()
        for (categories, after, _), seqs in zip(readers, heard, strict=True):
            first = min(after, before, len(told))
            assert seqs == [n for n, category in enumerate(told, 1) if n > first and category in categories]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_tail, "KEPT_MAX", kept)
        asyncio.run(go())


async def test_many_who_wait_cost_one_read() -> None:
    log = MemoryLog()
    tail, reading = tail_of(log)
    waiting = [asyncio.create_task(tail.next(["lead"], 0, count=10, block_ms=5_000)) for _ in range(8)]
    await asyncio.sleep(0.01)
    await write_leads(log, 1, 1)
    assert [[one.seq for one in await task] for task in waiting] == [[1]] * 8
    assert reading.blocked <= 2  # The one that saw it, and the one that waits for the next.
    await tail.close()


async def test_nothing_in_time_is_nothing_and_reading_ends_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_tail, "BLOCK_MS", 5)
    log = MemoryLog()
    tail, _ = tail_of(log)
    assert await tail.next(["lead"], 0, count=10, block_ms=20) == []
    async with asyncio.timeout(PATIENCE_S):
        while tail.reading:  # noqa: ASYNC110 - It ends by itself.
            await asyncio.sleep(0.001)
    await write_leads(log, 1, 3)
    assert [one.seq for one in await tail.next(["lead"], 0, count=10, block_ms=20)] == [1, 2, 3]
    assert [one.seq for one in await tail.next(["lead"], 1, count=1, block_ms=20)] == [2]


async def test_failure_is_told_to_all_who_wait_and_the_next_call_reads_anew() -> None:
    log = MemoryLog()
    tail, reading = tail_of(log)
    waiting = [asyncio.create_task(tail.next(["lead"], 0, count=10, block_ms=5_000)) for _ in range(3)]
    await asyncio.sleep(0.01)
    reading.away = True
    await write_leads(log, 1, 1)
    for told in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(told, StoreUnavailable)
    with pytest.raises(StoreUnavailable):
        await tail.next(["lead"], 0, count=10, block_ms=20)
    reading.away = False
    assert [one.seq for one in await tail.next(["lead"], 0, count=10, block_ms=20)] == [1]
    await tail.close()
    assert not tail.reading
