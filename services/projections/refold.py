"""Folds the log afresh, without snapshots or stored rows, and looks at each entry on the way."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from contracts.codec import decode_state, encode_state
from contracts.envelope import AnyEnvelope, Event, Unknown
from contracts.errors import DamagedEntry
from contracts.facts import KINDS, Ref, State
from services.projections.views import AnyView
from services.runtime.log import Recorded

DIGEST_BYTES = 16
FIRST_DIFFERENCES = 20
Digest = bytes


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as the log says. `where` is a position, an aggregate, or a row of a view."""

    kind: str
    where: str
    expected: str
    found: str

    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.kind} {self.where}: expected {self.expected}, found {self.found}"


class Findings:
    """What was found, in the order of the finding; the first ones by name, all by number."""

    def __init__(self) -> None:
        self.first: list[Difference] = []
        self.total = 0

    def add(self, kind: str, where: str, expected: str, found: str) -> None:
        """Take note of a difference."""
        self.total += 1
        if len(self.first) < FIRST_DIFFERENCES:
            self.first.append(Difference(kind=kind, where=where, expected=expected, found=found))


class Aggregate:
    """An aggregate as folded. `foreign`: some of its facts are of types this program does not know."""

    __slots__ = ("foreign", "mark", "seen", "state", "version")

    def __init__(self) -> None:
        self.version = 0
        self.mark = 0
        self.state: State | None = None
        self.foreign = False
        self.seen = False


class FoldedRow:
    """A row as folded: as it stands, where it was touched last, and past `cut` every state that it had."""

    __slots__ = ("history", "partition", "row", "seen", "seq")

    def __init__(self, partition: int) -> None:
        self.partition = partition
        self.seq = 0
        self.row: msgspec.Struct | None = None
        self.history: list[tuple[int, Digest | None]] | None = None
        self.seen = False

    def touch(self, row: msgspec.Struct | None, seq: int, cut: int) -> None:
        """The row is now this."""
        if seq > cut:
            if self.history is None:
                self.history = [(self.seq, digest(self.row))]
            self.history.append((seq, digest(row)))
        self.row, self.seq = row, seq

    def at(self, seq: int) -> tuple[int, Digest | None]:
        """The last touch up to a position that is not before the cut, and the row that it left."""
        if self.history is None:
            return self.seq, digest(self.row)
        return next((one for one in reversed(self.history) if one[0] <= seq), (0, None))


def digest(row: msgspec.Struct | None) -> Digest | None:
    """What tells one row from another; None for no row."""
    return None if row is None else digest_of(encode_state(row))


def digest_of(blob: bytes) -> Digest:
    """The digest of a row's bytes."""
    return hashlib.blake2b(blob, digest_size=DIGEST_BYTES).digest()


