"""A command that is forked from a loaded process is what it is as a process of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.console import swarm


@pytest.mark.parametrize(
    ("arguments", "env", "code"),
    [
        (("--help",), {}, 0),
        (("run", "--mode", "dry_run", "--input", "here.csv"), {"COLUMNS": "60"}, 0),
        (("edit", "zz", "--body-file", "-"), {"SWARM_NAMESPACE": "other"}, 2),
        (("queue",), {"SWARM_PARTITIONS": "many"}, 2),
        (("queue",), {"SWARM_PARTITIONS": "many", "SWARM_DEBUG": "1"}, 1),
    ],
)
def test_both_answer_the_same(
    shared_home: Path, tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str], code: int
) -> None:
    (tmp_path / "here.csv").write_text(
        "First Name,Last Name,Title,Company,Email\nAda,Vale,CEO,Umberford,ada@u.example\n"
    )
    forked, fresh = (
        swarm(shared_home, *arguments, env=env, cwd=tmp_path, stdin="A text.\n", fresh=one) for one in (False, True)
    )
    assert forked.code == fresh.code == code
    assert (forked.out, forked.err.splitlines()[-1:]) == (fresh.out, fresh.err.splitlines()[-1:])


def test_command_that_does_not_end_is_ended(shared_home: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        swarm(shared_home, "tail", "--follow", timeout_s=0.01)
    assert swarm(shared_home, "--help").code == 0
