"""The command line as its users have it: a process of its own over a home, its exit code, and what it printed."""

import json
import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.loaded import Loaded

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "services" / "hunter" / "samples"
TIMEOUT_S = 60
# Start-up is the slowest part of a command; so each reads what the first wrote, also where nothing is to be written here.
BYTECODE = str(Path(tempfile.gettempdir()) / "swarm-tests-bytecode")


@dataclass(frozen=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one document on stdout."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    def failed_with(self, code: int, *words: str) -> None:
        """Assert one line on stderr with these words, this exit code, and no traceback."""
        assert self.code == code, self
        assert self.err.startswith("error: "), self
        assert self.err.count("\n") == 1, self
        assert "Traceback" not in self.err + self.out, self
        for word in words:
            assert word in self.err, self


def environment(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """A user's environment with this home, no other setting of ours, and no width but the terminal's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SWARM_", "COLUMNS"))}
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept["PYTHONPYCACHEPREFIX"] = BYTECODE
    return kept | {"SWARM_HOME": str(home)} | dict(more or {})


def command(*arguments: str) -> list[str]:
    """The arguments of a process that is `swarm`."""
    return [sys.executable, "-c", "from services.cli import main; main()", *arguments]


def swarm(
    home: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    cwd: Path = ROOT,
    timeout_s: float = TIMEOUT_S,
    fresh: bool = False,
) -> Told:
    """Run one command to its end: a process of its own, forked from one that has loaded the program already.

    Args:
        fresh: it loads the program itself, with a seed for hashes of its own.
    """
    env = environment(home, env)
    if not fresh and sys.platform == "linux":
        return Told(*loaded().run(arguments, cwd=cwd, env=env, stdin=stdin, timeout_s=timeout_s))
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


@cache
def loaded() -> Loaded:
    """The one process that commands are forked from."""
    return Loaded(ROOT, environment(ROOT))


def start(home: Path, *arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start a command and leave it running."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment(home, env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Terminal:
    """What a person at a terminal sees of a command, and types."""

    def __init__(self, controlling: int, process: "subprocess.Popen[bytes]") -> None:
        self._controlling = controlling
        self._ahead = ""
        self.process = process

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._controlling, keys.encode())

    def until(self, words: str, seconds: float = 30) -> str:
        """What is shown from here on, up to and with these words."""
        deadline = time.monotonic() + seconds
        while words not in self._ahead and time.monotonic() < deadline:
            if select.select([self._controlling], [], [], 0.5)[0]:
                shown = self._read()
                if not shown:
                    break
                self._ahead += shown
        before, found, self._ahead = self._ahead.partition(words)
        assert found, before
        return before + found

    def rest(self) -> str:
        """What is shown from here on, until the command ends; lines end as in a file."""
        return (self._ahead + "".join(iter(self._read, ""))).replace("\r\n", "\n")

    def _read(self) -> str:
        try:
            return os.read(self._controlling, 65_536).decode(errors="replace")
        except OSError:  # So Linux says that nobody has the other end any more.
            return ""

    def ended(self) -> int:
        """The exit code, once the command has ended."""
        return self.process.wait(30)


@contextmanager
def on_terminal(
    home: Path, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[Terminal]:
    """Run a command on a terminal of its own; it is ended with the block."""
    controlling, terminal = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        env=environment(home, {"TERM": "xterm", "COLUMNS": "120"} | dict(env or {})),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    try:
        yield Terminal(controlling, process)
    finally:
        process.kill()
        process.wait(10)
        os.close(controlling)
