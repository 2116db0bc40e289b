"""Leads over a gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from gateway.lead_list import Wish
from gateway.lookup import Found
from gateway.why import Why
from services.cli.csv_file import Table
from services.cli.lead_desk import Listed
from services.cli.remote.client import Gateway
from services.cli.remote.desk import run_named
from services.cli.remote.inward import inward
from services.projections import leads


@dataclass(frozen=True)
class GatewayLeads:
    """See `services.cli.lead_desk.LeadDesk`."""

    there: Gateway

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def find(self, given: str) -> Found:
        """An address goes in a body, which nobody logs."""
        if "@" in given:
            told = (await self.there.say_once("/api/find/lead", {"address": given})).document
        else:
            told = (await self.there.get(f"/api/find/lead?{urlencode({'id': given})}")).document
        return Found(told["lead_id"], told["email_id"])

    async def find_run(self, given: str) -> str:
        return await run_named(self.there, given)

    async def stands(self) -> Mapping[str, int]:
        told = (await self.there.get("/api/leads/funnel")).document
        return msgspec.convert(told["stands"], dict[str, int])

    async def listed(self, wish: Wish, limit: int) -> Listed:
        found = [inward(leads.Row, told) async for told in self.there.pages("/api/leads", limit + 1, **_asked(wish))]
        return Listed(found[:limit], more=len(found) > limit)

    async def table(self, wish: Wish, limit: int) -> Table:
        return await self.there.table("/api/leads", limit, **_asked(wish))

    async def lead(self, lead_id: str) -> leads.Row:
        return inward(leads.Row, (await self.there.get(f"/api/leads/{lead_id}")).document)

    async def why(self, lead_id: str) -> Why:
        return msgspec.convert((await self.there.get(f"/api/leads/{lead_id}/why")).document, Why)


def _asked(wish: Wish) -> dict[str, Any]:
    """A wish as the parameters of the list."""
    return {name: value for name, value in msgspec.structs.asdict(wish).items() if value is not None}
