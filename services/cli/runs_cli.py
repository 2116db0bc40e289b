"""The commands about runs: request one, look at them, cancel, withdraw and resume."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.command import CsvOption, LimitOption, command, listed, only
from services.cli.given import Given

if TYPE_CHECKING:
    from contracts.commands import CancelRun, ResumeRun, WithdrawRun
    from services.cli.run_desk import Prepared
    from services.commands.sources import Source


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app, "run")(run)
    command(app, "runs")(runs)


async def run(
    given: Given,
    mode: Annotated[str, typer.Option(metavar="MODE", help="dry_run, sandbox, staging or production.")],
    source: Annotated[
        str, typer.Option(metavar="NAME", help="An inventing source: competitor_gong, event_saastr or default.")
    ] = "",
    input_: Annotated[
        Path | None, typer.Option("--input", metavar="FILE", help="A file of leads: CSV, JSON or JSON Lines.")
    ] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Take a field from this column.")
    ] = None,
    map_name: Annotated[
        str, typer.Option("--map-name", metavar="NAME", help="Take the columns as was kept under this name.")
    ] = "",
    save_map: Annotated[
        str, typer.Option("--save-map", metavar="NAME", help="Keep what --map says under this name.")
    ] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="TIME", help="When the file was made; else when it was last written.")
    ] = "",
    campaign: Annotated[
        str, typer.Option(metavar="NAME", help="Work for this campaign: its audience, its words, its angles.")
    ] = "",
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="Take so many rows; a file has no limit, a source has 5.")
    ] = None,
    segment: Annotated[str, typer.Option(metavar="TIER", help="Draft for this tier alone.")] = "",
    draft: Annotated[
        str, typer.Option(metavar="TIERS", help="Draft also for tier_4 and needs_data, with a comma between.")
    ] = "",
    refused: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the refused rows there, each with what mends it.")
    ] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="The file holds invented people.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Stay until each draft of the run is answered.")] = False,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Invent the same people again.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a production run.")] = False,
) -> int:
    """Work through leads: source, enrich, score, draft; then a person decides."""
    import secrets

    from services.cli.mappings_cli import check_keepable, keep, named
    from services.cli.refused import check_writable
    from services.cli.run_flow import Output, prepared
    from services.cli.run_flow import run as start
    from services.cli.source import Wish

    drawn = secrets.randbelow(1_000_000_000) if seed is None else seed
    kept = await named(given, map_name) if map_name else None
    wish = Wish(mode, source, input_, map_ or (), limit, segment, draft, synthetic, drawn, campaign, kept, as_of)
    what = prepared(given, wish)
    if refused:
        check_writable(refused, input_)
    if save_map:
        check_keepable(save_map, what)
    if mode == "dry_run":
        from services.cli.dry_run import dry_run

        code = await dry_run(given, what, refused, save_map)
        if save_map:
            await keep(given, save_map, what)
        return code
    if not given.json:
        _doubt(what.source)
    if mode == "production" or campaign:
        _check_set_up(given, what)
    if mode == "production" and not yes:
        await _confirm(given, len(what.source.sheet.rows) if what.source.sheet else 0)
    if save_map:
        await keep(given, save_map, what)
    return await start(given, what, Output(refused, watch))


def _doubt(source: "Source") -> None:
    """Say which columns hold something else than what they are taken for, before anybody says yes."""
    from services.cli.printing import say

    for one in source.sheet.doubts if source.sheet else ():
        say(f"Look twice: {one.detail} {one.remedy}")


def _check_set_up(given: Given, what: "Prepared") -> None:
    """List everything that is missing for a run, before anybody is asked; a gateway tells for itself.

    Raises:
        DecisionRefused: something is missing, or this is the namespace of the demonstration.
    """
    if given.elsewhere():
        return
    from contracts.errors import NotSetUp
    from services.cli.set_up import print_gaps, set_up_of

    found = set_up_of(given.settings())
    try:
        found.ready(what.command)
    except NotSetUp:
        if not given.json:
            print_gaps(found.missing(what.command.terms.campaign))
        raise


async def _confirm(given: Given, rows: int) -> None:
    """Ask whether these are the right people.

    Raises:
        BadInput: nobody can be asked.
        DecisionRefused: the answer is not yes.
    """
    from contracts.errors import BadInput, DecisionRefused
    from services.cli.keys import line
    from services.cli.words import many, where

    if given.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("A production run over real people has to be confirmed.", "Add --yes.", field="yes")
    if given.elsewhere():
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            namespace = await there.namespace()
    else:
        namespace = given.settings().namespace
    what = f"{many(rows, 'row')} of real people, and each draft will wait for a person."
    question = f"{what} {where(namespace)} Go on? [y/N] "
    if (await line(question)).lower() not in {"y", "yes"}:
        raise DecisionRefused("Nothing was requested.")


async def runs(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="[ID] | cancel|withdraw|resume ID", show_default=False)] = "",
    run_id: Annotated[str, typer.Argument(metavar="", hidden=True)] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for cancel and withdraw.")] = "",
    limit: LimitOption = None,
    campaign: Annotated[str, typer.Option(metavar="NAME", help="List those of this campaign.")] = "",
    csv: CsvOption = None,
) -> int:
    """List runs, show the report of one, or cancel, withdraw or resume one."""
    only(what, reason=(reason, ["cancel", "withdraw"]), limit=(limit, [""]), campaign=(campaign, [""]), csv=(csv, [""]))
    if what in {"cancel", "withdraw", "resume"}:
        from contracts.errors import BadInput

        if not run_id:
            raise BadInput(f"Which run is to {what}?", f"Write it as runs {what} ID.", field="run_id")
        return await _tell(given, what, run_id, reason)
    return await (_one(given, what) if what else _list(given, listed(limit, csv), campaign, csv))


async def _list(given: Given, limit: int, campaign: str, path: Path | None) -> int:
    from contracts.codec import outward
    from services.cli import csv_file
    from services.cli.opening import call
    from services.cli.printing import document, marked, say, table
    from services.cli.report_text import STATUS
    from services.cli.run_desk import at_runs
    from services.cli.words import SHADOW, minute, where

    csv_file.check(path)
    async with at_runs(given) as desk:
        if path is not None:
            return csv_file.write(given, path, await desk.table(limit, campaign))
        found, total = await desk.newest(limit, campaign)
        namespace = await desk.namespace()
    if given.json:
        document(marked(namespace) | {"total": total, "runs": [outward(row) for row in found]})
    elif not found and campaign and total:
        say(f"No run of the campaign {campaign} was requested yet. {where(namespace)}")
    elif not found:
        say(f"No run was requested in namespace {namespace} yet. Try: {call(given, 'run --mode sandbox')} {SHADOW}")
    else:
        rows = [
            (
                row.run_id,
                minute(row.started_at),
                row.terms.mode if row.terms else "",
                row.file_name or row.source,
                f"{row.rows.get('rows', 0):,}",
                f"{row.waiting:,}" if row.waiting else "",
                STATUS.get(row.status, row.status),
            )
            for row in found
        ]
        say(
            where(namespace),
            table(("id", "asked", "mode", "over", "rows", "waiting", "status"), rows, right=("rows", "waiting")),
        )
        if campaign and len(found) == limit:
            say("… and perhaps more; --limit shows them.")
        elif not campaign and total > len(found):
            say(f"… and {total - len(found):,} older; --limit shows more.")
    return 0


async def _one(given: Given, prefix: str) -> int:
    from services.cli.printing import say
    from services.cli.report_text import taken_back_lines
    from services.cli.run_desk import at_runs
    from services.cli.run_flow import print_one

    async with at_runs(given) as desk:
        report, namespace = await desk.report(await desk.find_run(prefix)), await desk.namespace()
        taken_back = await desk.taken_back(report.run_id) if report.status == "withdrawn" else None
    print_one(given, namespace, report, ())
    if taken_back and not given.json:
        say("", *taken_back_lines(taken_back))
    return 0


async def _tell(given: Given, what: str, prefix: str, reason: str) -> int:
    from contracts.codec import outward
    from services.cli.printing import document, marked, say
    from services.cli.report_text import taken_back_lines
    from services.cli.run_desk import running
    from services.cli.words import where

    async with running(given) as at_work:
        run_id = await at_work.desk.find_run(prefix)
        receipt, namespace = await at_work.tell(_command(what, run_id, reason)), await at_work.desk.namespace()
        if what == "withdraw":
            await at_work.settle()
            taken_back = await at_work.desk.taken_back(run_id)
    done = {"cancel": "cancelled", "withdraw": "withdrawn", "resume": "resumed"}[what]
    if given.json:
        told = {"run_id": run_id, "status": done, "receipt": outward(receipt) if receipt else None}
        back = {"taken_back": outward(taken_back)} if what == "withdraw" else {}
        document(marked(namespace) | told | back)
        return 0
    what_is = f"{run_id} is {done}." if receipt else f"{run_id} was {done} before; nothing changed."
    say(f"{what_is} {where(namespace)}")
    if what == "withdraw":
        say(*taken_back_lines(taken_back))
    return 0


def _command(what: str, run_id: str, reason: str) -> "CancelRun | WithdrawRun | ResumeRun":
    from contracts.commands import CancelRun, ResumeRun, WithdrawRun

    match what:
        case "cancel":
            return CancelRun(run_id=run_id, reason=reason)
        case "withdraw":
            return WithdrawRun(run_id=run_id, reason=reason)
        case _:
            return ResumeRun(run_id=run_id)
