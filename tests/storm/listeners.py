"""Readers of the live feed over bare sockets, who break off and come back with their place."""

import asyncio
import random
from array import array
from typing import NamedTuple

ENDS = b"0\r\n\r\n"


class Door(NamedTuple):
    """Where the gateway listens, and a token that it knows."""

    host: str
    port: int
    token: str


class Listener:
    """One reader, from its first place until it has heard everything.

    Args:
        query: what it wants to hear.
        place: after which position it begins.
        luck: decides when it breaks off, and for how long it is away.
        mean_s: how long it listens on average before it breaks off.
    """

    def __init__(self, door: Door, query: str, place: int, luck: random.Random, mean_s: float) -> None:
        self.door = door
        self.query = query
        self.place = place
        self.heard = array("L")
        self.words: list[str] = []
        self.cuts = 0
        self.ended = 0
        self._luck = luck
        self._mean_s = mean_s
        self.settled = asyncio.Event()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Listen, break off and come back, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            link = Link(self)
            await loop.create_connection(lambda: link, self.door.host, self.door.port)  # noqa: B023 - called at once
            try:
                async with asyncio.timeout(self._luck.expovariate(1 / self._mean_s)):
                    await link.lost
                self.ended += 1
            except TimeoutError:
                self.cuts += 1
            finally:
                link.cut()
            await asyncio.sleep(self._luck.uniform(0.0, 0.3))

    async def has(self, count: int) -> None:
        """Wait until it has heard so many facts."""
        while len(self.heard) < count:
            self._news.clear()
            await self._news.wait()

    async def stay(self) -> bool:
        """Listen until the server ends it; returns whether it ended in good order. `settled` once it listens."""
        self.settled.clear()
        link = Link(self)
        await asyncio.get_running_loop().create_connection(lambda: link, self.door.host, self.door.port)
        await link.lost
        return link.complete

    def tell(self, seq: int, event: bytes) -> None:
        """Take a message."""
        if event in {b"reset", b"failed", b"slow"}:
            self.words.append(f"{event.decode()} at {seq}")
        elif seq <= self.place:
            self.words.append(f"{seq} after {self.place}")
        else:
            self.heard.append(seq)
            self._news.set()
        self.place = seq


class Link(asyncio.Protocol):
    """One connection of a reader. Every chunk of the answer holds whole messages."""

    def __init__(self, listener: Listener) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.complete = False
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._left = b""
        self._begun = self._deaf = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the feed from the place on."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, listener = transport, self._listener
        transport.write(
            f"GET /api/feed?{listener.query} HTTP/1.1\r\nHost: {listener.door.host}\r\n"
            f"Authorization: Bearer {listener.door.token}\r\nLast-Event-ID: 0:{listener.place}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take apart what has come whole; the rest waits, and is lost with the connection."""
        if self._deaf:
            return
        data, at = self._left + data, 0
        if not self._begun:
            at = data.find(b"\r\n\r\n") + 4
            if at < 4:
                self._left = data
                return
            self._begun = True
            self._listener.settled.set()
            if not data.startswith(b"HTTP/1.1 200 "):
                self._listener.words.append(repr(data[:200]))
        while (line := data.find(b"\r\n", at)) >= 0:
            begin, size = line + 2, int(data[at:line], 16)
            if len(data) < begin + size + 2:
                break
            if size == 0:
                self.complete = True
            for message in data[begin : begin + size].split(b"\r\n\r\n"):
                self._take(message)
            at = begin + size + 2
        self._left = data[at:]

    def _take(self, message: bytes) -> None:
        if message.startswith(b"id: 0:"):
            place, event, _ = message.split(b"\r\n", 2)
            self._listener.tell(int(place[6:]), event[7:])
        elif message and not message.startswith(b": here\r\nid: 0:"):
            self._listener.words.append(repr(message[:200]))

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if not self.lost.done():
            self.lost.set_result(None)

    def cut(self) -> None:
        """Break off, whatever was under way; nothing more is heard."""
        if self._transport is not None:
            self._transport.abort()
        self._deaf = True
