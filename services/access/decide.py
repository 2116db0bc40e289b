"""Every decision about accounts and tokens: who may work here, as what, and with which tokens. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from contracts.access import (
    ALL_PERMISSIONS,
    ROLES,
    AccessAccount,
    AccountClosed,
    AccountOpened,
    PasswordSet,
    Permission,
    Role,
    RolesChanged,
    SignInWay,
    Token,
    TokenCreated,
    TokenRevoked,
    account_id_of,
    alive,
)
from contracts.envelope import Event, Personal
from contracts.errors import BadInput, DecisionRefused, NotFound
from contracts.identity import normalise
from services.access.rights import permissions_of

NAME_MAX, LABEL_MAX, REASON_MAX = 200, 64, 2_000
LIFE_MIN, LIFE_MAX = timedelta(hours=1), timedelta(days=366)
LIVE_TOKENS_MAX = 20
SESSION_LIFE, LIVE_SESSIONS_MAX = timedelta(hours=12), 10
PASSWORD_MIN, PASSWORD_MAX = 12, 200
SIGNED_IN_ELSEWHERE = "signed in elsewhere since"
CHANGED_SINCE = "the password was changed"

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def open_account(account: AccessAccount, *, login: str, name: str, roles: Sequence[str]) -> list[Event]:
    """Let somebody work here; nothing where they already may, with these roles.

    Args:
        account: as it stands; `AccessAccount()` where nothing was ever recorded.
        name: what people call them; may be empty.

    Raises:
        BadInput: the login is none, the name is too long, there is no role or one that nobody knows.
        DecisionRefused: they already may, with other roles.
    """
    login, name, known = checked_login(login), name.strip(), _roles(roles)
    if len(name) > NAME_MAX:
        raise BadInput(f"A name has at most {NAME_MAX} characters.", field="name")
    if account.open and account.roles != known:
        raise DecisionRefused(
            f"There is an account {login} already, with other roles: {', '.join(account.roles)}.",
            f"`swarm user roles {login}` changes them.",
        )
    if account.open:
        return []
    return [AccountOpened(account_id=account_id_of(login), login=login, name=Personal.plain(name), roles=known)]


def change_roles(account: AccessAccount, *, roles: Sequence[str], other_admins: int) -> list[Event]:
    """Give other roles in place of the present ones; nothing where they are the same.

    Args:
        other_admins: how many other open accounts are admins, at least.

    Raises:
        BadInput: there is no role or one that nobody knows.
        NotFound: there never was such an account.
        DecisionRefused: it is closed, or the last open admin would lose that role.
    """
    known = _roles(roles)
    _check_open(account)
    if account.roles == known:
        return []
    if "admin" not in known:
        _check_not_last(account, other_admins)
    return [RolesChanged(account_id=account_id_of(account.login), roles=known)]


def close_account(account: AccessAccount, *, reason: str, other_admins: int) -> list[Event]:
    """Let somebody in no more, with whatever token; nothing where that already stands.

    Args:
        other_admins: how many other open accounts are admins, at least.

    Raises:
        BadInput: the reason is too long.
        NotFound: there never was such an account.
        DecisionRefused: it is the last open admin's.
    """
    words = _reason(reason)
    if not account.login:
        raise NotFound("There is no such account.", "`swarm user list` shows them.")
    if not account.open:
        return []
    _check_not_last(account, other_admins)
    return [AccountClosed(account_id=account_id_of(account.login), reason=words)]


def create_token(
    account: AccessAccount,
    *,
    token_id: str,
    secret_hash: str,
    label: str,
    scopes: Sequence[str],
    life: timedelta,
    now: datetime,
) -> list[Event]:
    """Let a secret stand for an account; nothing where this token was already made.

    Args:
        scopes: what the token is narrowed to; none: all that the roles give, now and later.
        life: from now until it expires.

    Raises:
        BadInput: the label is too long, a scope is none, the life is too short or too long.
        NotFound: there never was such an account.
        DecisionRefused: the account is closed, its roles do not give what the scopes name, or it has too many tokens.
    """
    words, known = label.strip(), _scopes(scopes)
    if len(words) > LABEL_MAX:
        raise BadInput(f"A label has at most {LABEL_MAX} characters.", field="label")
    if not LIFE_MIN <= life <= LIFE_MAX:
        raise BadInput("A token lives 1 hour to 366 days.", field="expires")
    if account.token(token_id) is not None:
        return []
    _check_open(account)
    if lacking := set(known) - set(permissions_of(account.roles)):
        raise DecisionRefused(
            f"The roles of {account.login} do not give {', '.join(sorted(lacking))}.",
            "Leave it out, or give a role that does.",
        )
    if sum(one.kind == "token" and alive(one, now) for one in account.tokens) >= LIVE_TOKENS_MAX:
        raise DecisionRefused(f"{account.login} has {LIVE_TOKENS_MAX} tokens that live.", "Revoke one of them first.")
    return [
        TokenCreated(
            account_id=account_id_of(account.login),
            token_id=token_id,
            label=words,
            secret_hash=secret_hash,
            scopes=known,
            expires_at=now + life,
        )
    ]


def revoke_token(account: AccessAccount, *, token_id: str, reason: str) -> list[Event]:
    """End a token at once; nothing where it was revoked before, or ended with its account.

    Raises:
        BadInput: the reason is too long.
        NotFound: there is no such token.
    """
    words = _reason(reason)
    token = account.token(token_id)
    if token is None:
        raise NotFound("There is no such token.", "`swarm token list` shows them.")
    if token.revoked_at is not None:
        return []
    return [TokenRevoked(account_id=account_id_of(account.login), token_id=token_id, reason=words)]


def open_session(
    account: AccessAccount, *, token_id: str, secret_hash: str, way: SignInWay, now: datetime, label: str = ""
) -> list[Event]:
    """Let a browser act as somebody for 12 hours; nothing where this session was already opened.

    Where too many of theirs live, the oldest end: nobody is locked out by browsers that they forgot.

    Args:
        way: how they showed who they are.
        label: what there is to say of that, such as who made the link.

    Raises:
        NotFound: there never was such an account.
        DecisionRefused: it is closed.
    """
    if account.token(token_id) is not None:
        return []
    _check_open(account)
    surplus = _live_sessions(account, now)[: 1 - LIVE_SESSIONS_MAX]
    return [
        *(_ended(account, one, SIGNED_IN_ELSEWHERE) for one in surplus),
        TokenCreated(
            account_id=account_id_of(account.login),
            token_id=token_id,
            label=label,
            secret_hash=secret_hash,
            scopes=(),
            expires_at=now + SESSION_LIFE,
            kind="session",
            way=way,
        ),
    ]


def set_password(account: AccessAccount, *, password_hash: str, kept_session: str, now: datetime) -> list[Event]:
    """Let whoever knows a password sign in, in place of the one before; other sessions of the account end.

    Args:
        password_hash: of a password that `checked_password` let pass.
        kept_session: the session that asks for it and goes on; empty for none.

    Raises:
        NotFound: there never was such an account.
        DecisionRefused: it is closed.
    """
    _check_open(account)
    others = [one for one in _live_sessions(account, now) if one.token_id != kept_session]
    return [
        *(_ended(account, one, CHANGED_SINCE) for one in others),
        PasswordSet(account_id=account_id_of(account.login), hash=password_hash),
    ]


def password_text(password: str) -> str:
    """A password as it is hashed and compared: keyboards write the same letter in more than one way."""
    return unicodedata.normalize("NFC", password)


def checked_password(password: str, login: str) -> str:
    """The password as it is hashed and compared; long enough, and not the login. What it is made of is not asked.

    Raises:
        BadInput: it is too short or too long, is the login, or holds half a character.
    """
    plain = password_text(password)
    try:
        plain.encode()
    except UnicodeEncodeError as error:
        raise BadInput("The password holds half a character.", "Type it as UTF-8.", field="new") from error
    if not PASSWORD_MIN <= len(plain) <= PASSWORD_MAX:
        raise BadInput(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.", field="new")
    if normalise(plain) == normalise(login):
        raise BadInput("The login is no password.", "Take another one.", field="new")
    return plain


def checked_login(login: str) -> str:
    """The login as it is recorded.

    Raises:
        BadInput: it is none.
    """
    plain = normalise(login)
    if not _LOGIN.fullmatch(plain):
        raise BadInput(
            "A login has 1 to 64 of the characters a-z, 0-9, '.', '_' and '-', a letter or digit first.", field="login"
        )
    return plain


def _roles(given: Sequence[str]) -> tuple[Role, ...]:
    """Each once, in the order of the table."""
    known = tuple(role for role in ROLES if role in given)
    if unknown := set(given) - set(known):
        raise BadInput(f"There is no role {_named(unknown)}.", f"Use {', '.join(ROLES)}.", field="roles")
    if not known:
        raise BadInput("An account has at least one role.", f"Use {', '.join(ROLES)}.", field="roles")
    return known


def _scopes(given: Sequence[str]) -> tuple[Permission, ...]:
    known = tuple(one for one in ALL_PERMISSIONS if one in given)
    if unknown := set(given) - set(known):
        raise BadInput(f"There is no scope {_named(unknown)}.", f"Use {', '.join(ALL_PERMISSIONS)}.", field="scopes")
    return known


def _named(unknown: Iterable[str]) -> str:
    return ", ".join(repr(one[:LABEL_MAX]) for one in sorted(unknown)[:3])


def _reason(given: str) -> str:
    words = given.strip()
    if len(words) > REASON_MAX:
        raise BadInput(f"A reason has at most {REASON_MAX:,} characters.", field="reason")
    return words


def _live_sessions(account: AccessAccount, now: datetime) -> list[Token]:
    return [one for one in account.tokens if one.kind == "session" and alive(one, now)]


def _ended(account: AccessAccount, token: Token, reason: str) -> TokenRevoked:
    return TokenRevoked(account_id=account_id_of(account.login), token_id=token.token_id, reason=reason)


def _check_open(account: AccessAccount) -> None:
    if not account.login:
        raise NotFound("There is no such account.", "`swarm user list` shows them.")
    if not account.open:
        raise DecisionRefused(
            f"The account {account.login} is closed.", f"`swarm user add {account.login}` opens it again."
        )


def _check_not_last(account: AccessAccount, other_admins: int) -> None:
    if account.is_admin and other_admins < 1:
        raise DecisionRefused(f"{account.login} is the last admin.", "Make somebody else an admin first.")
