"""Rows of views in Redis: what a projector writes, and what everybody reads.

A view has a live generation, named by a pointer that each request looks up; a rebuild fills the next one beside it.
A row's value is the position of the last fact that touched it, and its bytes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from redis.exceptions import NoScriptError

from contracts.envelope import Position
from contracts.errors import DamagedEntry
from services.runtime import keys
from services.runtime.clock import Sleep
from services.runtime.redis_client import Client, ask, named_failures, writer

HERE = Path(__file__).parent
ADVANCE = (HERE / "view_advance.lua").read_text()
SWITCH = (HERE / "view_switch.lua").read_text()
DISCARD = (HERE / "view_discard.lua").read_text()
FIRST_GENERATION = 1
ROW_PREFIX = 21
"""Bytes before a row: partition (4), a colon, seq (16)."""
PAGE = 500
POLL_S = 0.002
POLL_S_MAX = 0.05

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Rows(Protocol[R_co]):
    """What the store has to know of a view."""

    @property
    def name(self) -> str: ...

    def decode(self, blob: bytes, /) -> R_co: ...


class Standing(NamedTuple):
    """A generation of a view, and by partition up to where it is folded."""

    generation: int
    positions: Mapping[int, int]


class Upsert(NamedTuple):
    """A row to write; without rank it is not listed."""

    key: str
    value: bytes
    rank: float | None


class Advance(NamedTuple):
    """What a batch of facts of one partition made of a view; refused where `expected` is not where the view stands."""

    view: str
    generation: int
    live: bool
    partition: int
    expected: int
    reached: int
    ranked: bool
    upserts: Sequence[Upsert]
    removals: Sequence[str]


def stamp(partition: int, seq: int) -> bytes:
    """The head of a row's value."""
    return b"%04d:%016d" % (partition, seq)


def read_stamp(value: bytes) -> Position:
    """The position of the last fact that touched a row.

    Raises:
        DamagedEntry: the value does not begin with one.
    """
    try:
        return Position(int(value[:4]), int(value[5:ROW_PREFIX]))
    except ValueError as error:
        raise DamagedEntry("A row of a view has no position.", "Run `swarm replay --view all`.") from error


