"""The page of category `run`: one errand of the swarm, its stages, and how many leads went which way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import AnyEnvelope, Event
from contracts.lead import RunTerms

FOLD = 1

Stage: TypeAlias = Literal["scrape", "enrich", "segment", "craft", "approve", "send"]
STAGES: tuple[Stage, ...] = ("scrape", "enrich", "segment", "craft", "approve", "send")
Status: TypeAlias = Literal[
    "none", "running", "stopped", "waiting_for_review", "completed", "failed", "cancelled", "withdrawn"
]
ROW_COUNTS = ("rows", "sourced", "updated", "duplicate", "refused", "not_taken", "reopened", "older")
OVER = frozenset({"completed", "failed", "cancelled", "withdrawn"})


class FileRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file that was stored by content before the run was requested.

    `rows` data rows in `chunks` chunks of at most 200; `mapping` maps our field names to its columns; `as_of` is when
    the file was made, as far as somebody knows.
    """

    sha256: str
    name: str
    rows: int
    chunks: int
    mapping: dict[str, str]
    dialect: str
    synthetic: bool
    as_of: datetime | None = None


class RunRequested(Event, frozen=True, kw_only=True, tag="run.requested.v1"):
    """Somebody asks for leads to be worked through. Emitted by the gateway or the command line; HUNTER and QUEEN hear.

    `limit` is the number of rows to take, none for all of them; `seed` fixes what a synthetic source invents.
    """

    run_id: str
    terms: RunTerms
    source: str
    file: FileRef | None = None
    limit: int | None = None
    seed: int = 0
    max_error_share: float = 0.2
    stall_s: int = 300

    def about(self) -> str:
        return self.run_id


class RunChunkRead(Event, frozen=True, kw_only=True, tag="run.chunk_read.v1"):
    """A chunk of rows was worked through; HUNTER hears its own fact and takes the next chunk.

    sourced + updated + duplicate + refused + not_taken = rows. `reopened` of the updated go on to enrichment.
    `older` rows hold an older value than is known, which was not taken.
    """

    run_id: str
    chunk: int
    last: bool
    rows: int
    sourced: int
    updated: int
    duplicate: int
    refused: int
    not_taken: int
    reopened: int = 0
    older: int = 0

    def about(self) -> str:
        return self.run_id


class RunSourceBlocked(Event, frozen=True, kw_only=True, tag="run.source_blocked.v1"):
    """The source gives nothing and will not by being asked again. Emitted by HUNTER."""

    run_id: str
    source: str
    reason: str
    remedy: str

    def about(self) -> str:
        return self.run_id


