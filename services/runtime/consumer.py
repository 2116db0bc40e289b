"""One agent on one partition: read, load, gather and decide, commit; take over what a dead peer left.

Exactly once is the commit's work: a delivery's acknowledgement and its facts are one unit. Everything here may
therefore be repeated, and nothing here is lost by being killed at any line.
"""

import asyncio
import hashlib
import heapq
import traceback
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

import structlog

from contracts.envelope import Actor, AnyEnvelope, Envelope
from contracts.errors import DamagedEntry, StoreUnavailable, SwarmError
from contracts.facts import Ref
from contracts.ops import DeadLetter, DeadLettered, DeadRetried
from services.runtime import crash
from services.runtime.clock import Clock, rest
from services.runtime.log import Delivery, EventLog, Recorded, Snapshot, Unit
from services.runtime.record import Cause, record
from services.runtime.service import Hears, Service, States

logger = structlog.get_logger()

OPS = "ops"
FLUSH_S = 0.02


@dataclass(frozen=True)
class Pace:
    """How much is read at once, how long is waited, and when somebody is given up.

    A lease must outlast the slowest handler or be renewed; it is renewed every third of itself.
    """

    count: int = 256
    block_ms: int = 2_000
    lease_ms: int = 15_000
    retry_delay_s: float = 0.5
    retry_delay_s_max: float = 30.0
    failures_max: int = 5
    conflicts_max: int = 5


class Item(NamedTuple):
    """One delivery and the fact it stands for; they differ for a dead letter that was sent back."""

    delivered: Recorded
    heard: AnyEnvelope
    hears: Hears


class Failure(NamedTuple):
    """A delivery whose handler raised."""

    delivered: Recorded
    heard: AnyEnvelope | None
    error: Exception


