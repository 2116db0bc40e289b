"""When a stage or a run is over, and whether it passed: pure, decided on the counts alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from contracts.envelope import Actor, AnyEnvelope, Envelope, Event
from contracts.lead import Mode
from contracts.run import (
    OVER,
    STAGES,
    Run,
    RunCompleted,
    RunFailed,
    RunStageCompleted,
    RunStageFailed,
    RunStopped,
    RunTallied,
    RunWaitingForReview,
    Stage,
    StageResult,
    Tally,
    evolve,
    stage_result,
    stage_tally,
)
from services.queen.tally import count, run_of

ERROR_BASE_MIN = 10
EARLY_BASE_MIN = 50
REVIEWED_BY_A_PERSON: frozenset[Mode] = frozenset({"staging", "production"})


def tally_of(run: Run, stage: Stage) -> Tally:
    """One stage of a run, as its newest counts have it."""
    return stage_tally(stage, run.tallies, run.rows, blocked=bool(run.blocked), requested_at=run.requested_at)


def complete(run: Run, stage: Stage) -> bool:
    """Whether all that could enter the stage has left it, given that the stage before it is complete."""
    tally = tally_of(run, stage)
    if stage == "scrape":
        return run.rows_read and tally.out == run.rows.get("sourced", 0) + run.rows.get("reopened", 0)
    return tally.entered == tally.settled()


def result(run: Run, stage: Stage, *, passed: bool | None) -> StageResult:
    """The line of the report for a stage."""
    return stage_result(stage, tally_of(run, stage), passed=passed)


def too_many_errors(run: Run, stage: Stage, *, over: bool) -> str:
    """Why the stage has to be given up for its errors; empty where it has not.

    Before it is over, only a stage that many leads have entered is judged: the first ten say little about thousands.
    """
    tally = tally_of(run, stage)
    if not over and tally.entered < EARLY_BASE_MIN:
        return ""
    share = tally.errors / max(tally.entered, ERROR_BASE_MIN)
    if share <= run.max_error_share:
        return ""
    return f"{tally.errors} of {tally.entered} leads ended in an error, more than {run.max_error_share:.0%} allow."


def judge(run: Run, run_id: str) -> list[Event]:
    """The stages that are over or failed since the last look, and the run itself when nothing is left to come."""
    if run.terms is None or run.status in OVER or run.status == "stopped":
        return []
    events: list[Event] = []
    failed = run.failed_stage
    reason = run.failure
    first_open: Stage | None = None
    for stage in STAGES:
        # Stages overlap: one behind an open stage cannot be over, yet it can have failed already.
        over = first_open is None and complete(run, stage)
        before = run.results.get(stage)
        if before is None or (over and _anew(run, before)):
            why = run.blocked if stage == "scrape" and run.blocked else too_many_errors(run, stage, over=over)
            if why:
                events.append(
                    RunStageFailed(run_id=run_id, stage=stage, reason=why, result=result(run, stage, passed=False))
                )
                failed, reason = failed or stage, reason or why
                if run.terms.mode == "production":
                    return [*events, RunStopped(run_id=run_id, stage=stage, reason=why)]
            elif over:
                events.append(RunStageCompleted(run_id=run_id, result=result(run, stage, passed=True)))
        elif before.passed is False:
            failed, reason = failed or stage, reason or too_many_errors(run, stage, over=True)
        if not over:
            first_open = first_open or stage
    if first_open is not None:
        return [*events, *_waiting(run, run_id, first_open)]
    end: Event = (
        RunFailed(run_id=run_id, stage=msgspec.convert(failed, Stage), reason=reason)
        if failed
        else RunCompleted(run_id=run_id)
    )
    return [*events, end]


def _anew(run: Run, before: StageResult) -> bool:
    """Whether a stage that was reported is to be judged once more.

    It is when an approval was taken back or a dead letter sent back since, so that its numbers are others now; and when
    it had failed and a person resumed the run.
    """
    if before.passed:
        now = result(run, before.stage, passed=True)
        return (now.entered, now.out, now.errors, now.ended) != (
            before.entered,
            before.out,
            before.errors,
            before.ended,
        )
    return run.failed_stage == "" and too_many_errors(run, before.stage, over=True) == ""


def _waiting(run: Run, run_id: str, stage: Stage) -> list[Event]:
    """The machine's part is done when all before approval is over and the drafts wait for a person."""
    if stage != "approve" or run.terms is None or run.terms.mode not in REVIEWED_BY_A_PERSON:
        return []
    if run.status == "waiting_for_review":
        return []
    tally = tally_of(run, "approve")
    waiting = tally.entered - tally.settled()
    return [RunWaitingForReview(run_id=run_id, waiting=waiting)]


def tallied(run: Run, run_id: str, partition: int, facts: Sequence[AnyEnvelope]) -> RunTallied | None:
    """The counts after some more facts of one partition; None where none of them counts.

    Numbers are absolute and a partition's facts come in order, so the newest fact's position says what is in them.
    """
    fresh = [fact for fact in facts if fact.position.seq > run.through.get(str(partition), 0)]
    before = run.tallies.get(str(partition), {})
    after = count(before, fresh)
    if after == before:
        return None
    return RunTallied(run_id=run_id, partition=partition, through=fresh[-1].position.seq, stages=after)


def stalled(run: Run, run_id: str, now: datetime) -> list[Event]:
    """A run in which nothing has moved for `stall_s` fails at the stage where its leads are; waiting is not a stall."""
    if run.status != "running" or run.moved_at is None or run.terms is None:
        return []
    if (now - run.moved_at).total_seconds() < run.stall_s:
        return []
    for stage in STAGES:
        if complete(run, stage):
            continue
        if stage == "send":
            return []  # An undo window is open, or a person is looking at an unresolved send.
        why = f"Nothing has moved for {run.stall_s} s."
        failure = RunStageFailed(run_id=run_id, stage=stage, reason=why, result=result(run, stage, passed=False))
        end: Event = (
            RunStopped(run_id=run_id, stage=stage, reason=why)
            if run.terms.mode == "production"
            else RunFailed(run_id=run_id, stage=stage, reason=why)
        )
        known = run.results.get(stage)
        return [end] if known and known.passed is False else [failure, end]
    return []


def answer(heard: Sequence[AnyEnvelope], runs: Mapping[str, Run], *, partition: int, now: datetime) -> list[Event]:
    """What a batch of one partition's facts means for the runs they belong to: new counts, stages and runs over.

    Args:
        runs: by id, those that were loaded; facts of any other run are passed over.
    """
    facts_by_run: dict[str, list[AnyEnvelope]] = {}
    for fact in heard:
        facts_by_run.setdefault(run_of(fact), []).append(fact)
    events: list[Event] = []
    for run_id, facts in facts_by_run.items():
        run = runs.get(run_id)
        if run is None or run.terms is None:
            continue
        counts = tallied(run, run_id, partition, facts)
        if counts is not None:
            events.append(counts)
            run = evolve(run, _about_to_stand(counts, now))
        events += judge(run, run_id)
    return events


def _about_to_stand(counts: RunTallied, now: datetime) -> AnyEnvelope:
    """The fact as the fold will see it; ids and versions do not matter to it."""
    actor = Actor(kind="agent", id="queen")
    return Envelope(
        event_id="", version=0, recorded_at=now, actor=actor, correlation_id="", causation_id="", event=counts
    )
