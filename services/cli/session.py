"""How a command works on a swarm: with whatever already runs, or by running it for as long as the command needs it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from contracts.errors import StoreUnavailable
from services.cli.bootstrap import SERVICES, Swarm
from services.projections.service import partitions
from services.projections.views import VIEWS
from services.runtime.host import host
from services.runtime.settle import follower_behind, group_behind
from services.runtime.slots import served

POLL_S = 0.005
POLL_S_MAX = 0.05


@asynccontextmanager
async def working(swarm: Swarm) -> AsyncIterator[Sequence[str]]:
    """Run the services that nobody runs yet until the block ends; yields their names.

    Raises:
        Exception: what a service failed with, where one did.
    """
    running = await served(swarm.views.client, swarm.log.namespace, SERVICES)
    missing = [service for service in SERVICES if service not in running]
    stopping = asyncio.Event()
    components = await swarm.serve(missing)
    hosting = asyncio.create_task(host(components, stopping))
    try:
        yield missing
    finally:
        stopping.set()
        await hosting


async def settled(swarm: Swarm) -> bool:
    """Whether everything that is in the log has had its effect."""
    log = swarm.log
    for service, where in swarm.agents().items():
        for partition in where:
            if await group_behind(log, partition, service):
                return False
    for _, follows, source, target in swarm.followers():
        if await follower_behind(log, source, target, follows.categories(), follows.name):
            return False
    return await projected(swarm)


async def projected(swarm: Swarm) -> bool:
    """Whether every view has seen everything that is in the log."""
    heads = {partition: await swarm.log.head(partition) for partition in partitions(swarm.log)}
    standing = await swarm.views.standing(list(VIEWS.values()))
    return all(one.positions.get(partition, 0) >= head for one in standing for partition, head in heads.items())


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
