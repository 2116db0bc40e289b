"""The port to the log: what is read from it, and the one way in which facts get into it.

A commit is a batch of units on one partition. A unit is all or nothing: it acknowledges deliveries, expects versions,
adds facts and replaces snapshots, and may answer a command. Two logs implement this: Redis and memory.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple, Protocol, TypeAlias

from contracts.codec import CODEC, Entry
from contracts.envelope import AnyEnvelope, Position
from contracts.facts import Ref, State

MAX_UNITS = 64
MAX_FACTS = 512
MAX_BYTES = 1_000_000
COMMAND_TTL_S = 25 * 3600
WATERMARKS = "reader"
"""The snapshot category of positions that readers keep; it has no stream."""


class Recorded(NamedTuple):
    """One entry of a partition's log, not yet decoded."""

    category: str
    seq: int
    entry: Entry

    def decode(self, partition: int) -> AnyEnvelope:
        """The fact inside.

        Raises:
            DamagedEntry: see `Codec.decode`.
        """
        return _decoded(self.entry, partition, self.seq)


class _Decoded:
    """Facts that were decoded last: agents, followers and views of one process hear the same at about the same time.

    They are found by their place, and are the same only where the entry is: the sum over it was checked once.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], tuple[Entry, AnyEnvelope]] = {}

    def __call__(self, entry: Entry, partition: int, seq: int) -> AnyEnvelope:
        kept = self._kept.get((partition, seq))
        if kept and kept[0] == entry:
            return kept[1]
        fact = CODEC.decode(entry, Position(partition, seq))
        self._kept[partition, seq] = entry, fact
        if len(self._kept) > DECODED_MAX:
            self._kept = dict(islice(self._kept.items(), DECODED_MAX // 2, None))
        return fact


DECODED_MAX = 4_096
_decoded = _Decoded()


class Delivery(NamedTuple):
    """An entry that a consumer group handed out and that waits for its acknowledgement."""

    category: str
    group: str
    seq: int


class Snapshot(NamedTuple):
    """An aggregate as it stands: version 0 and no state where nothing was ever recorded.

    `mark` is the position of its last marked fact (see `Kind.marked`), 0 for none.
    """

    version: int = 0
    state: State | None = None
    mark: int = 0


class Save(NamedTuple):
    """A snapshot to write. `marked` is the 1-based index of the unit's fact whose position it keeps, 0 for as before;
    `state` is what the blob encodes, for a process that goes on with it."""

    ref: Ref
    version: int
    blob: bytes
    marked: int = 0
    state: State | None = None


class CommandKey(NamedTuple):
    """What recognises a repeated command: its id, a hash of its body, and the answer that a repeat gets."""

    id: str
    body_hash: str
    answer: bytes


class Unit(NamedTuple):
    """What is committed together or not at all. Every saved aggregate is among the expected ones."""

    expects: Sequence[tuple[Ref, int]]
    facts: Sequence[tuple[str, Entry]] = ()
    saves: Sequence[Save] = ()
    deliveries: Sequence[Delivery] = ()
    command: CommandKey | None = None


Outcome: TypeAlias = Literal["done", "gone", "conflict", "repeated", "key_reused"]


class Answer(NamedTuple):
    """What became of a unit.

    `done` with the positions its facts got (0 without facts); `gone`: a delivery was no longer pending, somebody else
    has the effect; `conflict`: an aggregate has another version; `repeated`, with the first answer: the command was
    answered before; `key_reused`: its id came with another body.
    """

    outcome: Outcome
    first: int = 0
    last: int = 0
    answer: bytes = b""


class Claimed(NamedTuple):
    """A page of entries taken over or still held: the cursor to go on from, empty when there is no more."""

    cursor: str
    entries: Sequence[Recorded]


class EventLog(Protocol):
    """The log of one namespace."""

    @property
    def namespace(self) -> str: ...

    @property
    def partitions(self) -> int: ...

    async def load(self, partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        """The aggregates as they stand, in one round trip."""
        ...

    async def recall(
        self, partition: int, refs: Sequence[Ref], at_least: Mapping[Ref, int] | None = None
    ) -> dict[Ref, Snapshot]:
        """The aggregates as they stand, or as this process read or left them last (see `at_hand`).

        Only for who commits nothing on them without expecting each, so that what was behind is refused; the next
        `recall` after that finds them as they stand.

        Args:
            partition: where all of them live.
            refs: the aggregates.
            at_least: versions that some of them are known to have reached.
        """
        ...

    async def aggregates(self, partition: int, category: str) -> list[Ref]:
        """Every aggregate of a category, in no order: for categories that have few, since it asks for all at once."""
        ...

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        """Commit units in order; each gets its own answer. Any number of them: calls are cut to the bounds.

        Args:
            partition: where all of it lives.
            units: see `Unit`.
            acks: by (category, group) the entries that the group does not hear.

        Raises:
            StoreUnavailable: the answer was lost. What was sent may stand; sending it again is safe, since a repeat
                is recognised by its delivery, version or command id.
        """
        ...

    async def answered(self, partition: int, command_id: str) -> tuple[str, Answer] | None:
        """The body hash and the answer of a command that was carried out; None for one that was not."""
        ...

    async def head(self, partition: int) -> int:
        """The position of the newest fact, 0 for an empty log."""
        ...

    async def tail(
        self, partition: int, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> list[Recorded]:
        """Facts past `after` in the order of the log; empty when none came within `block_ms` (0: do not wait)."""
        ...

    async def entry(self, partition: int, category: str, seq: int) -> Recorded | None:
        """One entry by its position; None where there is none."""
        ...

    async def open_group(self, partition: int, category: str, group: str) -> None:
        """Make sure that the group exists; a new one starts at the beginning of the log."""
        ...

    async def read_group(
        self, partition: int, categories: Sequence[str], group: str, consumer: str, *, count: int, block_ms: int
    ) -> list[Recorded]:
        """New deliveries for this consumer, by position."""
        ...

    async def own_pending(
        self, partition: int, category: str, group: str, consumer: str, *, after: str, count: int
    ) -> Claimed:
        """A page of what this consumer was handed and has not acknowledged."""
        ...

    async def claim(
        self, partition: int, category: str, group: str, consumer: str, *, idle_ms: int, cursor: str, count: int
    ) -> Claimed:
        """Take over a page of what other consumers left lying for longer than `idle_ms`."""
        ...

    async def renew(self, partition: int, category: str, group: str, consumer: str, seqs: Sequence[int]) -> list[int]:
        """Renew the lease on deliveries that are still mine; returns those that are not."""
        ...

    async def failed(self, partition: int, group: str, category: str, seq: int) -> int:
        """Count a failure of an entry that was handled alone; returns how many there were."""
        ...

    async def forget_failures(self, partition: int, group: str, category: str, seq: int) -> None:
        """The entry is answered or given up: drop its count."""
        ...
