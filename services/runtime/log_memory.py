"""The log in memory, for tests of what stands on a log: the promises of the Redis log, without a server."""

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from redis.exceptions import ResponseError

from contracts.codec import Entry, decode_state
from contracts.facts import Ref
from services.runtime.at_hand import AtHand
from services.runtime.commit_call import EXPECTED_MAX, pieces
from services.runtime.log import (
    COMMAND_TTL_S,
    MAX_FACTS,
    WATERMARKS,
    Answer,
    Claimed,
    Delivery,
    Recorded,
    Snapshot,
    Unit,
)

CLAIM_LOOKS = 10
"""How many pending entries a claim looks at for each one it may take."""


def _clock_that_stands_still() -> int:
    return 0


@dataclass
class _Lease:
    consumer: str
    since_ms: int


@dataclass
class _Group:
    handed_out: int = 0
    pending: dict[int, _Lease] = field(default_factory=dict)


class _Kept(NamedTuple):
    body_hash: str
    answer: Answer
    until_ms: int


class _Stored(NamedTuple):
    version: int
    mark: int
    blob: bytes


@dataclass
class _Partition:
    seq: int = 0
    streams: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[tuple[str, str], _Group] = field(default_factory=dict)
    snapshots: dict[Ref, _Stored] = field(default_factory=dict)
    commands: dict[str, _Kept] = field(default_factory=dict)
    failures: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def past(self, category: str, after: int, count: int) -> list[Recorded]:
        stream = self.streams[category]
        start = bisect_right(stream, after, key=lambda one: one.seq)
        return stream[start : start + count]

    def entry(self, category: str, seq: int) -> Recorded | None:
        found = self.past(category, seq - 1, 1)
        return found[0] if found and found[0].seq == seq else None

    def group(self, category: str, group: str) -> _Group:
        try:
            return self.groups[category, group]
        except KeyError:
            raise ResponseError(f"NOGROUP No such consumer group {group} of {category}") from None

    def is_pending(self, one: Delivery) -> bool:
        group = self.groups.get((one.category, one.group))
        return group is not None and one.seq in group.pending

    def acknowledge(self, category: str, group: str, seq: int) -> None:
        if (category, group) in self.groups:
            self.groups[category, group].pending.pop(seq, None)


