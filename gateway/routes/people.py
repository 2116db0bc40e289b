"""Who may work here, and the tokens and sessions that they come with; no secret of theirs but the one just made."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from contracts.access import Permission, Person, SignInWay, TokenKind, alive
from contracts.envelope import Actor
from contracts.errors import NotFound
from gateway.answers import Page, reached, shown
from gateway.auth import in_a_session, needs
from gateway.backend import Backend, Behind
from gateway.commanding import Because, Key, Nothing, Told, carried_out, told
from gateway.origin import site_of
from gateway.pages import page
from gateway.query import PAGED, After, Asking, Paging, fits, only_known
from services.access.credential import parse
from services.projections.accounts import Row
from services.projections.views import ACCOUNTS
from services.runtime.view_pages import Place, Placed, Read, listed

DAYS_MAX = 366


class NewUser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may work here, and as what."""

    login: str
    roles: tuple[str, ...]
    name: str = ""


class NewRoles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody may do from now on, in place of what they might."""

    roles: tuple[str, ...]


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for oneself. Without scopes it may do all that the own roles give, now and later."""

    label: str = ""
    scopes: tuple[str, ...] = ()
    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS_MAX)] = 90


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address that lets whoever opens it in, once."""

    link: str
    expires_at: datetime


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A token, told this once and kept nowhere."""

    token: str
    token_id: str
    expires_at: datetime


class TokenShown(msgspec.Struct, frozen=True, kw_only=True):
    """A token or a session. `ours` is the one that asks; `by` is who made it, `label` what it is for or began with."""

    token_id: str
    login: str
    kind: TokenKind
    way: SignInWay
    label: str
    scopes: tuple[Permission, ...]
    by: Actor
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    lives: bool
    ours: bool


@get("/api/users", opt=needs("admin"), guards=[only_known], dependencies=PAGED)
async def users(
    request: Asking, backend: Behind, paging: NamedDependency[Paging], after: After = None
) -> Response[Page]:
    """Everybody who may work here or once might, in the order in which they were let in."""
    position = await reached(backend.views, ACCOUNTS, after)
    now = backend.clock()

    def show(row: Row) -> dict[str, object]:
        line = shown(row, request.user)
        for kind in ("token", "session"):
            line[f"{kind}s"] = sum(alive(one, now) for one in row.tokens if one.kind == kind)
        return line

    read = listed(backend.views, ACCOUNTS)
    return await page("users", paging, read, fits=lambda _: True, show=show, position=position)


@post("/api/users", status_code=200, opt=needs("admin"))
async def add(data: JSONBody[NewUser], request: Asking, backend: Behind, idempotency_key: Key = None) -> Response[Told]:
    """Let somebody work here, for the first time or again."""
    command = partial(backend.accounts.open_account, data.login, name=data.name, roles=data.roles)
    return await told(backend, await carried_out(request, idempotency_key, command))


