"""One reader of the log for all feeds of a process: each new fact is read, decoded and written as text once.

Who has caught up and waits is written to at once, all the same bytes. Whoever cannot take them pulls for themselves: from
the ring of the newest facts, or from the log, a page at a time, where they are further behind. What waits for a reader is
little more than one part, so one who is slow is behind, and nobody else is.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple

import structlog
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from contracts.access import Person
from contracts.errors import DamagedEntry, StoreUnavailable
from contracts.facts import CATEGORIES
from gateway.answers import position_text
from gateway.feed import Ear, Line, Part, part
from gateway.server import NoWire, Wire
from services.runtime.clock import rest
from services.runtime.log import EventLog, Recorded

logger = structlog.get_logger()

COUNT = 256
BLOCK_MS = 2_000
RING_FACTS, RING_BYTES = 512, 1_000_000
PAGE = 128
"""Facts of one page of the log: those past a multiple of it, so that readers who are behind ask for the same ones."""
PAGES_KEPT, PAGE_BYTES = 8, 250_000
PAGES_AT_ONCE = 4
"""How many pages are read at the same time: what is read and not yet told takes memory."""
PARTS_MAX = 64
"""How many different parts are kept for others who may want the same, until the next facts come."""
TICK_S = 0.25


class Bounds(NamedTuple):
    """When a reader is told where it stands, and when it is let go.

    Args:
        quiet_s: so often, whatever else is told; who listens is looked at anew with it.
        slow_s: a reader who takes nothing for so long is let go.
        slow_facts: so is one who takes nothing and is so far behind.
        leave_s: how long one who is let go has to take the last message, before the connection is dropped.
    """

    quiet_s: float = 15.0
    slow_s: float = 30.0
    slow_facts: int = 20_000
    leave_s: float = 2.0


BOUNDS = Bounds()


class Told(NamedTuple):
    """One step of a feed.

    `facts`: messages to write, up to the place. `here`: it is time to say so, and to look again who listens. `reset`: what follows the place
    that the reader had is not in the log any more; the feed goes on from this one. `slow`: the reader is let go.
    """

    what: Literal["facts", "here", "reset", "slow"]
    place: str
    messages: tuple[bytes, ...] = ()
    account: bool = False
    """Whether something happened to the reader's own account; also told where the reader may not hear what."""


class _Ring:
    """The newest facts of one partition: all past `since`, up to `reached`."""

    def __init__(self, partition: int, head: int) -> None:
        self.partition = partition
        self.since = self.reached = head
        self.error: Exception | None = None
        self.following: asyncio.Task[None] | None = None
        self._lines: list[Line] = []
        self._weight = 0

    def add(self, some: Sequence[Recorded]) -> None:
        """Take up what was read.

        Raises:
            DamagedEntry: one does not read; those before it are taken up.
        """
        for one in some:
            line = Line(one, self.partition)
            if one.seq != self.reached + 1:
                # Something between was never seen here; whoever needs it asks the log.
                self._lines, self._weight, self.since = [], 0, one.seq - 1
            self._lines.append(line)
            self._weight += line.weight
            self.reached = one.seq
        if len(self._lines) > RING_FACTS or self._weight > RING_BYTES:
            self._shorten()

    def _shorten(self) -> None:
        """Drop the oldest half, or more."""
        drop = 0
        while len(self._lines) - drop > RING_FACTS // 2 or self._weight > RING_BYTES // 2:
            self._weight -= self._lines[drop].weight
            drop += 1
        self.since += drop
        del self._lines[:drop]

    def past(self, seq: int) -> Sequence[Line]:
        """What follows a position that is not before `since`; positions have no holes."""
        return self._lines[seq - self.since :]


