"""What QUEEN follows in each partition, and the clock by which drafts expire and runs are found stalled."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from contracts.commands import ExpireDraft
from contracts.email import Email
from contracts.envelope import Actor, AnyEnvelope, Event
from contracts.errors import SwarmError
from contracts.facts import Ref, State
from contracts.identity import CONTROL, partition_of
from contracts.run import Run, RunChunkRead, RunRequested, RunResumed, RunSourceBlocked
from services.approval.decide import decide as decide_draft
from services.queen.decide import answer, stalled
from services.queen.tally import COUNTED, ENTERING, run_of
from services.runtime.clock import Clock, rest
from services.runtime.execute import Asked, command_id, execute
from services.runtime.follower import Follows
from services.runtime.log import EventLog
from services.runtime.service import States

NAME = "queen"
ABOUT_RUNS: frozenset[type[Event]] = frozenset({RunRequested, RunChunkRead, RunSourceBlocked, RunResumed})
CLOCK = Actor(kind="system", id="clock")
TICK_S = 1.0
REST_S = 0.005
"""After a small batch: of facts that come one by one, the first is told alone and the next ones together."""
PATIENCE_S = 0.025
"""Counts are absolute, so those of a lead on its way are told with the next: each telling is a write. What ends a lead
may end its run, and is told at once."""


def follows(partition: int) -> Follows:
    """QUEEN's reading of one partition; everything she records is about runs, in the control partition."""

    def loads(fact: AnyEnvelope) -> tuple[Ref, ...]:
        run = run_of(fact)
        return (Ref("run", run),) if run else ()

    def decide(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], now: datetime) -> Sequence[Event]:
        runs = {ref.id: state for ref, state in states.items() if isinstance(state, Run)}
        return answer(heard, runs, partition=partition, now=now)

    on_the_way = ENTERING | {RunChunkRead}
    return Follows(
        NAME, COUNTED | ABOUT_RUNS, loads, decide, more_to_come=on_the_way, patience_s=PATIENCE_S, rest_s=REST_S
    )


class DueDrafts(Protocol):
    """The drafts that nobody answered in time, and the runs that are under way: what the clock looks at."""

    async def expired(self, now: datetime) -> Sequence[str]: ...

    async def running(self) -> Sequence[str]: ...


class QueenClock:
    """Ticks: a draft whose time is over expires, a run in which nothing moves is given up."""

    def __init__(self, log: EventLog, due: DueDrafts, *, clock: Clock, tick_s: float = TICK_S) -> None:
        self._log = log
        self._due = due
        self._clock = clock
        self._tick_s = tick_s

    async def run(self, stopping: asyncio.Event) -> None:
        """Tick until told to stop. A tick that is missed is made up by the next: due times are kept, not ticks."""
        while not stopping.is_set():
            with suppress(SwarmError):  # The next tick finds the same things due.
                await self.tick()
            await rest(self._tick_s, stopping)

    async def tick(self) -> None:
        """One look at what is due."""
        now = self._clock()
        for email_id in await self._due.expired(now):
            await self._expire(email_id, now)
        for run_id in await self._due.running():
            await self._look_at(run_id, now)

    async def _expire(self, email_id: str, now: datetime) -> None:
        ref = Ref("email", email_id)
        command = ExpireDraft(email_id=email_id)

        def decided(states: States) -> Sequence[Event]:
            state = states.get(ref, Email) or Email()
            return decide_draft(
                state, command, actor=CLOCK, now=now, undo_window_s=0, current=None, verdict=None, salt=""
            )

        partition = partition_of(email_id, self._log.partitions)
        # Seen from another draft version this is another expiry.
        key = f"expire:{email_id}:{now.date()}"
        await execute(self._log, partition, ref, (), Asked(command_id(CLOCK, key), b"", CLOCK), decided, self._clock)

    async def _look_at(self, run_id: str, now: datetime) -> None:
        ref = Ref("run", run_id)

        def decided(states: States) -> Sequence[Event]:
            return stalled(states.get(ref, Run) or Run(), run_id, now)

        asked = Asked(command_id(CLOCK, f"stalled:{run_id}:{now.isoformat()}"), b"", CLOCK, correlation_id=run_id)
        await execute(self._log, CONTROL, ref, (), asked, decided, self._clock)
