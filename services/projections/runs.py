"""The view `runs`: per run all that its report says: what was asked, the rows, the stages, what is waiting."""

from datetime import datetime
from typing import get_args

import msgspec

from contracts.envelope import AnyEnvelope, Event
from contracts.lead import RunTerms
from contracts.run import (
    ROW_COUNTS,
    STAGES,
    RunCancelled,
    RunChunkRead,
    RunCompleted,
    RunEvent,
    RunFailed,
    RunRequested,
    RunResumed,
    RunSourceBlocked,
    RunStageCompleted,
    RunStageFailed,
    RunStopped,
    RunTallied,
    RunWaitingForReview,
    RunWithdrawn,
    Stage,
    StageResult,
    Status,
    Tally,
    stage_result,
    stage_tally,
)

NAME = "runs"
VERSION = 1
LOOK = "The dead letters and the leads of the run say what failed."
REMEDIES = {
    "stopped": f"{LOOK} Mend the cause and resume the run, or cancel it.",
    "failed": f"{LOOK} Mend the cause and start another run: what stands is not done twice.",
}
HEARS: frozenset[type[Event]] = frozenset(get_args(RunEvent))


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stage of the report. `entered` = `out` + `errors` + `held` + all of `ended` + `waiting`.

    `passed` is None while the stage is not over.
    """

    stage: Stage
    entered: int = 0
    out: int = 0
    errors: int = 0
    held: int = 0
    waiting: int = 0
    ended: dict[str, int] = {}
    detail: dict[str, int] = {}
    duration_ms: int = 0
    passed: bool | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One run. `rows` counts by outcome; `tallies` keeps each partition's newest numbers, which `stages` sums up.

    `counts` are the details of all stages under the word before their colon: `tier:tier_1` is `counts["tier"]["tier_1"]`.
    """

    run_id: str
    status: Status = "none"
    synthetic: bool = False
    terms: RunTerms | None = None
    source: str = ""
    file_name: str = ""
    file_rows: int = 0
    limit: int | None = None
    asked_by: str = ""
    started_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    rows: dict[str, int] = {}
    tallies: dict[str, dict[str, Tally]] = {}
    stages: tuple[Line, ...] = ()
    counts: dict[str, dict[str, int]] = {}
    waiting: int = 0
    blocked: bool = False
    failed_stage: str = ""
    failure: str = ""
    remedy: str = ""


def of_campaign(row: Row, campaign: str) -> bool:
    """Whether a run was asked for this campaign, or has leads that were routed there; an empty one is any."""
    return (
        not campaign
        or campaign in row.counts.get("campaign", {})
        or (row.terms is not None and row.terms.campaign == campaign)
    )


def key(fact: AnyEnvelope) -> str:
    """The run."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The run after this fact."""
    before = row or Row(run_id=fact.event.about())
    run = msgspec.structs.replace(before, moved_at=fact.recorded_at)
    replace = msgspec.structs.replace
    match fact.event:
        case RunRequested() as asked:
            return replace(
                run,
                status="running",
                synthetic=fact.synthetic,
                terms=asked.terms,
                source=asked.source,
                file_name=asked.file.name if asked.file else "",
                file_rows=asked.file.rows if asked.file else 0,
                limit=asked.limit,
                asked_by=str(fact.actor),
                started_at=fact.recorded_at,
                stages=tuple(Line(stage=stage) for stage in STAGES),
            )
        case RunChunkRead() as read:
            rows = {name: run.rows.get(name, 0) + int(getattr(read, name)) for name in ROW_COUNTS}
            return _summed_up(replace(run, rows=rows))
        case RunSourceBlocked(reason=reason, remedy=remedy):
            return _summed_up(replace(run, blocked=True, failure=reason, remedy=remedy))
        case RunTallied(partition=partition, stages=stages):
            return _summed_up(replace(run, tallies=run.tallies | {str(partition): stages}))
        case RunStageCompleted(result=result):
            return _counted(replace(run, stages=_replaced(run.stages, _line_of(result))))
        case RunStageFailed(stage=stage, reason=reason, result=result):
            return _counted(
                replace(run, stages=_replaced(run.stages, _line_of(result)), failed_stage=stage, failure=reason)
            )
        case RunStopped(stage=stage, reason=reason):
            return replace(run, status="stopped", failed_stage=stage, failure=reason)
        case RunResumed():
            return replace(run, status="running", failed_stage="", failure="", remedy="")
        case RunWaitingForReview(waiting=waiting):
            return replace(run, status="waiting_for_review", waiting=waiting)
        case RunCompleted():
            return replace(run, status="completed", ended_at=fact.recorded_at, waiting=0)
        case RunFailed(stage=stage, reason=reason):
            return replace(run, status="failed", ended_at=fact.recorded_at, failed_stage=stage, failure=reason)
        case RunCancelled(reason=reason):
            return replace(run, status="cancelled", ended_at=fact.recorded_at, failure=reason)
        case RunWithdrawn(reason=reason):
            return replace(run, status="withdrawn", ended_at=fact.recorded_at, failure=reason, waiting=0)
        case _:
            return row


def why(row: Row) -> tuple[str, str]:
    """Why a run stopped or ended before its time, in words, and what to do about it; nothing of one that goes its way."""
    match row.status:
        case "stopped" | "failed":
            what = f"Stage {row.failed_stage} failed" if row.failed_stage else f"The run {row.status}"
            reason = row.failure or "no reason was recorded."
            return f"{what}: {reason}", row.remedy or REMEDIES[row.status]
        case "cancelled" | "withdrawn":
            return f"It was {row.status}{f': {row.failure}' if row.failure else ', and nobody said why.'}", ""
        case _:
            return "", ""


def rank(row: Row) -> float | None:
    """By the time of the request."""
    return row.started_at.timestamp() if row.started_at else None


def _summed_up(run: Row) -> Row:
    """The stages as the newest counts have them; whether a stage passed is QUEEN's word alone."""
    passed = {line.stage: line.passed for line in run.stages}
    lines = tuple(
        _line_of(
            stage_result(
                stage,
                stage_tally(stage, run.tallies, run.rows, blocked=run.blocked, requested_at=run.started_at),
                passed=passed.get(stage),
            )
        )
        for stage in STAGES
    )
    waiting = next(line.waiting for line in lines if line.stage == "approve")
    return _counted(msgspec.structs.replace(run, stages=lines, waiting=waiting))


def _line_of(result: StageResult) -> Line:
    return Line(
        stage=result.stage,
        entered=result.entered,
        out=result.out,
        errors=result.errors,
        held=result.held,
        waiting=max(0, result.entered - result.out - result.errors - result.held - sum(result.ended.values())),
        ended=result.ended,
        detail=result.detail,
        duration_ms=result.duration_ms,
        passed=result.passed,
    )


def _replaced(lines: tuple[Line, ...], line: Line) -> tuple[Line, ...]:
    by_stage = {one.stage: one for one in lines} | {line.stage: line}
    return tuple(by_stage[stage] for stage in STAGES if stage in by_stage)


def _counted(run: Row) -> Row:
    counts: dict[str, dict[str, int]] = {}
    for line in run.stages:
        for name, count in line.detail.items():
            kind, colon, what = name.partition(":")
            group = counts.setdefault(kind if colon else line.stage, {})
            group[what if colon else name] = group.get(what if colon else name, 0) + count
    return msgspec.structs.replace(run, counts=counts)
