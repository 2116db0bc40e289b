"""What `docker-compose.yml` and deploy/ ship: a store with the embedded one's settings, one image, a container a service."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli.bootstrap import SERVICES
from services.cli.health import READY
from services.cli.serving import GATEWAY
from services.runtime.namespace import check_server
from services.runtime.redis_client import Client, writer
from services.runtime.server_process import ThrowAwayServer, server_binary, url_of, wait_ready
from services.runtime.settings import Settings
from tests.conftest import short_directory
from tests.store_container import IMAGE, SETTINGS, SETTINGS_INSIDE

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
PARSED: dict[str, Any] = yaml.safe_load(COMPOSE)
STORE = PARSED["services"]["redis"]
OURS: dict[str, dict[str, Any]] = {name: one for name, one in PARSED["services"].items() if name != "redis"}
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
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


def test_ports_are_published_on_loopback_alone() -> None:
    published = {name: one["ports"] for name, one in PARSED["services"].items() if "ports" in one}
    assert published == {
        "redis": ["127.0.0.1:6379:6379"],
        GATEWAY: ["127.0.0.1:${SWARM_PORT:-8080}:${SWARM_PORT:-8080}"],
    }
    assert "network_mode" not in COMPOSE


def test_tests_take_the_image_and_the_settings_that_are_shipped() -> None:
    assert f"image: {IMAGE}\n" in COMPOSE
    assert f"./deploy/{SETTINGS.name}:{SETTINGS_INSIDE}:ro" in COMPOSE
    assert f'command: ["valkey-server", "{SETTINGS_INSIDE}"]' in COMPOSE


def test_log_outlives_the_container() -> None:
    [[name, inside]] = [one.split(":") for one in STORE["volumes"] if not one.startswith(".")]
    assert f"dir {inside}\n" in SETTINGS.read_text(encoding="utf-8")
    assert name in PARSED["volumes"]


def test_server_that_still_reads_its_log_is_not_called_healthy() -> None:
    # Without -e, valkey-cli ends with 0 also where the answer is an error, as LOADING is.
    assert 'test: ["CMD", "valkey-cli", "-e", "ping"]' in COMPOSE


def test_every_service_has_its_container_and_nobody_else_has() -> None:
    assert sorted(OURS) == sorted([*SERVICES, GATEWAY])
    for name, one in OURS.items():
        assert one["command"] == ["serve", name, "--json"]
        assert one["depends_on"] == {"redis": {"condition": "service_healthy"}}


def test_all_services_are_one_image_and_share_the_home_and_the_store() -> None:
    for key in ("image", "build", "volumes"):
        assert len({repr(one[key]) for one in OURS.values()}) == 1, key
    assert {one["environment"]["SWARM_REDIS_URL"] for one in OURS.values()} == {"redis://redis:6379/0"}
    [home] = OURS[GATEWAY]["volumes"]
    name, inside = home.split(":")
    assert name in PARSED["volumes"]
    assert f"SWARM_HOME={inside} " in DOCKERFILE
    assert f"install -d -m 0700 -o swarm -g swarm {inside}\n" in DOCKERFILE


@pytest.mark.parametrize("name", sorted(OURS))
def test_container_may_write_its_home_and_tmp_alone_and_has_no_rights(name: str) -> None:
    one = OURS[name]
    assert (one["read_only"], one["cap_drop"], one["restart"]) == (True, ["ALL"], "unless-stopped")
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert [place.split(":")[0] for place in one["tmpfs"]] == ["/tmp"]
    assert {"privileged", "cap_add", "user", "healthcheck", "entrypoint"} & one.keys() == set()
    assert one["mem_limit"]


def test_gateway_alone_listens_beyond_its_container() -> None:
    listening = {name: one["environment"].get("SWARM_LISTEN") for name, one in OURS.items()}
    assert {name for name, address in listening.items() if address} == {GATEWAY}
    port = f"${{SWARM_PORT:-{Settings().port}}}"
    assert OURS[GATEWAY]["environment"]["SWARM_PORT"] == port
    assert OURS[GATEWAY]["ports"] == [f"127.0.0.1:{port}:{port}"]


@pytest.mark.parametrize("key", ["name", "develop", "include", "version"])
def test_compose_file_keeps_to_what_old_and_new_compose_read(key: str) -> None:
    assert key not in PARSED
    assert all(key not in one for one in PARSED["services"].values())


def test_image_has_a_user_of_its_own_and_asks_itself_whether_it_is_ready() -> None:
    final = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER (\d+):\1$", final, re.MULTILINE)
    assert f'services.cli.probe", "{Path(READY).name}"]' in final
    assert 'ENTRYPOINT ["swarm"]\n' in final
    assert "STOPSIGNAL SIGTERM\n" in final
    assert re.search(r"SWARM_HEALTH_PORT=\d+$", final, re.MULTILINE)
    assert not re.search(r"\b(pip|apt-get|gcc|curl)\b", final)


def test_image_is_made_of_one_base_that_the_lock_is_for_and_needs_no_frontend() -> None:
    assert "syntax=" not in DOCKERFILE
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"python:3.11-slim-bookworm"}
    assert set(re.findall(r"--from=(\S+)", DOCKERFILE)) == {"build"}
    assert "--python-version 3.11 " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_image_gets_nothing_but_what_it_is_made_of() -> None:
    assert next(line for line in IGNORED if line and not line.startswith("#")) == "*"
    let_in = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    assert let_in == {path for line in copied for path in line.split()}
    assert all((ROOT / path).exists() for path in let_in)
