"""People with accounts: what the commands ask about them and tell them; beside the store, or over a gateway."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, get_args
from uuid import uuid4

from contracts.access import TokenKind, alive
from contracts.codec import outward
from contracts.commands import Receipt
from contracts.errors import NotFound
from services.cli.csv_file import Table
from services.cli.given import Given
from services.cli.opening import reading
from services.cli.store import Store, open_store
from services.projections.accounts import Row, Token
from services.projections.views import ACCOUNTS


class Link(NamedTuple):
    """An address that lets whoever opens it in, once."""

    address: str
    expires_at: datetime


class People(Protocol):
    """Everybody who has or had an account. What changes nothing has no receipt."""

    async def namespace(self) -> str:
        """Where they work."""
        ...

    async def rows(self) -> list[Row]:
        """All of them, oldest first."""
        ...

    async def tokens(self, login: str) -> list[tuple[str, Token]]:
        """With whose they are, those of one person, or of everybody that whoever asks may see; oldest first for each.

        Raises:
            NotFound: there is no such account.
        """
        ...

    async def table(self, limit: int) -> Table:
        """All of them as rows of a file."""
        ...

    async def token_table(self, login: str, limit: int) -> Table:
        """Tokens as rows of a file, the newest first; raises as `tokens`."""
        ...

    async def open_account(self, login: str, name: str, roles: Sequence[str]) -> Receipt | None:
        """Let somebody work here."""
        ...

    async def change_roles(self, login: str, roles: Sequence[str]) -> Receipt | None:
        """Change what somebody may do."""
        ...

    async def close_account(self, login: str, reason: str) -> Receipt | None:
        """Let somebody in no more."""
        ...

    async def link(self, login: str, origin: str) -> Link:
        """A one-time link for somebody; an empty origin is where the page is otherwise."""
        ...


@dataclass(frozen=True)
class StorePeople:
    """People beside the store."""

    given: Given
    store: Store

    async def namespace(self) -> str:
        """See `People`; so for all of these."""
        return self.store.settings.namespace

    async def rows(self) -> list[Row]:
        found = [row async for _, row in self.store.views.all(ACCOUNTS)]
        return sorted(found, key=lambda row: (row.opened_at, row.login))

    async def tokens(self, login: str) -> list[tuple[str, Token]]:
        rows = await self.rows()
        if login:
            rows = [row for row in rows if row.login == login]
            if not rows:
                raise unknown()
        return by_owner((row.login, token) for row in rows for token in row.tokens)

    async def table(self, limit: int) -> Table:
        rows, now = await self.rows(), self.store.clock()
        return Table.of("users", [_user(row, now) for row in rows[:limit]], more=len(rows) > limit)

    async def token_table(self, login: str, limit: int) -> Table:
        found, now = await self.tokens(login), self.store.clock()
        found.sort(key=lambda one: (one[1].created_at, one[1].token_id), reverse=True)
        items = [outward(one) | {"login": owner, "lives": alive(one, now)} for owner, one in found[:limit]]
        return Table.of("tokens", items, more=len(found) > limit)

    async def open_account(self, login: str, name: str, roles: Sequence[str]) -> Receipt | None:
        from services.cli.people import accounts_of

        return await accounts_of(self.store.log, self.store.clock).open_account(
            login, name=name, roles=roles, actor=self.given.actor(), command_id=str(uuid4())
        )

    async def change_roles(self, login: str, roles: Sequence[str]) -> Receipt | None:
        from services.cli.people import accounts_of

        return await accounts_of(self.store.log, self.store.clock).change_roles(
            login, roles=roles, actor=self.given.actor(), command_id=str(uuid4())
        )

    async def close_account(self, login: str, reason: str) -> Receipt | None:
        from services.cli.people import accounts_of

        return await accounts_of(self.store.log, self.store.clock).close_account(
            login, reason=reason, actor=self.given.actor(), command_id=str(uuid4())
        )

    async def link(self, login: str, origin: str) -> Link:
        from services.cli.sign_in import page_address, sign_ins_of

        settings = self.store.settings
        ways_in = sign_ins_of(self.store.log, self.store.client, self.store.clock)
        made = await ways_in.make_link(login, self.given.actor())
        return Link(made.at(origin or page_address(settings, settings.port)), made.expires_at)


def _user(row: Row, now: datetime) -> dict[str, object]:
    """Somebody as HTTP tells of them: tokens and sessions are counts of the living."""
    living = {f"{kind}s": sum(alive(one, now) for one in row.of_kind(kind)) for kind in get_args(TokenKind)}
    return outward(row) | living


def by_owner(found: Iterable[tuple[str, Token]]) -> list[tuple[str, Token]]:
    """In the order in which tokens are listed."""
    return sorted(found, key=lambda one: (one[0], one[1].created_at, one[1].token_id))


def unknown() -> NotFound:
    """Nobody ever had this login."""
    return NotFound("There is no such account.", "`swarm user list` shows them.")


@asynccontextmanager
async def people_of(given: Given) -> AsyncIterator[People]:
    """Open the list of people to read it."""
    async with _elsewhere(given) if given.elsewhere() else _here(given, reading(given)) as found:
        yield found


@asynccontextmanager
async def managing(given: Given) -> AsyncIterator[People]:
    """Open it to change something."""
    async with _elsewhere(given) if given.elsewhere() else _here(given, open_store(given.settings())) as found:
        yield found


@asynccontextmanager
async def _here(given: Given, opens: AbstractAsyncContextManager[Store]) -> AsyncIterator[People]:
    async with opens as store:
        yield StorePeople(given, store)


@asynccontextmanager
async def _elsewhere(given: Given) -> AsyncIterator[People]:
    from services.cli.remote.opening import gateway
    from services.cli.remote.people import GatewayPeople

    async with gateway(given) as there:
        yield GatewayPeople(there)
