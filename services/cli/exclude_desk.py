"""The list of those who are left alone: what the commands ask and tell it; beside the store, or over a gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from contracts.commands import Receipt
from services.cli.given import Given
from services.cli.opening import Acting, acting, reading
from services.cli.store import Store
from services.commands.exclusions import Brought, Covered, exclusions_over
from services.projections.exclusions import Row
from services.projections.views import EXCLUSIONS

if TYPE_CHECKING:
    from services.cli.remote.exclusions import GatewayList


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

    async def bring(self, name: str, content: bytes, reason: str) -> Brought:
        """Leave everybody alone whom a file names."""
        ...

    async def remove(self, who: str) -> Receipt:
        """Leave somebody alone no longer."""
        ...

    async def taken_back(self) -> bool:
        """Whether every draft that waited for somebody on the list is taken back now; else others do so in a moment."""
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

    async def bring(self, name: str, content: bytes, reason: str) -> Brought:
        return await self.here.swarm.exclusion_desk().bring(
            name, content, reason=reason, actor=self.given.actor(), command_id=str(uuid4())
        )

    async def remove(self, who: str) -> Receipt:
        removing = self.here.swarm.exclusion_desk().remove(who, actor=self.given.actor(), command_id=str(uuid4()))
        return await self._shown(await removing)

    async def taken_back(self) -> bool:
        await self.here.swarm.leave_alone().sweep()
        await self.here.effect(None)
        return True

    async def _shown(self, receipt: Receipt) -> Receipt:
        await self.here.effect(receipt)
        return receipt


@asynccontextmanager
async def looking(given: Given) -> AsyncIterator[Looking]:
    """Open the list to read it."""
    if given.elsewhere():
        async with _elsewhere(given) as there:
            yield there
    else:
        async with reading(given) as store:
            yield StoreList(store)


@asynccontextmanager
async def changing(given: Given) -> AsyncIterator[Changing]:
    """Open the list to change it."""
    if given.elsewhere():
        async with _elsewhere(given) as there:
            yield there
    else:
        async with acting(given) as here:
            yield StoreChanges(given, here)


@asynccontextmanager
async def _elsewhere(given: Given) -> AsyncIterator["GatewayList"]:
    from services.cli.remote.exclusions import GatewayList
    from services.cli.remote.opening import gateway

    async with gateway(given) as there:
        yield GatewayList(there)
