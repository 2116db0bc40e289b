"""The report of a run over a gateway, from the view's row, is the one beside the store, from the run's own state."""

import msgspec
import pytest

from contracts.codec import outward
from contracts.envelope import Event
from contracts.run import NONE, Run, StageResult, evolve, stage_result, stage_tally
from services.cli.remote.runs import row_of
from services.cli.report import report_of, report_of_row
from services.projections import runs
from tests import controls

BEGUN = (controls.run_requested(), controls.run_chunk_read(), controls.run_tallied())


def result(*, passed: bool) -> StageResult:
    """What QUEEN records of a stage: what was counted until then."""
    run: Run = NONE
    for number, fact in enumerate(BEGUN, 1):
        run = evolve(run, controls.envelope(fact, number))
    tally = stage_tally("enrich", run.tallies, run.rows, blocked=False, requested_at=run.requested_at)
    return stage_result("enrich", tally, passed=passed)


PASSED = controls.run_stage_completed(result=result(passed=True))
FAILED = controls.run_stage_failed(result=result(passed=False))


@pytest.mark.parametrize(
    "more",
    [
        (),
        (PASSED, controls.run_waiting_for_review()),
        (PASSED, controls.run_waiting_for_review(), controls.run_completed()),
        (FAILED, controls.run_stopped()),
        (FAILED, controls.run_stopped(), controls.run_resumed()),
        (FAILED, controls.run_failed()),
        (controls.run_source_blocked(), FAILED, controls.run_failed()),
        (controls.run_cancelled(),),
        (PASSED, controls.run_waiting_for_review(), controls.run_withdrawn()),
    ],
    ids=lambda facts: " ".join(type(one).__name__ for one in facts) or "running",
)
def test_row_and_state_give_one_report(more: tuple[Event, ...]) -> None:
    row: runs.Row | None = None
    state: Run = NONE
    for number, fact in enumerate((*BEGUN, *more), 1):
        heard = controls.envelope(fact, number)
        row, state = runs.project(row, heard), evolve(state, heard)
    assert row is not None
    reason, remedy = runs.why(row)
    told = msgspec.json.decode(msgspec.json.encode(outward(row) | {"why": reason, "remedy": remedy}))
    assert report_of_row(row_of(told), ()) == report_of(row.run_id, state, (), row.remedy)
