"""One agent on one partition: read, load, gather and decide, commit; take over what a dead peer left.

Exactly once is the commit's work: a delivery's acknowledgement and its facts are one unit. Everything here may
therefore be repeated, and nothing here is lost by being killed at any line.
"""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from redis.exceptions import ResponseError

from contracts.errors import DamagedEntry, StoreUnavailable, SwarmError, UnsafeStore
from contracts.facts import FACTS, Ref, ref_of
from contracts.ops import DeadLetter, DeadRetried
from services.runtime import crash
from services.runtime.batch import Batch, InHand, Item
from services.runtime.chains import Chain
from services.runtime.clock import Clock, rest
from services.runtime.dead_letter import Failure, letter_of
from services.runtime.log import Delivery, EventLog, Outcome, Recorded, Snapshot
from services.runtime.record import record
from services.runtime.redis_client import AWAY_S_MAX
from services.runtime.service import Service
from services.runtime.until_stopped import UntilStopped

logger = structlog.get_logger()

OPS = "ops"
FLUSH_S = 0.02
UNHEARD_MS = 20
RENEWED_AT_ONCE = 1_000
DEAD_RETRIED = DeadRetried.type_tag().encode()
KNOWN_TAGS = frozenset(tag.encode() for tag in FACTS)


@dataclass(frozen=True)
class Pace:
    """How much is read at once, how long is waited, and when somebody is given up.

    `conflict_delay_s` is short: who lost against five others lost to work that was done, and the sixth is likely to win.

    A lease must outlast the slowest handler or be renewed; it is renewed every third of itself. `grace_s` is how long
    work in hand may go on once the process is told to stop; what is cut off stays pending under the consumer's name.
    """

    count: int = 256
    block_ms: int = 2_000
    lease_ms: int = 15_000
    retry_delay_s: float = 0.5
    retry_delay_s_max: float = 30.0
    failures_max: int = 5
    conflicts_max: int = 5
    conflict_delay_s: float = 0.05
    grace_s: float = 5.0


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
        passed = KNOWN_TAGS - self._hears.keys() - {DEAD_RETRIED}
        self._passes = frozenset(tag for tag in passed if tag.rpartition(b".")[0] not in self._heard_names)
        self._alone: list[Recorded] = []
        self._later: list[tuple[float, int, Recorded]] = []
        self._in_hand: InHand = {}
        self._unheard: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._next_sweep = 0.0
        self._away_s = self._pace.retry_delay_s
        self._stopping = asyncio.Event()
        self._stop_by: float | None = None

    @property
    def in_flight(self) -> int:
        """How many deliveries this process holds."""
        return len(self._in_hand)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; a store that is away is waited for.

        Raises:
            UnsafeStore: the store does not hold what this program may work on; waiting would not mend it.
        """
        self._stopping = stopping
        renewal = asyncio.create_task(self._renew())
        try:
            while not stopping.is_set():
                try:
                    await self._serve(stopping)
                except UnsafeStore:
                    raise
                except StoreUnavailable as error:
                    logger.warning("store away", service=self._service.name, detail=error.detail)
                    self._let_go()
                    await rest(self._away_s, stopping)
                    self._away_s = min(self._away_s * 2, AWAY_S_MAX)
                except ResponseError as error:
                    if not str(error).startswith("NOGROUP"):
                        raise
                    # Somebody removed the group; a new one starts at the beginning, and the states know what is done.
                    logger.warning("group gone", service=self._service.name)
                    self._let_go()
        finally:
            renewal.cancel()
            await asyncio.gather(renewal, return_exceptions=True)

    async def _serve(self, stopping: asyncio.Event) -> None:
        # The group in `ops` comes last: where it is, all of them are.
        for category in sorted(self._categories, key=lambda one: one == OPS):
            await self._log.open_group(self._partition, category, self._service.name)
        self._next_sweep = 0.0
        async with UntilStopped(stopping) as until:
            while not stopping.is_set():
                await self._sweep()
                self._away_s = self._pace.retry_delay_s  # The store answers: the next outage is a new one.
                await self._take_alone()
                await self._answer(await self._read(until), alone=False)
        # A read that was cut off may have been handed entries that nobody saw.
        await self._sweep_own()
        await self._take_alone()
        await self._acknowledge_unheard()

    async def _read(self, until: UntilStopped) -> list[Recorded]:
        """New deliveries, waiting as long as nothing else is due and nobody says stop."""
        loop = asyncio.get_running_loop()
        due = min([self._next_sweep, *(at for at, _, _ in self._later[:1])])
        patience_ms = UNHEARD_MS if self._unheard else self._pace.block_ms
        block_ms = max(1, min(patience_ms, int((due - loop.time()) * 1000)))
        some = await until.wait_for(
            self._log.read_group(
                self._partition,
                self._categories,
                self._service.name,
                self._name,
                count=self._pace.count,
                block_ms=block_ms,
            )
        )
        if some is None:
            return []
        if not some:
            await self._acknowledge_unheard()
        crash.point("consumer.read", len(some))
        return some

    async def _take_alone(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._later and self._later[0][0] <= now:
            self._alone.append(heapq.heappop(self._later)[2])
        while self._alone and not self._out_of_time():
            one = self._alone.pop(0)
            if (one.category, one.seq) in self._in_hand:  # Else its lease was lost while it waited.
                await self._answer([one], alone=True)

    def _out_of_time(self) -> bool:
        """Whether the process was told to stop and has had its grace."""
        if not self._stopping.is_set():
            return False
        now = asyncio.get_running_loop().time()
        if self._stop_by is None:
            self._stop_by = now + self._pace.grace_s
        return now >= self._stop_by

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
        self._unheard.clear()

    async def _acknowledge_unheard(self) -> None:
        """What the service does not hear goes with its next commit, or here when there is none: each is a write."""
        if acks := self._take_unheard():
            await self._log.commit(self._partition, [], acks)

    def _take_unheard(self) -> dict[tuple[str, str], list[int]]:
        acks, self._unheard = self._unheard, defaultdict(list)
        for (category, _), seqs in acks.items():
            for seq in seqs:
                self._in_hand.pop((category, seq), None)
        return acks

    async def _answer(self, delivered: Sequence[Recorded], *, alone: bool) -> None:
        """Answer some deliveries: each ends acknowledged with its facts, waiting to be tried again, or dead."""
        if not delivered:
            return
        self._in_hand.update({(one.category, one.seq): None for one in delivered})
        items, failures = await self._sort(delivered)
        if not items and not failures and sum(map(len, self._unheard.values())) < self._pace.count:
            return
        acks = self._take_unheard()
        recalled = not alone
        for _ in range(self._pace.conflicts_max + 1):
            known: dict[Ref, Snapshot] = {}
            refs = [ref for item in items for ref in item.loads]
            try:
                if recalled:
                    heard = {ref_of(item.heard.event): item.heard.version for item in items}
                    known = await self._log.recall(self._partition, refs, heard)
                else:
                    known = await self._log.load(self._partition, refs)
            except DamagedEntry as error:
                # One snapshot that does not read must not hold up the others.
                if alone:
                    failures += [Failure(item.delivered, item.meant, item.heard, error) for item in items]
                else:
                    self._alone += [item.delivered for item in items]
                items = []
            crash.point("consumer.loaded", len(items))
            items, failed = await self._decide_and_commit(items, known, acks, recalled=recalled)
            failures += failed
            acks, recalled = {}, False  # What was refused is decided on what stands.
            if not items or self._out_of_time():
                break
        for item in items:
            # Others keep changing the same aggregates; that is nobody's failure, and they are soon done.
            self._try_later(item.delivered, self._pace.conflict_delay_s)
        for failure in failures:
            await self._handle(failure, alone=alone)
        if alone:
            for one in delivered:
                if (one.category, one.seq) not in self._in_hand:
                    await self._log.forget_failures(self._partition, self._service.name, one.category, one.seq)

    async def _sort(self, delivered: Sequence[Recorded]) -> tuple[list[Item], list[Failure]]:
        """What is answered and what cannot be read; what the service does not hear is put by to be acknowledged."""
        items: list[Item] = []
        failures: list[Failure] = []
        for one in delivered:
            if one.entry.t in self._passes:  # As most are.
                self._unheard[one.category, self._service.name].append(one.seq)
                continue
            meant, error = one, None
            try:
                if one.entry.t == DEAD_RETRIED:
                    meant = await self._sent_back(one) or one
                if hears := self._hears.get(meant.entry.t):
                    heard = meant.decode(self._partition)
                    items.append(Item(one, meant, heard, hears, hears.loads(heard)))
                    continue
                if meant.entry.t not in KNOWN_TAGS:
                    meant.decode(self._partition)  # A damaged tag must not pass for one that nobody here hears.
                if meant.entry.t.rpartition(b".")[0] in self._heard_names:
                    # Acknowledging what a newer program means for this service would lose it.
                    error = DamagedEntry(f"This service does not know {meant.entry.t.decode()}.", "Upgrade it.")
            except DamagedEntry as damaged:
                error = damaged
            if error is None:
                self._unheard[one.category, self._service.name].append(one.seq)
            else:
                failures.append(Failure(one, meant, None, error))
        return items, failures

    async def _sent_back(self, one: Recorded) -> Recorded | None:
        """The entry that a person sent back to this service; None where it is another's."""
        retried = one.decode(self._partition).event
        if not isinstance(retried, DeadRetried) or retried.service != self._service.name:
            return None
        return await self._log.entry(self._partition, retried.entry_category, retried.entry_seq)

    async def _decide_and_commit(
        self,
        items: Sequence[Item],
        known: dict[Ref, Snapshot],
        acks: dict[tuple[str, str], list[int]],
        *,
        recalled: bool,
    ) -> tuple[list[Item], list[Failure]]:
        """Commit what is decided while slow gathering goes on; returns what is to be decided again, and what failed.

        Args:
            recalled: see `Batch`.
        """
        batch = Batch(self._service, items, known, self._in_hand, self._clock, recalled=recalled)
        workers = batch.begin()
        try:
            while workers or batch.decided or acks:
                if workers:
                    _, workers = await asyncio.wait(workers, timeout=FLUSH_S)
                some = batch.take()
                if some or acks:
                    crash.point("consumer.decided", len(some))
                    answers = await self._log.commit(self._partition, [chain.unit() for chain in some], acks)
                    crash.point("consumer.committed", len(some))
                    acks = {}
                    for chain, answer in zip(some, answers, strict=True):
                        self._take_answer(chain, answer.outcome, batch)
                if workers and self._out_of_time():
                    break
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        return batch.again, batch.failures

    def _take_answer(self, chain: Chain[Item], outcome: Outcome, batch: Batch) -> None:
        """What becomes of deliveries whose facts were committed, or were not."""
        if outcome != "done":
            batch.refuse(chain)
        if outcome == "conflict":
            batch.again += chain.items
        elif outcome == "gone" and len(chain.items) > 1:
            self._alone += [item.delivered for item in chain.items]  # Which of them is gone shows alone.
        else:
            for item in chain.items:
                self._in_hand.pop(item.place, None)

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
        one = failure.delivered
        letter, cause = letter_of(failure, self._service.name, self._partition, attempts, self._clock())
        dead = Ref(OPS, letter.dead_id)
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
        logger.error(
            "dead letter", service=self._service.name, dead_id=dead.id, reason=letter.reason, attempts=attempts
        )

    async def _renew(self) -> None:
        """Keep the leases on what is held, also while the process stops; what was lost is no longer worked on."""
        while True:
            await asyncio.sleep(self._pace.lease_ms / 3000)
            by_category: dict[str, list[int]] = defaultdict(list)
            for category, seq in self._in_hand:
                by_category[category].append(seq)
            try:
                for category, seqs in by_category.items():
                    for start in range(0, len(seqs), RENEWED_AT_ONCE):
                        await self._renew_some(category, seqs[start : start + RENEWED_AT_ONCE])
            except (StoreUnavailable, ResponseError):
                continue  # The loop itself meets the outage or the lost group, and deals with it.

    async def _renew_some(self, category: str, seqs: Sequence[int]) -> None:
        for seq in await self._log.renew(self._partition, category, self._service.name, self._name, seqs):
            running = self._in_hand.pop((category, seq), None)
            if running is not None:
                with suppress(RuntimeError):  # Its time was over at the same moment.
                    running.reschedule(asyncio.get_running_loop().time())
