"""Takes back what waits for somebody who is to be left alone since: a draft, or an approval that was not carried out.

The list may change, and a draft be written, at the same moment in two partitions. So this looks again now and then,
and what it has not seen yet can neither be approved nor sent.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from contracts.email import Email, EmailWithdrawn
from contracts.envelope import Actor, Event
from contracts.errors import SwarmError
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import EXCLUDED, NEW, Lead
from services.runtime.clock import Clock, rest
from services.runtime.exclusion_list import ExclusionList
from services.runtime.execute import Asked, command_id, execute
from services.runtime.log import EventLog
from services.runtime.service import States

HUNTER = Actor(kind="agent", id="hunter")
TICK_S = 0.5
AGAIN_S = 30.0
AT_ONCE = 200
OPEN = frozenset({"drafted", "changes_requested", "approved"})


class OpenDrafts(Protocol):
    """What waits for a person, or for its sending."""

    async def all(self) -> Sequence[tuple[str, str]]:
        """Pairs of e-mail id and lead id; up to date with everything that was in the log when it is asked."""
        ...


def taken_back(email: Email, email_id: str) -> list[Event]:
    """The e-mail leaves every queue; nothing where it is in none."""
    if email.status not in OPEN:
        return []
    return [
        EmailWithdrawn(email_id=email_id, lead_id=email.lead_id, run_id=email.run_id, was=email.status, reason=EXCLUDED)
    ]


class LeaveAloneClock:
    """Ticks: whenever the list changed, and now and then while somebody is on it, it looks through what waits.

    Args:
        seconds: a clock that only runs forward.
    """

    def __init__(
        self,
        log: EventLog,
        exclusions: ExclusionList,
        drafts: OpenDrafts,
        clock: Clock,
        seconds: Callable[[], float],
        *,
        tick_s: float = TICK_S,
    ) -> None:
        self._log = log
        self._exclusions = exclusions
        self._drafts = drafts
        self._clock = clock
        self._seconds = seconds
        self._tick_s = tick_s
        self._looked: tuple[int, float] | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Tick until told to stop; what a missed tick would have found, the next one finds."""
        while not stopping.is_set():
            with suppress(SwarmError):  # The next tick tries again.
                await self.tick()
            await rest(self._tick_s, stopping)

    async def tick(self) -> int:
        """One look at the list, and where it is due, one at what waits; returns how many e-mails were taken back."""
        version, count = await self._exclusions.version()
        now = self._seconds()
        fresh = self._looked is not None and self._looked[0] == version and now - self._looked[1] < AGAIN_S
        if fresh or count == 0:
            return 0
        back = await self.sweep()
        self._looked = version, now
        return back

    async def sweep(self) -> int:
        """Look through everything that waits; returns how many e-mails were taken back."""
        waiting = await self._drafts.all()
        back = 0
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            leads = await self._leads([lead_id for _, lead_id in some])
            covered = await asyncio.gather(*(self._exclusions.covering(leads[lead_id].fields) for _, lead_id in some))
            for (email_id, _), key in zip(some, covered, strict=True):
                if key:
                    back += await self._take_back(email_id, key)
        return back

    async def _leads(self, ids: Sequence[str]) -> dict[str, Lead]:
        by_partition: dict[int, list[Ref]] = {}
        for one in ids:
            by_partition.setdefault(partition_of(one, self._log.partitions), []).append(Ref("lead", one))
        found: dict[str, Lead] = {}
        for partition, refs in by_partition.items():
            loaded = await self._log.load(partition, refs)
            found |= {ref.id: one.state if isinstance(one.state, Lead) else NEW for ref, one in loaded.items()}
        return found

    async def _take_back(self, email_id: str, key: str) -> bool:
        about = Ref("email", email_id)

        def decided(states: States) -> Sequence[Event]:
            return taken_back(states.get(about, Email) or Email(), email_id)

        partition = partition_of(email_id, self._log.partitions)
        version = (await self._log.load(partition, [about]))[about].version
        # Of one version it is one command, whoever else gives it.
        asked = Asked(command_id(HUNTER, f"{key}:{email_id}:{version}"), b"", HUNTER)
        receipt = await execute(self._log, partition, about, (), asked, decided, self._clock)
        return receipt is not None and receipt.status == "recorded"
