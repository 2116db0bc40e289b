"""What the log in memory does beyond the suite that both logs pass: it keeps time by the clock it was given."""

import asyncio

from services.runtime.log import COMMAND_TTL_S, Answer, CommandKey, EventLog
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import MemoryStore, done, seqs, sourced, unit, updated


def test_is_a_log() -> None:
    log: EventLog = MemoryLog()
    assert (log.namespace, log.partitions) == ("memory", 1)


async def test_answer_of_a_command_is_forgotten_after_a_day_and_an_hour() -> None:
    store = MemoryStore("memory", 1)
    asked = CommandKey("c1", "body", b"answer")
    assert await store.log.commit(0, [unit(sourced(), command=asked)]) == [done(1)]
    later = [unit(updated(), at=1, command=asked)]
    store.now_ms = COMMAND_TTL_S * 1000 - 1
    assert await store.log.commit(0, later) == [Answer("repeated", 1, 1, b"answer")]
    store.now_ms += 1
    assert await store.log.answered(0, "c1") is None
    assert await store.log.commit(0, later) == [done(2)]


async def test_every_waiting_reader_wakes() -> None:
    log = MemoryLog()
    waiting = [asyncio.create_task(log.tail(0, ["lead"], 0, count=10, block_ms=5_000)) for _ in range(3)]
    await asyncio.sleep(0)
    await log.commit(0, [unit(sourced())])
    async with asyncio.timeout(4):
        assert [seqs(read) for read in await asyncio.gather(*waiting)] == [[1], [1], [1]]


async def test_loop_of_reads_lets_others_run() -> None:
    log = MemoryLog()
    writer = asyncio.create_task(log.commit(0, [unit(sourced())]))
    for _ in range(20):
        if await log.tail(0, ["lead"], 0, count=10):
            break
    assert await writer == [done(1)]
