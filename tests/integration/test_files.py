"""Files wait under their content until the last run that needs them is over, and never for ever."""

from collections.abc import AsyncIterator

import pytest

from services.runtime import keys
from services.runtime.file_store import KEPT_S, FileStore
from services.runtime.redis_client import Client, writer

SHA = "ab" * 32


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Client]:
    client = writer(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def files(client: Client, namespace: str) -> FileStore:
    return FileStore(client, namespace)


async def test_chunks_come_back_as_they_went(files: FileStore) -> None:
    chunks = [bytes([n]) * n for n in range(4)]
    await files.put(SHA, "r1", chunks)
    assert [await files.chunk(SHA, n) for n in range(5)] == [*chunks, None]


async def test_file_goes_with_the_last_run_that_needs_it(files: FileStore) -> None:
    for run in ("r1", "r2"):
        await files.put(SHA, run, [b"1"])
    await files.drop(SHA, "r1")
    await files.drop(SHA, "r1")
    assert await files.chunk(SHA, 0) == b"1"
    await files.drop(SHA, "r2")
    assert await files.chunk(SHA, 0) is None


async def test_stranger_s_drop_does_nothing(files: FileStore, client: Client, namespace: str) -> None:
    await files.put(SHA, "r1", [b"1"])
    await files.drop(SHA, "nobody")
    await FileStore(client, f"{namespace}2").drop(SHA, "r1")
    assert await files.chunk(SHA, 0) == b"1"


async def test_one_namespace_never_sees_another_s_file(files: FileStore, client: Client, namespace: str) -> None:
    await files.put(SHA, "r1", [b"1"])
    assert await FileStore(client, f"{namespace}2").chunk(SHA, 0) is None


async def test_every_key_has_an_end_after_each_write(files: FileStore, client: Client, namespace: str) -> None:
    await files.put(SHA, "r1", [])
    assert 0 < await client.ttl(keys.file_runs(namespace, SHA)) <= KEPT_S
    await files.put(SHA, "r1", [b"1", b"2"])
    for name in (keys.file(namespace, SHA), keys.file_runs(namespace, SHA)):
        assert 0 < await client.ttl(name) <= KEPT_S
