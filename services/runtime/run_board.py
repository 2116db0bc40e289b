"""Whether a run is still to be worked on: what agents ask before they go on with one of its leads.

The answer may be a moment old. That is enough: it keeps work back, it never lets anything out.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeAlias

from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.lead import Lead, LeadHeld
from contracts.run import Run
from services.runtime.log import EventLog
from services.runtime.service import Handler, Hears, Service, States

FRESH_S = 0.25
LOOK_S = FRESH_S / 2
KNOWN_MAX = 1_000
HOLDING = frozenset({"stopped", "cancelled", "withdrawn"})
Seconds: TypeAlias = Callable[[], float]


class RunBoard:
    """The status of runs, looked up in the control partition at most every `FRESH_S` seconds each while they run.

    Args:
        seconds: a clock that only runs forward.
    """

    def __init__(self, log: EventLog, seconds: Seconds) -> None:
        self._log = log
        self._seconds = seconds
        self._known: dict[str, tuple[float, bool]] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}

    async def holds(self, run_id: str) -> bool:
        """Whether leads of this run are to stay where they are. Many that ask at once share one look."""
        at, held = self._known.get(run_id, (-FRESH_S, False))
        # A hold is looked up each time: a lead that is held once more after its release would stay so for ever.
        age = self._seconds() - at
        if age < FRESH_S and not held:
            if age > LOOK_S:  # While leads keep coming, none waits for the answer that the next ones need.
                self._ask(run_id)
            return False
        joined = run_id in self._asking
        held = await asyncio.shield(self._ask(run_id))
        return await self._look(run_id) if held and joined else held

    def _ask(self, run_id: str) -> "asyncio.Task[bool]":
        asking = self._asking.get(run_id)
        if asking is None:
            asking = self._asking[run_id] = asyncio.create_task(self._look(run_id))
            asking.add_done_callback(lambda done: self._asked(run_id, done))
        return asking

    def _asked(self, run_id: str, done: "asyncio.Task[bool]") -> None:
        del self._asking[run_id]
        if not done.cancelled():
            done.exception()  # Seen, also where nobody waited for it.

    async def _look(self, run_id: str) -> bool:
        ref = Ref("run", run_id)
        run = (await self._log.load(CONTROL, [ref]))[ref].state
        held = isinstance(run, Run) and run.status in HOLDING
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[run_id] = (self._seconds(), held)
        return held


def holding(service: Service, stage: str, board: RunBoard) -> Service:
    """The service, except that it holds a lead whose run was stopped instead of answering for it."""
    held = {fact: Hears(_held(hears, stage, board), hears.loads, hears.actor) for fact, hears in service.hears.items()}
    return Service(service.name, held, service.concurrency, service.timeout_s)


def _held(hears: Hears, stage: str, board: RunBoard) -> Handler:
    async def handler(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        for ref in hears.loads(heard):
            if ref.category != "lead":
                continue
            lead = states.get(ref, Lead)
            if lead and lead.run and await board.holds(lead.run.run_id):
                held = LeadHeld(lead_id=ref.id, run_id=lead.run.run_id, stage=stage)
                return [] if lead.held_at or lead.status in {"withdrawn", "disqualified"} else [held]
        return await hears.handler(heard, states)

    return handler
