"""A reader without a group: it takes one partition's facts in order and keeps its place with what it writes.

QUEEN and the carriers are followers. The place is a watermark in the target partition, expected by each commit, so of
two processes that run one follower only one advances, and a fact is answered once for ever.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from contracts.codec import Entry
from contracts.envelope import AnyEnvelope, Event
from contracts.errors import DamagedEntry, StoreUnavailable, UnsafeStore
from contracts.facts import FACTS, Ref, State, ref_of
from services.runtime import crash
from services.runtime.clock import Clock, rest
from services.runtime.commit_call import EXPECTED_MAX
from services.runtime.host import Standing
from services.runtime.log import MAX_FACTS, WATERMARKS, EventLog, Recorded, Save, Snapshot, Unit
from services.runtime.record import Cause, record
from services.runtime.redis_client import AWAY_S_MAX
from services.runtime.until_stopped import UntilStopped

logger = structlog.get_logger()

PASSED_MAX = 1_000
"""How many positions a follower passes before it writes down that it has."""

KNOWN_TAGS = frozenset(tag.encode() for tag in FACTS)

Decide = Callable[[Sequence[AnyEnvelope], Mapping[Ref, State | None], datetime], Sequence[Event]]


@dataclass(frozen=True)
class Follows:
    """What a follower does with a batch.

    Args:
        name: also the name of its watermark.
        hears: the types it answers; all others are only passed.
        loads: the aggregates of the target partition that one fact needs.
        decide: pure; the facts that a batch leads to.
        count: how many entries are read at once.
        more_to_come: those of `hears` that others follow soon, as a rule; a small batch of nothing else waits for them.
        patience_s: how long at most: ten facts cost little more than one.
        rest_s: how long more may come after a small batch that was answered.
    """

    name: str
    hears: frozenset[type[Event]]
    loads: Callable[[AnyEnvelope], tuple[Ref, ...]]
    decide: Decide
    count: int = 256
    more_to_come: frozenset[type[Event]] = frozenset()
    patience_s: float = 0.0
    rest_s: float = 0.0

    def tags(self) -> frozenset[bytes]:
        """The types it answers, as they stand in an entry."""
        return frozenset(fact.type_tag().encode() for fact in self.hears)

    def categories(self) -> tuple[str, ...]:
        """Where it listens."""
        return tuple(sorted({fact.type_category() for fact in self.hears}))


class Follower:
    """Runs one `Follows` from a source partition into a target partition."""

    def __init__(
        self, log: EventLog, follows: Follows, source: int, target: int, *, clock: Clock, block_ms: int = 2_000
    ) -> None:
        self._log = log
        self._follows = follows
        self._source = source
        self._target = target
        self._clock = clock
        self._block_ms = block_ms
        self._tags = follows.tags()
        self._pressing = self._tags - {fact.type_tag().encode() for fact in follows.more_to_come}
        self._categories = follows.categories()
        self._names = frozenset(tag.rpartition(b".")[0] for tag in self._tags)
        self._watermark = Ref(WATERMARKS, f"{follows.name}:{source}")
        self._saved = 0
        self._place = 0

    async def standing(self) -> Standing:
        """How far this process has read, and whether there is more in the streams that it reads."""
        waits = bool(await self._log.tail(self._source, self._categories, self._place, count=1))
        return Standing((self._place,), waits)

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow until told to stop; a store that is away is waited for, a damaged entry is not passed.

        Raises:
            UnsafeStore: the store does not hold what this program may work on; waiting would not mend it.
        """
        delay = 0.5
        while not stopping.is_set():
            try:
                found = (await self._log.load(self._target, [self._watermark]))[self._watermark].version
                self._place = self._saved = found
                async with UntilStopped(stopping) as until:
                    while not stopping.is_set():
                        self._place = await self._step(self._place, until, stopping)
                        delay = 0.5
            except UnsafeStore:
                raise
            except (StoreUnavailable, DamagedEntry) as error:
                logger.warning("follower waits", follower=self._follows.name, reason=error.slug, detail=error.detail)
                await rest(delay, stopping)
                delay = min(delay * 2, AWAY_S_MAX)

    async def _step(self, place: int, until: UntilStopped, stopping: asyncio.Event) -> int:
        """Answer the next batch; returns the new place, or the same where nothing came."""
        some = await until.wait_for(self._next(place, self._block_ms))
        if not some:
            return place
        some = await self._with_more(some, until)
        crash.point("follower.read", len(some))
        reached = await self._answer(some)
        if self._follows.rest_s and self._is_small(some):
            await rest(self._follows.rest_s, stopping)
        return reached

    def _is_small(self, some: Sequence[Recorded]) -> bool:
        return len(some) < self._follows.count // 4

    async def _next(self, place: int, block_ms: int) -> list[Recorded]:
        return await self._log.tail(self._source, self._categories, place, count=self._follows.count, block_ms=block_ms)

    async def _with_more(self, some: list[Recorded], until: UntilStopped) -> list[Recorded]:
        """A batch with what follows it in time, as long as it is small and nothing in it presses."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._follows.patience_s
        while self._is_small(some) and not any(one.entry.t in self._pressing for one in some):
            left_ms = int((due - loop.time()) * 1_000)
            more = await until.wait_for(self._next(some[-1].seq, left_ms)) if left_ms > 0 else None
            if not more:
                break
            some = [*some, *more]
        return some

    async def _answer(self, some: Sequence[Recorded]) -> int:
        """Commit what a batch leads to together with the new place; a batch too large for a call is halved."""
        while True:
            some, heard = self._readable(some)
            if not heard and some[-1].seq - self._saved < PASSED_MAX:
                # Nothing to answer: the place is kept with the next answer, or when it is far behind.
                return some[-1].seq
            causes = {ref: fact for fact in heard for ref in self._follows.loads(fact)}
            if len(causes) >= EXPECTED_MAX and len(some) > 1:
                some = some[: len(some) // 2]
                continue
            loaded = await self._log.recall(self._target, [self._watermark, *causes])
            found = loaded.pop(self._watermark).version
            if found != self._saved:
                self._saved = found
                return found
            events = self._follows.decide(heard, {ref: one.state for ref, one in loaded.items()}, self._clock())
            if len(events) > MAX_FACTS and len(some) > 1:
                some = some[: len(some) // 2]
                continue
            unit = self._unit(self._saved, some[-1].seq, causes, events, loaded)
            crash.point("follower.decided", len(some))
            (answer,) = await self._log.commit(self._target, [unit])
            crash.point("follower.committed", len(some))
            if answer.outcome == "done":
                self._saved = some[-1].seq
                return some[-1].seq

    def _readable(self, some: Sequence[Recorded]) -> tuple[Sequence[Recorded], list[AnyEnvelope]]:
        """The batch up to the first entry that must not be passed, and what is heard of it.

        Raises:
            DamagedEntry: that is the first one.
        """
        heard: list[AnyEnvelope] = []
        for index, one in enumerate(some):
            tag = one.entry.t
            try:
                if tag in self._tags:
                    heard.append(one.decode(self._source))
                elif tag not in KNOWN_TAGS:
                    one.decode(self._source)  # A damaged tag must not pass for one that nobody here hears.
                    if tag.rpartition(b".")[0] in self._names:
                        raise DamagedEntry(f"This program does not know {tag.decode()}.", "Upgrade it.")
            except DamagedEntry:
                if index == 0:
                    raise
                return some[:index], heard
        return some, heard

    def _unit(
        self,
        saved: int,
        reached: int,
        causes: Mapping[Ref, AnyEnvelope],
        events: Sequence[Event],
        loaded: Mapping[Ref, Snapshot],
    ) -> Unit:
        """The facts, each caused by the newest fact of its lead, e-mail or run, and the watermark."""
        expects: list[tuple[Ref, int]] = [(self._watermark, saved)]
        facts: list[tuple[str, Entry]] = []
        saves = [Save(self._watermark, reached, b"")]
        by_ref: dict[Ref, list[Event]] = {}
        for event in events:
            by_ref.setdefault(ref_of(event), []).append(event)
        for ref, own in by_ref.items():
            cause = self._cause(causes[ref])
            unit, _, _ = record(own, {ref: loaded[ref]}, cause, self._clock())
            offset = len(facts)
            facts += unit.facts
            saves += [save._replace(marked=save.marked + offset if save.marked else 0) for save in unit.saves]
        expects += [(ref, snapshot.version) for ref, snapshot in loaded.items()]
        return Unit(expects, facts, saves)

    def _cause(self, fact: AnyEnvelope) -> Cause:
        """As for an agent, except that the id also tells the followers of two partitions apart."""
        cause = Cause.heard(fact, self._follows.name)
        return cause._replace(service=f"{self._follows.name}:{self._source}")
