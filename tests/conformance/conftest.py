"""Each log, with one partition and with four."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.logs import MemoryStore, Store, redis_store


@pytest.fixture(params=["memory-1", "memory-4", "redis-1", "redis-4"])
async def store(request: pytest.FixtureRequest, namespace: str) -> AsyncIterator[Store]:
    """A log that nobody has written to."""
    kind, _, partitions = request.param.partition("-")
    opened: Store
    if kind == "memory":
        opened = MemoryStore(namespace, int(partitions))
    else:
        opened = await redis_store(request.getfixturevalue("redis_url"), namespace, int(partitions))
    yield opened
    await opened.close()
