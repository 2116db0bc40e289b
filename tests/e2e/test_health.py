"""The health port of a process that serves: what it says while all is well, without its store, and to the end."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.cli.bootstrap import SERVICES
from services.runtime.server_process import ThrowAwayServer
from tests.e2e.console import ROOT, command, environment, swarm


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def ask(port: int, what: str) -> tuple[int, dict[str, Any]]:
    """Status and document of one probe."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/{what}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def becomes(port: int, what: str, status: int) -> dict[str, Any]:
    """The document, once the status is this one."""
    deadline = time.monotonic() + 30
    while True:
        found, told = ask(port, what)
        if found == status:
            return told
        assert time.monotonic() < deadline, (found, told)
        time.sleep(0.1)


@contextmanager
def serving(home: Path, service: str, more: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process that serves with a health port, once it says that it does."""
    port = free_port()
    process = subprocess.Popen(
        command("serve", service, "--json"),
        cwd=ROOT,
        env=environment(home, {"SWARM_HEALTH_PORT": str(port)} | more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert '"up"' in process.stdout.readline()
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def test_service_is_ready_then_without_its_store_only_live_and_ends_with_zero(
    home: Path, server: ThrowAwayServer
) -> None:
    with serving(home, "enricher", {"SWARM_REDIS_URL": server.url}) as (process, port):
        told = becomes(port, "ready", 200)
        assert (told["status"], told["wrong"]) == ("ready", [])
        assert told["about"]["services"] == "enricher"
        assert ask(port, "live") == (200, told | {"status": "live"})
        server.kill()
        assert becomes(port, "ready", 503)["wrong"] == ["store: The store does not answer."]
        assert ask(port, "live")[0] == 200
        server.start()
        becomes(port, "ready", 200)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_every_service_has_the_port(shared_home: Path, service: str) -> None:
    with serving(shared_home, service, {"SWARM_PORT": str(free_port())}) as (process, port):
        assert becomes(port, "ready", 200)["about"]["services"] == service
        assert ask(port, "live")[0] == 200
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")


def test_port_that_is_taken_is_refused_by_name(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = swarm(home, "serve", "enricher", env={"SWARM_HEALTH_PORT": str(port)})
    told.failed_with(2, "SWARM_HEALTH_PORT", str(port), os.strerror(98))


@pytest.mark.parametrize(("name", "value"), [("SWARM_LISTEN", "everywhere"), ("SWARM_HEALTH_PORT", "70000")])
def test_setting_that_cannot_be_used_is_refused_by_name(home: Path, name: str, value: str) -> None:
    swarm(home, "serve", "enricher", env={name: value}).failed_with(2, name)
