"""The client's connections: a read that is told to end does, at whatever moment it is told."""

import asyncio
import sys

import pytest
from redis.asyncio import UnixDomainSocketConnection

from services.runtime.redis_client import Client, ask, reader

MOMENTS = 12
BLOCK_MS = 3_000
PATIENCE_S = 1.0


async def ends_when_told(client: Client, moment: int) -> bool:
    """Cancel a blocking read so many turns of the loop after it began; whether it ends before its block does."""
    reading = asyncio.create_task(ask(client, "XREAD", "BLOCK", BLOCK_MS, "STREAMS", "nobody-writes-here", "$"))
    for _ in range(moment):
        await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait({reading}, timeout=PATIENCE_S)
    ended = reading.done()
    if not ended:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    return ended


async def test_cancelled_read_ends_at_whatever_moment_it_is_told(redis_url: str) -> None:
    async with reader(redis_url) as client:
        await ask(client, "PING")  # Connected: what is cancelled below is the sending and the waiting.
        assert [await ends_when_told(client, moment) for moment in range(MOMENTS)] == [True] * MOMENTS


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="asyncio.wait_for was mended")
async def test_the_check_can_fail(redis_url: str) -> None:
    """As the library sends, one of these moments loses the cancellation up to Python 3.11."""
    async with reader(redis_url) as client:
        pool = client.connection_pool
        if not issubclass(pool.connection_class, UnixDomainSocketConnection):
            pytest.skip("the server is reached by another way")
        pool.connection_class = UnixDomainSocketConnection
        await ask(client, "PING")
        assert not all([await ends_when_told(client, moment) for moment in range(MOMENTS)])
