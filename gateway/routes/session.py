"""Signing in at a page and out again: a session in a cookie, and what the page has to know of who looks at it."""

import math
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.params import JSONBody

from contracts.access import Permission, Person, Role
from contracts.envelope import reveal
from contracts.errors import Unauthenticated
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import POLICY_ID, Phase, Policy
from gateway.auth import OPEN_TO_ALL, cookie_name, from_our_page, in_a_session, needs, session_text
from gateway.backend import Backend, Behind
from gateway.origin import site_of
from gateway.problems import ANSWERS
from gateway.query import Asking, only_known
from services.access.credential import csrf_of
from services.commands.sign_in import Opened
from services.projections.views import ACCOUNTS

WAYS = ("password", "link")
PROVIDER = "oidc"
SHOWN_MAX = 1_000
FOR_STRANGERS = {**OPEN_TO_ALL, ANSWERS: (401, 403, 429)}

Said = Annotated[str, msgspec.Meta(max_length=SHOWN_MAX)]


class ByPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who it is, and what only they know."""

    login: Said
    password: Said


class ByLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stood behind `#sign-in=` in a one-time link."""

    secret: Said


class NewPassword(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another password. `current` is empty where there is none, or the session began with a link."""

    new: Said
    current: Said = ""


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """It is done, and every other session of theirs has ended."""

    status: str = "changed"


class SignedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody is signed in here; these are the ways to do so. `provider` is what people call the one behind `oidc`."""

    ways: tuple[str, ...]
    provider: str
    signed_in: bool = False


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, what they may do, and in what they are.

    `csrf` goes into the header `X-CSRF-Token` of whatever changes something. `promise` says what the store keeps.
    """

    login: str
    name: str
    roles: tuple[Role, ...]
    permissions: tuple[Permission, ...]
    expires_at: datetime
    csrf: str
    namespace: str
    phase: Phase
    halted: bool
    promise: str
    has_password: bool
    undo_window_s: int
    ways: tuple[str, ...]
    provider: str
    signed_in: bool = True


@get("/api/session", opt=OPEN_TO_ALL, guards=[only_known])
async def session(request: Asking, backend: Behind) -> SignedIn | SignedOut:
    """Who is signed in at this browser, if anybody is."""
    try:
        text = session_text(request)
        person = await backend.accounts.authenticate(text, "session")
    except Unauthenticated:
        return SignedOut(ways=_ways(backend), provider=_provider(backend))
    return await _told(backend, Opened(person, text))


@post("/api/session", status_code=200, opt=FOR_STRANGERS, guards=[from_our_page])
async def sign_in(data: JSONBody[ByPassword], request: Asking, backend: Behind) -> Response[SignedIn]:
    """Sign in with a password. 401 says no more than that it did not fit, 429 after how long to try again."""
    opened = await backend.sign_ins.by_password(data.login, data.password, address_of(request))
    return await _let_in(request, backend, opened)


@post("/api/session/link", status_code=200, opt=FOR_STRANGERS, guards=[from_our_page])
async def sign_in_by_link(data: JSONBody[ByLink], request: Asking, backend: Behind) -> Response[SignedIn]:
    """Sign in with a one-time link, which is used up by it."""
    return await _let_in(request, backend, await backend.sign_ins.by_link(data.secret, address_of(request)))


@delete("/api/session", opt=needs("read"), guards=[in_a_session])
async def sign_out(request: Asking, backend: Behind) -> Response[None]:
    """End this session at once; its feeds end with it. Whoever signed in at an identity provider stays signed in there."""
    await backend.sign_ins.sign_out(request.user)
    return Response(None, cookies=[_cookie(request, "", 0)])


@post("/api/me/password", status_code=200, opt={**needs("read"), ANSWERS: (429,)}, guards=[in_a_session])
async def change_password(data: JSONBody[NewPassword], request: Asking, backend: Behind) -> Changed:
    """Set the own password: 12 to 200 characters."""
    await backend.sign_ins.change_password(request.user, data.current, data.new, address_of(request))
    return Changed()


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from, as far as the server knows."""
    return connection.client.host if connection.client else ""


async def _let_in(request: Asking, backend: Backend, opened: Opened) -> Response[SignedIn]:
    return Response(await _told(backend, opened), cookies=[session_cookie(request, backend, opened)])


def session_cookie(request: Asking, backend: Backend, opened: Opened) -> Cookie:
    """What makes a browser theirs."""
    return _cookie(request, opened.text, math.ceil((opened.person.expires_at - backend.clock()).total_seconds()))


def _cookie(request: Asking, value: str, left_s: int) -> Cookie:
    """No script reads it, no other site's page sends it, and with https nothing but https carries it."""
    secure = site_of(request).is_secure(request)
    return Cookie(
        key=cookie_name(secure=secure),
        value=value,
        max_age=left_s,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


async def _told(backend: Backend, opened: Opened) -> SignedIn:
    person: Person = opened.person
    row = await backend.views.get(ACCOUNTS, person.account_id)
    account = await backend.accounts.account(person.account_id)
    about = Ref("policy", POLICY_ID)
    state = (await backend.log.load(CONTROL, [about]))[about].state
    policy = state if isinstance(state, Policy) else Policy()
    return SignedIn(
        login=person.login,
        name=reveal(row.name) if row else "",
        roles=person.roles,
        permissions=person.permissions,
        expires_at=person.expires_at,
        csrf=csrf_of(opened.text),
        namespace=backend.log.namespace,
        phase=policy.phase,
        halted=policy.halted,
        promise=backend.promise,
        has_password=bool(account and account.password_hash),
        undo_window_s=backend.drafts.undo_window_s,
        ways=_ways(backend),
        provider=_provider(backend),
    )


def _ways(backend: Backend) -> tuple[str, ...]:
    return (*WAYS, PROVIDER) if backend.provided else WAYS


def _provider(backend: Backend) -> str:
    return backend.provided.provider.name if backend.provided else ""


ROUTES = (session, sign_in, sign_in_by_link, sign_out, change_password)
