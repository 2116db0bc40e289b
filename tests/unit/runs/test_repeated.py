"""A command that was carried out before records nothing more."""

import pytest

from contracts.commands import CancelRun, RunCommand, WithdrawRun
from contracts.run import Status
from tests.unit.runs.examples import RUN_ID, ask, asked, run


@pytest.mark.parametrize(
    ("status", "command"),
    [
        ("running", asked()),
        ("completed", asked()),
        ("cancelled", CancelRun(run_id=RUN_ID, reason="Again.")),
        ("withdrawn", WithdrawRun(run_id=RUN_ID)),
    ],
)
def test_repeat_is_ignored(status: Status, command: RunCommand) -> None:
    assert ask(run(status), command) == []