class ViewStore:
    """The views of one namespace. One per process; close it at the end."""

    def __init__(self, url: str, namespace: str) -> None:
        self.namespace = namespace
        self.client: Client = writer(url)
        self._script_id = ""

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    # What people and agents read.

    async def generation(self, view: Rows[object]) -> int:
        """The live generation."""
        async with named_failures():
            return int(await self.client.get(keys.view(self.namespace, view.name)) or FIRST_GENERATION)

    async def get(self, view: Rows[R], key: str) -> R | None:
        """One row; None where there is none."""
        return (await self.get_many(view, [key])).get(key)

    async def get_many(self, view: Rows[R], wanted: Sequence[str]) -> dict[str, R]:
        """The rows that are there, in the order asked for."""
        if not wanted:
            return {}
        name = keys.view_rows(self.namespace, view.name, await self.generation(view))
        async with named_failures():
            values = await ask(self.client, "HMGET", name, *wanted)
        return {
            key: view.decode(value[ROW_PREFIX:]) for key, value in zip(wanted, values, strict=True) if value is not None
        }

    async def all(self, view: Rows[R], *, count: int = PAGE) -> AsyncIterator[tuple[str, R]]:
        """Every row, in no order, read in pages; what changes meanwhile may come in either state, never twice."""
        name = keys.view_rows(self.namespace, view.name, await self.generation(view))
        cursor, seen = 0, set[bytes]()
        while True:
            async with named_failures():
                cursor, page = await ask(self.client, "HSCAN", name, cursor, "COUNT", count)
            for key, value in page.items():
                if key not in seen:
                    seen.add(key)
                    yield key.decode(), view.decode(value[ROW_PREFIX:])
            if not cursor:
                return

    async def by_rank(
        self,
        view: Rows[R],
        lowest: float = float("-inf"),
        highest: float = float("inf"),
        *,
        offset: int = 0,
        count: int = PAGE,
        highest_first: bool = False,
    ) -> list[tuple[str, R]]:
        """A page of the listed rows between two ranks, both included."""
        generation = await self.generation(view)
        order = keys.view_order(self.namespace, view.name, generation)
        async with named_failures():
            command, ends = (
                ("ZREVRANGEBYSCORE", (highest, lowest)) if highest_first else ("ZRANGEBYSCORE", (lowest, highest))
            )
            found = await ask(self.client, command, order, *map(str, ends), "LIMIT", offset, count)
            names = [one.decode() for one in found]
            rows = keys.view_rows(self.namespace, view.name, generation)
            values = await ask(self.client, "HMGET", rows, *names) if names else []
        # A row may be decided between the two reads.
        return [
            (key, view.decode(value[ROW_PREFIX:]))
            for key, value in zip(names, values, strict=True)
            if value is not None
        ]

    async def count(self, view: Rows[object], lowest: float = float("-inf"), highest: float = float("inf")) -> int:
        """How many rows are listed between two ranks."""
        order = keys.view_order(self.namespace, view.name, await self.generation(view))
        async with named_failures():
            return int(await self.client.zcount(order, lowest, highest))

    async def position(self, view: Rows[object]) -> dict[int, int]:
        """By partition, up to where the live generation is folded; a partition without an entry is at 0."""
        [standing] = await self.standing([view])
        return dict(standing.positions)

    async def wait_for(
        self, view: Rows[object], partition: int, seq: int, *, timeout_s: float, sleep: Sleep = asyncio.sleep
    ) -> bool:
        """Wait until a view has reached a position, so that people read their own writes; False where it has not."""
        waited, pause = 0.0, POLL_S
        while (await self.position(view)).get(partition, 0) < seq:
            if waited >= timeout_s:
                return False
            await sleep(pause)
            waited += pause
            pause = min(pause * 1.5, POLL_S_MAX)
        return True

    # What projectors write.

    async def standing(
        self, views: Sequence[Rows[object]], generations: Mapping[str, int] | None = None
    ) -> list[Standing]:
        """Where views stand, in order: their live generations, or those that are named."""
        async with named_failures():
            if generations is None:
                pointers = await self.client.mget([keys.view(self.namespace, view.name) for view in views])
                chosen = [int(pointer or FIRST_GENERATION) for pointer in pointers]
            else:
                chosen = [generations[view.name] for view in views]
            pipeline = self.client.pipeline(transaction=False)
            for view, generation in zip(views, chosen, strict=True):
                pipeline.hgetall(keys.view_position(self.namespace, view.name, generation))
            found = await pipeline.execute()
        return [
            Standing(generation, {int(partition): int(seq) for partition, seq in positions.items()})
            for generation, positions in zip(chosen, found, strict=True)
        ]

    async def load(self, wanted: Sequence[tuple[str, int, Sequence[str]]]) -> list[list[bytes | None]]:
        """The values of rows, in one round trip.

        Args:
            wanted: view name, generation, and at least one key.
        """
        if not wanted:
            return []
        async with named_failures():
            pipeline = self.client.pipeline(transaction=False)
            for view, generation, some in wanted:
                pipeline.hmget(keys.view_rows(self.namespace, view, generation), list(some))
            values: list[list[bytes | None]] = await pipeline.execute()
        return values

    async def advance(self, writes: Sequence[Advance]) -> list[bool]:
        """Write rows with their positions, each view all or nothing, in one round trip; False where refused.

        Raises:
            StoreUnavailable: the answer was lost. Where it stands, the same write is refused next time.
        """
        if not writes:
            return []
        async with named_failures():
            if not self._script_id:
                self._script_id = str(await self.client.script_load(ADVANCE))
            pipeline = self.client.pipeline(transaction=False)
            for write in writes:
                pipeline.evalsha(self._script_id, 4, *self._names(write.view, write.generation), *_arguments(write))
            replies = await pipeline.execute(raise_on_error=False)
            if any(isinstance(reply, NoScriptError) for reply in replies):
                # The server forgot the script; a write that did run is refused the second time, and then looked up.
                self._script_id = ""
                return [False] * len(writes)
        for reply in replies:
            if isinstance(reply, Exception):
                async with named_failures():
                    raise reply
        return [bool(reply) for reply in replies]

    async def switch(self, view: Rows[object], live: int) -> bool | None:
        """Make generation `live + 1` the live one.

        Returns:
            False where it is behind, None where `live` is not live any more.
        """
        names = [
            keys.view(self.namespace, view.name),
            keys.view_position(self.namespace, view.name, live),
            keys.view_position(self.namespace, view.name, live + 1),
        ]
        async with named_failures():
            answer = int(await self.client.eval(SWITCH, len(names), *names, str(live)))
        return {1: True, -1: False}.get(answer)

    async def discard(self, view: Rows[object], generation: int) -> None:
        """Drop a generation; the live one stays."""
        async with named_failures():
            await self.client.eval(DISCARD, 4, *self._names(view.name, generation), str(generation))

    def _names(self, view: str, generation: int) -> tuple[str, str, str, str]:
        return (
            keys.view(self.namespace, view),
            keys.view_rows(self.namespace, view, generation),
            keys.view_order(self.namespace, view, generation),
            keys.view_position(self.namespace, view, generation),
        )


def _arguments(write: Advance) -> Iterable[bytes | str | int]:
    """ARGV, as the head of view_advance.lua describes it; what is removed is not listed any more either."""
    written: list[bytes | str] = []
    listed: list[str] = []
    unlisted: list[str] = []
    for key, value, rank in write.upserts:
        written += (key, value)
        if rank is not None:
            listed += (repr(rank), key)
        else:
            unlisted.append(key)
    unlisted = [*unlisted, *write.removals] if write.ranked else []
    head = (write.generation, int(write.live), write.partition, write.expected, write.reached)
    counts = (len(write.upserts), len(listed) // 2, len(unlisted), len(write.removals))
    return [*head, *counts, *written, *listed, *unlisted, *write.removals]
