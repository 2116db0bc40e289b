"""A run that would mix real and invented people, or cannot be meant, is refused with the field and the remedy."""

import msgspec
import pytest

from contracts.commands import CancelRun, RequestRun, ResumeRun, RunCommand, WithdrawRun
from contracts.envelope import Actor
from contracts.errors import BadInput, Conflict, DecisionRefused, NotFound
from contracts.run import NONE, Status
from services.runs.decide import SOURCES
from tests.unit.runs.examples import AGENT, CLOCK, POLICY, RUN_ID, ask, asked, file, run

REAL, TEST = file(synthetic=False), file(synthetic=True)


@pytest.mark.parametrize(
    ("field", "command"),
    [
        ("source", asked(source="linkedin")),
        ("limit", asked(limit=None)),
        ("limit", asked(limit=0)),
        ("limit", asked(limit=21)),
        ("limit", asked("production", "file", given=REAL, limit=-1)),
        ("segment", asked(segment="needs_data")),
        ("segment", asked(segment="tier_5")),
        ("draft", asked(draft=("tier_4", "tier_1"))),
        ("file", asked("production", "file")),
        ("file", asked("sandbox", "default", given=TEST)),
        ("run_id", asked(run_id="run_1")),
        ("run_id", msgspec.structs.replace(asked(), run_id="run_20261122_100409_00ff18")),
        ("mode", msgspec.structs.replace(asked(), terms=msgspec.structs.replace(asked().terms, mode="live"))),
        ("reason", CancelRun(run_id=RUN_ID, reason="x" * 2001)),
        ("reason", WithdrawRun(run_id=RUN_ID, reason="x" * 2001)),
    ],
)
def test_bad_input_names_the_field(field: str, command: RunCommand) -> None:
    with pytest.raises(BadInput) as caught:
        ask(NONE, command)
    assert caught.value.values["field"] == field


def test_unknown_source_lists_the_known() -> None:
    with pytest.raises(BadInput) as caught:
        ask(NONE, asked(source="linkedin"))
    assert all(source in caught.value.remedy for source in SOURCES)


@pytest.mark.parametrize(
    ("field", "command"),
    [
        ("mode", asked("dry_run")),
        ("source", asked("sandbox", "file", given=TEST)),
        ("source", asked("sandbox", "file", given=REAL)),
        ("source", asked("staging", "default")),
        ("file", asked("staging", "file", given=REAL)),
        ("source", asked("production", "competitor_gong")),
        ("file", asked("production", "file", given=TEST)),
    ],
)
def test_mode_that_does_not_take_the_source_names_field_and_remedy(field: str, command: RequestRun) -> None:
    with pytest.raises(DecisionRefused) as caught:
        ask(NONE, command)
    assert caught.value.values["field"] == field
    assert caught.value.remedy


def test_id_of_another_run_is_a_conflict() -> None:
    with pytest.raises(Conflict, match=RUN_ID):
        ask(run("running"), asked(limit=6))


COMMANDS: tuple[RunCommand, ...] = (CancelRun(run_id=RUN_ID), WithdrawRun(run_id=RUN_ID), ResumeRun(run_id=RUN_ID))


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_run_is_not_found(command: RunCommand) -> None:
    with pytest.raises(NotFound):
        ask(NONE, command)


@pytest.mark.parametrize("command", [asked(), *COMMANDS])
@pytest.mark.parametrize("actor", [AGENT, POLICY])
def test_machine_does_not_command_runs(command: RunCommand, actor: Actor) -> None:
    with pytest.raises(DecisionRefused, match=f"kind {actor.kind}"):
        ask(run("stopped"), command, actor)


@pytest.mark.parametrize("command", COMMANDS)
def test_schedule_only_requests(command: RunCommand) -> None:
    with pytest.raises(DecisionRefused, match="kind system"):
        ask(run("stopped"), command, CLOCK)


@pytest.mark.parametrize("status", ["completed", "failed", "withdrawn"])
def test_run_that_is_over_is_not_cancelled(status: Status) -> None:
    with pytest.raises(DecisionRefused, match=f"already over: {status}"):
        ask(run(status), CancelRun(run_id=RUN_ID))


@pytest.mark.parametrize("status", ["running", "waiting_for_review", "completed", "failed", "cancelled", "withdrawn"])
def test_only_a_stopped_run_is_resumed(status: Status) -> None:
    with pytest.raises(DecisionRefused, match=status):
        ask(run(status), ResumeRun(run_id=RUN_ID))
