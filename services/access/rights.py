"""What each role gives, and who shows a token. Pure."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from contracts.access import (
    ALL_PERMISSIONS,
    AccessAccount,
    Permission,
    Person,
    Role,
    Token,
    TokenKind,
    account_id_of,
    alive,
)
from contracts.errors import Unauthenticated
from services.access.credential import INVALID

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "reviewer": frozenset({"read", "read_personal", "decide"}),
    "operator": frozenset({"read", "read_personal", "run"}),
    "auditor": frozenset({"read", "audit"}),
    "admin": frozenset(ALL_PERMISSIONS),
}

_NOBODYS = Token(token_id="", secret_hash="0" * 64, scopes=(), expires_at=datetime(1970, 1, 1, tzinfo=UTC))


def permissions_of(roles: Iterable[Role], scopes: Iterable[Permission] = ()) -> tuple[Permission, ...]:
    """What these roles give, sorted; where there are scopes, only what is among them, too."""
    return _given(tuple(roles), tuple(scopes))


@lru_cache(maxsize=256)
def _given(roles: tuple[Role, ...], scopes: tuple[Permission, ...]) -> tuple[Permission, ...]:
    given = frozenset[Permission]().union(*(PERMISSIONS[role] for role in roles))
    return tuple(sorted(given & frozenset(scopes) if scopes else given))


def identify(
    account: AccessAccount | None, token_id: str, secret_hash: str, now: datetime, kind: TokenKind = "token"
) -> Person:
    """Who shows this token.

    Args:
        account: whose it says it is; None where there never was one.
        secret_hash: SHA-256 in hex of the secret that was shown.
        kind: what it has to be, after the way in which it was shown.

    Raises:
        Unauthenticated: no such account or token, another secret, of another kind, revoked, expired, closed. Which of
            these is not said, and every one is looked at, so that neither words nor time tell.
    """
    person = account or AccessAccount()
    token = person.token(token_id) or _NOBODYS
    right = hmac.compare_digest(token.secret_hash.encode(), secret_hash.encode())
    fits = token.kind == kind
    if not (right & fits & alive(token, now) & person.open & (token is not _NOBODYS)):
        raise Unauthenticated(INVALID)
    return Person(
        account_id=account_id_of(person.login),
        login=person.login,
        roles=person.roles,
        permissions=permissions_of(person.roles, token.scopes),
        token_id=token.token_id,
        expires_at=token.expires_at,
        kind=token.kind,
    )
