"""A dry run: what a file says, and what would come of its rows, without recording anything."""

from collections.abc import Mapping, Sequence

from contracts.commands import RequestRun
from contracts.lead import Origin
from services.cli.given import Given
from services.cli.opening import reading
from services.cli.printing import document, heading, say, table
from services.cli.report_text import REFUSALS_SHOWN, rows_line
from services.cli.store import Store
from services.cli.words import cut, many, spoken
from services.commands.preview import as_document, counted, first_of, items_of, known_leads, refused_of, shown
from services.commands.sources import Source
from services.hunter import synthetic
from services.reading.decide import FILE_BASIS, Item
from services.reading.rows import Candidate


async def dry_run(given: Given, source: Source, command: RequestRun, pieces: Sequence[bytes]) -> int:
    """Read, decide against what is known, print; nothing is committed."""
    async with reading(given) as store:
        items = _items(store, source, command, pieces)
        counts = await _counts(store, source, command, items)
    if given.json:
        document(_document(source, command, items, counts))
    else:
        _print(source, command, items, counts)
    return 0


def _items(store: Store, source: Source, command: RequestRun, pieces: Sequence[bytes]) -> list[Item]:
    if source.sheet is None:
        rows = range(1, (command.limit or 0) + 1)
        return list(synthetic.candidates(source.name, rows, command.seed, store.identity_key))
    return items_of(pieces, store.identity_key)


async def _counts(store: Store, source: Source, command: RequestRun, items: Sequence[Item]) -> dict[str, int]:
    sha256 = source.sheet.sha256 if source.sheet else ""
    origin = Origin(source=source.name, kind="import", row=0, file_sha256=sha256, basis=FILE_BASIS)
    known = await known_leads(store.log, items, command.run_id, command.limit)
    return counted(items, known, command.terms, origin, command.limit)


def _document(
    source: Source, command: RequestRun, items: Sequence[Item], counts: Mapping[str, int]
) -> dict[str, object]:
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
        "first": [as_document(one) for one in first_of(items)],
        "rows": dict(counts),
        "refusals": [
            {"row": one.row, "field": one.field, "reason": one.reason, "remedy": one.remedy}
            for one in refused_of(items, command.limit)
        ],
    }


def _print(source: Source, command: RequestRun, items: Sequence[Item], counts: Mapping[str, int]) -> None:
    sheet = source.sheet
    say(heading(f"Dry run over {sheet.name if sheet else source.name}: nothing is recorded"), "")
    if sheet:
        delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(sheet.delimiter, sheet.delimiter)
        say(f"format:    {sheet.format}, {sheet.encoding}{', ' + delimiter if delimiter else ''}")
        say(f"preset:    {spoken(sheet.preset)}", "", heading("Columns that are taken"))
        say(table(("field", "column"), [(field, column) for field, column in sheet.mapping.items()]))
        if sheet.unmatched:
            rows = [(one.column, one.proposal or "not taken") for one in sheet.unmatched]
            say("", heading("Columns nobody recognised"), table(("column", "what would take it"), rows))
    _print_first(first_of(items))
    say(heading("What would come of it"), rows_line(counts))
    refused = refused_of(items, command.limit)
    if refused:
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
