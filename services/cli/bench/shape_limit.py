"""The shape limit: a recorded run's facts, snapshots and deliveries once more, through our own reads and commits.

Every service reads as it does when it works, in its own group or from its place as a follower, and finds what to commit
by the id of the fact it was handed. Nothing is decoded, loaded, decided, folded or encoded.
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence

from contracts.codec import Entry
from contracts.errors import StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.cli.bench.figures import Place
from services.cli.bench.pipeline import WAIT_S, opened
from services.cli.bench.shape import Shape
from services.queen.service import NAME as QUEEN
from services.runtime.commit_call import EXPECTED_MAX
from services.runtime.log import MAX_FACTS, WATERMARKS, Delivery, EventLog, Recorded, Save, Unit

COUNT = 256
BLOCK_MS = 20
CONTENDED = frozenset({"run", "deal"})
"""Categories that several services write: their versions depend on who comes first, so they are counted anew."""


class Replay:
    """One pass of a shape through an empty namespace."""

    def __init__(self, log: EventLog, shape: Shape) -> None:
        self._log = log
        self._shape = shape
        self._standing: dict[Ref, int] = {}
        self._tallies = list(reversed(shape.tallies))
        self._left = shape.facts
        self._tallied = sum(len(unit.facts) for unit in shape.tallies)
        self.done = asyncio.Event()

    async def commit(self, units: Sequence[Unit], acks: dict[tuple[str, str], list[int]] | None = None) -> None:
        """Commit, and count what stands.

        Raises:
            StoreUnavailable: a unit was refused; the shape does not fit its own order.
        """
        counted = [self._counted(unit) for unit in units]
        answers = await self._log.commit(CONTROL, counted, acks)
        refused = {answer.outcome for answer in answers} - {"done"}
        if refused:
            raise StoreUnavailable(f"The shape limit met {', '.join(refused)}.", "Run the bench again.")
        self._left -= sum(len(unit.facts) for unit in units)
        if self._left == 0:
            self.done.set()

    def _counted(self, unit: Unit) -> Unit:
        """The unit at the versions that its contended aggregates have here. Calls are answered in their order."""
        if not any(ref.category in CONTENDED for ref, _ in unit.expects):
            return unit
        was = dict(unit.expects)
        expects = [
            (ref, self._standing.get(ref, 0) if ref.category in CONTENDED else version) for ref, version in unit.expects
        ]
        now, saves = dict(expects), []
        for save in unit.saves:
            moved = now[save.ref] + save.version - was[save.ref]
            saves.append(save._replace(version=moved))
            self._standing[save.ref] = moved
        return unit._replace(expects=expects, saves=saves)

    async def consume(self, service: str) -> None:
        """One service's group, until everything stands."""
        categories, answers = self._shape.categories[service], self._shape.answers[service]
        together: dict[frozenset[bytes], list[Delivery]] = {}
        while not self.done.is_set():
            some = await self._log.read_group(CONTROL, categories, service, "shape", count=COUNT, block_ms=BLOCK_MS)
            units: list[Unit] = []
            acks: dict[tuple[str, str], list[int]] = {}
            for one in some:
                answered = answers.get(one.entry.i)
                if answered is None:
                    acks.setdefault((one.category, service), []).append(one.seq)
                    continue
                deliveries = together.setdefault(answered.heard, [])
                deliveries.append(Delivery(one.category, service, one.seq))
                if len(deliveries) == len(answered.heard):
                    if answered.before:
                        await self.commit(answered.before)
                    units.append(answered.unit._replace(deliveries=together.pop(answered.heard)))
            if some:
                await self.commit(units, acks)

    async def follow(self, follower: str) -> None:
        """One follower, until everything stands. A batch too large for a call is halved, as a follower does at work."""
        place = 0
        while not self.done.is_set():
            categories = self._shape.followed[follower]
            some = await self._log.tail(CONTROL, categories, place, count=COUNT, block_ms=BLOCK_MS)
            told = self._told(follower, place, some)
            while len(some) > 1 and (len(told.expects) > EXPECTED_MAX or len(told.facts) > MAX_FACTS):
                some = some[: len(some) // 2]
                told = self._told(follower, place, some)
            units = [told] if some else []
            if follower.startswith(f"{QUEEN}:"):
                units += self._due(len(units))
            if units:
                await self.commit(units)
            place = some[-1].seq if some else place

    def _told(self, follower: str, place: int, some: Sequence[Recorded]) -> Unit:
        """What a batch leads to, with the place that it moves."""
        watermark, carried = Ref(WATERMARKS, follower), self._shape.carried[follower]
        heard = [carried[one.entry.i] for one in some if one.entry.i in carried]
        refs = dict.fromkeys(ref for one in heard for ref in one.refs)
        facts: list[tuple[str, Entry]] = [fact for one in heard for fact in one.facts]
        saves = [Save(watermark, some[-1].seq if some else place, b""), *(save for one in heard for save in one.saves)]
        before: dict[Ref, int] = {}
        for category, entry in facts:
            before.setdefault(Ref(category, entry.a.decode()), int(entry.n) - 1)
        expects = [(ref, self._version(ref, before)) for ref in refs]
        return Unit([(watermark, place), *expects], facts, saves)

    def _due(self, batches: int) -> list[Unit]:
        """QUEEN's own: a unit a batch, as she records them; at the end whatever is left."""
        take = len(self._tallies) if self._left <= self._tallied else min(batches, len(self._tallies))
        due = [self._tallies.pop() for _ in range(take)]
        self._tallied -= sum(len(unit.facts) for unit in due)
        return due

    def _version(self, ref: Ref, before: dict[Ref, int]) -> int:
        return self._standing.get(ref, 0) if ref.category in CONTENDED else before.get(ref, 0)


async def shape_limit(place: Place, namespace: str, shape: Shape) -> float:
    """Leads a second, from the request until the last fact stands."""
    async with opened(place, namespace) as swarm:
        replay = Replay(swarm.log, shape)
        for service, categories in shape.categories.items():
            for category in categories:
                await swarm.log.open_group(CONTROL, category, service)
        work: list[Coroutine[None, None, None]] = [replay.consume(service) for service in shape.categories]
        work += [replay.follow(follower) for follower in shape.followed]
        tasks = [asyncio.create_task(one) for one in work]
        began = time.perf_counter()
        try:
            await replay.commit([shape.request])
            async with asyncio.timeout(WAIT_S):
                await asyncio.wait(
                    [asyncio.create_task(replay.done.wait()), *tasks], return_when=asyncio.FIRST_COMPLETED
                )
            took_s = time.perf_counter() - began
        finally:
            replay.done.set()
            await asyncio.gather(*tasks)
        return shape.leads / took_s
