"""Who asks, and whether they may: every route is closed unless it says what opens it."""

import hmac
from typing import NamedTuple

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from contracts.access import Permission, Person, TokenKind
from contracts.errors import Forbidden, Unauthenticated
from gateway.backend import Backend
from gateway.origin import site_of
from services.access.credential import INVALID, csrf_of

ACCESS = "access"
"""The option of a route that names the permission it needs, or `PUBLIC`."""
PUBLIC = "public"
OPEN_TO_ALL = {ACCESS: PUBLIC, "exclude_from_auth": True}
SCHEME = "bearer"
CREDENTIAL_MAX = 512
COOKIE = "swarm-session"
CSRF = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def needs(permission: Permission) -> dict[str, Permission]:
    """The option of a route that people with this permission may use."""
    return {ACCESS: permission}


class Shown(NamedTuple):
    """What somebody showed, and what it has to be after the way in which they did."""

    text: str
    kind: TokenKind


def credential_of(connection: ASGIConnection) -> Shown:  # type: ignore[type-arg]
    """The token in the header; where there is no such header, the session in the cookie.

    Raises:
        Unauthenticated: there is neither.
    """
    header = connection.headers.get("authorization")
    if header is None:
        return Shown(session_text(connection), "session")
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != SCHEME or not credential or len(credential) > CREDENTIAL_MAX:
        raise Unauthenticated(INVALID)
    return Shown(credential, "token")


def session_text(connection: ASGIConnection) -> str:  # type: ignore[type-arg]
    """The session in the cookie.

    Raises:
        Unauthenticated: there is none.
    """
    found = connection.cookies.get(cookie_name(secure=site_of(connection).is_secure(connection)), "")
    if not found or len(found) > CREDENTIAL_MAX:
        raise Unauthenticated(INVALID)
    return found


def cookie_name(*, secure: bool) -> str:
    """What the cookie is called: with https a browser itself sees to it that only we can set it."""
    return f"__Host-{COOKIE}" if secure else COOKIE


async def known(connection: ASGIConnection) -> Person:  # type: ignore[type-arg]
    """Who asks, looked up anew: a revoked token and an ended session are dead at once.

    Raises:
        Unauthenticated: nothing was shown, or it is not valid.
        StoreUnavailable: nobody can be looked up; the door stays shut.
    """
    backend: Backend = connection.app.state.backend
    return await backend.accounts.authenticate(*credential_of(connection))


def check_origin(connection: ASGIConnection, *, required: bool = False) -> None:  # type: ignore[type-arg]
    """A page of somebody else sends nothing in the name of who looks at it.

    Args:
        required: a browser always says the origin here, so whoever does not is refused, too.

    Raises:
        Forbidden: it says that it comes from another origin.
    """
    origin = connection.headers.get("origin")
    if origin is None and not required:
        return
    if origin != site_of(connection).origin_of(connection):
        raise Forbidden("This request comes from another site.", "Use the page that this gateway itself serves.")


def _check_ours(connection: ASGIConnection, session: str) -> None:  # type: ignore[type-arg]
    """A browser sends the cookie along whoever asks it to; that a page of ours did is shown by more than that.

    Raises:
        Forbidden: it is not shown.
    """
    if connection.scope["type"] == ScopeType.WEBSOCKET:
        check_origin(connection, required=True)
    elif connection.scope["method"] not in SAFE_METHODS:
        check_origin(connection)
        if not hmac.compare_digest(connection.headers.get(CSRF, "").encode(), csrf_of(session).encode()):
            raise Forbidden(f"The header {CSRF} is missing or wrong.", "Send `csrf` of GET /api/session in it.")


class Authentication(AbstractAuthenticationMiddleware):
    """Takes `Authorization: Bearer <token>`, else the cookie of a session; what stands in a URL is never looked at."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The person behind it, looked up with every request.

        Raises:
            Unauthenticated: nothing was shown, or it is not valid.
            Forbidden: a session without what shows that a page of ours asks.
            StoreUnavailable: nobody can be looked up; the door stays shut.
        """
        person = await known(connection)
        if person.kind == "session":
            _check_ours(connection, session_text(connection))
        return AuthenticationResult(user=person, auth=person.token_id)


async def admitted(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of the whole app: the person has the permission that the route names; without a name nobody has.

    Raises:
        Forbidden: they may not.
    """
    needed = handler.opt.get(ACCESS)
    if needed == PUBLIC:
        return
    person = connection.scope.get("user")
    if not isinstance(person, Person) or needed is None or not person.may(needed):
        raise Forbidden(
            f"This needs the permission {needed!r}." if needed else "This is open to nobody.",
            "An admin gives roles with `swarm user roles`; a token may have fewer scopes than its owner.",
        )


async def in_a_session(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A guard: only who signed in at a page, and no program with a token.

    Raises:
        Forbidden: they came with a token.
    """
    person: Person = connection.scope["user"]
    if person.kind != "session":
        raise Forbidden("This is for people who signed in, not for tokens.", "Sign in at the page.")


async def from_our_page(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A guard for whoever is nobody yet: else a page of somebody else could sign its visitor in as somebody else.

    Raises:
        Forbidden: a browser says that the request comes from another origin.
    """
    check_origin(connection)
