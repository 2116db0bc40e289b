"""The store of the tests: from Docker where that can give one, else the embedded one, with one line and no long wait."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

from services.runtime.namespace import check_server
from services.runtime.redis_client import writer
from tests import store_container as under_test
from tests.conftest import short_directory
from tests.store_container import NoContainerError, docker_answers, store_container

ROOT = Path(__file__).parents[2]


@contextmanager
def daemon(answers: Mapping[str, tuple[int, object]]) -> Iterator[str]:
    """What calls itself a Docker daemon; a path without an answer is left waiting.

    Args:
        answers: the status and the document for each path that contains the key.
    """
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/version": (200, {"ApiVersion": "1.41"}), "/_ping": (200, "OK"), **answers}
            found = next((answer for key, answer in known.items() if key in self.path), None)
            if found is None:
                over.wait()
                return
            body = b"OK" if found[1] == "OK" else json.dumps(found[1]).encode()
            self.send_response(found[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - As the base class calls it.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - As the base class calls it.
            pass

    with short_directory() as directory, ThreadingUnixStreamServer(str(directory / "d.sock"), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"unix://{directory / 'd.sock'}"
        finally:
            over.set()
            server.shutdown()
            thread.join()


REFUSES = {"/images": (500, {"message": "no space\nleft on device"})}
LACKS_THE_IMAGE = {"/json": (404, {"message": "no such image"})}
CANNOT_CREATE = {"/images": (200, {"Id": "sha256:1"}), "/containers": (500, {"message": "no space left on device"})}
MUTE: dict[str, tuple[int, object]] = {}


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        pytest.param(REFUSES, "no space left on device", id="refuses"),
        pytest.param(CANNOT_CREATE, "no space left on device", id="cannot create"),
        pytest.param(LACKS_THE_IMAGE, "valkey/valkey:9 is not here after 1 s; `docker pull` fetches it", id="pulls"),
        pytest.param(MUTE, "timed out", id="mute"),
    ],
)
def test_daemon_that_gives_no_container_is_one_line_and_soon(
    monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, tuple[int, object]], reason: str
) -> None:
    monkeypatch.setattr(under_test, "DAEMON_S_MAX", 1)
    monkeypatch.setattr(under_test, "PULL_S_MAX", 1.0)
    with daemon(answers) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        assert docker_answers()
        began = time.monotonic()
        with pytest.raises(NoContainerError, match=reason) as found, store_container():
            pass
        assert time.monotonic() - began < 10
    assert "\n" not in str(found.value)


def test_waits_together_are_shorter_than_a_test_may_take(pytestconfig: pytest.Config) -> None:
    # Asked of the daemon: what it is, the image, create, copy, start, port, and removal.
    waits = under_test.PING_S_MAX * 2 + under_test.DAEMON_S_MAX * 3 + under_test.PULL_S_MAX + under_test.READY_S_MAX
    assert waits < float(pytestconfig.getini("timeout"))


@pytest.mark.parametrize("address", ["unix:///nobody.sock", "tcp://192.0.2.1:2375", "ssh://nobody@192.0.2.1", "junk"])
def test_daemon_that_is_away_or_elsewhere_is_not_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    began = time.monotonic()
    assert not docker_answers()
    assert time.monotonic() - began < 5


def test_tests_run_on_the_embedded_server_where_docker_gives_no_container() -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "SWARM_"))}
    test = "tests/integration/test_embedded.py::test_shared_store_answers"
    with daemon(REFUSES) as address:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
            cwd=ROOT,
            env={**kept, "DOCKER_HOST": address},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if "UserWarning" in line]
    assert len(told) == 1
    assert re.search(r"The tests use the embedded server, .* no container: .*no space left on device", told[0])


def own_address() -> str:
    """Under which other machines reach this one; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anywhere:
        try:
            anywhere.connect(("192.0.2.254", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(anywhere.getsockname()[0])


async def test_container_keeps_what_it_acknowledges_and_is_reached_from_this_machine_alone() -> None:
    if not docker_answers():
        pytest.skip("no Docker daemon answers here")
    try:
        with store_container() as url:
            client = writer(url)
            assert (await check_server(client, "")).level == "always"
            await client.aclose()
            host, _, port = url.removeprefix("redis://").removesuffix("/0").partition(":")
            assert host == "127.0.0.1"
            with socket.socket() as other:
                other.settimeout(2)
                assert other.connect_ex((own_address(), int(port))) != 0
        with socket.socket() as gone:
            assert gone.connect_ex((host, int(port))) != 0
    except NoContainerError as why:
        pytest.skip(str(why))
