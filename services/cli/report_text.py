"""The report of a run for a person."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, get_args

from contracts.lead import Tier
from services.cli.printing import say, table
from services.cli.report import PAID, Report, StageLine, ended, verdict
from services.cli.words import SHADOW, joined, many, spoken, took

if TYPE_CHECKING:
    from rich.table import Table

    from services.cli.run_desk import TakenBack

REFUSALS_SHOWN = 10
STATUS: Mapping[str, str] = {
    "running": "is under way",
    "stopped": "was stopped",
    "waiting_for_review": "waits for review",
    "completed": "is completed",
    "failed": "failed",
    "cancelled": "was cancelled",
    "withdrawn": "was withdrawn",
}


def stage_table(lines: Sequence[StageLine]) -> "Table":
    """The stages, one a line."""
    rows = [
        (
            line.stage,
            f"{line.entered:,}",
            f"{line.out:,}",
            f"{line.errors:,}",
            ended(line),
            took(line.duration_ms) if line.entered else "",
            verdict(line),
        )
        for line in lines
    ]
    columns = ("stage", "in", "out", "errors", "left otherwise", "took", "result")
    return table(columns, rows, right=("in", "out", "errors", "took"))


def print_report(report: Report, *, namespace: str, following: Sequence[str], refused_file: str = "") -> None:
    """Print it."""
    from services.cli.printing import heading

    over = report.file or report.source
    over += f" for campaign {report.campaign}" if report.campaign else ""
    say(heading(f"{report.run_id} {STATUS.get(report.status, report.status)}"))
    say(f"{report.mode} over {over}, namespace {namespace}. {SHADOW}", "")
    say(rows_line(report.rows), *known_lines(report.rows, report.older), stage_table(report.stages))
    if report.failure:
        stage = f"{report.failed_stage} failed: " if report.failed_stage else ""
        say(f"{stage}{report.failure} {report.remedy}".rstrip(), "")
    tiers = {tier: report.tiers[tier] for tier in get_args(Tier) if tier in report.tiers}
    for name, counts in (("tiers", tiers), ("campaigns", report.campaigns), ("angles", report.angles)):
        if counts:
            say(f"{name + ':':<11}{', '.join(f'{count:,} × {spoken(one)}' for one, count in counts.items())}")
    for field, count in report.would_help.items():
        say(f"more data: a column for {spoken(field)} would take {many(count, 'more lead')} further.")
    _print_refusals(report, refused_file)
    say(f"{'cost:':<11}0.00 USD, {PAID}.")
    if following:
        say("", "Next:", *(f"  {one}" for one in following))


def taken_back_lines(taken: "TakenBack") -> list[str]:
    """What a withdrawal took back, what stays, and what can be done now."""
    lines = [f"taken back: {many(taken.leads, 'lead')} and {many(taken.drafts, 'draft')}; they are in no queue."]
    if taken.stayed:
        parts = joined([f"{count:,} {spoken(status)}" for status, count in taken.stayed.items()])
        lines.append(f"stays:      {parts}: what was answered or sent is history, and is not written to again.")
    lines.append("Import the file again whenever it is right: whoever nobody has answered yet goes on then.")
    return lines


def known_lines(rows: Mapping[str, int], older: int, came_before: str = "") -> list[str]:
    """What is to be said of rows that came before: the same file twice, and an older file after a newer one."""
    lines = []
    usable = rows.get("rows", 0) - rows.get("refused", 0) - rows.get("not_taken", 0)
    if came_before:
        lines.append(f"{'known:':<11}this very file came before, in {came_before}.")
    if usable and rows.get("duplicate", 0) == usable:
        lines.append(f"{'known:':<11}every row came before with nothing new; nobody is written to twice.")
    if older:
        held = "row has an older value" if older == 1 else "rows have older values"
        lines.append(
            f"{'older:':<11}{older:,} {held} than is known, and the newer stays. If this file is right after all, "
            "run it with --as-of now."
        )
    return lines


def rows_line(rows: Mapping[str, int]) -> str:
    """The counts that add up."""
    parts = " + ".join(
        f"{rows.get(name, 0):,} {spoken(name)}" for name in ("sourced", "updated", "duplicate", "refused", "not_taken")
    )
    return f"{'rows:':<11}{parts} = {many(rows.get('rows', 0), 'row')}"


def _print_refusals(report: Report, refused_file: str) -> None:
    refused = report.rows.get("refused", 0)
    if not refused:
        return
    shown = report.refusals[:REFUSALS_SHOWN]
    rows = [(str(one.row), one.field, one.reason, one.remedy) for one in shown]
    say(f"refused:   {many(refused, 'row')}{' in ' + refused_file if refused_file else ''}")
    if rows:
        say(table(("row", "field", "why", "remedy"), rows, right=("row",)))
    if len(report.refusals) > len(shown):
        hint = "" if refused_file else "; --refused FILE writes them all"
        say(f"… and {len(report.refusals) - len(shown):,} more{hint}.", "")
