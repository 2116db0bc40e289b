"""A reviewer's desk over a gateway."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from contracts.commands import PersonsAnswer, Receipt
from contracts.errors import NotFound
from gateway.dossier import Dossier
from gateway.lookup import Found
from services.cli.csv_file import Table
from services.cli.remote.client import POSITION, TOTAL, Answer, Gateway
from services.cli.remote.inward import inward
from services.projections import leads
from services.projections.approval_queue import Row

PATHS = {"request_changes": "request-changes"}
"""What a path calls a command, where that is not its own name."""


@dataclass
class GatewayDesk:
    """See `services.cli.desk.Desk`. What is read after an answer has heard of it."""

    there: Gateway
    after: str = field(default="", init=False)

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def find(self, given: str) -> Found:
        found = (await self.there.get(f"/api/find/lead?{urlencode({'id': given})}")).document
        return Found(found["lead_id"], found["email_id"])

    async def find_run(self, given: str) -> str:
        return await run_named(self.there, given)

    async def count(self, tier: str) -> int:
        return int((await self._queue(tier)).headers[TOTAL])

    async def position(self) -> str:
        return str((await self._queue("")).headers[POSITION])

    async def waiting(
        self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = ""
    ) -> AsyncIterator[Row]:
        wanted = {"tier": tier, "run_id": run, "after": self.after, "snoozed": "true" if snoozed else ""}
        wanted |= {"campaign": campaign}
        async for told in self.there.pages("/api/pending-emails", limit, **wanted):
            yield inward(Row, told)

    async def table(self, tier: str, run: str, limit: int, *, snoozed: bool = False, campaign: str = "") -> Table:
        wanted = {"tier": tier, "run_id": run, "after": self.after, "snoozed": "true" if snoozed else ""}
        wanted |= {"campaign": campaign}
        return await self.there.table("/api/pending-emails", limit, **wanted)

    async def card(self, email_id: str) -> Row | None:
        """A card has a status; what comes later an outcome."""
        try:
            told = (await self.there.get(f"/api/emails/{email_id}", after=self.after)).document
        except NotFound:
            return None
        return inward(Row, told) if "status" in told else None

    async def stands(self, found: Found) -> tuple[int, str]:
        known = await self.dossier(found)
        return known.draft_version, known.content_hash

    async def lead(self, lead_id: str) -> leads.Row | None:
        try:
            return inward(leads.Row, (await self.there.get(f"/api/leads/{lead_id}", after=self.after)).document)
        except NotFound:
            return None

    async def dossier(self, found: Found) -> Dossier:
        told = (await self.there.get(f"/api/leads/{found.lead_id}/dossier", after=self.after)).document
        return inward(Dossier, told)

    async def answer(self, command: PersonsAnswer) -> Receipt:
        """Give an answer; what is read from then on has heard of it."""
        name = str(command.__struct_config__.tag)
        said: dict[str, object] = msgspec.to_builtins(command)
        for known in ("type", "email_id", "draft_version"):
            del said[known]
        # A draft that never had a text has no version; what an answer to it is refused for is its status.
        body = said | {"expected_version": max(1, command.draft_version)}
        told = await self.there.post(f"/api/emails/{command.email_id}/{PATHS.get(name, name)}", body)
        receipt = msgspec.convert(told.document, Receipt)
        self.after = receipt.position
        return receipt

    def _queue(self, tier: str) -> Awaitable[Answer]:
        """The list's beginning, for what its headers say."""
        return self.there.get("/api/pending-emails", tier=tier, limit=1, after=self.after)


async def run_named(there: Gateway, given: str) -> str:
    """The run that the beginning or the end of its id names."""
    return str((await there.get(f"/api/find/run?{urlencode({'id': given})}")).document["run_id"])
