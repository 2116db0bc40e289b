"""One reader at the end of a partition for everybody in this process who waits there.

Followers, projector and feeds all wait for the same facts. Each reading by itself would have every commit carried to
this process, and parsed, once for each of them; so one reads, and the others take what they listen to from it.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Sequence
from operator import attrgetter
from typing import Protocol

from services.runtime.log import Recorded

KEPT_MAX = 4_096
"""How far back somebody may be who still takes from here; who is further behind reads by itself."""

READ_MAX = 512
BLOCK_MS = 2_000
seq_of = attrgetter("seq")


class Reads(Protocol):
    """How the log of one partition is read."""

    def __call__(
        self, categories: Sequence[str], after: int, *, count: int, block_ms: int = 0
    ) -> Awaitable[list[Recorded]]: ...


class SharedTail:
    """The newest facts of one partition as they come in, for as long as somebody waits for them.

    Args:
        read: reads the log itself.
        head: the position of the newest fact.
        categories: everything that can be waited for.
    """

    def __init__(self, read: Reads, head: Callable[[], Awaitable[int]], categories: Sequence[str]) -> None:
        self._read = read
        self._head = head
        self._categories = categories
        self._kept: list[Recorded] = []
        self._since = 0
        self._waiting = 0
        self._news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reading: asyncio.Task[None] | None = None

    async def next(self, categories: Collection[str], after: int, *, count: int, block_ms: int) -> list[Recorded]:
        """The next facts past `after` in some categories; empty when none came in time.

        Raises:
            StoreUnavailable, UnsafeStore: as whoever reads the log.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + block_ms / 1_000
        while True:
            some = self._past(categories, after, count)
            if some is None:
                # All up to here was there before the read, so where that finds nothing there is nothing up to here.
                level = self._since if self._reading else await self._head()
                if some := await self._read(tuple(categories), after, count=count):
                    return some
                after = max(after, level)
                self._start(after)
            elif some:
                return some
            elif (left_s := deadline - loop.time()) > 0:
                await self._wait(left_s)
            else:
                return []

    @property
    def reading(self) -> bool:
        """Whether the log is being read just now."""
        return self._reading is not None

    async def close(self) -> None:
        """Stop reading."""
        if self._reading:
            reading, self._reading = self._reading, None
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _past(self, categories: Collection[str], after: int, count: int) -> list[Recorded] | None:
        """What is kept of it; None where that cannot be told from here."""
        if not self._reading or after < self._since:
            return None
        first = bisect_right(self._kept, after, key=seq_of)
        return [one for one in self._kept[first:] if one.category in categories][:count]

    async def _wait(self, left_s: float) -> None:
        news = self._news
        self._waiting += 1
        try:
            await asyncio.wait({news}, timeout=left_s)
        finally:
            self._waiting -= 1
        if news.done():
            news.result()

    def _start(self, since: int) -> None:
        if not self._reading:
            self._kept, self._since = [], since
            self._reading = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        """Read on for as long as somebody waits; a failure is everybody's who does."""
        reached, mine = self._since, asyncio.current_task()
        try:
            while self._reading is mine:
                some = await self._read(self._categories, reached, count=READ_MAX, block_ms=BLOCK_MS)
                if some:
                    reached = some[-1].seq
                    self._keep(some)
                    self._tell(None)
                elif not self._waiting:
                    self._reading = None
        except Exception as error:  # noqa: BLE001 - raised again where somebody waits
            self._reading = None
            self._tell(error)

    def _keep(self, some: Sequence[Recorded]) -> None:
        self._kept += some
        if len(self._kept) > KEPT_MAX:
            drop = len(self._kept) - KEPT_MAX // 2
            self._since = self._kept[drop - 1].seq
            del self._kept[:drop]

    def _tell(self, error: Exception | None) -> None:
        news, self._news = self._news, asyncio.get_running_loop().create_future()
        if error is None:
            news.set_result(None)
        else:
            news.set_exception(error)
            news.exception()  # Seen, also where nobody waits just now.
