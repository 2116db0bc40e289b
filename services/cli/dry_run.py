"""A dry run: what a file says, and what would come of its rows, without recording anything."""

from collections.abc import Sequence

from contracts.commands import RequestRun
from contracts.envelope import Personal, reveal
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead, Origin, Value
from services.cli.given import Given
from services.cli.opening import reading
from services.cli.printing import document, heading, say, table
from services.cli.report_text import REFUSALS_SHOWN, rows_line
from services.cli.source import Source
from services.cli.store import Store
from services.cli.words import cut, many, spoken
from services.hunter import synthetic
from services.hunter.source_work import FILE_BASIS
from services.reading.chunks import read_chunk
from services.reading.decide import Counts, Item, aggregates, decide
from services.reading.rows import Candidate, Refused, candidates

FIRST_ROWS = 5
LOADED_AT_ONCE = 500


async def dry_run(given: Given, source: Source, command: RequestRun, pieces: Sequence[bytes]) -> int:
    """Read, decide against what is known, print; nothing is committed."""
    async with reading(given) as store:
        items = _items(store, source, command, pieces)
        counts = await _decided(store, source, command, items)
    if given.json:
        document(_document(source, command, items, counts))
    else:
        _print(source, command, items, counts)
    return 0


def _items(store: Store, source: Source, command: RequestRun, pieces: Sequence[bytes]) -> list[Item]:
    if source.sheet is None:
        rows = range(1, (command.limit or 0) + 1)
        return list(synthetic.candidates(source.name, rows, command.seed, store.identity_key))
    return [item for piece in pieces for item in candidates(read_chunk(piece), store.identity_key)]


async def _decided(store: Store, source: Source, command: RequestRun, items: Sequence[Item]) -> Counts:
    states: dict[str, Lead | None] = {}
    by_partition: dict[int, list[Ref]] = {}
    for one in aggregates(items, command.run_id, command.limit):
        by_partition.setdefault(partition_of(one, store.log.partitions), []).append(Ref("lead", one))
    for partition, refs in by_partition.items():
        for start in range(0, len(refs), LOADED_AT_ONCE):
            loaded = await store.log.load(partition, refs[start : start + LOADED_AT_ONCE])
            states |= {ref.id: one.state for ref, one in loaded.items() if isinstance(one.state, Lead)}
    sha256 = source.sheet.sha256 if source.sheet else ""
    origin = Origin(source=source.name, kind="import", row=0, file_sha256=sha256, basis=FILE_BASIS)
    return decide(items, states, run=command.terms, origin=origin, limit=command.limit).counts


def _counts(counts: Counts) -> dict[str, int]:
    names = ("rows", "sourced", "updated", "duplicate", "refused", "not_taken")
    return {name: int(getattr(counts, name)) for name in names}


def _refused(command: RequestRun, items: Sequence[Item]) -> list[Refused]:
    limit = command.limit
    return [one for one in items if isinstance(one, Refused) and (limit is None or one.row <= limit)]


def _shown(value: Value) -> str:
    if isinstance(value, Personal):
        return reveal(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _document(source: Source, command: RequestRun, items: Sequence[Item], counts: Counts) -> dict[str, object]:
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
    leads = [one for one in items if isinstance(one, Candidate)][:FIRST_ROWS]
    return {
        "mode": "dry_run",
        "status": "nothing recorded",
        "source": source.name,
        "synthetic": source.synthetic,
        **about,
        "first": [{"row": one.row} | {name: _shown(value) for name, value in one.fields.items()} for one in leads],
        "rows": _counts(counts),
        "refusals": [
            {"row": one.row, "field": one.field, "reason": one.reason, "remedy": one.remedy}
            for one in _refused(command, items)
        ],
    }


def _print(source: Source, command: RequestRun, items: Sequence[Item], counts: Counts) -> None:
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
    _print_first([one for one in items if isinstance(one, Candidate)][:FIRST_ROWS])
    say(heading("What would come of it"), rows_line(_counts(counts)))
    refused = _refused(command, items)
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
        values = "; ".join(f"{spoken(name)} {cut(_shown(value), 60)}" for name, value in lead.fields.items())
        say(f"  row {lead.row}: {values}")
    say("")
