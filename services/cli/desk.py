"""A reviewer's desk: what the commands ask about drafts, and the answer to one; beside the store, or over a gateway."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias
from uuid import uuid4

from contracts.codec import outward
from contracts.commands import PersonsAnswer, Receipt
from contracts.email import Email
from contracts.facts import Ref
from contracts.identity import partition_of
from gateway import dossier, lookup
from gateway.dossier import Dossier
from gateway.lookup import Found
from services.cli.csv_file import Table
from services.cli.finding import Finding
from services.cli.given import Given
from services.cli.opening import Acting, acting, reading
from services.cli.store import Store
from services.projections import leads
from services.projections.approval_queue import TIERS, Row, as_of, bounds, can_approve
from services.projections.views import LEADS, QUEUE

PAGE = 200


class Desk(Finding, Protocol):
    """What there is to know about drafts. Tier, run and campaign are empty for all."""

    async def count(self, tier: str) -> int:
        """How many drafts wait, those that were put off among them."""
        ...

    async def position(self) -> str:
        """Up to where the queue has heard the log."""
        ...

    def waiting(
        self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = ""
    ) -> AsyncIterator[Row]:
        """The drafts in order, at most `limit`: those that were put off until later, or the others."""
        ...

    async def table(self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = "") -> Table:
        """The same as rows of a file."""
        ...

    async def card(self, email_id: str) -> Row | None:
        """One card, also of an approval that can be taken back; None where there is none any more."""
        ...

    async def stands(self, found: Found) -> tuple[int, str]:
        """Version and content hash of the newest text of an e-mail that has no card; 0 and empty for none."""
        ...

    async def lead(self, lead_id: str) -> leads.Row | None:
        """Who it is, and where they stand."""
        ...

    async def dossier(self, found: Found) -> Dossier:
        """Everything about a lead.

        Raises:
            NotFound: the lead is not, or no longer, in the views.
        """
        ...


Answer: TypeAlias = Callable[[PersonsAnswer], Awaitable[Receipt]]
"""Gives an answer and waits until it shows."""


@dataclass(frozen=True)
class AtWork:
    """A desk whose drafts can be answered."""

    desk: Desk
    answer: Answer


@dataclass(frozen=True)
class StoreDesk:
    """The desk beside the store."""

    store: Store

    async def namespace(self) -> str:
        """See `Desk`; so for all of these."""
        return self.store.settings.namespace

    async def find(self, given: str) -> Found:
        return await lookup.find(self.store.views, given)

    async def find_run(self, given: str) -> str:
        return await lookup.find_run(self.store.views, given)

    async def count(self, tier: str) -> int:
        return await self.store.views.count(QUEUE, *_ranks(tier))

    async def position(self) -> str:
        positions = await self.store.views.position(QUEUE)
        return ".".join(f"{partition}:{seq}" for partition, seq in sorted(positions.items()))

    async def waiting(
        self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = ""
    ) -> AsyncIterator[Row]:
        (low, high), now = _ranks(tier), self.store.clock()
        offset = given = 0
        count = PAGE if run or snoozed or campaign else min(PAGE, limit)
        while page := await self.store.views.by_rank(QUEUE, low, high, offset=offset, count=count):
            offset += len(page)
            for row in (as_of(each, now) for _, each in page):
                fits = (not run or row.run_id == run) and (not campaign or row.writing.campaign == campaign)
                if fits and (row.snoozed_until is not None) == snoozed:
                    yield row
                    given += 1
                    if given >= limit:
                        return

    async def table(self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = "") -> Table:
        found = [row async for row in self.waiting(tier, run, limit + 1, snoozed=snoozed, campaign=campaign)]
        now = self.store.clock()
        items = [outward(row) | {"can_approve": can_approve(row, now)} for row in found[:limit]]
        return Table.of("queue", items, more=len(found) > limit)

    async def card(self, email_id: str) -> Row | None:
        return await self.store.views.get(QUEUE, email_id)

    async def stands(self, found: Found) -> tuple[int, str]:
        ref = Ref("email", found.email_id)
        state = (await self.store.log.load(partition_of(found.email_id, self.store.log.partitions), [ref]))[ref].state
        email = state if isinstance(state, Email) else Email()
        return email.draft_version, email.content_hash

    async def lead(self, lead_id: str) -> leads.Row | None:
        return await self.store.views.get(LEADS, lead_id)

    async def dossier(self, found: Found) -> Dossier:
        return await dossier.gather(self.store.log, self.store.views, found)


@asynccontextmanager
async def at_desk(given: Given) -> AsyncIterator[Desk]:
    """Open the desk to read what is on it."""
    if given.elsewhere():
        from services.cli.remote.desk import GatewayDesk
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayDesk(there)
    else:
        async with reading(given) as store:
            yield StoreDesk(store)


@asynccontextmanager
async def at_work(given: Given) -> AsyncIterator[AtWork]:
    """Open the desk to answer what is on it."""
    if given.elsewhere():
        from services.cli.remote.desk import GatewayDesk
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            desk = GatewayDesk(there)
            yield AtWork(desk, desk.answer)
    else:
        async with acting(given) as here:
            yield AtWork(StoreDesk(here.store), partial(_answer, given, here))


async def _answer(given: Given, here: Acting, command: PersonsAnswer) -> Receipt:
    receipt = await here.swarm.drafts().answer(command, given.actor(), str(uuid4()))
    await here.effect(receipt)
    return receipt


def _ranks(tier: str) -> tuple[float, float]:
    """The lowest and highest rank of a tier, of all where none is named."""
    found = next((one for one in TIERS if one == tier), None)
    return bounds(found) if found else (float("-inf"), float("inf"))
