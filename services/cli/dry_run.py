"""A dry run: what a file says, and what would come of its rows, without recording anything."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

import msgspec

from contracts.errors import BadInput
from services.cli.failures import exit_code, tell
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, heading, marked, say, table
from services.cli.refused import write_refused
from services.cli.report_text import REFUSALS_SHOWN, known_lines, rows_line
from services.cli.run_desk import Prepared, Tried, at_runs
from services.cli.source import Wish
from services.cli.words import cut, many, spoken, where
from services.commands.mappings import fitting
from services.commands.preview import as_document, shown
from services.commands.sources import Source
from services.reading.columns import check_usable
from services.reading.rows import Candidate, matched
from services.reading.sheet import Sheet
from services.runtime.mapping_store import KeptMapping

REFUSED, STILL_REFUSED = "refused.csv", "still-refused.csv"
"""Where the next command is to write what it refuses; not over a file of this name that is just being read."""
BECAUSE = {"alias": "its name", "mapping": "you say so", None: ""}


async def dry_run(given: Given, what: Prepared, refused: Path | None, saved: str = "") -> int:
    """Read, decide against what is known, print; nothing is committed.

    Args:
        refused: where to write the refused rows.
        saved: the name under which what is said of columns will be kept.

    Returns:
        0; 2 where no row of the file could be a lead as its columns are taken.
    """
    async with at_runs(given) as desk:
        tried = await desk.tried(what)
        sheet, problem = what.source.sheet, _problem(what.source)
        kept = fitting(await desk.mappings(), sheet.header) if sheet else []
    if refused and sheet:
        write_refused(refused, sheet, what.content, tried.refused)
    if given.json:
        document(marked(tried.namespace) | _document(what, tried, kept, problem))
    else:
        _print(what, tried, kept, refused)
        if tried.first:
            say("", "Next:", f"  {_next(given, what, saved, refused)}")
    if problem is not None:
        tell(problem, json=False)
        return exit_code(problem)
    return 0


def _problem(source: Source) -> BadInput | None:
    """Why no row of the file can be a lead as its columns are taken."""
    if source.sheet is None:
        return None
    try:
        check_usable(source.sheet.header, source.sheet.mapping, source.sheet.unmatched)
    except BadInput as problem:
        return problem
    return None


def _document(what: Prepared, tried: Tried, kept: Sequence[KeptMapping], problem: BadInput | None) -> dict[str, object]:
    source, sheet = what.source, what.source.sheet
    about: dict[str, object] = {}
    if sheet:
        about = {
            "file": sheet.name,
            "sha256": sheet.sha256,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "format": sheet.format,
            "preset": sheet.preset,
            "skipped_lines": sheet.skipped,
            "columns": [
                msgspec.structs.asdict(one) for one in matched(sheet.header, sheet.mapping, what.wish.columns())
            ],
            "mapping": sheet.mapping,
            "unmatched": [msgspec.structs.asdict(one) for one in sheet.unmatched],
            "kept": [{"name": one.name, "mapping": one.mapping} for one in kept],
            "doubts": [msgspec.structs.asdict(one) for one in sheet.doubts],
        }
    found: dict[str, object] = {
        "mode": "dry_run",
        "status": "nothing recorded",
        "source": source.name,
        "synthetic": source.synthetic,
        **about,
        "first": [as_document(one) for one in tried.first],
        "rows": dict(tried.counts),
        "unaddressed": tried.unaddressed,
        "older": tried.older,
        "came_before": tried.came_before,
        "refusals": [
            {"row": one.row, "field": one.field, "reason": one.reason, "remedy": one.remedy} for one in tried.refused
        ],
    }
    if problem is not None:
        found["error"] = {"slug": problem.slug, "detail": problem.detail, "remedy": problem.remedy}
    return found


def _print(what: Prepared, tried: Tried, kept: Sequence[KeptMapping], refused: Path | None) -> None:
    source, sheet = what.source, what.source.sheet
    over = sheet.name if sheet else source.name
    say(heading(f"Dry run over {over}: nothing is recorded"), where(tried.namespace))
    if sheet:
        say("")
        _print_sheet(sheet, what.wish)
        _print_kept([one for one in kept if what.wish.kept is None or one.name != what.wish.kept.name])
    _print_first(tried.first)
    say(heading("What would come of it"), rows_line(tried.counts))
    say(*known_lines(tried.counts, tried.older, tried.came_before))
    if tried.unaddressed:
        say(f"{'unwritten:':<11}{many(tried.unaddressed, 'lead')} without an e-mail address; kept until one comes.")
    if tried.refused:
        rows = [(str(one.row), one.field, one.reason, one.remedy) for one in tried.refused[:REFUSALS_SHOWN]]
        into = f" in {refused}" if refused and sheet else ""
        say("", heading(f"{many(len(tried.refused), 'refused row')}{into}"))
        say(table(("row", "field", "why", "remedy"), rows, right=("row",)))
        if len(tried.refused) > REFUSALS_SHOWN:
            hint = "" if into else "; --refused FILE writes them all"
            say(f"… and {len(tried.refused) - REFUSALS_SHOWN:,} more{hint}.")


def _print_kept(kept: Sequence[KeptMapping]) -> None:
    """Offer what somebody said before of a header with these columns."""
    if kept:
        say("", heading("Kept for this header"))
    for one in kept:
        takes = ", ".join(f"{spoken(field)} from {column}" for field, column in one.mapping.items())
        say(f"  {takes}; to take it again: --map-name {one.name}")


def _print_sheet(sheet: Sheet, wish: Wish) -> None:
    delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(sheet.delimiter, sheet.delimiter)
    say(f"{'format:':<11}{sheet.format}, {sheet.encoding}{', ' + delimiter if delimiter else ''}")
    say(f"{'preset:':<11}{spoken(sheet.preset)}")
    skipped = f"; {many(sheet.skipped, 'line')} before the header passed over" if sheet.skipped else ""
    say(f"{'holds:':<11}{many(len(sheet.rows), 'row')}, {many(len(sheet.header), 'column')}{skipped}", "")
    if sheet.came_back:
        say("These rows were refused before: what was added to them is left out, and each is read anew.", "")
    say(heading("Columns"), table(("column", "is taken as", "because"), _columns(sheet, wish)))
    if sheet.doubts:
        say("", heading("Look twice"), *(f"  {one.detail} {one.remedy}" for one in sheet.doubts))


def _columns(sheet: Sheet, wish: Wish) -> Iterator[tuple[str, str, str]]:
    """Every column in order: what is taken from it and why, or what would take it."""
    others = {one.column: one for one in sheet.unmatched}
    for one in matched(sheet.header, sheet.mapping, wish.columns()):
        spare = one.field is not None and sheet.mapping[one.field] != one.column
        if one.field is not None:
            first = sheet.mapping[one.field]
            because = f"it was kept as {wish.kept.name}" if wish.kept else ""
            if one.how == "alias" or one.field in wish.said() or not because:
                because = f"its name; where {first} is empty" if spare else BECAUSE[one.how]
            yield one.column, spoken(one.field), because
        elif (other := others.get(one.column)) is not None and other.proposal:
            yield one.column, "nothing", f"{other.because}; to take it: {other.proposal}"
        else:
            yield one.column, "nothing", ""


def _print_first(leads: Sequence[Candidate]) -> None:
    if not leads:
        say("", "No row can be a lead.", "")
        return
    say("", heading(f"The first {many(len(leads), 'row')} as leads"))
    for lead in leads:
        values = "; ".join(f"{spoken(name)} {cut(shown(value), 60)}" for name, value in lead.fields.items())
        say(f"  row {lead.row}: {values}")
    say("")


def _next(given: Given, what: Prepared, saved: str, refused: Path | None) -> str:
    """The command that takes the rows as they were shown, with everything else that was asked for."""
    wish = what.wish
    if wish.input is None:
        source = f"--source {what.source.name} --limit {what.command.limit} --seed {wish.seed}"
        return call(given, f"run --mode sandbox {source}{_asked(wish)}")
    mode = "staging" if what.source.synthetic else "production"
    marked = " --synthetic" if what.source.synthetic and not what.source.sample else ""
    name = saved or (wish.kept.name if wish.kept else "")
    said = f" --map-name {name}" if name else ""
    if not saved:
        said += "".join(f" --map {quote(f'{field}={column}')}" for field, column in wish.said().items())
    if wish.as_of:
        said += f" --as-of {quote(wish.as_of)}"
    if wish.limit is not None:
        said += f" --limit {wish.limit}"
    into = str(refused or (REFUSED if wish.input.name != REFUSED else STILL_REFUSED))
    asked = f"{said}{_asked(wish)} --refused {quote(into)}"
    return call(given, f"run --mode {mode}{marked} --input {quote(str(wish.input))}{asked}")


def _asked(wish: Wish) -> str:
    """What is wanted of the leads, whatever they come from."""
    options = (("campaign", wish.campaign), ("segment", wish.segment), ("draft", wish.draft))
    return "".join(f" --{name} {quote(said)}" for name, said in options if said)
