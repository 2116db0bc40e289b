"""HUNTER's work on one chunk: rows in, leads committed in their partitions, counts out.

A chunk is not one unit. Each lead is its own, expecting the version that was read, so a chunk that is done again after
a crash finds what stands and counts it as what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from contracts.envelope import AnyEnvelope
from contracts.errors import VersionConflict
from contracts.exclusion import keys_of_fields
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead, Origin, RunTerms
from contracts.run import Run, RunChunkRead, RunSourceBlocked
from services.hunter import synthetic
from services.reading.chunks import read_chunk
from services.reading.decide import FILE_BASIS, Counts, Item, Outcome, aggregates, decide
from services.reading.rows import Candidate, candidates
from services.runtime import crash
from services.runtime.clock import Clock
from services.runtime.exclusion_list import ExclusionList, Found
from services.runtime.file_store import FileStore
from services.runtime.log import MAX_UNITS, EventLog, Snapshot, Unit
from services.runtime.record import Cause, record

NAME = "hunter"
ATTEMPTS_MAX = 8


@dataclass(frozen=True)
class Tools:
    """What HUNTER works with; `done` remembers what the last chunks came to, by the fact that was heard and number."""

    log: EventLog
    files: FileStore
    identity_key: bytes
    clock: Clock
    exclusions: ExclusionList
    done: dict[tuple[str, int], RunChunkRead | RunSourceBlocked] = field(default_factory=dict)


async def work_through(
    heard: AnyEnvelope, run_id: str, run: Run, chunk: int, tools: Tools
) -> RunChunkRead | RunSourceBlocked:
    """Work through one chunk of a run's source.

    Returns:
        What the chunk came to; or that the source gives nothing, which asking again does not change.
    """
    if run.terms is None:
        raise ValueError("a run without terms was never requested")
    found = await _rows(run, chunk, tools)
    if found is None:
        return RunSourceBlocked(
            run_id=run_id,
            source=run.source,
            reason=f"Chunk {chunk + 1} of the file is no longer stored.",
            remedy="Import the file again.",
        )
    items, origin = found
    counts = await _commit(heard, items, run.terms, origin, run.limit, tools)
    return RunChunkRead(
        run_id=run_id,
        chunk=chunk,
        last=run.file is None or chunk + 1 >= run.file.chunks,
        rows=counts.rows,
        sourced=counts.sourced,
        updated=counts.updated,
        duplicate=counts.duplicate,
        refused=counts.refused,
        not_taken=counts.not_taken,
        reopened=counts.reopened,
        older=counts.older,
    )


async def _rows(run: Run, chunk: int, tools: Tools) -> tuple[Sequence[Item], Origin] | None:
    if run.file is None:
        rows = range(1, (run.limit or 0) + 1)
        return synthetic.candidates(run.source, rows, run.seed, tools.identity_key), synthetic.origin(run.source)
    if run.file.chunks == 0:
        return [], Origin(source="file", kind="import", row=0, file_sha256=run.file.sha256, basis=FILE_BASIS)
    blob = await tools.files.chunk(run.file.sha256, chunk)
    if blob is None:
        return None
    origin = Origin(
        source="file", kind="import", row=0, file_sha256=run.file.sha256, basis=FILE_BASIS, as_of=run.file.as_of
    )
    # Another run may have stored the same file with other columns meanwhile.
    read = msgspec.structs.replace(read_chunk(blob), mapping=run.file.mapping)
    return candidates(read, tools.identity_key), origin


async def _commit(
    heard: AnyEnvelope, items: Sequence[Item], terms: RunTerms, origin: Origin, limit: int | None, tools: Tools
) -> Counts:
    """Commit what the rows lead to, partition by partition; what moved meanwhile is loaded and decided again."""
    for _ in range(ATTEMPTS_MAX):
        excluded = await _excluded(items, tools)
        loaded = await _load(tools.log, aggregates(items, terms.run_id, limit, excluded))
        states = {one: snapshot.state for one, snapshot in loaded.items() if isinstance(snapshot.state, Lead)}
        outcome = decide(items, states, run=terms, origin=origin, limit=limit, excluded=excluded)
        if await _write(heard, outcome, loaded, tools):
            return outcome.counts
    raise VersionConflict("The leads of a chunk kept changing.")


async def _excluded(items: Sequence[Item], tools: Tools) -> dict[int, str]:
    """By row of those that are to be left alone, the field that says so: one look at the list for a whole chunk.

    A chunk asks how things stand, whatever was believed a moment ago: what is excluded before a file is brought is so
    for its first row.
    """
    if not (await tools.exclusions.version())[1]:
        return {}
    keys = {item.row: keys_of_fields(tools.identity_key, item.fields) for item in items if isinstance(item, Candidate)}
    found = await tools.exclusions.among([key for some in keys.values() for key in some])
    covered = {row for row, some in keys.items() if not found.keys().isdisjoint(some)}
    return {item.row: _by(item, found, tools) for item in items if isinstance(item, Candidate) and item.row in covered}


def _by(item: Candidate, found: Found, tools: Tools) -> str:
    """Whether it is the address, with its domain, that is excluded, or the company alone."""
    own = keys_of_fields(tools.identity_key, {"email": item.fields.get("email")})
    return "domain" if found.keys().isdisjoint(own) else "email"


async def _load(log: EventLog, ids: Sequence[str]) -> dict[str, Snapshot]:
    by_partition: dict[int, list[Ref]] = {}
    for one in ids:
        by_partition.setdefault(partition_of(one, log.partitions), []).append(Ref("lead", one))
    loaded: dict[str, Snapshot] = {}
    for partition, refs in by_partition.items():
        loaded |= {ref.id: snapshot for ref, snapshot in (await log.load(partition, refs)).items()}
    return loaded


async def _write(heard: AnyEnvelope, outcome: Outcome, loaded: dict[str, Snapshot], tools: Tools) -> bool:
    """Whether everything stands now."""
    cause, now = Cause.heard(heard, NAME), tools.clock()
    by_partition: dict[int, list[Unit]] = {}
    for about, events in outcome.leads:
        unit, _, _ = record(events, {Ref("lead", about): loaded[about]}, cause, now)
        by_partition.setdefault(partition_of(about, tools.log.partitions), []).append(unit)
    stands = True
    for partition, units in by_partition.items():
        for start in range(0, len(units), MAX_UNITS):
            answers = await tools.log.commit(partition, units[start : start + MAX_UNITS])
            stands = stands and all(answer.outcome == "done" for answer in answers)
            crash.point("hunter.some_leads", len(answers))
    return stands
