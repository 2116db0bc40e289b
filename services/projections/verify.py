"""Verify: is everything stored what the log says? Entries, snapshots and view rows, also while the swarm runs.

The log is folded up to its end, then what is stored is read page by page and compared: a snapshot at its own version,
a row at its own position. What had moved on by then is compared when the fold has been taken further.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from contracts.errors import DamagedEntry
from contracts.facts import CATEGORIES, KINDS, Ref
from services.projections.refold import Aggregate, Difference, Findings, FoldedRow, Refold, digest_of
from services.projections.service import partitions
from services.projections.views import VIEWS, AnyView
from services.runtime import stored
from services.runtime.keys import SNAPSHOT_PREFIX
from services.runtime.log import WATERMARKS, EventLog
from services.runtime.view_store import ROW_PREFIX, Standing, ViewStore, read_stamp

COUNT = 1_000
ATTEMPTS_MAX = 5


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What verify looked at, and what it found: the first differences by name, all of them by number.

    `behind` counts by view the facts that are not folded into it yet, `unknown` the facts of a newer program.
    """

    facts: int
    aggregates: int
    rows: int
    unknown: int
    behind: dict[str, int]
    differences: tuple[Difference, ...]
    total: int

    @property
    def first(self) -> Difference | None:
        """The first difference; None where all is as the log says."""
        return self.differences[0] if self.differences else None