class MemoryLog:
    """See `EventLog`. Every call gives other tasks a turn first, as a round trip would.

    Args:
        namespace: its name; two logs share nothing in any case.
        partitions: as in a namespace; partition 0 is the control partition.
        clock_ms: what idle times and the lives of command keys are counted by; without one, no time passes.
    """

    def __init__(
        self, namespace: str = "memory", partitions: int = 1, clock_ms: Callable[[], int] = _clock_that_stands_still
    ) -> None:
        self._namespace = namespace
        self._partitions = partitions
        self._clock_ms = clock_ms
        self._parts: dict[int, _Partition] = defaultdict(_Partition)
        self._at_hand: dict[int, AtHand] = defaultdict(AtHand)
        self._moved = asyncio.Condition()

    @property
    def namespace(self) -> str:
        return self._namespace

    @property
    def partitions(self) -> int:
        return self._partitions

    async def load(self, partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        part = await self._part(partition)
        loaded = {ref: _snapshot(ref.category, part.snapshots.get(ref)) for ref in refs}
        self._at_hand[partition].read(loaded.items())
        return loaded

    async def recall(
        self, partition: int, refs: Sequence[Ref], at_least: Mapping[Ref, int] | None = None
    ) -> dict[Ref, Snapshot]:
        found = self._at_hand[partition].find(refs, at_least or {})
        return found | await self.load(partition, [ref for ref in refs if ref not in found])

    async def aggregates(self, partition: int, category: str) -> list[Ref]:
        return [ref for ref in (await self._part(partition)).snapshots if ref.category == category]

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        part = await self._part(partition)
        answers: list[Answer] = []
        async with self._moved:
            for (category, group), seqs in (acks or {}).items():
                for seq in seqs:
                    part.acknowledge(category, group, seq)
            for piece in pieces(units):
                _check(piece)
                answers += [self._commit(part, unit) for unit in piece]
            self._moved.notify_all()
        self._at_hand[partition].committed(units, answers)
        return answers

    def _commit(self, part: _Partition, unit: Unit) -> Answer:
        if unit.command is not None:
            kept = part.commands.get(unit.command.id)
            if kept is not None and kept.until_ms > self._clock_ms():
                same = kept.body_hash == unit.command.body_hash
                return kept.answer if same else Answer("key_reused")
        if any(_version(part, ref) != version for ref, version in unit.expects):
            return Answer("conflict")
        if not all(part.is_pending(one) for one in unit.deliveries):
            return Answer("gone")
        for one in unit.deliveries:
            part.acknowledge(*one)
        first = part.seq + 1 if unit.facts else 0
        for category, entry in unit.facts:
            part.seq += 1
            part.streams[category].append(Recorded(category, part.seq, _bytes(entry)))
        for save in unit.saves:
            before = part.snapshots.get(save.ref)
            mark = first + save.marked - 1 if save.marked else before.mark if before else 0
            part.snapshots[save.ref] = _Stored(save.version, mark, bytes(save.blob))
        done = Answer("done", first, part.seq if unit.facts else 0)
        if unit.command is not None:
            repeat = Answer("repeated", done.first, done.last, unit.command.answer)
            until_ms = self._clock_ms() + COMMAND_TTL_S * 1000
            part.commands[unit.command.id] = _Kept(unit.command.body_hash, repeat, until_ms)
        return done

    async def answered(self, partition: int, command_id: str) -> tuple[str, Answer] | None:
        kept = (await self._part(partition)).commands.get(command_id)
        return (kept.body_hash, kept.answer) if kept is not None and kept.until_ms > self._clock_ms() else None

    async def head(self, partition: int) -> int:
        return (await self._part(partition)).seq

    async def tail(
        self, partition: int, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> list[Recorded]:
        part = await self._part(partition)
        if block_ms:
            await self._wait(lambda: any(part.past(category, after, 1) for category in categories), block_ms)
        pages = [part.past(category, after, count) for category in categories]
        limit = min((page[-1].seq for page in pages if len(page) == count), default=part.seq)
        return sorted((one for page in pages for one in page if one.seq <= limit), key=lambda one: one.seq)

    async def entry(self, partition: int, category: str, seq: int) -> Recorded | None:
        return (await self._part(partition)).entry(category, seq)

    async def open_group(self, partition: int, category: str, group: str) -> None:
        (await self._part(partition)).groups.setdefault((category, group), _Group())

    async def drop_group(self, partition: int, category: str, group: str) -> None:
        """Forget a group with all it holds; only tests do this."""
        (await self._part(partition)).groups.pop((category, group), None)

    async def read_group(
        self, partition: int, categories: Sequence[str], group: str, consumer: str, *, count: int, block_ms: int
    ) -> list[Recorded]:
        part = await self._part(partition)
        groups = {category: part.group(category, group) for category in categories}
        if block_ms:
            await self._wait(
                lambda: any(part.past(category, one.handed_out, 1) for category, one in groups.items()), block_ms
            )
        handed: list[Recorded] = []
        for category, one in groups.items():
            for recorded in part.past(category, one.handed_out, count):
                one.handed_out = recorded.seq
                one.pending[recorded.seq] = _Lease(consumer, self._clock_ms())
                handed.append(recorded)
        return sorted(handed, key=lambda recorded: recorded.seq)

    async def own_pending(
        self, partition: int, category: str, group: str, consumer: str, *, after: str, count: int
    ) -> Claimed:
        part = await self._part(partition)
        pending = part.group(category, group).pending
        mine = [seq for seq in sorted(pending) if seq > _seq(after) and pending[seq].consumer == consumer][:count]
        return Claimed(
            f"{mine[-1]}-0" if len(mine) == count else "", self._lease(part, category, pending, consumer, mine)
        )

    async def claim(
        self, partition: int, category: str, group: str, consumer: str, *, idle_ms: int, cursor: str, count: int
    ) -> Claimed:
        part = await self._part(partition)
        pending = part.group(category, group).pending
        left = [seq for seq in sorted(pending) if seq >= _seq(cursor or "0-0")]
        taken: list[int] = []
        looked = 0
        while looked < min(len(left), count * CLAIM_LOOKS) and len(taken) < count:
            if self._clock_ms() - pending[left[looked]].since_ms >= idle_ms:
                taken.append(left[looked])
            looked += 1
        following = f"{left[looked]}-0" if looked < len(left) else ""
        return Claimed(following, self._lease(part, category, pending, consumer, taken))

    async def renew(self, partition: int, category: str, group: str, consumer: str, seqs: Sequence[int]) -> list[int]:
        part = await self._part(partition)
        if not seqs:
            return []
        pending = part.group(category, group).pending
        mine = {seq for seq in seqs if seq in pending and pending[seq].consumer == consumer}
        for seq in mine:
            pending[seq] = _Lease(consumer, self._clock_ms())
        return [seq for seq in seqs if seq not in mine]

    async def failed(self, partition: int, group: str, category: str, seq: int) -> int:
        failures = (await self._part(partition)).failures
        failures[group, category, seq] += 1
        return failures[group, category, seq]

    async def forget_failures(self, partition: int, group: str, category: str, seq: int) -> None:
        (await self._part(partition)).failures.pop((group, category, seq), None)

    async def _part(self, partition: int) -> _Partition:
        await asyncio.sleep(0)
        return self._parts[partition]

    async def _wait(self, ready: Callable[[], bool], block_ms: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(block_ms / 1000), self._moved:
                await self._moved.wait_for(ready)

    def _lease(
        self, part: _Partition, category: str, pending: dict[int, _Lease], consumer: str, seqs: Sequence[int]
    ) -> list[Recorded]:
        for seq in seqs:
            pending[seq] = _Lease(consumer, self._clock_ms())
        return [found for seq in seqs if (found := part.entry(category, seq)) is not None]


def _seq(cursor: str) -> int:
    return int(cursor.partition("-")[0])


def _bytes(entry: Entry) -> Entry:
    return Entry(*map(bytes, entry))


def _version(part: _Partition, ref: Ref) -> int:
    stored = part.snapshots.get(ref)
    return stored.version if stored else 0


def _snapshot(category: str, stored: _Stored | None) -> Snapshot:
    if stored is None:
        return Snapshot()
    if category == WATERMARKS:
        return Snapshot(stored.version)
    return Snapshot(stored.version, decode_state(category, stored.blob), stored.mark)


def _check(piece: Sequence[Unit]) -> None:
    """What the commit script refuses in its first walk, before it writes anything.

    Raises:
        ResponseError: `MALFORMED`, as the script answers.
    """
    for unit in piece:
        expected = {ref for ref, _ in unit.expects}
        if len(set(unit.deliveries)) < len(unit.deliveries):
            raise ResponseError("MALFORMED delivery twice")
        if any(save.ref not in expected for save in unit.saves):
            raise ResponseError("MALFORMED snapshot is not expected")
        if any(not 0 <= save.marked <= len(unit.facts) for save in unit.saves):
            raise ResponseError("MALFORMED mark")
        if any(not 0 <= save.version < 10**10 for save in unit.saves):
            raise ResponseError("MALFORMED snapshot version")
    if sum(len(unit.facts) for unit in piece) > MAX_FACTS:
        raise ResponseError("MALFORMED too many facts")
    if sum(len(unit.expects) for unit in piece) > EXPECTED_MAX:
        raise ResponseError("MALFORMED too many expectations")
