"""Ideal customers: what the commands ask about them and tell them; beside the store, or over a gateway."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from contracts.commands import Receipt
from gateway import lookup
from services.cli.given import Given
from services.cli.ideals import ideals_of
from services.cli.opening import reading
from services.cli.store import Store, open_store
from services.commands.icp import Ideal, IdealCustomers, Version
from services.commands.icp_compare import Compared, Explained


class Ideals(Protocol):
    """The ideal customers of a namespace."""

    async def namespace(self) -> str:
        """Where they are."""
        ...

    async def ideal(self) -> Ideal:
        """The one that leads are scored by."""
        ...

    async def versions(self) -> Sequence[Version]:
        """Every one that was activated, the newest first."""
        ...

    async def version(self, wanted: str) -> tuple[Version, str]:
        """The newest one with this id, or whose hash begins so, and its text.

        Raises:
            NotFound: none was ever activated.
        """
        ...

    async def activate(self, text: str, reason: str) -> Receipt | None:
        """Let leads be scored by this from now on; None where it already is the one.

        Raises:
            BadInput: something is wrong with it.
            DecisionRefused: its id was active before and said something else.
        """
        ...

    async def compare(self, text: str) -> Compared:
        """Who would move between tiers under this.

        Raises:
            BadInput: something is wrong with it.
        """
        ...

    async def explain(self, about: str) -> Explained:
        """What the one in force says of a lead, named by its address or by the beginning of an id.

        Raises:
            NotFound: there is no such lead.
            Ambiguous: several ids begin so.
        """
        ...


@dataclass(frozen=True)
class StoreIdeals:
    """Ideal customers beside the store."""

    given: Given
    store: Store

    @property
    def _ours(self) -> IdealCustomers:
        return ideals_of(self.store.log, self.store.settings, self.store.identity_key, self.store.clock)

    async def namespace(self) -> str:
        """See `Ideals`; so for all of these."""
        return self.store.settings.namespace

    async def ideal(self) -> Ideal:
        return await self._ours.ideal()

    async def versions(self) -> Sequence[Version]:
        return await self._ours.versions()

    async def version(self, wanted: str) -> tuple[Version, str]:
        return await self._ours.version(wanted)

    async def activate(self, text: str, reason: str) -> Receipt | None:
        return await self._ours.activate(text, reason, self.given.actor(), str(uuid4()))

    async def compare(self, text: str) -> Compared:
        return await self._ours.compare(text)

    async def explain(self, about: str) -> Explained:
        named = self._ours.lead_of(about) if "@" in about else (await lookup.find(self.store.views, about)).lead_id
        return await self._ours.explain(named)


@asynccontextmanager
async def at_ideals(given: Given, *, views: bool = False) -> AsyncIterator[Ideals]:
    """Open a namespace for what concerns its ideal customers.

    Args:
        views: they are needed, to know what the beginning of an id means.
    """
    if given.elsewhere():
        from services.cli.remote.icp import GatewayIdeals
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayIdeals(there)
    else:
        async with reading(given) if views else open_store(given.settings()) as store:
            yield StoreIdeals(given, store)
