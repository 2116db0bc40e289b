"""The view `accounts`: one row per person who may work here or once might, with their tokens but no secret's hash."""

from datetime import datetime

import msgspec

from contracts.access import (
    AccountClosed,
    AccountOpened,
    PasswordSet,
    Permission,
    Role,
    RolesChanged,
    SignInWay,
    TokenCreated,
    TokenKind,
    TokenRevoked,
    kept,
)
from contracts.envelope import Actor, AnyEnvelope, Event, Personal

NAME = "accounts"
VERSION = 2

HEARS: frozenset[type[Event]] = frozenset(
    {AccountOpened, RolesChanged, AccountClosed, TokenCreated, TokenRevoked, PasswordSet}
)


class Token(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One token or session; `by` is who made it. Without scopes it may do all that the roles give."""

    token_id: str
    label: str
    scopes: tuple[Permission, ...]
    by: Actor
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    kind: TokenKind = "token"
    way: SignInWay = ""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One account, opened last at `opened_at`; its living tokens and the latest dead ones, oldest first."""

    account_id: str
    login: str
    name: Personal
    roles: tuple[Role, ...]
    open: bool
    opened_at: datetime
    closed_at: datetime | None = None
    password_at: datetime | None = None
    tokens: tuple[Token, ...] = ()

    def of_kind(self, kind: TokenKind) -> tuple[Token, ...]:
        """Their tokens alone, or their sessions."""
        return tuple(one for one in self.tokens if one.kind == kind)


def key(fact: AnyEnvelope) -> str:
    """The account."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The account after this fact; none where it was never opened."""
    replace, at = msgspec.structs.replace, fact.recorded_at
    match fact.event:
        case AccountOpened(account_id=account_id, login=login, name=name, roles=roles):
            return Row(
                account_id=account_id,
                login=login,
                name=name,
                roles=roles,
                open=True,
                opened_at=at,
                password_at=row.password_at if row else None,
                tokens=row.tokens if row else (),
            )
        case _ if row is None:
            return None
        case RolesChanged(roles=roles):
            return replace(row, roles=roles)
        case AccountClosed():
            return replace(row, open=False, closed_at=at, tokens=tuple(_revoked(one, at) for one in row.tokens))
        case TokenCreated() as made:
            token = Token(
                token_id=made.token_id,
                label=made.label,
                scopes=made.scopes,
                by=fact.actor,
                created_at=at,
                expires_at=made.expires_at,
                kind=made.kind,
                way=made.way,
            )
            return replace(row, tokens=kept((*row.tokens, token), at))
        case TokenRevoked(token_id=token_id):
            tokens = tuple(_revoked(one, at) if one.token_id == token_id else one for one in row.tokens)
            return replace(row, tokens=tokens)
        case PasswordSet():
            return replace(row, password_at=at)
        case _:
            return row


def rank(row: Row) -> float | None:
    """When it was opened, in unix seconds."""
    return row.opened_at.timestamp()


def _revoked(token: Token, at: datetime) -> Token:
    return msgspec.structs.replace(token, revoked_at=token.revoked_at or at)
