"""The report of a run, from the run's own state in the log: the rows, the stages, what came of them, what to do next."""

from collections.abc import Mapping, Sequence

import msgspec

from contracts.run import STAGES, Run, Stage, StageResult, stage_result, stage_tally
from services.projections import runs
from services.projections.words import STOPPED

PAID = "nothing paid was called"
ENDED_BY_PERSON = frozenset({"cancelled", "withdrawn"})
ENDS: Mapping[str, str] = {
    "duplicate": "duplicate",
    "updated": "updated",
    "refused": "refused",
    "blocked": "no text that the guard lets pass",
    "unresolved": "sent or not: a person has to look",
    **{str(reason): words for reason, words in STOPPED.items()},
}


class StageLine(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: `entered` = `out` + `errors` + `held` + all of `ended` + `waiting`; `passed` is None until it is over."""

    stage: Stage
    entered: int
    out: int
    errors: int
    held: int
    waiting: int
    ended: dict[str, int]
    duration_ms: int
    passed: bool | None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A row that became no lead."""

    row: int
    field: str
    reason: str
    remedy: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said of a run."""

    run_id: str
    mode: str
    status: str
    source: str
    file: str
    synthetic: bool
    rows: dict[str, int]
    stages: tuple[StageLine, ...]
    tiers: dict[str, int]
    campaigns: dict[str, int]
    angles: dict[str, int]
    would_help: dict[str, int]
    refusals: tuple[Refusal, ...]
    failed_stage: str
    failure: str
    remedy: str
    older: int = 0
    campaign: str = ""


def stage_lines(run: Run) -> tuple[StageLine, ...]:
    """The stages as they stand."""
    found = []
    for stage in STAGES:
        judged = run.results.get(stage)
        line = _result(run, stage, passed=judged.passed if judged else None)
        waiting = line.entered - line.out - line.errors - line.held - sum(line.ended.values())
        found.append(
            StageLine(
                stage=stage,
                entered=line.entered,
                out=line.out,
                errors=line.errors,
                held=line.held,
                waiting=max(0, waiting),
                ended=line.ended,
                duration_ms=line.duration_ms,
                passed=line.passed,
            )
        )
    return tuple(found)


def _result(run: Run, stage: Stage, *, passed: bool | None) -> StageResult:
    tally = stage_tally(stage, run.tallies, run.rows, blocked=bool(run.blocked), requested_at=run.requested_at)
    return stage_result(stage, tally, passed=passed)


def rows_of(run: Run) -> dict[str, int]:
    """See `counts_of_rows`."""
    return counts_of_rows(run.rows)


def counts_of_rows(rows: Mapping[str, int]) -> dict[str, int]:
    """sourced + updated + duplicate + refused + not_taken = rows."""
    return {name: rows.get(name, 0) for name in ("rows", "sourced", "updated", "duplicate", "refused", "not_taken")}


def report_of(run_id: str, run: Run, refusals: Sequence[Refusal], remedy: str = "") -> Report:
    """The report of a run as it stands."""
    counts = _counts(run)
    return Report(
        run_id=run_id,
        mode=run.terms.mode if run.terms else "",
        status=run.status,
        source=run.source,
        file=run.file.name if run.file else "",
        synthetic=run.synthetic,
        rows=rows_of(run),
        stages=stage_lines(run),
        tiers=counts.get("tier", {}),
        campaigns=counts.get("campaign", {}),
        angles=counts.get("angle", {}),
        would_help=counts.get("would_help", {}),
        refusals=tuple(refusals),
        failed_stage=run.failed_stage,
        failure=run.failure or run.blocked,
        remedy=remedy,
        older=run.rows.get("older", 0),
        campaign=run.terms.campaign if run.terms else "",
    )


def report_of_row(row: runs.Row, refusals: Sequence[Refusal]) -> Report:
    """The same from the view's row, for who cannot look into the log.

    The row keeps why a run was ended by a person; that is no failure of the run.
    """
    counts = {kind: _in_order(kind, group) for kind, group in row.counts.items()}
    return Report(
        run_id=row.run_id,
        mode=row.terms.mode if row.terms else "",
        status=row.status,
        source=row.source,
        file=row.file_name,
        synthetic=row.synthetic,
        rows=counts_of_rows(row.rows),
        stages=lines_of_row(row),
        tiers=counts.get("tier", {}),
        campaigns=counts.get("campaign", {}),
        angles=counts.get("angle", {}),
        would_help=counts.get("would_help", {}),
        refusals=tuple(refusals),
        failed_stage=row.failed_stage,
        failure="" if row.status in ENDED_BY_PERSON else row.failure,
        remedy=row.remedy,
        older=row.rows.get("older", 0),
        campaign=row.terms.campaign if row.terms else "",
    )


def lines_of_row(row: runs.Row) -> tuple[StageLine, ...]:
    """The stages as the view tells them."""
    names = StageLine.__struct_fields__
    return tuple(StageLine(**{name: getattr(line, name) for name in names}) for line in row.stages)


def _counts(run: Run) -> dict[str, dict[str, int]]:
    """The details of all stages, by the word before the colon, the most frequent first."""
    counts: dict[str, dict[str, int]] = {}
    for stage in STAGES:
        for name, count in _result(run, stage, passed=None).detail.items():
            kind, _, what = name.partition(":")
            group = counts.setdefault(kind, {})
            group[what] = group.get(what, 0) + count
    return {kind: _in_order(kind, group) for kind, group in counts.items()}


def _in_order(kind: str, group: Mapping[str, int]) -> dict[str, int]:
    """Tiers by name, all else the most frequent first."""
    by_name = sorted(group.items())
    return dict(by_name if kind == "tier" else sorted(by_name, key=lambda one: -one[1]))


def document(report: Report, *, namespace: str, following: Sequence[str]) -> dict[str, object]:
    """The report for a program."""
    return {
        "run_id": report.run_id,
        "mode": report.mode,
        "status": report.status,
        "namespace": namespace,
        "source": report.source,
        "file": report.file,
        "synthetic": report.synthetic,
        "campaign": report.campaign,
        "rows": report.rows,
        "older": report.older,
        "stages": [stage_document(line) for line in report.stages],
        "tiers": report.tiers,
        "campaigns": report.campaigns,
        "angles": report.angles,
        "would_help": report.would_help,
        "refusals": [msgspec.structs.asdict(one) for one in report.refusals],
        "failed_stage": report.failed_stage,
        "failure": report.failure,
        "remedy": report.remedy,
        "shadow": True,
        "cost_estimate": {"usd": 0.0, "because": PAID},
        "next": list(following),
    }


def stage_document(line: StageLine) -> dict[str, object]:
    """A stage for a program."""
    plain: dict[str, object] = {"stage": line.stage, "in": line.entered}
    names = ("out", "errors", "duration_ms", "passed", "ended", "held", "waiting")
    return plain | {name: getattr(line, name) for name in names}


def verdict(line: StageLine) -> str:
    """PASS, FAIL, or what the stage is waiting for."""
    if line.passed is not None:
        return "PASS" if line.passed else "FAIL"
    if line.waiting:
        return "waiting"
    return "" if line.entered else "-"


def ended(line: StageLine) -> str:
    """How leads left by design, in words."""
    parts = [f"{count:,} {ENDS.get(name, name.replace('_', ' '))}" for name, count in sorted(line.ended.items())]
    if line.held:
        parts.append(f"{line.held:,} held")
    if line.waiting:
        parts.append(f"{line.waiting:,} waiting")
    return ", ".join(parts)
