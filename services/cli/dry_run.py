"""A dry run: what a file says, and what would come of its rows, without recording anything."""

from collections.abc import Sequence

from services.cli.given import Given
from services.cli.printing import document, heading, marked, say, table
from services.cli.report_text import REFUSALS_SHOWN, rows_line
from services.cli.run_desk import Prepared, Tried, at_runs
from services.cli.words import cut, many, spoken, where
from services.commands.preview import as_document, shown
from services.commands.sources import Source
from services.reading.rows import Candidate


async def dry_run(given: Given, what: Prepared) -> int:
    """Read, decide against what is known, print; nothing is committed."""
    async with at_runs(given) as desk:
        tried, namespace = await desk.tried(what), await desk.namespace()
    if given.json:
        document(marked(namespace) | _document(what.source, tried))
    else:
        _print(what.source, tried, namespace)
    return 0


def _document(source: Source, tried: Tried) -> dict[str, object]:
    sheet = source.sheet
    about: dict[str, object] = {}
    if sheet:
        about = {
            "file": sheet.name,
            "sha256": sheet.sha256,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "format": sheet.format,
            "preset": sheet.preset,
            "mapping": sheet.mapping,
            "unmatched": [{"column": one.column, "proposal": one.proposal} for one in sheet.unmatched],
        }
    return {
        "mode": "dry_run",
        "status": "nothing recorded",
        "source": source.name,
        "synthetic": source.synthetic,
        **about,
        "first": [as_document(one) for one in tried.first],
        "rows": dict(tried.counts),
        "refusals": [
            {"row": one.row, "field": one.field, "reason": one.reason, "remedy": one.remedy} for one in tried.refused
        ],
    }


def _print(source: Source, tried: Tried, namespace: str) -> None:
    sheet = source.sheet
    say(heading(f"Dry run over {sheet.name if sheet else source.name}: nothing is recorded"), where(namespace), "")
    if sheet:
        delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(sheet.delimiter, sheet.delimiter)
        say(f"format:    {sheet.format}, {sheet.encoding}{', ' + delimiter if delimiter else ''}")
        say(f"preset:    {spoken(sheet.preset)}", "", heading("Columns that are taken"))
        say(table(("field", "column"), [(field, column) for field, column in sheet.mapping.items()]))
        if sheet.unmatched:
            rows = [(one.column, one.proposal or "not taken") for one in sheet.unmatched]
            say("", heading("Columns nobody recognised"), table(("column", "what would take it"), rows))
    _print_first(tried.first)
    say(heading("What would come of it"), rows_line(tried.counts))
    if refused := tried.refused:
        shown = [(str(one.row), one.field, one.reason, one.remedy) for one in refused[:REFUSALS_SHOWN]]
        say("", heading(many(len(refused), "refused row")))
        say(table(("row", "field", "why", "remedy"), shown, right=("row",)))
        if len(refused) > REFUSALS_SHOWN:
            say(f"… and {len(refused) - REFUSALS_SHOWN:,} more.")


def _print_first(leads: Sequence[Candidate]) -> None:
    if not leads:
        say("No row can be a lead.", "")
        return
    say("", heading(f"The first {many(len(leads), 'row')} as leads"))
    for lead in leads:
        values = "; ".join(f"{spoken(name)} {cut(shown(value), 60)}" for name, value in lead.fields.items())
        say(f"  row {lead.row}: {values}")
    say("")
