"""Who asks, and whether they may: every route is closed unless it says what opens it."""

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from contracts.access import Permission, Person
from contracts.errors import Forbidden, Unauthenticated
from gateway.backend import Backend

ACCESS = "access"
"""The option of a route that names the permission it needs, or `PUBLIC`."""
PUBLIC = "public"
OPEN_TO_ALL = {ACCESS: PUBLIC, "exclude_from_auth": True}
SCHEME = "bearer"
CREDENTIAL_MAX = 512


def needs(permission: Permission) -> dict[str, Permission]:
    """The option of a route that people with this permission may use."""
    return {ACCESS: permission}


def credential_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]
    """The text of the token in the header.

    Raises:
        Unauthenticated: there is none.
    """
    scheme, _, credential = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not credential or len(credential) > CREDENTIAL_MAX:
        raise Unauthenticated("These credentials are not valid.")
    return str(credential)


class Authentication(AbstractAuthenticationMiddleware):
    """Takes `Authorization: Bearer <token>` and nothing else; what stands in a URL is never looked at."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The person behind the token, looked up with every request: a revoked one is dead at once.

        Raises:
            Unauthenticated: there is none, or it is not valid.
            StoreUnavailable: nobody can be looked up; the door stays shut.
        """
        backend: Backend = connection.app.state.backend
        person = await backend.accounts.authenticate(credential_of(connection))
        return AuthenticationResult(user=person, auth=person.token_id)


def admitted(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
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
