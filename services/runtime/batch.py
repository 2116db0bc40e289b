"""A batch of deliveries: each is answered by its handler, lane by lane, and waits for its commit."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from services.runtime.begun import Begun
from services.runtime.chains import Chain, chains
from services.runtime.clock import Clock
from services.runtime.dead_letter import Failure
from services.runtime.log import Delivery, Recorded, Snapshot, Unit
from services.runtime.record import Cause, record
from services.runtime.service import Hears, Service, States

Place: TypeAlias = tuple[str, int]
"""Category and sequence number of an entry."""
InHand: TypeAlias = dict[Place, asyncio.Timeout | None]
"""The deliveries that a process holds, each with the time limit of its handler while that gathers."""


class Item(NamedTuple):
    """One delivery, the entry it stands for, which differs for a dead letter that was sent back, and what it loads."""

    delivered: Recorded
    meant: Recorded
    heard: AnyEnvelope
    hears: Hears
    loads: tuple[Ref, ...]

    @property
    def place(self) -> Place:
        """Where it was delivered."""
        return self.delivered.category, self.delivered.seq


class Batch:
    """See the module. `again` has what was decided on a state that did not stand, `failures` what no handler answered.

    Args:
        known: the aggregates as they were read; each decision adds what it leaves.
        in_hand: whoever is no longer in it lost its lease, and is not answered here.
        recalled: `known` may be behind what stands, so that also who has nothing to say expects it.
    """

    def __init__(
        self,
        service: Service,
        items: Sequence[Item],
        known: dict[Ref, Snapshot],
        in_hand: InHand,
        clock: Clock,
        *,
        recalled: bool,
    ) -> None:
        self._service = service
        self._known = known
        self._read = dict(known)
        self._in_hand = in_hand
        self._clock = clock
        self._recalled = recalled
        lanes: dict[Ref, list[Item]] = defaultdict(list)
        for item in items:
            lanes[item.loads[0]].append(item)
        self._lanes = lanes.values()
        self._refused: set[Ref] = set()
        self.decided: list[tuple[Item, Unit]] = []
        self.again: list[Item] = []
        self.failures: list[Failure] = []

    def begin(self) -> set[asyncio.Task[None]]:
        """Start as many workers as the service bears; between them they take every lane."""
        waiting = iter(self._lanes)

        async def work() -> None:
            for lane in waiting:
                for item in lane:
                    if item.place in self._in_hand:  # Else its lease was lost while it waited for its turn.
                        await self._answer(item)

        return {asyncio.create_task(work()) for _ in range(min(self._service.concurrency, len(self._lanes)))}

    def take(self) -> list[Chain[Item]]:
        """What can be committed now; what was decided on a state that was then refused is decided again."""
        fit: list[tuple[Item, Unit]] = []
        for item, unit in self.decided:
            if any(ref in self._refused for ref, _ in unit.expects):
                self.again.append(item)
            else:
                fit.append((item, unit))
        some, self.decided[:] = chains(fit)
        return some

    def refuse(self, chain: Chain[Item]) -> None:
        """What the chain would have left does not stand."""
        self._refused |= {save.ref for unit in chain.units for save in unit.saves}

    async def _answer(self, item: Item) -> None:
        try:
            self.decided.append((item, await self._decide(item)))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is that delivery's failure
            self._fail(item, error)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Nobody cancelled this worker: something inside the handler was, which is a failure like any.
            cut_off = RuntimeError("the handler was cancelled from inside")
            self._fail(item, cut_off.with_traceback(error.__traceback__))

    def _fail(self, item: Item, error: Exception) -> None:
        self.failures.append(Failure(item.delivered, item.meant, item.heard, error))

    async def _decide(self, item: Item) -> Unit:
        loaded = {ref: self._known[ref] for ref in item.loads}
        unit, after, _ = record(
            await self._handled(item, States({ref: one.state for ref, one in loaded.items()})),
            loaded,
            Cause.heard(item.heard, self._service.name, item.hears.actor),
            self._clock(),
            deliveries=(Delivery(item.delivered.category, self._service.name, item.delivered.seq),),
        )
        if not unit.facts and (self._recalled or any(one is not self._read[ref] for ref, one in loaded.items())):
            # "Nothing to do" was said of a state that may not stand, or not yet: it stands or falls with it.
            unit = unit._replace(expects=[(ref, one.version) for ref, one in loaded.items()])
        self._known.update(after)
        return unit

    async def _handled(self, item: Item, states: States) -> Sequence[Event]:
        """What the handler says, within its time if it has to wait for anything."""
        handling = item.hears.handler(item.heard, states)
        try:
            waits_for = handling.send(None)
        except StopIteration as done:
            said: Sequence[Event] = done.value
            return said
        try:
            async with asyncio.timeout(self._service.timeout_s) as limit:
                self._in_hand[item.place] = limit
                return await Begun(handling, waits_for)
        finally:
            if item.place in self._in_hand:
                self._in_hand[item.place] = None