class Hub:
    """The feeds of one process; enter it for as long as there may be any.

    Args:
        stopping: ends every feed.
    """

    def __init__(self, log: EventLog, stopping: asyncio.Event, bounds: Bounds = BOUNDS) -> None:
        self.log = log
        self.stopping = stopping
        self.bounds = bounds
        self._rings: dict[int, _Ring] = {}
        self.readers: set[Reader] = set()
        self._open = 0
        self._parts: dict[tuple[int, Ear, tuple[int, ...]], Part] = {}
        self._last: tuple[int, Ear | None, Mapping[int, int], Part | None] = (0, None, {}, None)
        self._pages: dict[tuple[int, int], list[Line]] = {}
        self._reading = asyncio.Semaphore(PAGES_AT_ONCE)

    async def __aenter__(self) -> "Hub":
        self._keeping = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [self._keeping, *(ring.following for ring in self._rings.values() if ring.following)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def reader(
        self, person: Person, ear: Ear, places: Mapping[int, int], wire: Wire | NoWire
    ) -> "AsyncIterator[Reader]":
        """Somebody who hears everything past some places, in the order of each partition.

        Args:
            ear: how this person hears.
            places: by partition, the last position that the reader has; all partitions are named.
            wire: the reader's connection.

        Raises:
            StoreUnavailable: the log cannot be read.
        """
        self._open += 1
        try:
            rings = {partition: await self._ring(partition) for partition in places}
            reader = Reader(self, person, ear, places, rings, wire)
            self.readers.add(reader)
            try:
                yield reader
            finally:
                self.readers.discard(reader)
        finally:
            self._open -= 1

    async def _ring(self, partition: int) -> _Ring:
        if partition not in self._rings:
            head = await self.log.head(partition)
            ring = self._rings.setdefault(partition, _Ring(partition, head))
            ring.following = ring.following or asyncio.create_task(self._follow(ring))
        return self._rings[partition]

    def live(self, reader: "Reader", partition: int) -> Part:
        """The next part for a reader who is in the ring; the same object for all who hear the same from there on."""
        last, ear, places, found = self._last
        if found is not None and last == partition and reader.places is places and reader.ear == ear:
            return found
        key = (partition, reader.ear, tuple(reader.places.values()))
        found = self._parts.get(key)
        if found is None:
            ring = reader.rings[partition]
            found = part(reader.ear, reader.places, partition, ring.past(reader.places[partition]))
            if len(self._parts) >= PARTS_MAX:
                self._parts.clear()
            self._parts[key] = found
        self._last = (partition, reader.ear, reader.places, found)
        return found

    async def page(self, reader: "Reader", partition: int) -> Part | int:
        """The next part for a reader who is behind the ring, from the log; else the position after which it begins.

        Raises:
            StoreUnavailable: the log cannot be read.
            DamagedEntry: an entry does not read; nothing past it is told.
        """
        after = reader.places[partition]
        key = (partition, after // PAGE)
        lines = self._pages.pop(key, None)
        if lines is None:
            async with self._reading:
                # Somebody else may have read it meanwhile.
                lines = self._pages.pop(key, None) or await self._read(*key, after)
        if len(lines) == PAGE and sum(line.weight for line in lines) <= PAGE_BYTES:
            self._pages[key] = lines
            if len(self._pages) > PAGES_KEPT:
                del self._pages[next(iter(self._pages))]
        ahead = [line for line in lines if line.seq > after]
        if not ahead:
            raise StoreUnavailable("The log is shorter than it was.", "Come back with the last place.")
        if ahead[0].seq != after + 1:
            return ahead[0].seq - 1
        return part(reader.ear, reader.places, partition, ahead)

    async def _read(self, partition: int, page: int, after: int) -> list[Line]:
        """A page of the log, up to an entry that does not read; that one is the failure of whoever comes to it."""
        some = await self.log.tail(partition, CATEGORIES, page * PAGE, count=PAGE)
        lines: list[Line] = []
        for one in some:
            try:
                lines.append(Line(one, partition))
            except DamagedEntry:
                if one.seq == after + 1:
                    raise
                if one.seq > after:
                    break
        return lines

    async def _follow(self, ring: _Ring) -> None:
        """Read on for as long as somebody listens; a failure is everybody's who does."""
        try:
            while self._open:
                some = await self.log.tail(ring.partition, CATEGORIES, ring.reached, count=COUNT, block_ms=BLOCK_MS)
                if some:
                    self._parts.clear()
                    self._last = (0, None, {}, None)
                    try:
                        ring.add(some)
                    finally:
                        self._tell(ring.partition)
        except Exception as error:  # noqa: BLE001 - raised again where somebody listens
            ring.error = error
            self._wake()
        finally:
            del self._rings[ring.partition]

    def _tell(self, partition: int) -> None:
        """Write to who waits, and wake who has to look for themselves."""
        for reader in self.readers:
            if not reader.take(partition):
                reader.wake()

    def _wake(self) -> None:
        for reader in self.readers:
            reader.wake()

    async def _keep(self) -> None:
        """Look after the readers: who has heard nothing for a while, who does not read, and that all end in time."""
        loop = asyncio.get_running_loop()
        while not self.stopping.is_set():
            await rest(min(TICK_S, self.bounds.quiet_s), self.stopping)
            now = loop.time()
            for reader in list(self.readers):
                reader.look(now)
        self._wake()
        await asyncio.sleep(TICK_S)
        for reader in list(self.readers):
            reader.cut()


def hub_of(connection: ASGIConnection[Any, Any, Any, State]) -> Hub:
    """The hub of the app that is asked."""
    hub: Hub = connection.app.state.hub
    return hub


class Reader:
    """One feed, and how far it is. Made by `Hub.reader`; the connection's other bytes were written before it waits here."""

    def __init__(
        self,
        hub: Hub,
        person: Person,
        ear: Ear,
        places: Mapping[int, int],
        rings: Mapping[int, _Ring],
        wire: Wire | NoWire,
    ) -> None:
        self.ear = ear
        self.places = places
        self.rings = rings
        self.cut = wire.cut
        self._write = wire.write
        self._hub = hub
        self._account_id = person.account_id
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future[None] | None = None
        self._looked_at = self._given_at = self._loop.time()
        self._away = True
        self._slow_since = 0.0

    async def next(self) -> Told | None:
        """What comes next, as soon as there is something; None when the process ends.

        Raises:
            StoreUnavailable: the log cannot be read; the reader comes back with its place.
            DamagedEntry: an entry does not read; nothing past it is told.
        """
        self._away = False
        while not self._hub.stopping.is_set():
            now = self._loop.time()
            if self._slow_since:
                return self._say("slow", now)
            behind = [partition for partition, ring in self.rings.items() if self.places[partition] < ring.reached]
            for partition in behind:
                found = await self._from(partition)
                if isinstance(found, int):
                    self.places = {**self.places, partition: found}
                    return self._say("reset", now)
                self.places = found.places
                account = self._account_id in found.accounts
                if found.messages or account:
                    return self._say("facts", now, found.messages, account=account)
            if now - self._looked_at >= self._hub.bounds.quiet_s:
                self._looked_at = now
                return self._say("here", now)
            if not behind:
                self._fail()
                await self._rest()
        return None

    async def _from(self, partition: int) -> Part | int:
        if self.places[partition] >= self.rings[partition].since:
            return self._hub.live(self, partition)
        return await self._hub.page(self, partition)

    def _say(
        self,
        what: Literal["facts", "here", "reset", "slow"],
        now: float,
        messages: tuple[bytes, ...] = (),
        *,
        account: bool = False,
    ) -> Told:
        self._away, self._given_at = True, now
        return Told(what, position_text(self.places), messages, account)

    def _fail(self) -> None:
        for ring in self.rings.values():
            if ring.error:
                raise ring.error

    async def _rest(self) -> None:
        self._waiting = self._loop.create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    def take(self, partition: int) -> bool:
        """Write what just came in a partition, if all that came before is written; False where that cannot be done."""
        waiting = self._waiting
        if waiting is None or waiting.done() or self.places[partition] < self.rings[partition].since:
            return False
        found = self._hub.live(self, partition)
        if not found.chunk:
            if found.messages or found.accounts:
                return False
        elif found.accounts or not self._write(found.chunk):
            return False
        self.places = found.places
        return found.places[partition] >= self.rings[partition].reached

    def wake(self) -> None:
        """There is something to look at."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def look(self, now: float) -> None:
        """Whether it has been quiet for long, or does not take what it is told."""
        bounds, away_s = self._hub.bounds, now - self._given_at
        if not self._away:
            if now - self._looked_at >= bounds.quiet_s:
                self.wake()
        elif self._slow_since:
            if now - self._slow_since > bounds.leave_s:
                self.cut()
        elif away_s > bounds.slow_s or (away_s > TICK_S and self._behind() > bounds.slow_facts):
            self._slow_since = now
            logger.warning("feed let go", behind=self._behind(), waited_s=round(away_s, 1))

    def _behind(self) -> int:
        return sum(ring.reached - self.places[partition] for partition, ring in self.rings.items())