class Consumer:
    """See the module. `run` until `stopping`; several processes may run the same service, each in its own slot."""

    def __init__(
        self, log: EventLog, service: Service, partition: int, *, slot: int, clock: Clock, pace: Pace | None = None
    ) -> None:
        self._log = log
        self._service = service
        self._partition = partition
        self._name = f"{service.name}-{slot}"
        self._clock = clock
        self._pace = pace or Pace()
        self._categories = tuple(sorted({*service.categories(), OPS}))
        self._hears = {fact.type_tag().encode(): hears for fact, hears in service.hears.items()}
        self._heard_names = {tag.rpartition(b".")[0] for tag in self._hears}
        self._alone: list[Recorded] = []
        self._later: list[tuple[float, int, Recorded]] = []
        self._in_hand: dict[tuple[str, int], asyncio.Timeout | None] = {}
        self._next_sweep = 0.0

    @property
    def in_flight(self) -> int:
        """How many deliveries this process holds."""
        return len(self._in_hand)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; a store that is away is waited for."""
        renewal = asyncio.create_task(self._renew(stopping))
        delay = self._pace.retry_delay_s
        try:
            while not stopping.is_set():
                try:
                    await self._serve(stopping)
                    delay = self._pace.retry_delay_s
                except StoreUnavailable as error:
                    logger.warning("store away", service=self._service.name, detail=error.detail)
                    self._let_go()
                    await rest(delay, stopping)
                    delay = min(delay * 2, self._pace.retry_delay_s_max)
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)

    async def _serve(self, stopping: asyncio.Event) -> None:
        for category in self._categories:
            await self._log.open_group(self._partition, category, self._service.name)
        self._next_sweep = 0.0
        stopped = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                await self._sweep()
                await self._take_alone()
                await self._answer(await self._read(stopped), alone=False)
            # A cancelled read may have been handed entries that nobody saw.
            await self._sweep_own()
            await self._take_alone()
        finally:
            stopped.cancel()

    async def _read(self, stopped: "asyncio.Task[bool]") -> list[Recorded]:
        """New deliveries, waiting as long as nothing else is due and nobody says stop."""
        loop = asyncio.get_running_loop()
        due = min([self._next_sweep, *(at for at, _, _ in self._later[:1])])
        block_ms = max(1, min(self._pace.block_ms, int((due - loop.time()) * 1000)))
        reading = asyncio.create_task(
            self._log.read_group(
                self._partition,
                self._categories,
                self._service.name,
                self._name,
                count=self._pace.count,
                block_ms=block_ms,
            )
        )
        await asyncio.wait({reading, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            return []
        some = reading.result()
        crash.point("consumer.read", len(some))
        return some

    async def _take_alone(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._later and self._later[0][0] <= now:
            self._alone.append(heapq.heappop(self._later)[2])
        while self._alone:
            await self._answer([self._alone.pop(0)], alone=True)

    async def _sweep(self) -> None:
        """At the start and every half lease: what I hold without knowing it, and what others left lying."""
        now = asyncio.get_running_loop().time()
        if now < self._next_sweep:
            return
        self._next_sweep = now + self._pace.lease_ms / 2000
        await self._sweep_own()
        for category in self._categories:
            cursor = "0-0"
            while cursor:
                cursor, some = await self._log.claim(
                    self._partition,
                    category,
                    self._service.name,
                    self._name,
                    idle_ms=self._pace.lease_ms,
                    cursor=cursor,
                    count=self._pace.count,
                )
                self._queue_alone(some)

    async def _sweep_own(self) -> None:
        for category in self._categories:
            after = "0"
            while after:
                after, some = await self._log.own_pending(
                    self._partition, category, self._service.name, self._name, after=after, count=self._pace.count
                )
                self._queue_alone(some)

    def _queue_alone(self, some: Iterable[Recorded]) -> None:
        for one in some:
            if (one.category, one.seq) not in self._in_hand:
                self._in_hand[one.category, one.seq] = None
                self._alone.append(one)

    def _let_go(self) -> None:
        """Forget what is held: after an outage the pending list says what is still mine."""
        self._alone.clear()
        self._later.clear()
        self._in_hand.clear()

    async def _answer(self, delivered: Sequence[Recorded], *, alone: bool) -> None:
        """Answer some deliveries: each ends acknowledged with its facts, waiting to be tried again, or dead."""
        if not delivered:
            return
        self._in_hand.update({(one.category, one.seq): None for one in delivered})
        items, acks, failures = await self._sort(delivered)
        for _ in range(self._pace.conflicts_max + 1):
            known = await self._log.load(
                self._partition, [ref for item in items for ref in item.hears.loads(item.heard)]
            )
            crash.point("consumer.loaded", len(items))
            items, failed = await self._decide_and_commit(items, known, acks)
            failures += failed
            acks = {}
            if not items:
                break
        for item in items:
            # Others keep changing the same aggregates; that is nobody's failure.
            self._try_later(item.delivered, self._pace.retry_delay_s)
        for failure in failures:
            await self._handle(failure, alone=alone)

    async def _sort(
        self, delivered: Sequence[Recorded]
    ) -> tuple[list[Item], dict[tuple[str, str], list[int]], list[Failure]]:
        """What is answered, what is only acknowledged because the service does not hear it, what cannot be read."""
        items: list[Item] = []
        acks: dict[tuple[str, str], list[int]] = defaultdict(list)
        failures: list[Failure] = []
        for one in delivered:
            heard, error = one, None
            try:
                if one.entry.t == DEAD_RETRIED:
                    sent_back = await self._sent_back(one)
                    heard = sent_back or one
                if hears := self._hears.get(heard.entry.t):
                    items.append(Item(one, heard.decode(self._partition), hears))
                    continue
                if heard.entry.t.rpartition(b".")[0] in self._heard_names:
                    # Acknowledging what a newer program means for this service would lose it.
                    error = DamagedEntry(f"This service does not know {heard.entry.t.decode()}.", "Upgrade it.")
            except DamagedEntry as damaged:
                error = damaged
            if error is None:
                acks[one.category, self._service.name].append(one.seq)
                self._in_hand.pop((one.category, one.seq), None)
            else:
                failures.append(Failure(one, None, error))
        return items, acks, failures

    async def _sent_back(self, one: Recorded) -> Recorded | None:
        """The entry that a person sent back to this service; None where it is another's."""
        retried = one.decode(self._partition).event
        if not isinstance(retried, DeadRetried) or retried.service != self._service.name:
            return None
        return await self._log.entry(self._partition, retried.entry_category, retried.entry_seq)

    async def _decide_and_commit(
        self, items: Sequence[Item], known: dict[Ref, Snapshot], acks: dict[tuple[str, str], list[int]]
    ) -> tuple[list[Item], list[Failure]]:
        """Decide lane by lane and commit what is ready, while slow gathering goes on; returns conflicts, failures."""
        lanes: dict[Ref, list[Item]] = defaultdict(list)
        for item in items:
            lanes[item.hears.loads(item.heard)[0]].append(item)
        ready: list[tuple[Item, Unit]] = []
        conflicts: list[Item] = []
        failures: list[Failure] = []
        waiting = iter(lanes.values())

        async def work() -> None:
            for lane in waiting:
                for item in lane:
                    try:
                        ready.append((item, await self._decide(item, known)))
                    except Exception as error:  # noqa: BLE001 - whatever a handler raises is that delivery's failure
                        failures.append(Failure(item.delivered, item.heard, error))

        tasks = {asyncio.create_task(work()) for _ in range(min(self._service.concurrency, len(lanes)))}
        try:
            while tasks or ready or acks:
                if tasks:
                    _, tasks = await asyncio.wait(tasks, timeout=FLUSH_S)
                some, ready[:] = list(ready), []
                if some or acks:
                    crash.point("consumer.decided", len(some))
                    answers = await self._log.commit(self._partition, [unit for _, unit in some], acks)
                    crash.point("consumer.committed", len(some))
                    acks = {}
                    for (item, _), answer in zip(some, answers, strict=True):
                        if answer.outcome == "conflict":
                            conflicts.append(item)
                        else:
                            self._in_hand.pop((item.delivered.category, item.delivered.seq), None)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return conflicts, failures

    async def _decide(self, item: Item, known: dict[Ref, Snapshot]) -> Unit:
        loaded = {ref: known[ref] for ref in item.hears.loads(item.heard)}
        held = (item.delivered.category, item.delivered.seq)
        async with asyncio.timeout(self._service.timeout_s) as limit:
            self._in_hand[held] = limit
            events = await item.hears.handler(item.heard, States({ref: one.state for ref, one in loaded.items()}))
        self._in_hand[held] = None
        unit, after, _ = record(
            events,
            loaded,
            Cause.heard(item.heard, self._service.name, item.hears.actor),
            self._clock(),
            deliveries=(Delivery(item.delivered.category, self._service.name, item.delivered.seq),),
        )
        known.update(after)
        return unit

    def _try_later(self, one: Recorded, delay_s: float) -> None:
        due = asyncio.get_running_loop().time() + delay_s
        heapq.heappush(self._later, (due, one.seq, one))

    async def _handle(self, failure: Failure, *, alone: bool) -> None:
        """A failure among others only means: try it alone. Alone it counts, and the last one makes it dead."""
        one, error = failure.delivered, failure.error
        if (one.category, one.seq) not in self._in_hand:
            return  # The lease was lost: another consumer has it.
        if isinstance(error, StoreUnavailable):
            raise error
        hopeless = isinstance(error, SwarmError) and not error.retryable
        if not alone and not hopeless:
            self._alone.append(one)
            return
        count = await self._log.failed(self._partition, self._service.name, one.category, one.seq)
        if hopeless or count >= self._pace.failures_max:
            await self._bury(failure, count)
        else:
            delay = self._pace.retry_delay_s * 2 ** (count - 1)
            self._try_later(one, min(delay, self._pace.retry_delay_s_max))

    async def _bury(self, failure: Failure, attempts: int) -> None:
        """Acknowledge the entry together with the fact that says why nobody answered it."""
        one, heard = failure.delivered, failure.heard
        about = heard.event_id if heard else one.entry.i.decode(errors="replace")
        dead = Ref(OPS, str(uuid5(UUID(int=0), f"{self._service.name}:{about}")))
        reason, stack_hash = explain(failure.error)
        letter = DeadLettered(
            dead_id=dead.id,
            service=self._service.name,
            entry_category=heard.event.type_category() if heard else one.category,
            entry_seq=heard.position.seq if heard else one.seq,
            entry_type=heard.event.type_tag() if heard else one.entry.t.decode(errors="replace"),
            entry_event_id=about,
            reason=reason,
            stack_hash=stack_hash,
            attempts=attempts,
            run_id=heard.correlation_id if heard else "",
        )
        cause = Cause.heard(heard or _nameless(letter, self._clock()), self._service.name)
        delivery = Delivery(one.category, self._service.name, one.seq)
        for _ in range(self._pace.conflicts_max + 1):
            loaded = await self._log.load(self._partition, [dead])
            before = loaded[dead].state
            again = not isinstance(before, DeadLetter) or before.status != "dead"
            unit, _, _ = record([letter] if again else [], loaded, cause, self._clock(), deliveries=(delivery,))
            (answer,) = await self._log.commit(self._partition, [unit])
            if answer.outcome != "conflict":
                break
        await self._log.forget_failures(self._partition, self._service.name, one.category, one.seq)
        self._in_hand.pop((one.category, one.seq), None)
        logger.error("dead letter", service=self._service.name, dead_id=dead.id, reason=reason, attempts=attempts)

    async def _renew(self, stopping: asyncio.Event) -> None:
        """Keep the leases on what is held; what was lost is no longer worked on."""
        while not stopping.is_set():
            await rest(self._pace.lease_ms / 3000, stopping)
            by_category: dict[str, list[int]] = defaultdict(list)
            for category, seq in self._in_hand:
                by_category[category].append(seq)
            try:
                for category, seqs in by_category.items():
                    lost = await self._log.renew(self._partition, category, self._service.name, self._name, seqs)
                    for seq in lost:
                        running = self._in_hand.pop((category, seq), None)
                        if running is not None:
                            running.reschedule(asyncio.get_running_loop().time())
            except StoreUnavailable:
                continue  # The loop itself meets the outage and waits for its end.


DEAD_RETRIED = DeadRetried.type_tag().encode()


def explain(error: BaseException) -> tuple[str, str]:
    """Why it failed, without personal data, and a hash that is the same for failures with one cause.

    Only our own errors are quoted: the message of any other may hold what it choked on.
    """
    frames = traceback.extract_tb(error.__traceback__)
    stack = "|".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    stack_hash = hashlib.sha256(f"{type(error).__name__}|{stack}".encode()).hexdigest()[:12]
    if isinstance(error, SwarmError):
        return error.sentence(), stack_hash
    where = f" in {frames[-1].name}" if frames else ""
    return f"{type(error).__name__}{where}", stack_hash


def _nameless(letter: DeadLettered, now: datetime) -> AnyEnvelope:
    """Stands for an entry that cannot be read, so that its dead letter has a cause."""
    return Envelope(
        event_id=letter.dead_id,
        version=0,
        recorded_at=now,
        actor=Actor(kind="system", id="log"),
        correlation_id="",
        causation_id="",
        event=letter,
    )
