"""People over a gateway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import msgspec

from contracts.commands import Receipt
from services.cli.csv_file import Table
from services.cli.people_desk import Link, by_owner, unknown
from services.cli.remote.client import Answer, Gateway
from services.cli.remote.inward import inward
from services.projections.accounts import Row, Token

ALL = 100_000


@dataclass(frozen=True)
class GatewayPeople:
    """See `services.cli.people_desk.People`."""

    there: Gateway

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def rows(self) -> list[Row]:
        """The gateway tells people and tokens apart; here they are one again, the tokens oldest first."""
        tokens: dict[str, list[Token]] = {}
        async for told in self.there.pages("/api/tokens", ALL):
            tokens.setdefault(told["login"], []).insert(0, inward(Token, told))
        return [
            inward(Row, told | {"tokens": [msgspec.to_builtins(one) for one in tokens.get(told["login"], ())]})
            async for told in self.there.pages("/api/users", ALL)
        ]

    async def tokens(self, login: str) -> list[tuple[str, Token]]:
        """Who is no admin sees their own."""
        asked = {"login": login} if login else {}
        found = [(told["login"], inward(Token, told)) async for told in self.there.pages("/api/tokens", ALL, **asked)]
        if not found and login not in {row.login for row in await self.rows()}:
            raise unknown()
        return by_owner(found)

    async def table(self, limit: int) -> Table:
        return await self.there.table("/api/users", limit)

    async def token_table(self, login: str, limit: int) -> Table:
        await self.tokens(login)
        return await self.there.table("/api/tokens", limit, login=login)

    async def open_account(self, login: str, name: str, roles: Sequence[str]) -> Receipt | None:
        return _receipt(await self.there.post("/api/users", {"login": login, "name": name, "roles": list(roles)}))

    async def change_roles(self, login: str, roles: Sequence[str]) -> Receipt | None:
        return _receipt(await self.there.post(f"{_about(login)}/roles", {"roles": list(roles)}))

    async def close_account(self, login: str, reason: str) -> Receipt | None:
        return _receipt(await self.there.post(f"{_about(login)}/close", {"reason": reason}))

    async def link(self, login: str, origin: str) -> Link:
        told = (await self.there.say_once(f"{_about(login)}/link", {})).document
        there, sign, secret = str(told["link"]).partition("/#")
        return Link(f"{origin or there}{sign}{secret}", msgspec.convert(told["expires_at"], datetime))


def _about(login: str) -> str:
    return f"/api/users/{quote(login, safe='')}"


def _receipt(told: Answer) -> Receipt | None:
    return msgspec.convert(told.document["receipt"], Receipt | None)
