"""The embedded server: a store that the first command starts, others join, and the last one out stops.

Four files in the home say who is there; the kernel drops each lock with its holder, however that one ended:
`start.lock` is held while one decides to start, join or stop; `users.lock` is shared by all who use the server;
`server.lock` is held by the server itself, so two can never run over the same data; `server.pid` names it.
"""

import asyncio
import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import redis

from contracts.errors import StoreUnavailable
from services.runtime.server_process import (
    POLL_S,
    SILENCE_S_MAX,
    STOP_S_MAX,
    probe,
    socket_path,
    spawn,
    url_of,
    wait_ready,
)

# Starting may take as long as reading the log; whoever waits for another to do so waits a little longer.
START_LOCK_S_MAX: Final = 660.0

_CHILDREN: Final[list[subprocess.Popen[bytes]]] = []


class EmbeddedServer:
    """One process's use of the server over `home`; enter it for as long as the store is needed.

    A server left behind by a killed process is joined, and stopped by whoever leaves it last.

    Args:
        home: SWARM_HOME. Created for this user only; the log lies in `data` below it.
        lock_timeout_s: how long to wait for another process that starts or stops the server.
    """

    def __init__(self, home: Path, *, lock_timeout_s: float = START_LOCK_S_MAX) -> None:
        self.home = home.absolute()
        self.log = self.home / "server.log"
        self._lock_timeout_s = lock_timeout_s
        self._socket: Path | None = None
        self._users: int | None = None
        self._given_up = threading.Event()

    @property
    def url(self) -> str:
        """The address for redis-py, once entered.

        Raises:
            StoreUnavailable: it was not entered.
        """
        if self._socket is None or self._users is None:
            raise StoreUnavailable("The embedded server was not entered.", "Use it as `async with`.")
        return url_of(self._socket)

    async def __aenter__(self) -> "EmbeddedServer":
        await self.enter()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def enter(self) -> None:
        """Join the server, and start it where none runs.

        Raises:
            StoreUnavailable: no server is installed, it does not come up, or another process holds the door.
        """
        self._given_up.clear()
        work = asyncio.create_task(asyncio.to_thread(self._enter))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            # The thread cannot be cancelled: let it give up, and undo what it may have done before that.
            self._given_up.set()
            with suppress(StoreUnavailable):
                await work
            self._given_up.clear()
            await self.leave()
            raise

    async def leave(self) -> None:
        """Stop using the server; stop the server itself where nobody else does. Safe to call twice.

        Raises:
            StoreUnavailable: it cannot be reached or does not stop; it is then left running, and never killed.
        """
        await asyncio.shield(asyncio.to_thread(self._leave))

    def _enter(self) -> None:
        if self._users is not None:
            return
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._at_the_door():
            users = _open(self.home / "users.lock")
            try:
                # Nobody holds it exclusively outside the door, so this never waits.
                self._take(users, fcntl.LOCK_SH, "users.lock")
                self._socket = self._agreed_socket()
                pid = self._join() or self._start()
                (self.home / "server.pid").write_text(f"{pid}\n")
            except BaseException:
                os.close(users)
                raise
            self._users = users

    def _leave(self) -> None:
        if self._users is None:
            return
        users, self._users = self._users, None
        try:
            with self._at_the_door():
                if _try(users, fcntl.LOCK_EX):
                    self._stop()
        finally:
            os.close(users)

    def _join(self) -> int | None:
        """The id of the server that runs; None where none does."""
        if not self._server_lives():
            return None
        try:
            return self._wait_ready(self._server_lives)
        except StoreUnavailable:
            # A killed server's last child, or one on its way out, may have held the lock a moment longer.
            if self._server_lives() or self._given_up.is_set():
                raise
            return None

    def _start(self) -> int:
        """Start the server and hand it its lock, which ends with it and not with us."""
        held = _open(self.home / "server.lock")
        try:
            self._take(held, fcntl.LOCK_EX, "server.lock")
            child = spawn(data=self.home / "data", socket=self._where(), log=self.log, hold=held)
        finally:
            os.close(held)
        _reap()
        _CHILDREN.append(child)
        try:
            return self._wait_ready(lambda: child.poll() is None)
        except BaseException:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_S_MAX)
            raise

    def _stop(self) -> None:
        """Ask the server to end, once it is certain which process it is, and wait until it has."""
        if not self._server_lives():
            return
        try:
            pid = int(probe(self._where())["process_id"])
        except redis.RedisError as error:
            if not self._server_lives():
                return
            raise StoreUnavailable(
                "The store server does not answer, so it was left running.", f"See {self.log}."
            ) from error
        written = (self.home / "server.pid").read_text().strip()
        if written != str(pid):
            raise StoreUnavailable(
                f"The store server says that it is process {pid}, its file says {written}; it was left running.",
                f"End it by hand once you know which one it is; see {self.log}.",
            )
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S_MAX
        while self._server_lives():
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"The store server, process {pid}, did not stop in {STOP_S_MAX:.0f} s and was left running.",
                    f"See {self.log}; the next command joins it.",
                )
            time.sleep(POLL_S)
        _reap()
        (self.home / "server.pid").unlink(missing_ok=True)

    def _server_lives(self) -> bool:
        """Whether any process holds the server's lock. A zombie does not, a number used again cannot."""
        held = _open(self.home / "server.lock")
        try:
            return not _try(held, fcntl.LOCK_EX)
        finally:
            os.close(held)

    def _wait_ready(self, alive: Callable[[], bool]) -> int:
        about = wait_ready(socket=self._where(), log=self.log, alive=alive, pause=self._pause)
        return int(about["process_id"])

    def _agreed_socket(self) -> Path:
        """Where the server listens: as written down by whoever started it, since temporary folders differ by user."""
        note = self.home / "socket.path"
        if self._server_lives() and note.exists():
            return Path(note.read_text())
        chosen = socket_path(self.home)
        note.write_text(str(chosen))
        return chosen

    def _where(self) -> Path:
        if self._socket is None:
            raise StoreUnavailable("The embedded server was not entered.")
        return self._socket

    @contextmanager
    def _at_the_door(self) -> Iterator[None]:
        """The short time in which one process alone decides to start, join or stop."""
        door = _open(self.home / "start.lock")
        try:
            self._take(door, fcntl.LOCK_EX, "start.lock")
            yield
        finally:
            os.close(door)

    def _take(self, descriptor: int, how: int, name: str) -> None:
        """Take a lock, within bounds: a plain flock would wait for ever."""
        limit = self._lock_timeout_s if name == "start.lock" else SILENCE_S_MAX
        deadline = time.monotonic() + limit
        while not _try(descriptor, how):
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"Another process has held {self.home / name} for {limit:.0f} s.",
                    "Wait for it, or end it: `fuser` shows which one.",
                )
            self._pause()

    def _pause(self) -> None:
        if self._given_up.wait(POLL_S):
            raise StoreUnavailable("Given up before the store server was there.")


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _reap() -> None:
    """Forget servers of ours that have ended; another process may have been the last one out."""
    _CHILDREN[:] = [child for child in _CHILDREN if child.poll() is None]
