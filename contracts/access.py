"""The page of category `access`: people, what they may do, and the tokens that stand for them.

An account's id is derived from its login, so a login is unique by expected version and no table maps one to the other.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Literal, Protocol, TypeAlias, TypeVar, get_args
from uuid import UUID

import msgspec

from contracts.envelope import Actor, AnyEnvelope, Event, Personal
from contracts.identity import normalise
from contracts.uuid5 import uuid5

FOLD = 1
NAMESPACE = UUID("b1c9a7de-52f4-5f0e-8a3b-9d6d1f4c7e21").bytes
DEAD_TOKENS_KEPT = 50

Role: TypeAlias = Literal["reviewer", "operator", "auditor", "admin"]
Permission: TypeAlias = Literal["read", "read_personal", "decide", "run", "audit", "admin"]
TokenKind: TypeAlias = Literal["token", "session"]
SignInWay: TypeAlias = Literal["", "password", "link", "oidc"]
ROLES: tuple[Role, ...] = get_args(Role)
ALL_PERMISSIONS: tuple[Permission, ...] = get_args(Permission)


@lru_cache(maxsize=1_024)
def account_id_of(login: str) -> str:
    """The id of the account with this login, however it is capitalised."""
    return uuid5(NAMESPACE, f"account:{normalise(login)}")


class AccountOpened(Event, frozen=True, kw_only=True, tag="access.account_opened.v1"):
    """Somebody may work here, for the first time or again. Emitted by whoever keeps the accounts."""

    account_id: str
    login: str
    name: Personal
    roles: tuple[Role, ...]

    def about(self) -> str:
        return self.account_id


class RolesChanged(Event, frozen=True, kw_only=True, tag="access.roles_changed.v1"):
    """What somebody may do from now on, also with the tokens they have."""

    account_id: str
    roles: tuple[Role, ...]

    def about(self) -> str:
        return self.account_id


class AccountClosed(Event, frozen=True, kw_only=True, tag="access.account_closed.v1"):
    """Somebody may not work here any more. Their tokens are dead and stay so when the account is opened again."""

    account_id: str
    reason: str

    def about(self) -> str:
        return self.account_id


class TokenCreated(Event, frozen=True, kw_only=True, tag="access.token_created.v1"):
    """Whoever shows the secret acts as this account. Only its SHA-256, in hex, is recorded.

    `scopes` narrow what the roles give; none of them: all that the roles give. A token is shown by a program in a
    header, a session by a browser in a cookie; neither is good in place of the other. `way` is how a session began.
    """

    unshown = frozenset({"secret_hash"})

    account_id: str
    token_id: str
    label: str
    secret_hash: str
    scopes: tuple[Permission, ...]
    expires_at: datetime
    kind: TokenKind = "token"
    way: SignInWay = ""

    def about(self) -> str:
        return self.account_id


class TokenRevoked(Event, frozen=True, kw_only=True, tag="access.token_revoked.v1"):
    """The token is dead at once."""

    account_id: str
    token_id: str
    reason: str

    def about(self) -> str:
        return self.account_id


class PasswordSet(Event, frozen=True, kw_only=True, tag="access.password_set.v1"):
    """Whoever knows the password may sign in as this account. `hash` is what argon2id made of it, salt included."""

    unshown = frozenset({"hash"})

    account_id: str
    hash: str

    def about(self) -> str:
        return self.account_id


ReadingPlace: TypeAlias = Literal[
    "queue", "email", "leads", "lead", "timeline", "why", "feedback", "events", "feed", "people", "imports", "elsewhere"
]


class PersonalRead(Event, frozen=True, kw_only=True, tag="access.personal_read.v1"):
    """Somebody was shown what belongs to others. Emitted by the gateway before it answers.

    `people` are at most 200 of the `count` that were shown, by the ids of their leads or accounts; an opened feed names
    none, since it goes on. `exported`: the answer was a file.
    """

    account_id: str
    where: ReadingPlace
    people: tuple[str, ...] = ()
    count: int = 0
    exported: bool = False

    def about(self) -> str:
        return self.account_id


class Token(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One token or session, dead or alive."""

    token_id: str
    secret_hash: str
    scopes: tuple[Permission, ...]
    expires_at: datetime
    revoked_at: datetime | None = None
    kind: TokenKind = "token"
    way: SignInWay = ""


class AccessAccount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A person as the decisions see them. Without a login there never was such an account; tokens, oldest first.

    `password_hash` is empty where no password was ever set.
    """

    login: str = ""
    roles: tuple[Role, ...] = ()
    open: bool = False
    tokens: tuple[Token, ...] = ()
    password_hash: str = ""

    @property
    def is_admin(self) -> bool:
        """Whether this person may give and take rights."""
        return self.open and "admin" in self.roles

    def token(self, token_id: str) -> Token | None:
        """One token by its id; None where there is none, or it has been dead for long."""
        return next((one for one in self.tokens if one.token_id == token_id), None)


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who a valid token stands for, and what they may do with it; permissions are sorted."""

    account_id: str
    login: str
    roles: tuple[Role, ...]
    permissions: tuple[Permission, ...]
    token_id: str
    expires_at: datetime
    kind: TokenKind = "token"

    @property
    def actor(self) -> Actor:
        """In whose name they act."""
        return Actor(kind="person", id=f"{self.login}@swarm")

    def may(self, permission: Permission) -> bool:
        """Whether this token opens that door."""
        return permission in self.permissions


AccessEvent: TypeAlias = (
    AccountOpened | RolesChanged | AccountClosed | TokenCreated | TokenRevoked | PasswordSet | PersonalRead
)


class Mortal(Protocol):
    """Something that ends by itself or is ended."""

    @property
    def expires_at(self) -> datetime: ...

    @property
    def revoked_at(self) -> datetime | None: ...


M = TypeVar("M", bound=Mortal)


def alive(token: Mortal, now: datetime) -> bool:
    """Neither revoked nor expired."""
    return token.revoked_at is None and now < token.expires_at


def kept(tokens: Sequence[M], now: datetime) -> tuple[M, ...]:
    """The living and the newest of the dead, in order: who replaces a token every hour fills no snapshot."""
    dead = [one for one in tokens if not alive(one, now)]
    forgotten = dead[:-DEAD_TOKENS_KEPT]
    return tuple(one for one in tokens if one not in forgotten)


def evolve(state: AccessAccount | None, heard: AnyEnvelope) -> AccessAccount:
    """The account after this fact. Total."""
    account, at = state or AccessAccount(), heard.recorded_at
    replace = msgspec.structs.replace
    match heard.event:
        case AccountOpened(login=login, roles=roles):
            return replace(account, login=login, roles=roles, open=True)
        case RolesChanged(roles=roles):
            return replace(account, roles=roles)
        case AccountClosed():
            dead = tuple(replace(one, revoked_at=one.revoked_at or at) for one in account.tokens)
            return replace(account, open=False, tokens=dead)
        case TokenCreated() as made:
            token = Token(
                token_id=made.token_id,
                secret_hash=made.secret_hash,
                scopes=made.scopes,
                expires_at=made.expires_at,
                kind=made.kind,
                way=made.way,
            )
            return replace(account, tokens=kept((*account.tokens, token), at))
        case TokenRevoked(token_id=token_id):
            return replace(
                account,
                tokens=tuple(
                    replace(one, revoked_at=one.revoked_at or at) if one.token_id == token_id else one
                    for one in account.tokens
                ),
            )
        case PasswordSet(hash=password_hash):
            return replace(account, password_hash=password_hash)
        case _:
            return account
