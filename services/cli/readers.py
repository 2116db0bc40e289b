"""What agents ask of the views, through ports of their own: due drafts and sends, a run's leads, rejections."""

from collections.abc import Sequence
from datetime import datetime

from contracts.errors import StoreUnavailable
from services.guard.draft import Rejection, RejectionMemory
from services.projections.service import partitions
from services.projections.views import LEADS, MEMORY, RUNS, TIMERS
from services.runtime.log import EventLog
from services.runtime.view_store import ViewStore

DUE_AT_ONCE = 500
WAIT_S = 60.0
RUNNING_MAX = 1_000


class Timers:
    """Due times, from the view `timers`: what QUEEN's and OPERATOR's clocks look at."""

    def __init__(self, store: ViewStore) -> None:
        self._store = store

    async def expired(self, now: datetime) -> Sequence[str]:
        """The drafts whose time to be answered is over."""
        due = await self._store.by_rank(TIMERS, highest=now.timestamp(), count=DUE_AT_ONCE)
        return [row.email_id for _, row in due if row.kind == "expire"]

    async def due(self, now: datetime) -> Sequence[tuple[str, str]]:
        """The approved e-mails whose undo window is over, each with its lead."""
        due = await self._store.by_rank(TIMERS, highest=now.timestamp(), count=DUE_AT_ONCE)
        return [(row.email_id, row.lead_id) for _, row in due if row.kind == "send"]

    async def running(self) -> Sequence[str]:
        """The runs that are under way."""
        newest = await self._store.by_rank(RUNS, count=RUNNING_MAX, highest_first=True)
        return [key for key, row in newest if row.status == "running"]


class LeadsOfRun:
    """A run's leads, from the view `leads` once it has seen everything that is in the log."""

    def __init__(self, log: EventLog, store: ViewStore) -> None:
        self._log = log
        self._store = store

    async def of(self, run_id: str) -> Sequence[str]:
        """See HUNTER's port.

        Raises:
            StoreUnavailable: the view does not get there; asking again later may help.
        """
        for partition in partitions(self._log):
            head = await self._log.head(partition)
            if not await self._store.wait_for(LEADS, partition, head, timeout_s=WAIT_S):
                raise StoreUnavailable("The view of leads is behind.", "See that the projector runs.")
        return [key async for key, row in self._store.all(LEADS) if row.run_id == run_id and row.status != "refused"]


class OpenDrafts:
    """E-mails that have a draft and were not sent, from the view `timers` once it has seen everything that is in the log."""

    def __init__(self, log: EventLog, store: ViewStore) -> None:
        self._log = log
        self._store = store

    async def all(self) -> Sequence[tuple[str, str]]:
        """See HUNTER's port.

        Raises:
            StoreUnavailable: the view does not get there; asking again later may help.
        """
        for partition in partitions(self._log):
            head = await self._log.head(partition)
            if not await self._store.wait_for(TIMERS, partition, head, timeout_s=WAIT_S):
                raise StoreUnavailable("The view of timers is behind.", "See that the projector runs.")
        return [(row.email_id, row.lead_id) async for _, row in self._store.all(TIMERS)]


class Rejections:
    """What people rejected for a lead, from the view `memory`."""

    def __init__(self, store: ViewStore) -> None:
        self._store = store

    async def get(self, lead_id: str) -> RejectionMemory:
        """See CRAFTER's port."""
        row = await self._store.get(MEMORY, lead_id)
        if row is None:
            return RejectionMemory()
        return RejectionMemory(
            rejections=tuple(
                Rejection(at=one.at, tag=one.tag, fingerprint=one.fingerprint, template=one.template)
                for one in row.rejections
            )
        )
