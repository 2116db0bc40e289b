"""The log in Redis or Valkey: one stream a category and partition, one script that writes."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

from redis.exceptions import NoScriptError, ResponseError

from contracts.codec import Entry, decode_state
from contracts.errors import DamagedEntry, SwarmError
from contracts.facts import CATEGORIES, Ref
from services.runtime import keys
from services.runtime.at_hand import AtHand
from services.runtime.commit_call import lay_out, pieces, read_answer, read_kept
from services.runtime.log import WATERMARKS, Answer, Claimed, Recorded, Snapshot, Unit
from services.runtime.redis_client import Command, ask, named_failures, reader, together, writer
from services.runtime.shared_tail import SharedTail, seq_of

SCRIPT = (Path(__file__).parent / "commit.lua").read_text()
RENEW = (Path(__file__).parent / "renew.lua").read_text()
FIELDS = [b"t", b"a", b"n", b"i", b"b", b"h"]
PIECES_IN_FLIGHT = 4

RawEntry: TypeAlias = tuple[bytes, Sequence[bytes] | None]


def _seq(stream_id: bytes) -> int:
    return int(stream_id.partition(b"-")[0])


def _recorded(category: str, raw: RawEntry) -> Recorded:
    """The entry as it lies there. One without the fields of a fact is handed on too: it cannot be decoded, and whoever
    reads it decides what that means."""
    stream_id, fields = raw
    if fields is not None and fields[::2] == FIELDS:
        return Recorded(category, _seq(stream_id), Entry._make(fields[1::2]))
    found = dict(zip((fields or [])[::2], (fields or [])[1::2], strict=False))
    t, a, n, i, b = (found.get(name, b"") for name in FIELDS[:-1])
    return Recorded(category, _seq(stream_id), Entry(t, a, n, i, b, b""))


class RedisLog:
    """See `EventLog`. One per process and namespace; close it at the end."""

    def __init__(self, url: str, namespace: str, partitions: int) -> None:
        self._namespace = namespace
        self._partitions = partitions
        self.store = writer(url)
        self._reader = reader(url)
        self._waiting: dict[int, list[_Call]] = {}
        self._flushing: dict[int, asyncio.Task[None]] = {}
        self._script_id = b""
        self._loads: dict[int, _Load] = {}
        self._one_load = defaultdict[int, asyncio.Lock](asyncio.Lock)
        self._tails: dict[int, SharedTail] = {}
        self._at_hand: dict[int, AtHand] = defaultdict(AtHand)

    @property
    def namespace(self) -> str:
        return self._namespace

    @property
    def partitions(self) -> int:
        return self._partitions

    async def close(self) -> None:
        """Let commits end and close the connections."""
        await asyncio.gather(*(tail.close() for tail in self._tails.values()))
        await asyncio.gather(*self._flushing.values(), return_exceptions=True)
        await self.store.aclose()
        await self._reader.aclose()

    @asynccontextmanager
    async def _named_failures(self) -> AsyncIterator[None]:
        """As `named_failures`; what is at hand is not trusted after a failure."""
        try:
            async with named_failures():
                yield
        except SwarmError:
            for at_hand in self._at_hand.values():
                at_hand.clear()
            raise

    def _stream(self, partition: int, category: str) -> str:
        return keys.stream(self._namespace, partition, category)

    async def load(self, partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        """As `EventLog.load`; what is asked for while another load is under way is loaded in one round trip after it."""
        if not refs:
            return {}
        load = self._loads.get(partition)
        if load is None:
            load = self._loads[partition] = _Load()
            load.task = asyncio.create_task(self._answer(partition, load))
        await load.joined(refs)
        loaded = {ref: load.snapshot(ref) for ref in refs}
        self._at_hand[partition].read(loaded.items())
        return loaded

    async def recall(
        self, partition: int, refs: Sequence[Ref], at_least: Mapping[Ref, int] | None = None
    ) -> dict[Ref, Snapshot]:
        at_hand = self._at_hand[partition]
        found = at_hand.find(refs, at_least or {})
        if missing := [ref for ref in dict.fromkeys(refs) if ref not in found]:
            found |= await self.load(partition, missing)
        return found

    async def aggregates(self, partition: int, category: str) -> list[Ref]:
        async with self._named_failures():
            found = await ask(self.store, "HKEYS", keys.snapshots(self._namespace, partition, category))
        return [Ref(category, one.decode()) for one in found]

    async def _answer(self, partition: int, load: "_Load") -> None:
        """Load what is asked for until the load before is over."""
        try:
            async with self._one_load[partition]:
                await asyncio.sleep(0)
                del self._loads[partition]
                load.succeed(await self._fetch(partition, load.refs))
        except BaseException as error:
            if self._loads.get(partition) is load:
                del self._loads[partition]
            load.fail(error)
            if not isinstance(error, Exception):
                raise

    async def _fetch(self, partition: int, refs: Iterable[Ref]) -> dict[Ref, bytes | None]:
        by_category: dict[str, list[str]] = {}
        for ref in refs:
            by_category.setdefault(ref.category, []).append(ref.id)
        async with self._named_failures():
            found = await together(
                self.store,
                [
                    ("HMGET", keys.snapshots(self._namespace, partition, category), *ids)
                    for category, ids in by_category.items()
                ],
            )
        return {
            Ref(category, one): value
            for (category, ids), values in zip(by_category.items(), found, strict=True)
            for one, value in zip(ids, values, strict=True)
        }

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        call = _Call(units, acks or {})
        self._waiting.setdefault(partition, []).append(call)
        task = self._flushing.get(partition)
        if task is None or task.done():
            self._flushing[partition] = asyncio.create_task(self._flush(partition))
        return await call.answered

    async def _flush(self, partition: int) -> None:
        """Send what waits, as few calls at a time as possible: calls that arrive together share one."""
        waiting = self._waiting[partition]
        while waiting:
            calls, waiting[:] = list(waiting), []
            try:
                await self._send(partition, calls)
            except BaseException as error:
                for call in calls:
                    call.fail(error)
                if not isinstance(error, Exception):
                    raise

    async def _send(self, partition: int, calls: "list[_Call]") -> None:
        units = [unit for call in calls for unit in call.units]
        joined = list(pieces(units))
        acks = [(key, seqs) for call in calls for key, seqs in call.acks.items() if seqs]
        answers: list[Answer] = []
        async with self._named_failures():
            for start in range(0, max(len(joined), 1), PIECES_IN_FLIGHT):
                some = joined[start : start + PIECES_IN_FLIGHT]
                for raw in await self._run(partition, some, acks if start == 0 else []):
                    answers += [read_answer(one) for one in raw]
        self._at_hand[partition].committed(units, answers)
        given = iter(answers)
        for call in calls:
            call.succeed([next(given) for _ in call.units])

    async def _run(
        self, partition: int, some: Sequence[Sequence[Unit]], acks: Sequence[tuple[tuple[str, str], Sequence[int]]]
    ) -> list[list[Sequence[bytes]]]:
        """Run the script once a piece, in order, in one round trip."""
        if not self._script_id:
            self._script_id = (await self.store.script_load(SCRIPT)).encode()
        commands: list[Command] = [
            ("XACK", self._stream(partition, category), group, *[f"{seq}-0" for seq in seqs])
            for (category, group), seqs in acks
        ]
        for piece in some:
            names, arguments = lay_out(self._namespace, partition, piece)
            commands.append(("EVALSHA", self._script_id, len(names), *names, *arguments))
        replies = await together(self.store, commands, raising=False)
        if any(isinstance(reply, NoScriptError) for reply in replies):
            # The server forgot the script, so none of these ran; those that did run before are not sent again.
            self._script_id = b""
            missing = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
            again = await self._run(partition, [some[i - len(acks)] for i in missing], [])
            for i, reply in zip(missing, again, strict=True):
                replies[i] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return cast(list[list[Sequence[bytes]]], replies[len(acks) :])

    async def answered(self, partition: int, command_id: str) -> tuple[str, Answer] | None:
        async with self._named_failures():
            kept: bytes | None = await ask(self.store, "GET", keys.command(self._namespace, partition, command_id))
        return read_kept(kept) if kept else None

    async def head(self, partition: int) -> int:
        async with self._named_failures():
            return int(await self.store.get(keys.seq(self._namespace, partition)) or 0)

    async def tail(
        self, partition: int, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> list[Recorded]:
        """As `EventLog.tail`; all who wait in one partition share one reader."""
        if not block_ms:
            return await self._tail(partition, categories, after, count=count)
        if partition not in self._tails:
            read, head = partial(self._tail, partition), partial(self.head, partition)
            self._tails[partition] = SharedTail(read, head, CATEGORIES)
        return await self._tails[partition].next(categories, after, count=count, block_ms=block_ms)

    async def _tail(
        self, partition: int, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> list[Recorded]:
        streams = {self._stream(partition, category): f"{after}-0" for category in categories}
        names = {name.encode(): category for name, category in zip(streams, categories, strict=True)}
        async with self._named_failures():
            if block_ms:
                if not (reply := await ask(self._reader, *_xread(streams, count, block_ms))):
                    return []
                # A blocked read answers with the first stream that moves; only an unblocked one sees all of them at once.
                # Positions have no holes, though, so where there is none between these, none of them is missing.
                some = _merge(reply, names, count)
                if some[-1].seq == after + len(some):
                    return some
            reply = await ask(self.store, *_xread(streams, count))
        return _merge(reply or [], names, count)

    async def entry(self, partition: int, category: str, seq: int) -> Recorded | None:
        async with self._named_failures():
            found = await ask(
                self.store, "XRANGE", self._stream(partition, category), f"{seq}-0", f"{seq}-0", "COUNT", 1
            )
        return _recorded(category, found[0]) if found else None

    async def open_group(self, partition: int, category: str, group: str) -> None:
        async with self._named_failures():
            try:
                await self.store.xgroup_create(self._stream(partition, category), group, id="0", mkstream=True)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise

    async def read_group(
        self, partition: int, categories: Sequence[str], group: str, consumer: str, *, count: int, block_ms: int
    ) -> list[Recorded]:
        names = {self._stream(partition, category).encode(): category for category in categories}
        command: list[str | int | bytes] = ["XREADGROUP", "GROUP", group, consumer, "COUNT", count]
        if block_ms:
            command += ["BLOCK", block_ms]
        command += ["STREAMS", *names, *([">"] * len(names))]
        async with self._named_failures():
            reply = await ask(self._reader if block_ms else self.store, *command)
        entries = [_recorded(names[name], raw) for name, some in reply or [] for raw in some]
        return sorted(entries, key=seq_of)

    async def own_pending(
        self, partition: int, category: str, group: str, consumer: str, *, after: str, count: int
    ) -> Claimed:
        name = self._stream(partition, category)
        async with self._named_failures():
            reply = await ask(
                self.store, "XREADGROUP", "GROUP", group, consumer, "COUNT", count, "STREAMS", name, after
            )
        raw = reply[0][1] if reply else []
        cursor = raw[-1][0].decode() if len(raw) == count else ""
        return Claimed(cursor, [_recorded(category, one) for one in raw if one[1]])

    async def claim(
        self, partition: int, category: str, group: str, consumer: str, *, idle_ms: int, cursor: str, count: int
    ) -> Claimed:
        async with self._named_failures():
            reply = await ask(self.store, "XAUTOCLAIM", self._stream(partition, category), group, consumer, idle_ms, cursor or "0-0",
                "COUNT", count,
            )  # fmt: skip
        following = reply[0].decode()
        entries = [_recorded(category, one) for one in reply[1] if one and one[1]]
        return Claimed("" if following == "0-0" else following, entries)

    async def renew(self, partition: int, category: str, group: str, consumer: str, seqs: Sequence[int]) -> list[int]:
        if not seqs:
            return []
        async with self._named_failures():
            lost = await self.store.eval(
                RENEW, 1, self._stream(partition, category), group, consumer, *[f"{seq}-0" for seq in seqs]
            )
        return [_seq(one) for one in lost]

    async def failed(self, partition: int, group: str, category: str, seq: int) -> int:
        async with self._named_failures():
            return int(
                await self.store.hincrby(keys.failures(self._namespace, partition, group), f"{category}:{seq}", 1)
            )

    async def forget_failures(self, partition: int, group: str, category: str, seq: int) -> None:
        async with self._named_failures():
            await self.store.hdel(keys.failures(self._namespace, partition, group), f"{category}:{seq}")


class _Load:
    """What several callers asked for together. Each waits for itself, so that one who goes takes it from nobody."""

    def __init__(self) -> None:
        self.refs: dict[Ref, None] = {}
        self.task: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._values: Mapping[Ref, bytes | None] = {}
        self._decoded: dict[Ref, Snapshot] = {}

    async def joined(self, refs: Iterable[Ref]) -> None:
        """Ask for these, too, and wait until they are loaded."""
        self.refs.update(dict.fromkeys(refs))
        loaded = asyncio.get_running_loop().create_future()
        self._waiting.append(loaded)
        await loaded

    def succeed(self, values: Mapping[Ref, bytes | None]) -> None:
        self._values = values
        for one in self._waiting:
            if not one.done():
                one.set_result(None)

    def fail(self, error: BaseException) -> None:
        for one in self._waiting:
            if not one.done():
                one.set_exception(error)

    def snapshot(self, ref: Ref) -> Snapshot:
        """Decoded when it is first asked for: one that does not read is no failure of who asked for others."""
        found = self._decoded.get(ref)
        if found is None:
            found = self._decoded[ref] = _snapshot(ref.category, self._values[ref])
        return found


class _Call:
    """One caller of commit: its units, and the answers they wait for."""

    def __init__(self, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]]) -> None:
        self.units = units
        self.acks = acks
        self.answered: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()

    def succeed(self, answers: list[Answer]) -> None:
        if not self.answered.done():
            self.answered.set_result(answers)

    def fail(self, error: BaseException) -> None:
        if not self.answered.done():
            self.answered.set_exception(error)


def _snapshot(category: str, value: bytes | None) -> Snapshot:
    if value is None:
        return Snapshot()
    prefix = value[: keys.SNAPSHOT_PREFIX]
    if len(prefix) < keys.SNAPSHOT_PREFIX or not prefix.isdigit():
        raise DamagedEntry(f"A snapshot of category {category} has no version.", "Run `swarm verify`.")
    version, mark = int(prefix[:10]), int(prefix[10:])
    if category == WATERMARKS:
        return Snapshot(version)
    return Snapshot(version, decode_state(category, value[keys.SNAPSHOT_PREFIX :]), mark)


def _xread(streams: Mapping[str, str], count: int, block_ms: int = 0) -> list[str | int]:
    block: list[str | int] = ["BLOCK", block_ms] if block_ms else []
    return ["XREAD", "COUNT", count, *block, "STREAMS", *streams, *streams.values()]


def _merge(reply: Sequence[tuple[bytes, Sequence[RawEntry]]], names: Mapping[bytes, str], count: int) -> list[Recorded]:
    """Entries of several streams in the order of the log.

    A stream that filled COUNT may hold more, so nothing past its last id is safe to hand out yet.
    """
    merged = sorted((_recorded(names[name], raw) for name, some in reply for raw in some), key=seq_of)
    full = [_seq(some[-1][0]) for _, some in reply if len(some) == count]
    if not full:
        return merged
    limit = min(full)
    return [one for one in merged if one.seq <= limit]
