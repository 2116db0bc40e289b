"""The command line as its users have it: a process of its own over a home, its exit code, and what it printed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "services" / "hunter" / "samples"
TIMEOUT_S = 60
# Start-up is the slowest part of a command; so each reads what the first wrote.
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
    """A user's environment with this home and no other setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SWARM_", "PYTHONDONTWRITE"))}
    return kept | {"SWARM_HOME": str(home), "PYTHONPYCACHEPREFIX": BYTECODE} | dict(more or {})


def command(*arguments: str) -> list[str]:
    """The arguments of a process that is `swarm`."""
    return [sys.executable, "-c", "from services.cli import main; main()", *arguments]


def swarm(home: Path, *arguments: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Told:
    """Run one command to its end."""
    done = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(home, env),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def start(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a command and leave it running."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
