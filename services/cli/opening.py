"""The two ways into a namespace: to read what is there, and to act on it with everything running."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.commands import Receipt
from services.cli.given import Given
from services.cli.store import Store, open_store
from services.cli.words import program

if TYPE_CHECKING:
    from services.cli.bootstrap import Swarm

CATCH_UP_S = 2.0
CATCH_UP_POLL_S = 0.02


@dataclass(frozen=True)
class Acting:
    """A swarm at work: its store, its commands, and the services that this process runs for it."""

    store: Store
    swarm: "Swarm"
    hosted: Sequence[str]

    async def effect(self, receipt: Receipt | None) -> None:
        """Wait until what was asked for has had its effect and shows in the views.

        Raises:
            StoreUnavailable: it has not in time; it is recorded all the same.
        """
        from services.cli.session import must_settle, must_show

        if self.hosted:
            await must_settle(self.swarm)
        elif receipt is not None:
            partition, _, seq = receipt.position.partition(":")
            await must_show(self.swarm, {int(partition): int(seq)})


@asynccontextmanager
async def reading(given: Given) -> AsyncIterator[Store]:
    """Open a namespace with its views up to date: where no projector runs and they are behind, catch up first."""
    async with open_store(given.settings()) as store:
        if not await store.projected():
            await _catch_up(store)
        yield store


@asynccontextmanager
async def acting(given: Given) -> AsyncIterator[Acting]:
    """Open a namespace with every service running: those that nobody runs, here, until the block ends."""
    from services.cli.bootstrap import swarm_over
    from services.cli.logs import configure
    from services.cli.session import must_settle, working

    configure()
    async with open_store(given.settings()) as store:
        swarm = swarm_over(store)
        async with working(swarm) as hosted:
            if hosted and not await store.projected():
                await must_settle(swarm)
            yield Acting(store, swarm, hosted)


async def _catch_up(store: Store) -> None:
    """Let a running projector get there; where there is none, be it for a moment."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + CATCH_UP_S
    from services.runtime.slots import served

    while await served(store.client, store.log.namespace, ["projector"]):
        if await store.projected() or loop.time() > deadline:
            return
        await asyncio.sleep(CATCH_UP_POLL_S)
    from services.cli.bootstrap import swarm_over
    from services.cli.logs import configure
    from services.cli.session import must_settle, working

    configure()
    swarm = swarm_over(store)
    async with working(swarm):
        await must_settle(swarm)


def call(given: Given, words: str) -> str:
    """A command as the person would type it here, such as `queue`."""
    first, _, rest = words.partition(" ")
    return f"{program()} {first}{' ' + rest if rest else ''}{given.options()}"
