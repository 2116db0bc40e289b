"""A production run over real people begins with a yes, and with nothing else."""

import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.console import ROOT, Told, command, environment, on_terminal, swarm
from tests.own_offer import WITH_OFFER

QUESTION = "1 row of real people, and each draft will wait for a person. "
QUESTION += "Namespace main. SHADOW: nothing leaves this machine. Go on? [y/N] "
LEADS = (
    b"First Name,Last Name,Title,Company,Email,Employees,Industry\n"
    b"Ada,Vale,CEO,Umberford Software,ada.vale@umberford-software.com,120,Software\n"
)


@pytest.fixture
def run(tmp_path: Path) -> tuple[str, ...]:
    """The command over a file of one lead."""
    file = tmp_path / "leads.csv"
    file.write_bytes(LEADS)
    return ("run", "--mode", "production", "--input", str(file))


def runs(home: Path) -> int:
    return int(swarm(home, "runs", "--json").json["total"])


@pytest.fixture
def terminal() -> Iterator[int]:
    """A terminal for stdin alone."""
    controlling, terminal = pty.openpty()
    yield terminal
    os.close(terminal)
    os.close(controlling)


@pytest.mark.parametrize("yes", ["y\n", "Yes\n"])
def test_yes_starts_it(shared_home: Path, run: tuple[str, ...], yes: str) -> None:
    before = runs(shared_home)
    with on_terminal(shared_home, *run, env=WITH_OFFER) as person:
        person.until(QUESTION)
        person.type(yes)
        assert "production over leads.csv" in person.until("rows: ")
        assert person.ended() == 0
    assert runs(shared_home) == before + 1


@pytest.mark.parametrize("no", ["n\n", "\n", "yup\n", "\x04"], ids=["no", "empty", "unclear", "end-of-input"])
def test_anything_else_starts_nothing(shared_home: Path, run: tuple[str, ...], no: str) -> None:
    before = runs(shared_home)
    with on_terminal(shared_home, *run, env=WITH_OFFER) as person:
        person.until(QUESTION)
        person.type(no)
        assert person.rest().endswith("\nerror: Nothing was requested.\n")
        assert person.ended() == 3
    assert runs(shared_home) == before


def test_an_interrupted_question_is_left_at_once(shared_home: Path, run: tuple[str, ...]) -> None:
    with on_terminal(shared_home, *run, env=WITH_OFFER) as person:
        person.until(QUESTION)
        person.process.send_signal(signal.SIGINT)
        assert person.ended() == 130


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_whoever_reads_the_output_elsewhere_is_not_asked(
    shared_home: Path, run: tuple[str, ...], terminal: int, json: tuple[str, ...]
) -> None:
    done = subprocess.run(
        command(*run, *json),
        env=environment(shared_home, WITH_OFFER),
        stdin=terminal,
        capture_output=True,
        cwd=ROOT,
        text=True,
        timeout=30,
        check=False,
    )
    told = Told(done.returncode, done.stdout, done.stderr)
    told.failed_with(2, "has to be confirmed", "Add --yes.")
    assert (told.json["error"]["slug"] == "bad-input") if json else (told.out == "")


def test_json_on_a_terminal_is_not_asked_either(shared_home: Path, run: tuple[str, ...]) -> None:
    with on_terminal(shared_home, *run, "--json", env=WITH_OFFER) as person:
        screen = person.rest()
        assert person.ended() == 2
    assert "Go on?" not in screen
    assert screen.startswith('{"error":')
