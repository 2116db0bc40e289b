"""A person ends a run, takes back what it brought, or lets it go on."""

from typing import get_args

import pytest

from contracts.commands import CancelRun, ResumeRun, WithdrawRun
from contracts.run import RunCancelled, RunResumed, RunWithdrawn, Status
from tests.unit.runs.examples import RUN_ID, ask, run


@pytest.mark.parametrize("status", ["running", "stopped", "waiting_for_review"])
def test_run_that_goes_on_is_cancelled(status: Status) -> None:
    assert ask(run(status), CancelRun(run_id=RUN_ID, reason=" Wrong file. ")) == [
        RunCancelled(run_id=RUN_ID, reason="Wrong file.")
    ]


@pytest.mark.parametrize("status", [each for each in get_args(Status) if each not in {"none", "withdrawn"}])
def test_any_known_run_is_withdrawn(status: Status) -> None:
    assert ask(run(status), WithdrawRun(run_id=RUN_ID)) == [RunWithdrawn(run_id=RUN_ID)]


def test_stopped_run_goes_on() -> None:
    assert ask(run("stopped"), ResumeRun(run_id=RUN_ID)) == [RunResumed(run_id=RUN_ID)]
