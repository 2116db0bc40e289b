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
)
from services.queen.tally import count, run_of

ERROR_BASE_MIN = 10
EARLY_BASE_MIN = 50
REVIEWED_BY_A_PERSON: frozenset[Mode] = frozenset({"staging", "production"})


def add_up(tallies: Sequence[Tally]) -> Tally:
    """One stage over all partitions."""
    ended: dict[str, int] = {}
    detail: dict[str, int] = {}
    for tally in tallies:
        for name, n in tally.ended.items():
            ended[name] = ended.get(name, 0) + n
        for name, n in tally.detail.items():
            detail[name] = detail.get(name, 0) + n
    firsts = [tally.first_at for tally in tallies if tally.first_at]
    lasts = [tally.last_at for tally in tallies if tally.last_at]
    return Tally(
        entered=sum(tally.entered for tally in tallies),
        out=sum(tally.out for tally in tallies),
        errors=sum(tally.errors for tally in tallies),
        held=sum(tally.held for tally in tallies),
        ended=ended,
        detail=detail,
        first_at=min(firsts, default=None),
        last_at=max(lasts, default=None),
    )


def stage_tally(run: Run, stage: Stage) -> Tally:
    """One stage of a run. What entered scraping, and which rows became no lead, the chunks say."""
    tally = add_up([stages[stage] for stages in run.tallies.values() if stage in stages])
    if stage != "scrape":
        return tally
    rows = run.rows
    ended = {
        "duplicate": rows.get("duplicate", 0),
        "updated": rows.get("updated", 0) - rows.get("reopened", 0),
        "refused": rows.get("refused", 0),
    }
    return msgspec.structs.replace(
        tally,
        entered=rows.get("rows", 0) - rows.get("not_taken", 0),
        ended={name: n for name, n in ended.items() if n},
        errors=tally.errors + (1 if run.blocked else 0),
        first_at=run.requested_at,
        last_at=tally.last_at or run.moved_at,
    )


def complete(run: Run, stage: Stage) -> bool:
    """Whether all that could enter the stage has left it, given that the stage before it is complete."""
    tally = stage_tally(run, stage)
    if stage == "scrape":
        return run.rows_read and tally.out == run.rows.get("sourced", 0) + run.rows.get("reopened", 0)
    return tally.entered == tally.settled()


def result(run: Run, stage: Stage, *, passed: bool | None) -> StageResult:
    """The line of the report for a stage."""
    tally = stage_tally(run, stage)
    took = (tally.last_at - tally.first_at).total_seconds() if tally.first_at and tally.last_at else 0.0
    return StageResult(
        stage=stage,
        entered=tally.entered,
        out=tally.out,
        errors=tally.errors,
        held=tally.held,
        ended=tally.ended,
        duration_ms=max(0, round(took * 1000)),
        passed=passed,
        detail=tally.detail,
    )


def too_many_errors(run: Run, stage: Stage, *, over: bool) -> str:
    """Why the stage has to be given up for its errors; empty where it has not.

    Before it is over, only a stage that many leads have entered is judged: the first ten say little about thousands.
    """
    tally = stage_tally(run, stage)
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
    for stage in STAGES:
        over = complete(run, stage)
        if stage not in run.results:
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
        if not over:
            return [*events, *_waiting(run, run_id, stage)]
    end: Event = (
        RunFailed(run_id=run_id, stage=msgspec.convert(failed, Stage), reason=reason)
        if failed
        else RunCompleted(run_id=run_id)
    )
    return [*events, end]


def _waiting(run: Run, run_id: str, stage: Stage) -> list[Event]:
    """The machine's part is done when all before approval is over and the drafts wait for a person."""
    if stage != "approve" or run.terms is None or run.terms.mode not in REVIEWED_BY_A_PERSON:
        return []
    if run.status == "waiting_for_review":
        return []
    tally = stage_tally(run, "approve")
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
        if complete(run, stage) or stage in run.results:
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
        return [failure, end]
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
