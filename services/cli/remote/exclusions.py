"""The list of those who are left alone, over a gateway."""

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from contracts.commands import Receipt
from services.cli.remote.client import Gateway
from services.cli.remote.inward import inward
from services.commands.exclusions import Brought, Covered
from services.projections.exclusions import Row

ALL = 100_000
PATH = "/api/exclusions"


@dataclass(frozen=True)
class GatewayList:
    """See `services.cli.exclude_desk`. Drafts that wait are taken back by the services over there."""

    there: Gateway

    async def rows(self) -> list[Row]:
        return [inward(Row, told) async for told in self.there.pages(PATH, ALL)]

    async def check(self, who: str) -> list[Covered]:
        told = (await self.there.post(f"{PATH}/check", {"who": who})).document
        return [msgspec.convert(one, Covered) for one in told["by"]]

    async def add(self, who: str, reason: str) -> Receipt:
        return msgspec.convert((await self.there.post(PATH, {"who": who, "reason": reason})).document, Receipt)

    async def bring(self, name: str, content: bytes, reason: str) -> Brought:
        told = (await self.there.bring(f"{PATH}/import", name, content, {"reason": reason})).document
        return msgspec.convert(told, Brought)

    async def remove(self, who: str) -> Receipt:
        """What is meant goes in a body; only the key that it has may stand in an address."""
        key = (await self.there.post(f"{PATH}/check", {"who": who})).document["key"]
        return msgspec.convert((await self.there.drop(f"{PATH}/{quote(key, safe='')}")).document, Receipt)

    async def taken_back(self) -> bool:
        return False
