"""Replay of what a run left: reading and decoding every fact, and building all views anew from them."""

import time
from typing import NamedTuple

from contracts.facts import CATEGORIES
from contracts.identity import CONTROL
from services.cli.bench.figures import Place
from services.cli.bench.pipeline import opened
from services.projections.rebuild import COUNT, rebuild
from services.projections.views import VIEWS


class Replayed(NamedTuple):
    """Facts a second, read and decoded alone, and with all views built and written."""

    read: float
    rebuilt: float


async def replay(place: Place, namespace: str) -> Replayed:
    """Both over the whole log of a namespace, with the same reads."""
    async with opened(place, namespace) as swarm:
        began = time.perf_counter()
        facts = after = 0
        while some := await swarm.log.tail(CONTROL, CATEGORIES, after, count=COUNT):
            for one in some:
                one.decode(CONTROL)
            facts += len(some)
            after = some[-1].seq
        read = facts / (time.perf_counter() - began)
        began = time.perf_counter()
        done = await rebuild(swarm.log, swarm.views, list(VIEWS.values()), grace_s=0)
        return Replayed(read, done.facts / (time.perf_counter() - began))
