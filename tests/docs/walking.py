"""Somebody who follows a page word for word: writes its files, makes its changes, types its commands."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.docs.pages import BadPageError, Block, Step, blocks, changed, steps
from tests.docs.volatile import RUN, renewed, same

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 100
FAILED = "error: "
FOUND, LOOKS = 1, "lint"
"""What looks for faults ends with this code where it found some, and what it prints is the faults."""
SESSION, CHANGE = "console", "diff"
PLUGINS = ("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout")
"""What the settings in pyproject.toml speak of. Loading all that are installed is most of the time of a short test run."""
SAID_ONLY = frozenset({"text", "mermaid"})
"""Languages of blocks in which there is nothing to do."""


class Printed(NamedTuple):
    """What a command printed, on both streams as they came, and its exit code."""

    code: int
    text: str


class Typed(Protocol):
    """Somewhere to type commands."""

    def __call__(self, words: Sequence[str], folder: Path) -> Printed: ...

    def changed(self) -> None:
        """Sources were written or changed."""
        ...


class Here:
    """`swarm` without a process of its own, which is what makes many examples quick; everything else with one."""

    def __call__(self, words: Sequence[str], folder: Path) -> Printed:
        return in_process(words[1:]) if words[0] == "swarm" else apart(words, folder)

    def changed(self) -> None:
        """Nothing here imports what a page writes."""


class InSources:
    """As `Here`, but in the sources that lie in the folder: one process runs `swarm` until they change."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[str] | None = None

    def __call__(self, words: Sequence[str], folder: Path) -> Printed:
        if words[0] != "swarm":
            return apart(words, folder)
        if self._running is None:
            loop = "from tests.docs.walking import answer_lines; answer_lines()"
            self._running = subprocess.Popen(
                [sys.executable, "-c", loop],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        asked, answered = self._running.stdin, self._running.stdout
        assert asked
        assert answered
        asked.write(json.dumps([dict(os.environ), words[1:]]) + "\n")
        asked.flush()
        return Printed(*json.loads(answered.readline()))

    def changed(self) -> None:
        """What was imported is old."""
        if self._running is not None:
            self._running.communicate()
            self._running = None


def answer_lines() -> None:
    """The other end of `InSources`: a line in is an environment and a command, a line out what it printed."""
    for line in sys.stdin:
        told, words = json.loads(line)
        os.environ.update(told)
        sys.stdout.write(json.dumps(in_process(words)) + "\n")
        sys.stdout.flush()


def in_process(words: Sequence[str]) -> Printed:
    """Run `swarm` here."""
    from services.cli.app import main

    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main(list(words))
    return Printed(code, out.getvalue())


def apart(words: Sequence[str], folder: Path) -> Printed:
    """Run a program in a process of its own; ours are those of this environment, and import what lies in the folder."""
    programs = {
        "pytest": (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGINS),
        "ruff": (str(Path(sys.executable).parent / "ruff"),),
        "python": (sys.executable,),
    }
    done = subprocess.run(
        [*programs.get(words[0], (words[0],)), *words[1:]],
        cwd=folder,
        env=_environment(folder) | {"RUFF_NO_CACHE": "true", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Printed(done.returncode, done.stdout)


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(folder)}


class Reader:
    """Follows one page in a folder of its own.

    Args:
        page: its text.
        folder: where its reader stands.
        typed: how a command is run.
    """

    def __init__(self, page: str, folder: Path, typed: Typed) -> None:
        self._page = page
        self._folder = folder
        self._typed = typed
        self._runs: dict[str, str] = {}
        self._differs: list[tuple[Step, list[str]]] = []
        self.failed: list[str] = []
        """The commands that did not end as the page says; no other text on the page would mend that."""

    def follow(self) -> list[str]:
        """Do what the page says, from top to bottom.

        Returns:
            What is not as the page says, by line.

        Raises:
            BadPageError: there is a block of which nobody could say what to do with it.
        """
        wrong: list[str] = []
        for block in blocks(self._page):
            match block:
                case Block(language=language, name="") if language in SAID_ONLY:
                    pass
                case Block(language=language) if language == SESSION:
                    wrong += [problem for step in steps(block) if (problem := self._take(step))]
                case Block(language=language, name=name) if language == CHANGE and name:
                    path = self._folder / name
                    path.write_text(changed(path.read_text(encoding="utf-8"), block), encoding="utf-8")
                    self._typed.changed()
                case Block(language=language, name=name) if language and name:
                    path = self._folder / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(block.text, encoding="utf-8")
                    self._typed.changed()
                case _:
                    raise BadPageError(
                        f"line {block.line}: say what this block is: a session, a file by its name, text"
                    )
        return wrong

    def corrected(self) -> str:
        """The page with what its commands really printed."""
        lines = self._page.splitlines()
        for step, printed in reversed(self._differs):
            lines[step.first - 1 : step.last - 1] = printed
        return "\n".join(lines) + "\n"

    def _take(self, step: Step) -> str:
        """Type one command; what is wrong with what it did, if anything is."""
        words = shlex.split(self._translated(step.command), comments=True)
        if words and "=" in words[0]:
            raise BadPageError(f"line {step.first - 1}: set {words[0]} with `export`")
        if words[:1] == ["export"]:
            os.environ.update({name: value for name, _, value in (one.partition("=") for one in words[1:])})
            return ""
        *words, into = words if words[-2:-1] == [">"] else (*words, "")
        code, text = self._typed([one for one in words if one != ">"], self._folder)
        if into:
            (self._folder / into).write_text(text, encoding="utf-8")
            text = ""
        printed = [one.rstrip() for one in text.strip("\n").splitlines()]
        self._runs.update(zip(_ids(step.shown), _ids(printed), strict=False))
        fails = any(one.startswith(FAILED) for one in printed)
        found = code == FOUND and LOOKS in words
        if bool(code) != fails and not found:
            self.failed.append(f"line {step.first - 1}: `{step.command}` ended with {code} and printed\n{text}")
            return self.failed[-1]
        if same(step.shown, printed):
            return ""
        told = [self._translated(one, back=True) for one in printed]
        self._differs.append((step, renewed(step.shown, told)))
        return f"line {step.first - 1}: `{step.command}` printed\n{text}"

    def _translated(self, line: str, *, back: bool = False) -> str:
        """With the run's id of this time in the place of the one that the page shows; or the other way round."""
        known = {real: shown for shown, real in self._runs.items()} if back else self._runs
        return RUN.sub(lambda found: known.get(found[0], found[0]), line)


def _ids(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(found for line in lines for found in RUN.findall(line)))