class Refold:
    """The fold of everything up to `last`, by partition.

    Args:
        views: the views to fold.
        cuts: by view name and partition, where the stored rows stood at the start.
    """

    def __init__(self, views: Iterable[AnyView], cuts: Mapping[str, Mapping[int, int]], findings: Findings) -> None:
        self._findings = findings
        self.cuts = cuts
        self.last: dict[int, int] = {}
        self.aggregates: dict[tuple[int, Ref], Aggregate] = {}
        self.rows: dict[str, dict[str, FoldedRow]] = {view.name: {} for view in views}
        self.ahead: dict[tuple[int, Ref], bytes] = {}
        self.facts = 0
        self.unknown = 0
        self._ids: set[bytes] = set()
        self._by_type: dict[type[Event], list[AnyView]] = {}
        for view in views:
            for kind in view.hears:
                self._by_type.setdefault(kind, []).append(view)

    def take(self, partition: int, one: Recorded) -> None:
        """The next entry of a partition."""
        wanted = self.last.get(partition, 0) + 1
        if one.seq != wanted:
            self._findings.add("entry", f"{partition}:{wanted}", "an entry", f"none before {partition}:{one.seq}")
        self.last[partition] = one.seq
        self.facts += 1
        try:
            fact = one.decode(partition)
        except DamagedEntry as error:
            self._findings.add("entry", f"{partition}:{one.seq}", "an undamaged entry", error.detail)
            return
        self._look_at(partition, one, fact)
        self._fold(partition, one, fact)
        for view in self._by_type.get(type(fact.event), ()):
            self._project(view, fact)

    def _look_at(self, partition: int, one: Recorded, fact: AnyEnvelope) -> None:
        where = f"{partition}:{one.seq}"
        name = one.entry.i
        known = bytes.fromhex(name.decode().replace("-", "")) if len(name) == 36 else name
        if known in self._ids:
            self._findings.add("entry", where, "an event id of its own", f"{name.decode()}, which was there before")
        self._ids.add(known)
        if isinstance(fact.event, Unknown):
            self.unknown += 1
        elif fact.event.type_category() != one.category:
            self._findings.add("entry", where, f"a fact of {one.category}", fact.event.type_tag())
        if fact.aggregate_id != one.entry.a.decode():
            self._findings.add("entry", where, f"a fact about {one.entry.a.decode()}", fact.aggregate_id)

    def _fold(self, partition: int, one: Recorded, fact: AnyEnvelope) -> None:
        ref = Ref(one.category, fact.aggregate_id)
        aggregate = self.aggregates.setdefault((partition, ref), Aggregate())
        if fact.version != aggregate.version + 1:
            self._findings.add(
                "entry",
                f"{partition}:{one.seq}",
                f"version {aggregate.version + 1} of {ref.category} {ref.id}",
                f"version {fact.version}",
            )
        aggregate.version = fact.version
        aggregate.foreign |= isinstance(fact.event, Unknown)
        kind = KINDS.get(one.category)
        if kind is None:
            return
        aggregate.state = kind.evolve(aggregate.state, fact)
        if isinstance(fact.event, kind.marked):
            aggregate.mark = one.seq
        if self.ahead:
            value = self.ahead.get((partition, ref))
            if value is not None and int(value[:10]) == aggregate.version:
                del self.ahead[partition, ref]
                self.compare(ref, aggregate, value)

    def compare(self, ref: Ref, aggregate: Aggregate, value: bytes) -> None:
        """Compare a stored snapshot with the aggregate at the same version."""
        if aggregate.foreign or aggregate.state is None:
            return
        head = b"%010d%016d" % (aggregate.version, aggregate.mark)
        expected = head + encode_state(aggregate.state)
        if value != expected and not _reads_as(ref, aggregate, head, value):
            self._findings.add(
                "snapshot", f"{ref.category} {ref.id}", *_apart(expected, value, f"version {aggregate.version}")
            )

    def _project(self, view: AnyView, fact: AnyEnvelope) -> None:
        rows, (partition, seq) = self.rows[view.name], (fact.position.partition, fact.position.seq)
        cut = self.cuts[view.name].get(partition, 0)
        for key in view.keys(fact):
            row = rows.get(key)
            if row is None:
                row = rows[key] = FoldedRow(partition)
            elif row.partition != partition:
                self._findings.add(
                    "row", f"{view.title} {key}", f"facts of partition {row.partition} alone", f"one at {fact.position}"
                )
            row.touch(view.project(row.row, fact), seq, cut)


def _reads_as(ref: Ref, aggregate: Aggregate, head: bytes, value: bytes) -> bool:
    """Whether a snapshot only lacks fields that the state got since, with a default: the fold of its facts is the same."""
    if not value.startswith(head):
        return False
    blob = value[len(head) :]
    try:
        found = decode_state(ref.category, blob)
    except DamagedEntry:
        return False
    decode = msgspec.msgpack.decode
    return found == aggregate.state and _within(decode(blob), decode(encode_state(found)))


def _within(saved: object, now: object) -> bool:
    """Whether something says nothing that is not said now."""
    if isinstance(saved, dict) and isinstance(now, dict):
        return all(name in now and _within(one, now[name]) for name, one in saved.items())
    if isinstance(saved, list) and isinstance(now, list):
        return len(saved) == len(now) and all(map(_within, saved, now))
    return saved == now


def _apart(expected: bytes, found: bytes, what: str) -> tuple[str, str]:
    """Where two values part, in short and without their content."""
    at = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), min(len(expected), len(found))
    )
    return f"{what} with {len(expected)} bytes", f"{len(found)} bytes, other from byte {at} on"
