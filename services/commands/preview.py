"""What would come of rows, decided against what is known, without recording anything."""

from collections.abc import Mapping, Sequence

from contracts.envelope import Personal, reveal
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead, Origin, RunTerms, Value
from services.reading.chunks import read_chunk
from services.reading.decide import Counts, Item, aggregates, decide
from services.reading.rows import Candidate, Refused, candidates
from services.runtime.log import EventLog

FIRST_ROWS = 5
LOADED_AT_ONCE = 500
COUNTED = ("rows", "sourced", "updated", "duplicate", "refused", "not_taken")


def items_of(pieces: Sequence[bytes], identity_key: bytes) -> list[Item]:
    """Every row of these chunks, as a lead that could be or a refusal."""
    return [item for piece in pieces for item in candidates(read_chunk(piece), identity_key)]


async def known_leads(log: EventLog, items: Sequence[Item], run_id: str, limit: int | None) -> dict[str, Lead | None]:
    """The leads among these rows that are in the log."""
    states: dict[str, Lead | None] = {}
    by_partition: dict[int, list[Ref]] = {}
    for one in aggregates(items, run_id, limit):
        by_partition.setdefault(partition_of(one, log.partitions), []).append(Ref("lead", one))
    for partition, refs in by_partition.items():
        for start in range(0, len(refs), LOADED_AT_ONCE):
            loaded = await log.load(partition, refs[start : start + LOADED_AT_ONCE])
            states |= {ref.id: one.state for ref, one in loaded.items() if isinstance(one.state, Lead)}
    return states


def counted(
    items: Sequence[Item], known: dict[str, Lead | None], terms: RunTerms, origin: Origin, limit: int | None
) -> Counts:
    """How many rows would end as what."""
    return decide(items, known, run=terms, origin=origin, limit=limit).counts


def as_rows(counts: Counts) -> dict[str, int]:
    """sourced + updated + duplicate + refused + not_taken = rows."""
    return {name: int(getattr(counts, name)) for name in COUNTED}


def came_before(known: Mapping[str, Lead | None], sha256: str) -> str:
    """The run that brought this very file before, or the newest one that a lead of it went on with; empty for none."""
    of_file = f"{sha256[:16]}:"
    runs = (
        lead.run.run_id
        for lead in known.values()
        if lead is not None and lead.run is not None and any(one.startswith(of_file) for one in lead.told)
    )
    return max(runs, default="")


def refused_of(items: Sequence[Item], limit: int | None) -> list[Refused]:
    """The rows that would be refused, in order."""
    return [one for one in items if isinstance(one, Refused) and (limit is None or one.row <= limit)]


def unaddressed(items: Sequence[Item], limit: int | None) -> int:
    """How many rows can be leads, and name nobody's address: nothing is written to them until one comes."""
    taken = (one for one in items if isinstance(one, Candidate) and (limit is None or one.row <= limit))
    return sum("email" not in one.fields for one in taken)


def first_of(items: Sequence[Item]) -> list[Candidate]:
    """The first few rows that can be leads."""
    found: list[Candidate] = []
    for one in items:
        if len(found) == FIRST_ROWS:
            break
        if isinstance(one, Candidate):
            found.append(one)
    return found


def as_document(lead: Candidate) -> dict[str, object]:
    """One of them for a program: its row, and its fields as texts."""
    return {"row": lead.row} | {name: shown(value) for name, value in lead.fields.items()}


def shown(value: Value) -> str:
    """A value for a person."""
    if isinstance(value, Personal):
        return reveal(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
