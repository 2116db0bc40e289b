"""Folds batches of one partition's facts into views and writes the rows; what projector and rebuild share."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from contracts.codec import encode_state
from contracts.envelope import AnyEnvelope, Event
from contracts.errors import DamagedEntry
from services.projections.views import AnyView
from services.runtime import crash
from services.runtime.log import Recorded
from services.runtime.view_store import ROW_PREFIX, Advance, Upsert, ViewStore, read_stamp, stamp

ROWS_KEPT = 4_096
"""Rows of a view that a fold keeps at hand, those it met last; only its own writes change them, or the next write is refused."""


class Folding:
    """One view on its way along one partition; `touches` says which row each fact of a batch touches, in order."""

    def __init__(self, view: AnyView, generation: int, position: int) -> None:
        self.view = view
        self.generation = generation
        self.position = position
        self.rows: dict[str, msgspec.Struct | None] = {}
        self.touches: list[tuple[str, AnyEnvelope]] = []

    def missing(self) -> list[str]:
        """The touched rows that are not at hand."""
        return [key for key in dict(self.touches) if key not in self.rows]

    def project(self) -> None:
        """Fold the facts into the rows that they touch, which are at hand."""
        rows, project = self.rows, self.view.project
        for key, fact in self.touches:
            rows[key] = project(rows[key], fact)

    def written(self, partition: int, reached: int, *, live: bool) -> Advance:
        """The last state of each touched row, with the position."""
        upserts, removals = [], []
        rows, rank = self.rows, self.view.rank
        for key, fact in dict(self.touches).items():
            row = rows[key]
            if row is None:
                removals.append(key)
                del rows[key]
                continue
            value = stamp(partition, fact.position.seq) + encode_state(row)
            upserts.append(Upsert(key, value, rank(row) if rank else None))
        return Advance(
            self.view.name,
            self.generation,
            live,
            partition,
            self.position,
            reached,
            self.view.ranked,
            upserts,
            removals,
        )

    def reach(self, position: int) -> None:
        """What was touched is written."""
        self.position = position
        self.touches = []
        if len(self.rows) > 2 * ROWS_KEPT:
            self.rows = dict(islice(self.rows.items(), len(self.rows) - ROWS_KEPT, None))


class Group(NamedTuple):
    """Views that stand at one position; `limit` is where the next group stands, None for the foremost."""

    position: int
    limit: int | None
    foldings: Sequence[Folding]


class Fold:
    """Views on their way along one partition, in the live generations or in some that are being built."""

    def __init__(
        self,
        store: ViewStore,
        views: Iterable[AnyView],
        partition: int,
        *,
        building: Mapping[str, int] | None = None,
    ) -> None:
        self._store = store
        self._views = list(views)
        self._partition = partition
        self._building = building
        self.foldings: list[Folding] = []

    async def open(self) -> None:
        """Find out where the views stand, and forget what was at hand."""
        standings = await self._store.standing(self._views, self._building)
        self.foldings = [
            Folding(view, standing.generation, standing.positions.get(self._partition, 0))
            for view, standing in zip(self._views, standings, strict=True)
        ]

    def groups(self) -> list[Group]:
        """The views by position, the hindmost first. A new one catches up alone and holds nobody up."""
        found: dict[int, list[Folding]] = {}
        for folding in self.foldings:
            found.setdefault(folding.position, []).append(folding)
        places = sorted(found)
        return [Group(at, limit, found[at]) for at, limit in zip(places, [*places[1:], None], strict=True)]

    async def apply(self, group: Group, some: Sequence[Recorded]) -> bool:
        """Fold entries past the group's position, up to its limit, into its views and write what they make of the rows.

        Returns:
            False where somebody else advanced one of the views; open again.

        Raises:
            DamagedEntry: an entry or a stored row does not read; nothing is written.
            StoreUnavailable: what was written is unknown; open again.
        """
        position, limit, foldings = group
        some = [one for one in some if position < one.seq and (limit is None or one.seq <= limit)]
        if not some:
            return True
        facts, reached = [one.decode(self._partition) for one in some], some[-1].seq
        _touch(foldings, facts)
        await self._load(foldings)
        for folding in foldings:
            folding.project()
        crash.point("projector.folded", len(facts))
        live = self._building is None
        writes = [folding.written(self._partition, reached, live=live) for folding in foldings]
        done = await self._store.advance(writes)
        crash.point("projector.written", len(facts))
        if not all(done):
            return False
        for folding in foldings:
            folding.reach(reached)
        return True

    async def _load(self, foldings: Sequence[Folding]) -> None:
        """Load the touched rows that are not at hand."""
        wanted = [(folding, missing) for folding in foldings if (missing := folding.missing())]
        values = await self._store.load([(folding.view.name, folding.generation, keys) for folding, keys in wanted])
        for (folding, keys), found in zip(wanted, values, strict=True):
            for key, value in zip(keys, found, strict=True):
                folding.rows[key] = None if value is None else self._read(folding, key, value)

    def _read(self, folding: Folding, key: str, value: bytes) -> msgspec.Struct:
        if read_stamp(value).partition != self._partition:
            raise DamagedEntry(
                f"Row {key} of view {folding.view.title} is touched from two partitions.",
                f"Correct `key` of the view, then run `swarm replay --view {folding.view.title}`.",
            )
        return folding.view.decode(value[ROW_PREFIX:])


def _touch(foldings: Iterable[Folding], facts: Iterable[AnyEnvelope]) -> None:
    """Note which row of which view each fact touches."""
    by_type: dict[type[Event], list[Folding]] = {}
    for folding in foldings:
        for kind in folding.view.hears:
            by_type.setdefault(kind, []).append(folding)
    for fact in facts:
        for folding in by_type.get(type(fact.event), ()):
            folding.touches.append((folding.view.key(fact), fact))
