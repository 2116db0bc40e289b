"""Leads: what the commands ask about them; beside the store, or over a gateway."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import msgspec

from contracts.codec import outward
from contracts.errors import NotFound
from gateway import lead_list, lookup, why
from gateway.lead_list import Wish, by_count
from gateway.lookup import Found
from gateway.why import Why
from services.cli.csv_file import Table
from services.cli.finding import Finding
from services.cli.given import Given
from services.cli.opening import reading
from services.cli.store import Store
from services.projections import leads, timeline
from services.projections.views import LEADS, TIMELINE
from services.runtime.view_pages import listed

PAGE = 200


class Listed(NamedTuple):
    """Some leads, the newest change first, and whether there are more that fit."""

    rows: list[leads.Row]
    more: bool


class LeadDesk(Finding, Protocol):
    """What there is to know about leads."""

    async def stands(self) -> Mapping[str, int]:
        """How many leads stand where, the most first."""
        ...

    async def listed(self, wish: Wish, limit: int) -> Listed:
        """The leads that are wished for, at most so many."""
        ...

    async def table(self, wish: Wish, limit: int) -> Table:
        """The same as rows of a file."""
        ...

    async def lead(self, lead_id: str) -> leads.Row:
        """One of them.

        Raises:
            NotFound: it is not, or no longer, in the views.
        """
        ...

    async def why(self, lead_id: str) -> Why:
        """What led to what, for a lead that is there."""
        ...


@dataclass(frozen=True)
class StoreLeads:
    """Leads beside the store."""

    store: Store

    async def namespace(self) -> str:
        """See `LeadDesk`; so for all of these."""
        return self.store.settings.namespace

    async def find(self, given: str) -> Found:
        if "@" in given:
            return await lookup.find_address(self.store.views, self.store.identity_key, given)
        return await lookup.find(self.store.views, given)

    async def find_run(self, given: str) -> str:
        return await lookup.find_run(self.store.views, given)

    async def stands(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        async for row in lead_list.everywhere(self.store.views):
            counts[row.stands] = counts.get(row.stands, 0) + 1
        return by_count(counts)

    async def listed(self, wish: Wish, limit: int) -> Listed:
        read, place, rows = listed(self.store.views, LEADS, highest_first=True), None, list[leads.Row]()
        while found := await read(place, PAGE):
            place = found[-1].place
            for one in found:
                if one.row is not None and wish.fits(one.row, personal=True):
                    if len(rows) == limit:
                        return Listed(rows, more=True)
                    rows.append(one.row)
        return Listed(rows, more=False)

    async def table(self, wish: Wish, limit: int) -> Table:
        found = await self.listed(wish, limit)
        return Table.of("leads", [item(row) for row in found.rows], more=found.more)

    async def lead(self, lead_id: str) -> leads.Row:
        row = await self.store.views.get(LEADS, lead_id)
        if row is None:
            raise NotFound("There is no such lead.", "`swarm leads` lists them.")
        return row

    async def why(self, lead_id: str) -> Why:
        row = await self.store.views.get(TIMELINE, lead_id) or timeline.Row(lead_id=lead_id)
        return await why.explain(self.store.log, self.store.views, row, personal=True)


def item(row: leads.Row) -> dict[str, object]:
    """A lead as HTTP tells it to who may see everything."""
    return outward(row) | {"said": msgspec.to_builtins(lead_list.said(row))}


@asynccontextmanager
async def at_leads(given: Given) -> AsyncIterator[LeadDesk]:
    """Open a namespace to look at its leads."""
    if given.elsewhere():
        from services.cli.remote.leads import GatewayLeads
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayLeads(there)
    else:
        async with reading(given) as store:
            yield StoreLeads(store)
