"""The list of those who are left alone: what the commands ask and tell it; beside the store, or over a gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from contracts.commands import Receipt
from services.cli.given import Given
from services.cli.opening import Acting, acting, reading
from services.cli.store import Store
from services.commands.exclusions import Covered, exclusions_over
from services.projections.exclusions import Row
from services.projections.views import EXCLUSIONS


class Looking(Protocol):
    """The list, to be read."""

    async def rows(self) -> list[Row]:
        """Everything on it, the oldest first."""
        ...

    async def check(self, who: str) -> list[Covered]:
        """Under which keys this address or domain is left alone."""
        ...


class Changing(Protocol):
    """The list, to be changed. A receipt without a fact says that it stood so before."""

    async def add(self, who: str, reason: str) -> Receipt:
        """Leave somebody alone."""
        ...

    async def remove(self, who: str, reason: str) -> Receipt:
        """Leave somebody alone no longer."""
        ...

    async def taken_back(self) -> int | None:
        """Take back every draft that waits for somebody on the list, and say how many; None where others do that."""
        ...


@dataclass(frozen=True)
class StoreList:
    """The list beside the store."""

    store: Store

    async def rows(self) -> list[Row]:
        """See `Looking`; so for all of these."""
        found = [row async for _, row in self.store.views.all(EXCLUSIONS)]
        return sorted(found, key=lambda row: (row.at, row.key))

    async def check(self, who: str) -> list[Covered]:
        return await exclusions_over(self.store.log, self.store.identity_key, self.store.clock).check(who)


@dataclass(frozen=True)
class StoreChanges:
    """The list beside the store, with every service running."""

    given: Given
    here: Acting

    async def add(self, who: str, reason: str) -> Receipt:
        """See `Changing`; so for all of these."""
        return await self._shown(
            await self.here.swarm.exclusion_desk().add(
                who, reason=reason, actor=self.given.actor(), command_id=str(uuid4())
            )
        )

    async def remove(self, who: str, reason: str) -> Receipt:
        return await self._shown(
            await self.here.swarm.exclusion_desk().remove(
                who, reason=reason, actor=self.given.actor(), command_id=str(uuid4())
            )
        )

    async def taken_back(self) -> int | None:
        count = await self.here.swarm.leave_alone().sweep()
        if self.here.hosted:
            await self.here.effect(None)
        return count

    async def _shown(self, receipt: Receipt) -> Receipt:
        await self.here.effect(receipt)
        return receipt


@asynccontextmanager
async def looking(given: Given) -> AsyncIterator[Looking]:
    """Open the list to read it."""
    async with reading(given) as store:
        yield StoreList(store)


@asynccontextmanager
async def changing(given: Given) -> AsyncIterator[Changing]:
    """Open the list to change it."""
    async with acting(given) as here:
        yield StoreChanges(given, here)
