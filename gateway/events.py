"""The log itself, page by page: forward from a place, or the newest part of it; each fact as the feed tells it."""

import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

import msgspec

from contracts.access import Person
from contracts.codec import outward
from contracts.envelope import ERASED, AnyEnvelope, Personal, reveal
from contracts.facts import CATEGORIES
from gateway.answers import Page, about_of, position_text
from gateway.feed import Line, Wish
from gateway.personal import note
from services.runtime.log import EventLog, Recorded

COUNT = 256
OPENS_MAX = 2_048


class Told(NamedTuple):
    """An entry with the partition that it lies in, the fact inside, and how feeds tell it."""

    partition: int
    entry: Recorded
    fact: AnyEnvelope
    line: Line


Coming: TypeAlias = tuple[datetime, int, Told, AsyncIterator[Told]]
"""The next fact of a partition and what comes after it; the first two put it in order."""


class Reader(NamedTuple):
    """What somebody wants to read of a log, as far as they may: facts about people's access are for audit alone."""

    log: EventLog
    wish: Wish
    person: Person

    @property
    def categories(self) -> tuple[str, ...]:
        """What has to be read for it."""
        allowed = (one for one in CATEGORIES if one != "access" or self.person.may("audit"))
        return tuple(one for one in allowed if not self.wish.categories or one in self.wish.categories)

    async def forward(self, places: Mapping[int, int], limit: int, look: int) -> Page:
        """The first facts past some places, oldest first.

        Between partitions the time of recording decides, which within one the order of the log does.

        Args:
            places: by partition, the last position not to be told; all partitions are named.
            look: how many facts are looked at; where too few of them fit, `next` goes on from there.
        """
        heads = {partition: await self.log.head(partition) for partition in places}
        reached, items, looked = dict(places), list[dict[str, object]](), 0
        order: list[Coming] = []
        for partition, seq in places.items():
            await _push(order, partition, self._from(partition, seq, heads[partition]))
        while order and len(items) < limit and looked < look:
            _, partition, told, coming = heapq.heappop(order)
            reached[partition], looked = told.entry.seq, looked + 1
            if self.wish.fits(told.line):
                items.append(self._shown(told))
            await _push(order, partition, coming)
        if order:
            return Page(items=items, next=position_text(reached), position=position_text(reached))
        at_the_end = {partition: max(seq, reached[partition]) for partition, seq in heads.items()}
        return Page(items=items, next="", position=position_text(at_the_end))

    async def newest(self, places: Mapping[int, int], limit: int, look: int) -> Page:
        """The last facts past some places, newest last.

        The numbers have no gaps, so what is before a place can be read. Arguments as of `forward`.
        """
        heads = {partition: await self.log.head(partition) for partition in places}
        found: list[list[Told]] = []
        for partition, head in heads.items():
            some, upper = list[Told](), head
            while upper > places[partition] and len(some) < limit and head - upper < look:
                lower = max(places[partition], upper - COUNT)
                page = await self.log.tail(partition, self.categories, lower, count=COUNT) if self.categories else []
                some = [one for one in self._told(partition, page, upper) if self.wish.fits(one.line)] + some
                upper = lower
            found.append(some[::-1])
        backward = heapq.merge(*found, key=lambda told: told.fact.recorded_at, reverse=True)
        last = list(islice(backward, limit))[::-1]
        return Page(items=[self._shown(one) for one in last], next="", position=position_text(heads))

    async def _from(self, partition: int, after: int, head: int) -> AsyncIterator[Told]:
        """The facts of one partition up to where it ended when the reading began."""
        while self.categories and after < head:
            page = await self.log.tail(partition, self.categories, after, count=COUNT)
            for one in self._told(partition, page, head):
                yield one
            after = page[-1].seq if page else head

    def _told(self, partition: int, page: Sequence[Recorded], up_to: int) -> list[Told]:
        return [Told(partition, one, one.decode(partition), Line(one, partition)) for one in page if one.seq <= up_to]

    def _shown(self, told: Told) -> dict[str, object]:
        personal = self.person.may("read_personal")
        if personal and _opens(told.entry, told.partition):
            note(about_of(told.fact.event))
        plain: dict[str, object] = msgspec.json.decode(told.line.told(personal=personal))
        return plain


async def _push(order: list[Coming], partition: int, coming: AsyncIterator[Told]) -> None:
    """Put the next fact of a partition in its place among those of the others."""
    told = await anext(coming, None)
    if told is not None:
        heapq.heappush(order, (told.fact.recorded_at, partition, told, coming))


@lru_cache(OPENS_MAX)
def _opens(entry: Recorded, partition: int) -> bool:
    """Whether a fact holds what belongs to a person and can be read."""
    opened: list[str] = []

    def opening(one: Personal) -> str:
        opened.append(reveal(one))
        return ""

    outward(entry.decode(partition).event, opening)
    return bool(set(opened) - {"", ERASED})
