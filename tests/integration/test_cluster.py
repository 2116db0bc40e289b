"""All keys of one script share a slot, as a server in cluster mode sees it."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator

import pytest
from redis.exceptions import ResponseError

from contracts.facts import Ref
from services.runtime.commit_call import lay_out
from services.runtime.log import WATERMARKS, CommandKey, Save, Unit
from services.runtime.log_redis import SCRIPT
from services.runtime.redis_client import ask, writer
from services.runtime.server_process import server_arguments, socket_path, url_of, wait_ready
from tests.conformance.logs import (
    GROUP,
    done,
    everything,
    hand_out,
    heard,
    redis_store,
    seqs,
    sourced,
    together,
    unit,
    updated,
)
from tests.conftest import short_directory
from tests.controls import email_drafted

SLOTS = 16_384


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture
def clustered_server() -> Iterator[str]:
    """The address of a server in cluster mode; only its bus insists on a port."""
    with short_directory() as directory:
        listens, log = socket_path(directory), directory / "server.log"
        arguments = server_arguments(data=directory, socket=listens)
        bus = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()), "--bind", "127.0.0.1")
        with log.open("wb") as out, subprocess.Popen([*arguments, *bus], stdout=out, stderr=out) as child:
            try:
                wait_ready(socket=listens, log=log, alive=lambda: child.poll() is None)
                yield url_of(listens)
            finally:
                child.kill()


@pytest.fixture
async def cluster(clustered_server: str) -> str:
    """The address of a cluster of one server that holds every slot."""
    await take_all_slots(clustered_server)
    return clustered_server


async def take_all_slots(url: str) -> None:
    """Give the server every slot, and wait until it says that the cluster is whole."""
    client = writer(url)
    await ask(client, "CLUSTER", "ADDSLOTSRANGE", 0, SLOTS - 1)
    async with asyncio.timeout(20):
        while (await ask(client, "CLUSTER INFO"))["cluster_state"] != "ok":  # noqa: ASYNC110 - It tells nobody.
            await asyncio.sleep(0.02)
    await client.aclose()


def whole_unit() -> Unit:
    """A unit that uses a key of every kind."""
    watermark = Ref(WATERMARKS, "queen")
    both = together(unit(sourced()), unit(email_drafted()))
    return both._replace(
        expects=[*both.expects, (watermark, 0)],
        saves=[*both.saves, Save(watermark, 7, b"")],
        command=CommandKey("c1", "body", b"answer"),
    )


async def test_I21_cluster_safe_log_does_all_it_does(cluster: str) -> None:
    store = await redis_store(cluster, "clustered", 4)
    try:
        assert await store.log.commit(store.partition, [whole_unit(), unit(sourced(2))]) == [done(1, 2), done(3)]
        assert await store.log.commit(0, [whole_unit()]) == [done(1, 2)]
        assert seqs(await hand_out(store)) == [1, 3]
        answered = unit(updated(), at=1, hears=[heard(1), heard(3)])
        assert await store.log.renew(store.partition, "lead", GROUP, "a", [1, 3]) == []
        assert await store.log.failed(store.partition, GROUP, "lead", 1) == 1
        assert await store.log.commit(store.partition, [answered], {("email", GROUP): [2]}) == [done(4)]
        assert seqs(await everything(store)) == [1, 2, 3, 4]
        assert (await store.log.load(store.partition, [Ref(WATERMARKS, "queen")]))[
            Ref(WATERMARKS, "queen")
        ].version == 7
    finally:
        await store.close()


@pytest.mark.parametrize("other", [("another", 3), ("clustered", 4)])
async def test_I21_cluster_safe_check_finds_keys_of_two_slots(cluster: str, other: tuple[str, int]) -> None:
    store = await redis_store(cluster, "clustered", 4)
    try:
        names, arguments = lay_out("clustered", 3, [whole_unit()])
        strangers, _ = lay_out(*other, [whole_unit()])
        for at in range(len(names)):
            mixed = [*names[:at], strangers[at], *names[at + 1 :]]
            with pytest.raises(ResponseError, match=r"CROSSSLOT|don't hash to the same slot"):
                await ask(store.redis.store, "EVAL", SCRIPT, len(mixed), *mixed, *arguments)
    finally:
        await store.close()


async def test_I21_cluster_safe_check_finds_a_key_that_was_not_declared(cluster: str) -> None:
    store = await redis_store(cluster, "clustered", 4)
    try:
        undeclared = SCRIPT.replace("call('GET', KEYS[1])", "call('GET', 'elsewhere')")
        assert undeclared != SCRIPT
        names, arguments = lay_out("clustered", 3, [whole_unit()])
        with pytest.raises(ResponseError, match=r"slot|non local"):
            await ask(store.redis.store, "EVAL", undeclared, len(names), *names, *arguments)
        assert await everything(store) == []
    finally:
        await store.close()
