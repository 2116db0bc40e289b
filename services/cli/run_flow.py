"""`swarm run` from the request to the report."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.run import OVER
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document as print_document
from services.cli.printing import say, warn
from services.cli.progress import AT_REST, showing
from services.cli.refused import write_refused
from services.cli.report import Report, document
from services.cli.report_text import print_report
from services.cli.run_desk import Prepared, RunsAtWork, Started, running
from services.cli.source import Wish, read_source
from services.cli.words import SHADOW, many, short
from services.commands.sources import request_of
from services.runs.decide import run_id as name_run
from services.runtime.clock import utc_now

FAILED = frozenset({"failed", "stopped", "cancelled", "withdrawn"})


@dataclass(frozen=True)
class Output:
    """What the person wants beside the report."""

    refused: Path | None
    watch: bool


def prepared(given: Given, wish: Wish) -> Prepared:
    """Read what the run is to work through, and find out whether it may be asked for."""
    now = utc_now()
    source, content = read_source(wish, now)
    command, pieces = request_of(wish.for_run(), source, name_run(now, secrets.token_hex(3)), given.actor(), now)
    return Prepared(wish, source, content, command, pieces)


async def run(given: Given, what: Prepared, output: Output) -> int:
    """Ask for the run, wait until it rests, and print its report; 1 where a stage failed."""
    async with running(given) as at_work:
        namespace, started = await at_work.desk.namespace(), await at_work.start(what)
        if not given.json:
            _introduce(what, started.run_id, namespace, at_work.remark)
        await _watch(given, at_work, started, watch=output.watch)
        if output.refused and what.source.sheet:
            write_refused(output.refused, what.source.sheet, what.content, await at_work.desk.refusals(started.run_id))
        report = await at_work.desk.report(started.run_id)
        following = _next(given, report, await at_work.desk.first_draft(started.run_id))
    print_one(given, namespace, report, following, str(output.refused or ""))
    if report.status in FAILED:
        if not given.json:
            warn(f"error: {failure_line(report)}")
        else:
            warn(failure_line(report))
        return 1
    return 0


def print_one(given: Given, namespace: str, report: Report, following: Sequence[str], refused: str = "") -> None:
    """Print a report for whoever asked."""
    if given.json:
        print_document(document(report, namespace=namespace, following=following))
    else:
        print_report(report, namespace=namespace, following=following, refused_file=refused)


def failure_line(report: Report) -> str:
    """Which stage failed and why, on one line."""
    stage = f"Stage {report.failed_stage} failed" if report.failed_stage else f"The run is {report.status}"
    return f"{stage}: {report.failure or 'no reason was given'} {report.remedy}".strip()


def _introduce(what: Prepared, run_id: str, namespace: str, remark: str) -> None:
    source, sheet = what.source, what.source.sheet
    over = f"{sheet.name}, {many(len(sheet.rows), 'row')} ({sheet.dialect})" if sheet else source.name
    over += f" for campaign {what.command.terms.campaign}" if what.command.terms.campaign else ""
    say(f"{run_id}: {what.command.terms.mode} over {over}, namespace {namespace}. {SHADOW}")
    if source.sample:
        say("The file is the shipped sample: fictional people, so it counts as marked synthetic.")
    elif source.synthetic and sheet:
        say("The file is marked synthetic, as --synthetic says.")
    if remark:
        say(remark)
    if sheet:
        proposals = [one.proposal for one in sheet.unmatched if one.proposal]
        if proposals:
            say(f"Columns nobody recognised; perhaps: {' '.join(proposals)}")
    say("")


async def _watch(given: Given, at_work: RunsAtWork, started: Started, *, watch: bool) -> None:
    """Show the run until it rests, or with `watch` until it is over, and let everything it caused settle."""
    with showing(quiet=given.json) as show:
        async for standing in at_work.follow(started, OVER if watch else AT_REST):
            show(standing)
    await at_work.settle()


def _next(given: Given, report: Report, draft: str) -> list[str]:
    """The commands that make sense now."""
    if report.status in FAILED:
        resume = [call(given, f"runs resume {report.run_id}")] if report.status == "stopped" else []
        return [call(given, "dead list"), *resume, call(given, "doctor")]
    if draft:
        first = short(draft)
        return [
            call(given, "queue"),
            call(given, f"show {first}"),
            call(given, "review"),
            call(given, f"approve {first}"),
            call(given, f"reject {first} --tag weak_cta --reason 'It asks for nothing.'"),
        ]
    return [call(given, "queue"), call(given, f"runs {report.run_id}"), call(given, "tail")]
