"""Ideal customers over a gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from contracts.commands import Receipt
from services.cli.remote.client import Gateway
from services.cli.remote.inward import inward
from services.commands.icp import Ideal, Version
from services.commands.icp_compare import Compared, Explained, Move

COMPARED_WITHIN_S = 60.0
PAGE = 200


@dataclass(frozen=True)
class GatewayIdeals:
    """See `services.cli.icp_desk.Ideals`."""

    there: Gateway

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def ideal(self) -> Ideal:
        return inward(Ideal, (await self.there.get("/api/icp")).document["active"])

    async def versions(self) -> Sequence[Version]:
        return [inward(Version, one) for one in (await self.there.get("/api/icp")).document["versions"]]

    async def version(self, wanted: str) -> tuple[Version, str]:
        told = (await self.there.get(f"/api/icp/versions/{quote(wanted, safe='')}")).document
        return inward(Version, told["version"]), str(told["text"])

    async def activate(self, text: str, reason: str) -> Receipt | None:
        told = await self.there.post("/api/icp/activate", {"text": text, "reason": reason})
        return msgspec.convert(told.document["receipt"], Receipt | None)

    async def compare(self, text: str) -> Compared:
        """Page by page; the moves of one comparison are put together again."""
        moves: list[Move] = []
        cursor = ""
        while True:
            asked = {"text": text, "limit": PAGE, "cursor": cursor}
            told = (await self.there.post("/api/icp/compare", asked, within_s=COMPARED_WITHIN_S)).document
            moves += [inward(Move, one) for one in told["items"]]
            cursor = str(told["next"])
            if not cursor:
                found = inward(Compared, told["compared"])
                return msgspec.structs.replace(found, moves=tuple(moves))

    async def explain(self, about: str) -> Explained:
        return inward(Explained, (await self.there.post("/api/icp/explain", {"about": about})).document)
