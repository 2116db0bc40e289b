"""The live feed: what is in the log from a place on, and then what comes; for one reader, who may leave and come back.

Each reader pulls for itself, so one that is slow is behind and nobody else is; who has caught up waits at the one
reader that a process has at the end of a partition.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from contracts.access import Person, PersonalRead
from contracts.envelope import AnyEnvelope
from contracts.facts import CATEGORIES
from gateway.answers import position_text, redacted
from services.runtime.log import EventLog, Recorded

COUNT = 256
BLOCK_MS = 2_000
ENCODED_MAX = 1_024


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader wants to hear; an empty part leaves nothing out."""

    categories: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    lead_id: str = ""
    run_id: str = ""

    def fits(self, fact: AnyEnvelope) -> bool:
        """Whether this fact is among it."""
        tag = fact.event.type_tag()
        return (
            (not self.categories or tag.partition(".")[0] in self.categories)
            and (not self.types or tag in self.types)
            and (not self.lead_id or _about(fact, "lead_id") == self.lead_id)
            and (not self.run_id or self.run_id in {fact.correlation_id, _about(fact, "run_id")})
        )


def _about(fact: AnyEnvelope, what: str) -> str:
    """The lead or run that a fact speaks of; empty for none."""
    return str(getattr(fact.event, what, ""))


class Told(NamedTuple):
    """One step of a feed: a place to come back to, and the fact there as JSON; without a fact only the place moved."""

    place: str
    type: str = ""
    data: str = ""
    account_id: str = ""
    """Whose account the fact is about, where it is about one."""


async def follow(
    log: EventLog, places: Mapping[int, int], wish: Wish, person: Person, stopping: asyncio.Event, *, quiet_s: float
) -> AsyncGenerator[Told, None]:
    """Everything past some places, in the order of each partition, until told to stop.

    Args:
        places: by partition, the last position that the reader has; all partitions are named.
        quiet_s: after so long without a word the reader is told where it stands.

    Raises:
        StoreUnavailable: the log cannot be read; the reader comes back with its place.
        DamagedEntry: an entry does not read; nothing past it is told.
    """
    loop = asyncio.get_running_loop()
    reached, said_at = dict(places), loop.time()
    stopped = asyncio.create_task(stopping.wait())
    reading = {partition: _read(log, partition, seq) for partition, seq in reached.items()}
    try:
        while True:
            left_s = max(0.0, said_at + quiet_s - loop.time())
            done, _ = await asyncio.wait(
                {stopped, *reading.values()}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED
            )
            if stopped in done:
                return
            for partition in [one for one, task in reading.items() if task in done]:
                for one in reading[partition].result():
                    reached[partition] = one.seq
                    fact = one.decode(partition)
                    about = fact.aggregate_id if one.category == "access" else ""
                    if wish.fits(fact) and (not about or person.may("audit")):
                        data = encoded(one, partition, person.may("read_personal"))
                        yield Told(position_text(reached), fact.event.type_tag(), data, about)
                        said_at = loop.time()
                    elif about and not isinstance(fact.event, PersonalRead):  # That changes nobody's rights.
                        yield Told(position_text(reached), account_id=about)
                reading[partition] = _read(log, partition, reached[partition])
            if loop.time() - said_at >= quiet_s:
                yield Told(position_text(reached))
                said_at = loop.time()
    finally:
        for task in (stopped, *reading.values()):
            task.cancel()
        await asyncio.gather(stopped, *reading.values(), return_exceptions=True)


def _read(log: EventLog, partition: int, after: int) -> "asyncio.Task[list[Recorded]]":
    return asyncio.create_task(log.tail(partition, CATEGORIES, after, count=COUNT, block_ms=BLOCK_MS))


@lru_cache(ENCODED_MAX)
def encoded(one: Recorded, partition: int, personal: bool) -> str:
    """A fact as everybody with the same right sees it; many readers hear the same newest facts."""
    fact = one.decode(partition)
    told = {
        "position": str(fact.position),
        "event_id": fact.event_id,
        "type": fact.event.type_tag(),
        "at": fact.recorded_at.isoformat(),
        "actor": str(fact.actor),
        "about": fact.aggregate_id,
        "version": fact.version,
        "lead_id": _about(fact, "lead_id"),
        "correlation_id": fact.correlation_id,
        "causation_id": fact.causation_id,
        "traceparent": fact.traceparent,
        "synthetic": fact.synthetic,
        "data": redacted(fact.event, personal=personal),
    }
    return msgspec.json.encode(told, order="sorted").decode()
