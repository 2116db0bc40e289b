"""What `docker-compose.yml` and deploy/ ship: a store with the embedded one's settings, on loopback alone."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.runtime.namespace import check_server
from services.runtime.redis_client import Client, writer
from services.runtime.server_process import ThrowAwayServer, server_binary, url_of, wait_ready
from tests.conftest import short_directory
from tests.store_container import IMAGE, SETTINGS, SETTINGS_INSIDE

COMPOSE = (Path(__file__).parents[2] / "docker-compose.yml").read_text(encoding="utf-8")
SAME = ("appendonly", "appendfsync", "save", "maxmemory", "maxmemory-policy", "aof-load-truncated")


@pytest.fixture
def shipped() -> Iterator[str]:
    """A server with the shipped settings; only where it listens and writes is the test's own."""
    with short_directory() as directory:
        socket, log, own = directory / "s.sock", directory / "log", directory / "own.conf"
        own.write_text(re.sub(r"(?m)^dir .*$", f"dir {directory}", SETTINGS.read_text(encoding="utf-8")))
        command = [str(server_binary()), str(own), "--port", "0", "--unixsocket", str(socket)]
        with log.open("wb") as out:
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_ready(socket=socket, log=log, alive=lambda: child.poll() is None)
            yield url_of(socket)
        finally:
            child.kill()
            child.wait()


async def settings(client: Client) -> dict[str | None, str | None]:
    found: dict[str | None, str | None] = {}
    for name in SAME:
        found |= await client.config_get(name)
    await client.aclose()
    return found


async def test_shipped_settings_promise_the_disk_as_the_embedded_ones_do(shipped: str, server: ThrowAwayServer) -> None:
    client = writer(shipped)
    assert (await check_server(client, "")).level == "always"
    found = await settings(client)
    assert len(found) == len(SAME)
    assert found == await settings(writer(server.url))


def test_store_is_published_on_loopback_alone() -> None:
    assert re.findall(r"^ +- \"?([^\"\n]*6379)\"?$", COMPOSE, re.MULTILINE) == ["127.0.0.1:6379:6379"]
    assert "network_mode" not in COMPOSE


def test_tests_take_the_image_and_the_settings_that_are_shipped() -> None:
    assert f"image: {IMAGE}\n" in COMPOSE
    assert f"./deploy/{SETTINGS.name}:{SETTINGS_INSIDE}:ro" in COMPOSE
    assert f'command: ["valkey-server", "{SETTINGS_INSIDE}"]' in COMPOSE


def test_log_outlives_the_container() -> None:
    named = re.search(r"^ +- (\w+):(/\S+)$", COMPOSE, re.MULTILINE)
    assert named is not None
    assert f"dir {named[2]}\n" in SETTINGS.read_text(encoding="utf-8")
    assert re.search(rf"^volumes:\n  {named[1]}:", COMPOSE, re.MULTILINE)


def test_server_that_still_reads_its_log_is_not_called_healthy() -> None:
    # Without -e, valkey-cli ends with 0 also where the answer is an error, as LOADING is.
    assert 'test: ["CMD", "valkey-cli", "-e", "ping"]' in COMPOSE