async def verify(log: EventLog, store: ViewStore, views: Iterable[AnyView] = tuple(VIEWS.values())) -> Report:
    """Compare everything stored with a fresh fold of the log.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    chosen = list(views)
    for attempt in range(ATTEMPTS_MAX):
        check = _Check(log, store, chosen)
        report = await check.run()
        # A view that was switched meanwhile lost its old rows under our eyes: look at the new ones.
        if not report.total or not await check.switched() or attempt == ATTEMPTS_MAX - 1:
            return report
    raise AssertionError


class _Check:
    """One pass."""

    def __init__(self, log: EventLog, store: ViewStore, views: Sequence[AnyView]) -> None:
        self._log = log
        self._store = store
        self._views = views
        self._findings = Findings()
        self._standings: dict[str, Standing] = {}
        self._later: dict[tuple[str, str], bytes] = {}
        self._rows = 0

    async def run(self) -> Report:
        found = await self._store.standing(self._views)
        self._standings = {view.name: one for view, one in zip(self._views, found, strict=True)}
        refold = Refold(self._views, {name: one.positions for name, one in self._standings.items()}, self._findings)
        await self._watermarks()
        await self._fold(refold)
        behind = self._behind(refold)
        await self._snapshots(refold)
        unseen = {view.name: await self._scan(refold, view) for view in self._views}
        again = {view.name: await self._look_again(view, unseen[view.name]) for view in self._views}
        await self._fold(refold)
        for partition, ref in refold.ahead:
            self._findings.add("snapshot", f"{ref.category} {ref.id}", f"none at its version ({partition})", "one")
        for view in self._views:
            self._settle(refold, view, *again[view.name])
        return Report(
            facts=refold.facts,
            aggregates=len(refold.aggregates),
            rows=self._rows,
            unknown=refold.unknown,
            behind=behind,
            differences=tuple(self._findings.first),
            total=self._findings.total,
        )

    async def switched(self) -> bool:
        """Whether a view has another live generation than at the start."""
        now = await self._store.standing(self._views)
        return any(
            one.generation != self._standings[view.name].generation for view, one in zip(self._views, now, strict=True)
        )

    async def _fold(self, refold: Refold) -> None:
        """Fold up to where the log ends now."""
        for partition in partitions(self._log):
            head = await self._log.head(partition)
            while True:
                last = refold.last.get(partition, 0)
                page = await self._log.tail(partition, CATEGORIES, last, count=COUNT)
                for one in page:
                    refold.take(partition, one)
                if not page or refold.last[partition] >= head:
                    break
            last = refold.last.get(partition, 0)
            if last < head:
                self._findings.add("entry", f"{partition}:{last + 1}", f"entries up to {partition}:{head}", "none")
                refold.last[partition] = head
            elif last > head and last > (now := await self._log.head(partition)):
                self._findings.add("entry", f"{partition}:{last}", f"no entry past {partition}:{now}", "one")

    def _behind(self, refold: Refold) -> dict[str, int]:
        """How far the views are from the end of the log; one that is past it is a difference."""
        behind: dict[str, int] = {}
        for view in self._views:
            positions = self._standings[view.name].positions
            for partition, seq in positions.items():
                last = refold.last.get(partition, 0)
                if seq > last:
                    self._findings.add("view", view.title, f"at most {partition}:{last}", f"{partition}:{seq}")
            behind[view.title] = sum(
                max(0, last - positions.get(partition, 0)) for partition, last in refold.last.items()
            )
        return behind

    async def _watermarks(self) -> None:
        """A reader cannot have read what is not there. Its name ends with the partition that it reads."""
        client, namespace = self._store.client, self._store.namespace
        for partition in partitions(self._log):
            async for page in stored.snapshots(client, namespace, partition, WATERMARKS):
                for name, value in page.items():
                    source = name.rpartition(":")[2]
                    head = await self._log.head(int(source) if source.isdecimal() else partition)
                    if not value[:10].isdigit() or int(value[:10]) > head:
                        self._findings.add("watermark", name, f"at most {head}", value[:10].decode(errors="replace"))

    async def _snapshots(self, refold: Refold) -> None:
        client, namespace = self._store.client, self._store.namespace
        for partition in partitions(self._log):
            for category in KINDS:
                async for page in stored.snapshots(client, namespace, partition, category):
                    for name, value in page.items():
                        self._snapshot(refold, partition, Ref(category, name), value)
        for (partition, ref), aggregate in refold.aggregates.items():
            if ref.category in KINDS and not aggregate.seen and not aggregate.foreign:
                self._findings.add("snapshot", f"{ref.category} {ref.id}", f"one ({partition})", "none")

    def _snapshot(self, refold: Refold, partition: int, ref: Ref, value: bytes) -> None:
        where = f"{ref.category} {ref.id}"
        aggregate = refold.aggregates.get((partition, ref), NOTHING)
        if aggregate is not NOTHING:
            aggregate.seen = True
        if not value[:SNAPSHOT_PREFIX].isdigit() or len(value) < SNAPSHOT_PREFIX:
            self._findings.add("snapshot", where, "a version and a mark", "none")
        elif (version := int(value[:10])) > aggregate.version:
            refold.ahead[partition, ref] = value
        elif version < aggregate.version:
            self._findings.add("snapshot", where, f"version {aggregate.version}", f"version {version}")
        else:
            refold.compare(ref, aggregate, value)

    async def _scan(self, refold: Refold, view: AnyView) -> list[str]:
        """Compare the rows of a view; returns the keys of those that should be there and did not come."""
        rows, standing = refold.rows[view.name], self._standings[view.name]
        async for page in stored.view_pages(self._store.client, self._store.namespace, view.name, standing.generation):
            for key in page.strays:
                self._findings.add("row", f"{view.title} {key}", "a row for what is listed", "none")
            for one in page.rows:
                if one.key in rows:
                    if not rows[one.key].seen:
                        self._rows += 1
                    rows[one.key].seen = True
                if self._row(refold, view, one.key, one.value):
                    self._listing(view, one)
                else:
                    self._later[view.name, one.key] = one.value
        return [
            key for key, row in rows.items() if not row.seen and row.at(standing.positions.get(row.partition, 0))[1]
        ]

    def _row(self, refold: Refold, view: AnyView, key: str, value: bytes) -> bool:
        """Compare a row at its own position; False where that is not folded yet."""
        where = f"{view.title} {key}"
        try:
            position = read_stamp(value)
        except DamagedEntry as error:
            self._findings.add("row", where, "a position", error.detail)
            return True
        row = refold.rows[view.name].get(key)
        if position.seq > refold.last.get(position.partition, 0):
            return False
        if row is None or row.partition != position.partition:
            self._findings.add("row", where, "none", f"one at {position}")
            return True
        self._compare(where, row, position.seq, value, refold.cuts[view.name].get(row.partition, 0))
        return True

    def _compare(self, where: str, row: FoldedRow, seq: int, value: bytes, cut: int) -> None:
        touched, expected = row.at(max(seq, cut))
        if touched != seq:
            self._findings.add("row", where, f"the row of {row.partition}:{touched}", f"one of {row.partition}:{seq}")
        elif expected is None:
            self._findings.add("row", where, f"none since {row.partition}:{seq}", "one")
        elif digest_of(value[ROW_PREFIX:]) != expected:
            self._findings.add("row", where, f"the fold up to {row.partition}:{seq}", "other bytes")

    def _listing(self, view: AnyView, one: stored.StoredRow) -> None:
        if view.rank is None:
            return
        try:
            rank = view.rank(view.decode(one.value[ROW_PREFIX:]))
        except DamagedEntry:
            return  # Its bytes are a difference already.
        if rank != one.rank:
            self._findings.add("row", f"{view.title} {one.key}", f"listed by {rank}", f"listed by {one.rank}")

    async def _look_again(
        self, view: AnyView, unseen: Sequence[str]
    ) -> tuple[Mapping[int, int], Mapping[str, bytes | None]]:
        """Rows that did not come may have been removed meanwhile: read them once more, with the position they have."""
        if not unseen:
            return {}, {}
        return await stored.rows_at(
            self._store.client, self._store.namespace, view.name, self._standings[view.name].generation, unseen
        )

    def _settle(
        self, refold: Refold, view: AnyView, positions: Mapping[int, int], values: Mapping[str, bytes | None]
    ) -> None:
        """Compare what had moved on, now that the fold has, too."""
        for key, value in values.items():
            row = refold.rows[view.name][key]
            seq = positions.get(row.partition, 0)
            if value is None and row.at(seq)[1] is not None:
                self._findings.add("row", f"{view.title} {key}", f"the fold up to {row.partition}:{seq}", "none")
            elif value is not None:
                self._row(refold, view, key, value)
        for (name, key), value in self._later.items():
            if name == view.name and not self._row(refold, view, key, value):
                self._findings.add("row", f"{view.title} {key}", "one that the log has reached", "one past its end")


NOTHING = Aggregate()
