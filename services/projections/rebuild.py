"""Replay: folds the whole log into the next generation of views while the live one goes on, then switches."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contracts.errors import VersionConflict
from contracts.facts import CATEGORIES
from services.projections.fold import Fold
from services.projections.service import partitions
from services.projections.views import AnyView
from services.runtime.clock import Sleep
from services.runtime.log import EventLog
from services.runtime.view_store import ViewStore

COUNT = 2_000
GRACE_S = 60.0
ROUNDS_MAX = 1_000


class Rebuilt(NamedTuple):
    """What a rebuild did: how many facts it folded, and by title the generation that is live now."""

    facts: int
    generations: Mapping[str, int]


async def rebuild(
    log: EventLog,
    store: ViewStore,
    views: Sequence[AnyView],
    *,
    grace_s: float = GRACE_S,
    sleep: Sleep = asyncio.sleep,
    count: int = COUNT,
) -> Rebuilt:
    """Build views anew from the beginning of the log, in one pass, and make them the live ones.

    Args:
        views: at least one.
        grace_s: how long the old generations stay for whoever still reads them.
        count: entries of each stream in one read.

    Raises:
        DamagedEntry: an entry does not read; the live generations stay.
        VersionConflict: the live generations moved faster than the new ones could follow.
    """
    live = {view.name: standing.generation for view, standing in zip(views, await store.standing(views), strict=True)}
    for view in views:
        # What a rebuild that was killed left behind.
        await store.discard(view, live[view.name] + 1)
        await store.discard(view, live[view.name] - 1)
    waiting, facts = list(views), 0
    for _ in range(ROUNDS_MAX):
        building = {view.name: live[view.name] + 1 for view in waiting}
        facts += sum(
            await asyncio.gather(
                *(_catch_up(log, store, waiting, building, partition, count) for partition in partitions(log))
            )
        )
        # None: somebody else has switched, which is as good.
        waiting = [view for view in waiting if await store.switch(view, live[view.name]) is False]
        if not waiting:
            break
    else:
        raise VersionConflict("The live views moved faster than the new ones could follow.")
    if grace_s:
        await sleep(grace_s)
    for view in views:
        await store.discard(view, live[view.name])
    return Rebuilt(facts, {view.title: live[view.name] + 1 for view in views})


async def _catch_up(
    log: EventLog,
    store: ViewStore,
    views: Sequence[AnyView],
    building: Mapping[str, int],
    partition: int,
    count: int,
) -> int:
    """Fold one partition from where the new generations stand up to its end; returns how many facts that were."""
    fold = Fold(store, views, partition, building=building)
    await fold.open()
    facts = 0
    while True:
        group = fold.groups()[0]
        some = await log.tail(partition, CATEGORIES, group.position, count=count)
        if not some:
            return facts
        if await fold.apply(group, some):
            facts += len(some)
            continue
        # Another rebuild works on the same generations; where it has made one the live one, nothing is left to do.
        standings = await store.standing(views)
        if any(one.generation >= building[view.name] for view, one in zip(views, standings, strict=True)):
            return facts
        await fold.open()
