"""The views `runs` and `timers`: given facts, then this row."""

from datetime import timedelta

import pytest

from contracts.email import EmailEvent
from contracts.run import STAGES, RunEvent, StageResult, Tally
from services.projections.runs import why
from services.projections.views import RUNS, TIMERS
from tests import controls
from tests.unit.projections.folds import row_of, rows_of, said


def test_requested_run_has_a_line_for_every_stage() -> None:
    row = row_of(RUNS, said(controls.run_requested(), 1, controls.REVIEWER))
    assert [line.stage for line in row.stages] == list(STAGES)
    assert (row.status, row.file_name, row.file_rows, row.asked_by) == (
        "running",
        "leads.csv",
        3,
        str(controls.REVIEWER),
    )


@pytest.mark.parametrize(
    ("told", "words", "remedy"),
    [
        ((), "", ""),
        ((controls.run_stopped(),), "Stage enrich failed: Too many leads err.", "resume the run"),
        ((controls.run_stopped(), controls.run_resumed()), "", ""),
        ((controls.run_failed(),), "Stage enrich failed: Too many leads err.", "start another run"),
        ((controls.run_failed(reason=""),), "Stage enrich failed: no reason was recorded.", "start another run"),
        (
            (controls.run_source_blocked(), controls.run_failed(stage="scrape", reason="It has no header.")),
            "Stage scrape failed: It has no header.",
            "Add one.",
        ),
        ((controls.run_cancelled(),), "It was cancelled: The wrong file.", ""),
        ((controls.run_withdrawn(reason=""),), "It was withdrawn, and nobody said why.", ""),
        ((controls.run_completed(),), "", ""),
    ],
)
def test_run_that_did_not_come_to_its_end_says_why(told: tuple[RunEvent, ...], words: str, remedy: str) -> None:
    said_why, what_to_do = why(row_of(RUNS, controls.run_requested(), *told))
    assert said_why == words
    assert remedy in what_to_do
    assert bool(remedy) == bool(what_to_do)


def test_rows_add_up_over_chunks() -> None:
    chunk = controls.run_chunk_read()
    row = row_of(RUNS, controls.run_requested(), chunk, controls.run_chunk_read(chunk=1))
    assert (row.rows["rows"], row.rows["sourced"], row.rows["refused"]) == (6, 2, 2)


def test_tally_of_a_partition_replaces_and_partitions_add_up() -> None:
    first, second = tally(5, 3, 10), tally(4, 4, 60)
    row = row_of(
        RUNS,
        controls.run_requested(),
        controls.run_tallied(partition=1, stages={"enrich": tally(1, 1, 0)}),
        controls.run_tallied(partition=1, stages={"enrich": first}),
        controls.run_tallied(partition=2, stages={"enrich": second}),
    )
    line = row.stages[STAGES.index("enrich")]
    assert (line.entered, line.out, line.waiting, line.passed) == (9, 7, 2, None)
    assert line.duration_ms == 60_000
    assert row.counts == {"tier": {"tier_1": 2}}


def test_repeated_tally_changes_nothing() -> None:
    told = said(controls.run_tallied(), 2)
    assert rows_of(RUNS, controls.run_requested(), told) == rows_of(RUNS, controls.run_requested(), told, told)


def test_stage_is_passed_when_queen_says_so_and_later_tallies_keep_that() -> None:
    row = row_of(
        RUNS,
        controls.run_requested(),
        controls.run_stage_completed(),
        controls.run_tallied(stages={"enrich": tally(3, 2, 1)}),
    )
    line = row.stages[STAGES.index("enrich")]
    assert (line.passed, line.entered, line.out) == (True, 3, 2)


def test_waiting_approval_is_neither_passed_nor_failed() -> None:
    result = StageResult(
        stage="approve", entered=9, out=4, errors=0, held=0, ended={"rejected": 2}, duration_ms=1, passed=None
    )
    row = row_of(
        RUNS,
        controls.run_requested(),
        controls.run_stage_completed(result=result),
        controls.run_waiting_for_review(waiting=3),
    )
    assert (row.status, row.waiting, row.stages[4].waiting, row.stages[4].passed) == ("waiting_for_review", 3, 3, None)


@pytest.mark.parametrize(
    ("fact", "status"),
    [
        (controls.run_completed(), "completed"),
        (controls.run_failed(), "failed"),
        (controls.run_cancelled(), "cancelled"),
        (controls.run_withdrawn(), "withdrawn"),
    ],
)
def test_run_that_is_over_says_when(fact: RunEvent, status: str) -> None:
    row = row_of(RUNS, controls.run_requested(), fact)
    assert row.status == status
    assert (row.started_at, row.ended_at) == (said(fact, 1).recorded_at, said(fact, 2).recorded_at)


def test_stopped_run_names_its_failure_until_it_is_resumed() -> None:
    stopped = (controls.run_requested(), controls.run_stage_failed(), controls.run_stopped())
    row = row_of(RUNS, *stopped)
    assert (row.status, row.failed_stage, row.failure) == ("stopped", "enrich", "Too many leads err.")
    assert row_of(RUNS, *stopped, controls.run_resumed()).failure == ""


def test_draft_is_due_when_it_expires_and_approval_when_it_may_leave() -> None:
    drafted, approved = controls.email_drafted(), controls.email_approved()
    waiting = row_of(TIMERS, drafted)
    assert (waiting.kind, waiting.due_at) == ("expire", drafted.expires_at)
    assert TIMERS.rank
    assert TIMERS.rank(waiting) == drafted.expires_at.timestamp()
    leaving = row_of(TIMERS, drafted, approved)
    assert (leaving.kind, leaving.due_at) == ("send", approved.send_due_at)


def test_approval_without_an_undo_window_is_not_due_since_it_is_asked_for_as_it_is_heard() -> None:
    drafted, approved = controls.email_drafted(), said(controls.email_approved(), 2)
    at_once = said(controls.email_approved(send_due_at=approved.recorded_at), 2)
    left = row_of(TIMERS, drafted, at_once)
    assert TIMERS.rank
    assert TIMERS.rank(left) is None
    assert TIMERS.rank(row_of(TIMERS, drafted, approved)) is not None
    assert row_of(TIMERS, drafted, at_once, controls.email_revoked()) == row_of(TIMERS, drafted)


def test_revoked_draft_is_due_to_expire_again() -> None:
    drafted = controls.email_drafted()
    assert row_of(TIMERS, drafted, controls.email_approved(), controls.email_revoked()) == row_of(TIMERS, drafted)


def test_draft_that_is_rewritten_is_not_due() -> None:
    row = row_of(TIMERS, controls.email_drafted(), controls.email_changes_requested())
    assert TIMERS.rank
    assert TIMERS.rank(row) is None


@pytest.mark.parametrize(
    "fact",
    [
        controls.email_rejected(),
        controls.email_expired(),
        controls.email_withdrawn(),
        controls.email_send_requested(),
    ],
)
def test_what_is_over_is_never_due(fact: EmailEvent) -> None:
    assert rows_of(TIMERS, controls.email_drafted(), fact) == {}


def tally(entered: int, out: int, last_s: int) -> Tally:
    return Tally(
        entered=entered,
        out=out,
        detail={"tier:tier_1": 1},
        first_at=controls.AT,
        last_at=controls.AT + timedelta(seconds=last_s),
    )
