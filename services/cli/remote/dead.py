"""Dead letters over a gateway."""

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from contracts.commands import Receipt
from services.cli.csv_file import Table
from services.cli.dead_desk import Dead
from services.cli.remote.client import Gateway
from services.cli.remote.inward import inward

ALL = 100_000


@dataclass(frozen=True)
class GatewayDead:
    """See `services.cli.dead_desk.DeadAtWork`."""

    there: Gateway

    @property
    def worked_off(self) -> bool:
        return False

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def waiting(self, prefix: str = "") -> list[Dead]:
        return await self._listed("waiting", prefix)

    async def table(self, limit: int) -> Table:
        return await self.there.table("/api/dead-letters", limit)

    async def every(self, prefix: str) -> list[Dead]:
        return await self._listed("all", prefix)

    async def retry(self, dead_id: str) -> Receipt:
        return await self._answer(dead_id, "retry", {})

    async def drop(self, dead_id: str, reason: str) -> Receipt:
        return await self._answer(dead_id, "drop", {"reason": reason})

    async def _listed(self, answer: str, prefix: str) -> list[Dead]:
        rows = [inward(Dead, told) async for told in self.there.pages("/api/dead-letters", ALL, answer=answer)]
        return [one for one in rows if one.dead_id.startswith(prefix)]

    async def _answer(self, dead_id: str, what: str, body: object) -> Receipt:
        told = await self.there.post(f"/api/dead-letters/{quote(dead_id, safe='')}/{what}", body)
        return msgspec.convert(told.document, Receipt)
