"""The projector: follows every partition, folds its facts into the views, and writes rows and positions together."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from contracts.errors import DamagedEntry, StoreUnavailable
from contracts.facts import CATEGORIES
from services.projections.fold import Fold
from services.projections.views import VIEWS, AnyView
from services.runtime import crash
from services.runtime.clock import rest
from services.runtime.host import Standing
from services.runtime.log import EventLog, Recorded
from services.runtime.redis_client import AWAY_S_MAX
from services.runtime.until_stopped import UntilStopped
from services.runtime.view_store import ViewStore

logger = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """How much is read at once from each stream, how long is waited, and how long at least and at most after little came."""

    count: int = 1_024
    block_ms: int = 2_000
    rest_s: float = 0.03
    rest_s_max: float = 0.3
    retry_delay_s: float = 0.5
    retry_delay_s_max: float = AWAY_S_MAX


def partitions(log: EventLog) -> range:
    """Every partition of a namespace; beside several there is the control partition 0."""
    return range(1 if log.partitions == 1 else log.partitions + 1)


class Projector:
    """See the module. Several may run: of two that hold the same facts only one gets to write them."""

    def __init__(
        self,
        log: EventLog,
        store: ViewStore,
        views: Iterable[AnyView] = tuple(VIEWS.values()),
        *,
        pace: Pace | None = None,
    ) -> None:
        self._log = log
        self._store = store
        self._views = list(views)
        self._pace = pace or Pace()

    async def standing(self) -> Standing:
        """How far the views are folded, whichever process folds them, and whether the log goes on past that."""
        heads = {partition: await self._log.head(partition) for partition in partitions(self._log)}
        places = [
            [standing.positions.get(partition, 0) for partition in heads]
            for standing in await self._store.standing(self._views)
        ]
        waits = any(seq < head for place in places for seq, head in zip(place, heads.values(), strict=True))
        return Standing(tuple(seq for place in places for seq in place), waits)

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow until told to stop; a store that is away is waited for.

        Raises:
            DamagedEntry: an entry or a row does not read; nothing past it is folded.
        """
        # All are told to end by an event, so that each does between two batches.
        ending = asyncio.Event()
        following = [asyncio.create_task(self._follow(partition, ending)) for partition in partitions(self._log)]
        stopped = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({stopped, *following}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.set()
            stopped.cancel()
            ends = await asyncio.gather(*following, return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _follow(self, partition: int, stopping: asyncio.Event) -> None:
        delay = self._pace.retry_delay_s
        fold = Fold(self._store, self._views, partition)
        while not stopping.is_set():
            try:
                await fold.open()
                async with UntilStopped(stopping) as until:
                    while not stopping.is_set() and await self._step(fold, partition, until, stopping):
                        delay = self._pace.retry_delay_s
            except StoreUnavailable as error:
                logger.warning("store away", service="projector", partition=partition, detail=error.detail)
                await rest(delay, stopping)
                delay = min(delay * 2, self._pace.retry_delay_s_max)
            except DamagedEntry as error:
                logger.error("projector stops at damage", partition=partition, detail=error.sentence())
                raise

    async def _step(self, fold: Fold, partition: int, until: UntilStopped, stopping: asyncio.Event) -> bool:
        """Take each group of views one batch further; False where somebody else did."""
        loop = asyncio.get_running_loop()
        groups, some, began_s = fold.groups(), list[Recorded](), loop.time()
        block_ms = self._pace.block_ms if len(groups) == 1 else 0
        for group in groups:
            read = self._log.tail(partition, CATEGORIES, group.position, count=self._pace.count, block_ms=block_ms)
            some = await until.wait_for(read) or []
            began_s = loop.time()
            crash.point("projector.read", len(some))
            if not await fold.apply(group, some):
                return False
        if some and len(some) < self._pace.count:
            # Ten facts cost little more than one, and a person does not see thirty milliseconds. While much comes, folding
            # is a quarter of the time: a row is written once for all facts of a batch that touch it.
            took_s = loop.time() - began_s
            await rest(min(max(self._pace.rest_s, 3 * took_s), self._pace.rest_s_max), stopping)
        return True