@post("/api/users/{login:str}/roles", status_code=200, opt=needs("admin"))
async def give_roles(
    login: FromPath[str],
    data: JSONBody[NewRoles],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """Give other roles in place of the present ones; it holds at once, whatever they came with."""
    command = partial(backend.accounts.change_roles, login, roles=data.roles)
    return await told(backend, await carried_out(request, idempotency_key, command))


@post("/api/users/{login:str}/close", status_code=200, opt=needs("admin"))
async def close(
    login: FromPath[str],
    data: JSONBody[Because],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """Let somebody in no more; their tokens and sessions are dead at once."""
    command = partial(backend.accounts.close_account, login, reason=data.reason)
    return await told(backend, await carried_out(request, idempotency_key, command))


@post("/api/users/{login:str}/link", status_code=200, opt=needs("admin"))
async def link(
    login: FromPath[str],
    data: JSONBody[Nothing],  # noqa: ARG001 - That there is nothing in it is all there is to know.
    request: Asking,
    backend: Behind,
) -> Link:
    """Make a one-time link that lets whoever opens it in as this person; it is good for ten minutes."""
    made = await backend.sign_ins.make_link(login, request.user.actor)
    return Link(link=made.at(site_of(request).origin_of(request)), expires_at=made.expires_at)


@get("/api/tokens", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def tokens(
    request: Asking,
    backend: Behind,
    paging: NamedDependency[Paging],
    login: FromQuery[str | None] = None,
    kind: FromQuery[TokenKind | None] = None,
    after: After = None,
) -> Response[Page]:
    """The own tokens and sessions, the newest first; an admin sees everybody's."""
    position = await reached(backend.views, ACCOUNTS, after)

    def wanted(row: TokenShown) -> bool:
        return fits(row.login, login) and fits(row.kind, kind)

    show = partial(shown, person=request.user)
    read = _read(await _rows(backend, request.user), request.user, backend.clock())
    return await page("tokens", paging, read, fits=wanted, show=show, position=position)


@post("/api/tokens", status_code=200, opt=needs("read"), guards=[in_a_session])
async def create(data: JSONBody[NewToken], request: Asking, backend: Behind, idempotency_key: Key = None) -> Made:
    """Make a token for oneself. Not with a token: one that was narrowed, or stolen, makes no others."""
    life, login = timedelta(days=data.days), request.user.login
    command = partial(backend.accounts.create_token, login, label=data.label, scopes=data.scopes, life=life)
    _, text = await carried_out(request, idempotency_key, command)
    made = await backend.accounts.authenticate(text)
    return Made(token=text, token_id=parse(text).token_id, expires_at=made.expires_at)


@post("/api/tokens/{token_id:str}/revoke", status_code=200, opt=needs("read"), guards=[in_a_session])
async def revoke(
    token_id: FromPath[str],
    data: JSONBody[Because],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """End a token or session of one's own at once; an admin ends anybody's."""
    owner = await _owner(backend, request.user, token_id)
    command = partial(backend.accounts.revoke_token, owner, token_id, reason=data.reason)
    return await told(backend, await carried_out(request, idempotency_key, command))


async def _rows(backend: Backend, person: Person) -> list[Row]:
    """The accounts whose tokens somebody may see."""
    if person.may("admin"):
        return [row async for _, row in backend.views.all(ACCOUNTS)]
    row = await backend.views.get(ACCOUNTS, person.account_id)
    return [row] if row else []


async def _owner(backend: Backend, person: Person, token_id: str) -> str:
    """Whose token this is.

    Raises:
        NotFound: there is none, or it is somebody else's and the person no admin.
    """
    own = await backend.accounts.account(person.account_id)
    if own and own.token(token_id):
        return person.login
    if person.may("admin"):
        for row in await _rows(backend, person):
            if any(one.token_id == token_id for one in row.tokens):
                return row.login
    raise NotFound("There is no such token.", "`GET /api/tokens` lists them.")


def _read(rows: Sequence[Row], person: Person, now: datetime) -> Read[TokenShown]:
    """The tokens of these accounts, the newest first."""
    found = [
        Placed(
            Place(one.created_at.timestamp(), one.token_id),
            TokenShown(
                token_id=one.token_id,
                login=row.login,
                kind=one.kind,
                way=one.way,
                label=one.label,
                scopes=one.scopes,
                by=one.by,
                created_at=one.created_at,
                expires_at=one.expires_at,
                revoked_at=one.revoked_at,
                lives=alive(one, now),
                ours=one.token_id == person.token_id,
            ),
        )
        for row in rows
        for one in row.tokens
    ]
    found.sort(key=lambda one: one.place, reverse=True)

    async def read(after: Place | None, count: int) -> list[Placed[TokenShown]]:
        return [one for one in found if after is None or one.place < after][:count]

    return read


ROUTES = (users, add, give_roles, close, link, tokens, create, revoke)
