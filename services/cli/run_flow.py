"""`swarm run` from the request to the report."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from contracts.commands import RequestRun
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.run import OVER, Run
from services.cli.given import SAMPLE_COMPANIES, Given
from services.cli.opening import Acting, acting, call
from services.cli.printing import document as print_document
from services.cli.printing import say, warn
from services.cli.progress import AT_REST, follow, showing
from services.cli.refused import refusals_of, write_refused
from services.cli.report import Report, document, report_of
from services.cli.report_text import SHADOW, print_report
from services.cli.source import Wish, read_source
from services.cli.store import Store
from services.cli.words import many, short
from services.commands.sources import Source, request_of
from services.projections.views import QUEUE, RUNS
from services.runs.decide import run_id as name_run
from services.runtime.clock import utc_now

FAILED = frozenset({"failed", "stopped", "cancelled", "withdrawn"})
CARDS_LOOKED_AT = 500


@dataclass(frozen=True)
class Output:
    """What the person wants beside the report."""

    refused: Path | None
    watch: bool


@dataclass(frozen=True)
class Prepared:
    """Everything that can be found out without a store; `content` is the file as it came."""

    source: Source
    content: bytes
    command: RequestRun
    pieces: Sequence[bytes]


def prepared(given: Given, wish: Wish) -> Prepared:
    """Read what the run is to work through, and find out whether it may be asked for."""
    now = utc_now()
    source, content = read_source(wish)
    command, pieces = request_of(wish.for_run(), source, name_run(now, secrets.token_hex(3)), given.actor(), now)
    return Prepared(source, content, command, pieces)


async def run(given: Given, what: Prepared, output: Output) -> int:
    """Ask for the run, wait until it rests, and print its report; 1 where a stage failed."""
    source, command = what.source, what.command
    async with acting(given) as at_work:
        if not given.json:
            _introduce(at_work, source, command)
        position = await _request(given, at_work, command, what.pieces)
        await _watch(given, at_work, command.run_id, position, watch=output.watch)
        refusals = await refusals_of(at_work.store, command.run_id)
        if output.refused and source.sheet:
            write_refused(output.refused, source.sheet, what.content, refusals)
        report = await load_report(at_work.store, command.run_id)
        following = await _next(given, at_work.store, report)
    print_one(given, at_work.store, report, following, str(output.refused or ""))
    if report.status in FAILED:
        if not given.json:
            warn(f"error: {failure_line(report)}")
        else:
            warn(failure_line(report))
        return 1
    return 0


async def load_report(store: Store, run_id: str) -> Report:
    """The report of a run as it stands in the log; the run is known to be there."""
    state = (await store.log.load(CONTROL, [Ref("run", run_id)]))[Ref("run", run_id)].state
    run_state = state if isinstance(state, Run) else Run()
    row = await store.views.get(RUNS, run_id)
    refused = await refusals_of(store, run_id) if run_state.rows.get("refused") else []
    return report_of(run_id, run_state, refused, row.remedy if row else "")


def print_one(given: Given, store: Store, report: Report, following: Sequence[str], refused: str = "") -> None:
    """Print a report for whoever asked."""
    if given.json:
        print_document(document(report, namespace=store.settings.namespace, following=following))
    else:
        print_report(report, namespace=store.settings.namespace, following=following, refused_file=refused)


def failure_line(report: Report) -> str:
    """Which stage failed and why, on one line."""
    stage = f"Stage {report.failed_stage} failed" if report.failed_stage else f"The run is {report.status}"
    return f"{stage}: {report.failure or 'no reason was given'} {report.remedy}".strip()


def _introduce(at_work: Acting, source: Source, command: RequestRun) -> None:
    settings = at_work.store.settings
    sheet = source.sheet
    what = f"{sheet.name}, {many(len(sheet.rows), 'row')} ({sheet.dialect})" if sheet else source.name
    say(f"{command.run_id}: {command.terms.mode} over {what}, namespace {settings.namespace}. {SHADOW}")
    if source.sample:
        say("The file is the shipped sample: fictional people, so it counts as marked synthetic.")
    elif source.synthetic and sheet:
        say("The file is marked synthetic, as --synthetic says.")
    if settings.company_directory == SAMPLE_COMPANIES:
        say("Companies are looked up in the shipped sample directory, since this is the namespace demo.")
    if sheet:
        proposals = [one.proposal for one in sheet.unmatched if one.proposal]
        if proposals:
            say(f"Columns nobody recognised; perhaps: {' '.join(proposals)}")
    say("")


async def _request(given: Given, at_work: Acting, command: RequestRun, pieces: Sequence[bytes]) -> int:
    """Store the file, then ask for the run; returns a position before its first fact."""
    before = await at_work.store.log.head(CONTROL)
    swarm = at_work.swarm
    await swarm.runs().start(command, pieces, swarm.files, given.actor(), str(uuid4()))
    return before


async def _watch(given: Given, at_work: Acting, run_id: str, position: int, *, watch: bool) -> None:
    """Show the run until it rests, or with `watch` until it is over, and let everything it caused settle."""
    with showing(quiet=given.json) as show:
        async for state in follow(at_work.store.log, run_id, position, until=OVER if watch else AT_REST):
            show(state)
    from services.cli.session import must_settle, must_show

    if at_work.hosted:
        await must_settle(at_work.swarm)
    else:
        await must_show(at_work.swarm, await at_work.store.heads())


async def _next(given: Given, store: Store, report: Report) -> list[str]:
    """The commands that make sense now."""
    drafts = [
        key for key, row in await store.views.by_rank(QUEUE, count=CARDS_LOOKED_AT) if row.run_id == report.run_id
    ]
    if report.status in FAILED:
        resume = [call(given, f"runs resume {report.run_id}")] if report.status == "stopped" else []
        return [call(given, "dead list"), *resume, call(given, "doctor")]
    if drafts:
        first = short(drafts[0])
        return [
            call(given, "queue"),
            call(given, f"show {first}"),
            call(given, "review"),
            call(given, f"approve {first}"),
            call(given, f"reject {first} --tag weak_cta --reason 'It asks for nothing.'"),
        ]
    return [call(given, "queue"), call(given, f"runs {report.run_id}"), call(given, "tail")]
