"""How a command works on a swarm: with whatever already runs, or by running it for as long as the command needs it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from contracts.errors import StoreUnavailable
from services.cli.bootstrap import SERVICES, Swarm
from services.projections.service import partitions
from services.projections.views import VIEWS
from services.runtime.clock import rest
from services.runtime.host import host
from services.runtime.settle import follower_behind, group_behind
from services.runtime.slots import served

POLL_S = 0.005
POLL_S_MAX = 0.05
STAND_IN_S = 1.0
REACH_S = 30.0


@asynccontextmanager
async def working(swarm: Swarm) -> AsyncIterator[Sequence[str]]:
    """Run the services that nobody runs until the block ends; yields the names of those missing at the start.

    Where somebody else stops running one meanwhile, it is run here from then on.

    Raises:
        Exception: what a service failed with, where one did; the block is left at once.
    """
    missing = await _missing(swarm)
    stopping = asyncio.Event()
    serving = asyncio.create_task(_serve(swarm, missing, stopping))
    body, inside = asyncio.current_task(), True

    def leave(done: asyncio.Task[None]) -> None:
        if inside and body is not None and not done.cancelled() and done.exception() is not None:
            body.cancel()

    serving.add_done_callback(leave)
    try:
        yield missing
    except asyncio.CancelledError:
        if body is None or not serving.done() or serving.exception() is None:
            raise
        body.uncancel()
    finally:
        inside = False
        stopping.set()
        await serving


async def _missing(swarm: Swarm, ours: Sequence[str] = ()) -> list[str]:
    running = await served(swarm.views.client, swarm.log.namespace, SERVICES)
    return [service for service in SERVICES if service not in running and service not in ours]


async def _serve(swarm: Swarm, missing: Sequence[str], stopping: asyncio.Event) -> None:
    """Serve what is missing, and look now and then whether more is."""
    ours = list(missing)
    hosting = [asyncio.create_task(host(await swarm.serve(ours), stopping))] if ours else []
    try:
        while len(ours) < len(SERVICES) and not stopping.is_set():
            await rest(STAND_IN_S, stopping)
            try:
                gone = [] if stopping.is_set() else await _missing(swarm, ours)
            except StoreUnavailable:
                continue  # The next look tells.
            if gone:
                ours += gone
                hosting.append(asyncio.create_task(host(await swarm.serve(gone), stopping)))
    finally:
        await asyncio.gather(*hosting)


async def settled(swarm: Swarm) -> bool:
    """Whether everything that is in the log has had its effect.

    One reader is asked after the other, and who was idle when asked may have got work from one that was asked later. So
    the answer counts only where the log ends where it ended before: then all were asked about the same facts.
    """
    log = swarm.log
    ends = await _ends(swarm)
    for service, where in swarm.agents().items():
        for partition in where:
            if await group_behind(log, partition, service):
                return False
    for _, follows, source, target in swarm.followers():
        if await follower_behind(log, source, target, follows):
            return False
    return await _shown(swarm, ends) and await _ends(swarm) == ends


async def projected(swarm: Swarm) -> bool:
    """Whether every view has seen everything that is in the log."""
    return await _shown(swarm, await _ends(swarm))


async def _ends(swarm: Swarm) -> dict[int, int]:
    """By partition, the last position."""
    return {partition: await swarm.log.head(partition) for partition in partitions(swarm.log)}


async def _shown(swarm: Swarm, positions: Mapping[int, int]) -> bool:
    standing = await swarm.views.standing(list(VIEWS.values()))
    return all(one.positions.get(partition, 0) >= seq for one in standing for partition, seq in positions.items())


async def settle(swarm: Swarm, *, timeout_s: float) -> bool:
    """Wait until everything has had its effect; False where it has not within the time."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + timeout_s, POLL_S
    while not await settled(swarm):
        if loop.time() > deadline:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, POLL_S_MAX)
    return True


async def must_settle(swarm: Swarm) -> None:
    """Wait until everything has had its effect.

    Raises:
        StoreUnavailable: it has not, within `settle_s`.
    """
    if not await settle(swarm, timeout_s=swarm.settings.settle_s):
        raise StoreUnavailable(
            f"Not everything was worked off within {swarm.settings.settle_s:.0f} s.",
            "Nothing is lost: the next command, or `swarm up`, goes on with it. `swarm dead list` shows what failed.",
        )


async def must_show(swarm: Swarm, positions: Mapping[int, int]) -> None:
    """Wait until the views have reached these positions, by partition: a swarm that others run has its own work too.

    Raises:
        StoreUnavailable: they have not, within `REACH_S`.
    """
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + REACH_S, POLL_S
    while not await _shown(swarm, positions):
        if loop.time() > deadline:
            raise StoreUnavailable(
                "It is recorded, but the views have not caught up.", "See `swarm doctor`, and look again later."
            )
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, POLL_S_MAX)
