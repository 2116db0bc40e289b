"""Opening a namespace on a real store: what it must promise, what is fixed for ever, and one sentence where it is not."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.errors import BadInput, StoreUnavailable, SwarmError, UnsafeStore
from contracts.facts import Ref
from services.runtime import keys
from services.runtime.namespace import check_name, check_server, open_log
from services.runtime.redis_client import Client, writer
from services.runtime.server_process import ThrowAwayServer, server_binary, url_of, wait_ready
from tests.conformance.logs import sourced, unit
from tests.controls import IDENTITY_KEY


@contextmanager
def serving(directory: Path, *options: str) -> Iterator[str]:
    """A server with options of the test's own."""
    socket, log = directory / "s.sock", directory / "log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [str(server_binary()), "--port", "0", "--unixsocket", str(socket), "--dir", str(directory), *options],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_ready(socket=socket, log=log, alive=lambda: child.poll() is None)
        yield url_of(socket)
    finally:
        child.kill()
        child.wait()


@pytest.fixture
async def client(server: ThrowAwayServer) -> AsyncIterator[Client]:
    client = writer(server.url)
    yield client
    await client.aclose()


def one_sentence(error: SwarmError, remedy: str) -> None:
    assert "\n" not in error.sentence()
    assert error.detail.endswith(".")
    assert error.detail.rstrip(".").count(". ") == 0
    assert remedy in error.remedy


async def refused(client: Client, durability: str = "") -> UnsafeStore:
    with pytest.raises(UnsafeStore) as found:
        await check_server(client, durability)
    return found.value


async def test_embedded_settings_promise_the_disk(client: Client) -> None:
    assert (await check_server(client, "")).level == "always"


async def test_store_without_an_append_only_file_is_refused(client: Client) -> None:
    await client.config_set("appendonly", "no")
    one_sentence(await refused(client), "appendonly yes")
    assert (await check_server(client, "relaxed")).level == "relaxed"
    await refused(client, "provider:says so")


async def test_store_that_writes_each_second_is_refused(client: Client) -> None:
    await client.config_set("appendfsync", "everysec")
    one_sentence(await refused(client), "appendfsync always")
    promise = await check_server(client, "relaxed")
    assert (promise.level, "everysec" in promise.words) == ("relaxed", True)


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-ttl"])
async def test_store_that_may_evict_is_refused(client: Client, policy: str) -> None:
    await client.config_set("maxmemory-policy", policy)
    one_sentence(await refused(client), "noeviction")
    if policy.startswith("allkeys"):
        await refused(client, "relaxed")
    else:
        await check_server(client, "relaxed")


async def test_store_that_hides_its_settings_needs_the_provider_s_promise(short: Path) -> None:
    options = ("--appendonly", "yes", "--appendfsync", "always", "--rename-command", "CONFIG", "")
    with serving(short, *options) as url:
        client = writer(url)
        one_sentence(await refused(client), "SWARM_DURABILITY=provider:")
        await refused(client, "provider:")
        promise = await check_server(client, "provider:synchronous log")
        assert (promise.level, promise.words) == ("provider", "synchronous log")
        assert (await check_server(client, "relaxed")).level == "relaxed"
        await client.aclose()


@pytest.fixture
def short() -> Iterator[Path]:
    from tests.conftest import short_directory

    with short_directory() as directory:
        yield directory


async def test_store_that_is_away_is_said_to_be(short: Path) -> None:
    with pytest.raises(StoreUnavailable) as found:
        await open_log(url_of(short / "nobody.sock"), "main", identity_key=IDENTITY_KEY)
    one_sentence(found.value, "SWARM_REDIS_URL")
    assert not isinstance(found.value, UnsafeStore)


async def test_namespace_takes_one_identity_key_for_ever(redis_url: str, namespace: str) -> None:
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    await log.close()
    with pytest.raises(UnsafeStore) as found:
        await open_log(redis_url, namespace, identity_key=b"another")
    one_sentence(found.value, "Restore the identity key")
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    await log.close()


async def test_namespace_keeps_its_number_of_partitions(redis_url: str, namespace: str) -> None:
    for asked in (4, 1, 8):
        log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY, partitions=asked)
        assert log.partitions == 4
        await log.close()


@pytest.mark.parametrize("name", ["", "A", "a b", "a:b", "{a}", "ä", "٣", "ß", "²", "a" * 41, "a\n"])
async def test_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as found:
        await open_log("unix:///nowhere", name, identity_key=IDENTITY_KEY)
    one_sentence(found.value, "SWARM_NAMESPACE")


@pytest.mark.parametrize("name", ["a", "main-2", "t_0", "a" * 40])
def test_plain_name_is_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("partitions", [0, 65, -1])
async def test_number_of_partitions_is_bounded(partitions: int) -> None:
    with pytest.raises(BadInput):
        await open_log("unix:///nowhere", "main", identity_key=IDENTITY_KEY, partitions=partitions)


async def test_snapshots_of_another_fold_are_not_opened(redis_url: str, namespace: str) -> None:
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY, partitions=4)
    await log.store.hset(keys.folds(namespace, 3), "email", "999")
    with pytest.raises(UnsafeStore) as found:
        await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    one_sentence(found.value, "Run the version")
    await log.close()


async def test_fold_that_changes_under_a_running_program_ends_its_commits(redis_url: str, namespace: str) -> None:
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY)
    await log.store.hset(keys.folds(namespace, 0), "lead", "999")
    with pytest.raises(UnsafeStore, match="FOLD"):
        await log.commit(0, [unit(sourced())])
    assert await log.head(0) == 0
    await log.close()


async def test_one_namespace_never_sees_another(redis_url: str, namespace: str) -> None:
    logs = [await open_log(redis_url, f"{namespace}{n}", identity_key=IDENTITY_KEY) for n in "ab"]
    await logs[0].commit(0, [unit(sourced())])
    (about, _) = unit(sourced()).expects[0]
    assert (await logs[1].load(0, [Ref("lead", about.id)]))[about].version == 0
    assert await logs[1].head(0) == 0
    for log in logs:
        await log.close()
