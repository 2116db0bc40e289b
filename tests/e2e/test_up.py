"""`swarm up` beside other commands: one at a time, joined by all, ended in good order or picked up after a kill."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.console import start, swarm


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that serves; its first line says so."""
    process = start(home, *arguments)
    assert process.stdout is not None
    try:
        assert "Serving" in process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def test_commands_beside_up_use_it_and_a_second_up_is_refused(home: Path) -> None:
    with serving(home, "up") as up:
        swarm(home, "up").failed_with(4, "Another `swarm up` serves namespace main")
        run = swarm(home, "run", "--mode", "sandbox", "--json")
        assert (run.code, run.err, run.json["status"]) == (0, "", "completed")
        assert swarm(home, "runs", "--json").json["total"] == 1
        assert swarm(home, "verify").code == 0
        told = swarm(home, "doctor", "--json")
        services = next(one for one in told.json["checks"] if one["name"] == "services")
        assert "projector" in services["found"]
        up.send_signal(signal.SIGTERM)
        out, err = up.communicate(timeout=30)
        assert (up.returncode, err) == (0, "")
        assert "Stopped in good order" in out
    assert swarm(home, "runs", "--json").json["total"] == 1


def test_a_killed_up_is_picked_up_by_the_next_command(home: Path) -> None:
    with serving(home, "up") as up:
        up.kill()
        up.wait(10)
    run = swarm(home, "run", "--mode", "sandbox", "--json")
    assert (run.code, run.json["status"]) == (0, "completed")
    with serving(home, "up", "--namespace", "main") as again:
        again.send_signal(signal.SIGINT)
        assert again.wait(30) == 0


def test_one_service_ends_with_zero_on_sigterm(home: Path) -> None:
    with serving(home, "serve", "hunter") as process:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
        assert "Stopped in good order" in out


def test_an_interrupted_command_leaves_quietly_with_130(home: Path) -> None:
    assert swarm(home, "run", "--mode", "sandbox").code == 0
    process = start(home, "tail", "--follow")
    assert process.stdout is not None
    assert "run.requested" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "")


def test_a_reader_that_has_enough_is_no_failure(home: Path) -> None:
    assert swarm(home, "run", "--mode", "sandbox", "--limit", "20").code == 0
    process = start(home, "tail", "--json")
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(30) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