class Tally(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many leads of a run one stage has seen: `entered` = `out` + `errors` + `held` + all of `ended` + waiting.

    `ended` counts by reason the leads whose way is over here by design, `detail` counts what the report shows
    (tiers, campaigns, columns that would help). Times are of the first fact in and the last fact out.
    """

    entered: int = 0
    out: int = 0
    errors: int = 0
    held: int = 0
    ended: dict[str, int] = {}
    detail: dict[str, int] = {}
    first_at: datetime | None = None
    last_at: datetime | None = None

    def settled(self) -> int:
        """The leads that this stage is done with, or that wait for somebody to resume the run."""
        return self.out + self.errors + self.held + sum(self.ended.values())


class RunTallied(Event, frozen=True, kw_only=True, tag="run.tallied.v1"):
    """Absolute numbers of one partition up to `through`; a later one replaces, a repeat changes nothing. By QUEEN."""

    run_id: str
    partition: int
    through: int
    stages: dict[str, Tally]

    def about(self) -> str:
        return self.run_id


class StageResult(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the report. `passed` is None while the stage waits for a person."""

    stage: Stage
    entered: int
    out: int
    errors: int
    held: int
    ended: dict[str, int]
    duration_ms: int
    passed: bool | None
    detail: dict[str, int] = {}


def add_up(tallies: Sequence[Tally]) -> Tally:
    """One stage over all partitions."""
    if len(tallies) == 1:
        return tallies[0]
    ended: dict[str, int] = {}
    detail: dict[str, int] = {}
    for tally in tallies:
        for name, n in tally.ended.items():
            ended[name] = ended.get(name, 0) + n
        for name, n in tally.detail.items():
            detail[name] = detail.get(name, 0) + n
    return Tally(
        entered=sum(tally.entered for tally in tallies),
        out=sum(tally.out for tally in tallies),
        errors=sum(tally.errors for tally in tallies),
        held=sum(tally.held for tally in tallies),
        ended=ended,
        detail=detail,
        first_at=min((tally.first_at for tally in tallies if tally.first_at), default=None),
        last_at=max((tally.last_at for tally in tallies if tally.last_at), default=None),
    )


def stage_tally(
    stage: Stage,
    tallies: Mapping[str, Mapping[str, Tally]],
    rows: Mapping[str, int],
    *,
    blocked: bool,
    requested_at: datetime | None,
) -> Tally:
    """One stage of a run. What entered scraping, and which rows became no lead, the chunks say.

    Args:
        tallies: by partition and stage.
        rows: the counts of all chunks, by `ROW_COUNTS`.
        blocked: whether the source gave nothing, which is scraping's one error.
    """
    tally = add_up([stages[stage] for stages in tallies.values() if stage in stages])
    if stage != "scrape":
        return tally
    ended = {
        "duplicate": rows.get("duplicate", 0),
        "updated": rows.get("updated", 0) - rows.get("reopened", 0),
        "refused": rows.get("refused", 0),
    }
    return msgspec.structs.replace(
        tally,
        entered=rows.get("rows", 0) - rows.get("not_taken", 0),
        ended={name: n for name, n in ended.items() if n},
        errors=tally.errors + blocked,
        first_at=requested_at,
    )


def stage_result(stage: Stage, tally: Tally, *, passed: bool | None) -> StageResult:
    """The line of the report for a stage; it took from the first lead in to the last one out."""
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


class RunStageCompleted(Event, frozen=True, kw_only=True, tag="run.stage_completed.v1"):
    """Every lead that entered the stage has left it. Emitted by QUEEN."""

    run_id: str
    result: StageResult

    def about(self) -> str:
        return self.run_id


class RunStageFailed(Event, frozen=True, kw_only=True, tag="run.stage_failed.v1"):
    """The stage is given up: its source is blocked, too many of its leads err, or nothing moves. Emitted by QUEEN."""

    run_id: str
    stage: Stage
    reason: str
    result: StageResult

    def about(self) -> str:
        return self.run_id


class RunStopped(Event, frozen=True, kw_only=True, tag="run.stopped.v1"):
    """A production run goes no further until a person resumes it; agents hold its leads. Emitted by QUEEN."""

    run_id: str
    stage: Stage
    reason: str

    def about(self) -> str:
        return self.run_id


class RunResumed(Event, frozen=True, kw_only=True, tag="run.resumed.v1"):
    """A person lets a stopped run go on; its held leads are released."""

    run_id: str

    def about(self) -> str:
        return self.run_id


class RunWaitingForReview(Event, frozen=True, kw_only=True, tag="run.waiting_for_review.v1"):
    """The machine's part is done; drafts wait for a person. Emitted by QUEEN."""

    run_id: str
    waiting: int

    def about(self) -> str:
        return self.run_id


class RunCompleted(Event, frozen=True, kw_only=True, tag="run.completed.v1"):
    """Every lead of the run has its outcome. Emitted by QUEEN."""

    run_id: str

    def about(self) -> str:
        return self.run_id


class RunFailed(Event, frozen=True, kw_only=True, tag="run.failed.v1"):
    """A stage failed; the others went as far as they could. Emitted by QUEEN."""

    run_id: str
    stage: Stage
    reason: str

    def about(self) -> str:
        return self.run_id


class RunCancelled(Event, frozen=True, kw_only=True, tag="run.cancelled.v1"):
    """A person ended the run: no further row is taken, its leads are held where they are."""

    run_id: str
    reason: str = ""

    def about(self) -> str:
        return self.run_id


class RunWithdrawn(Event, frozen=True, kw_only=True, tag="run.withdrawn.v1"):
    """A person takes back what the run brought: its leads and undecided drafts leave every queue."""

    run_id: str
    reason: str = ""

    def about(self) -> str:
        return self.run_id


class Run(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decisions about a run need: what was asked, the rows, the tallies by partition number, the stages reported."""

    status: Status = "none"
    synthetic: bool = False
    terms: RunTerms | None = None
    source: str = ""
    file: FileRef | None = None
    limit: int | None = None
    seed: int = 0
    max_error_share: float = 0.2
    stall_s: int = 300
    requested_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    chunks_read: int = 0
    rows_read: bool = False
    rows: dict[str, int] = {}
    blocked: str = ""
    tallies: dict[str, dict[str, Tally]] = {}
    through: dict[str, int] = {}
    results: dict[str, StageResult] = {}
    failed_stage: str = ""
    failure: str = ""


NONE = Run()

RunEvent: TypeAlias = (
    RunRequested
    | RunChunkRead
    | RunSourceBlocked
    | RunTallied
    | RunStageCompleted
    | RunStageFailed
    | RunStopped
    | RunResumed
    | RunWaitingForReview
    | RunCompleted
    | RunFailed
    | RunCancelled
    | RunWithdrawn
)


def evolve(state: Run | None, heard: AnyEnvelope) -> Run:
    """The run after this fact. Total: whatever was recorded is taken."""
    run = state or NONE
    at = heard.recorded_at
    replace = msgspec.structs.replace
    match heard.event:
        case RunRequested() as asked:
            return replace(
                run,
                status="running",
                synthetic=heard.synthetic,
                terms=asked.terms,
                source=asked.source,
                file=asked.file,
                limit=asked.limit,
                seed=asked.seed,
                max_error_share=asked.max_error_share,
                stall_s=asked.stall_s,
                requested_at=at,
                moved_at=at,
            )
        case RunChunkRead() as read:
            counts = {name: run.rows.get(name, 0) + int(getattr(read, name)) for name in ROW_COUNTS}
            return replace(run, rows=counts, chunks_read=read.chunk + 1, rows_read=read.last, moved_at=at)
        case RunSourceBlocked(reason=reason):
            return replace(run, blocked=reason, rows_read=True, moved_at=at)
        case RunTallied(partition=partition, through=through, stages=stages):
            return replace(
                run,
                tallies=run.tallies | {str(partition): stages},
                through=run.through | {str(partition): through},
                moved_at=at,
            )
        case RunStageCompleted(result=result):
            return replace(run, results=run.results | {result.stage: result}, moved_at=at)
        case RunStageFailed(result=result, stage=stage, reason=reason):
            return replace(
                run, results=run.results | {result.stage: result}, failed_stage=stage, failure=reason, moved_at=at
            )
        case RunStopped():
            return replace(run, status="stopped", moved_at=at)
        case RunResumed():
            return replace(run, status="running", failed_stage="", failure="", moved_at=at)
        case RunWaitingForReview():
            return replace(run, status="waiting_for_review", moved_at=at)
        case RunCompleted():
            return replace(run, status="completed", ended_at=at, moved_at=at)
        case RunFailed():
            return replace(run, status="failed", ended_at=at, moved_at=at)
        case RunCancelled():
            return replace(run, status="cancelled", ended_at=at, moved_at=at)
        case RunWithdrawn():
            return replace(run, status="withdrawn", ended_at=at, moved_at=at)
        case _:
            return run
