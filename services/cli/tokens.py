"""Tokens on the command line: made, shown once, listed and ended."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from contracts.access import alive
from contracts.codec import outward
from contracts.errors import Ambiguous, BadInput, NotFound
from services.access.decide import LIFE_MAX, checked_login
from services.cli import csv_file
from services.cli.command import FILED
from services.cli.given import URL, Given
from services.cli.opening import call, reading
from services.cli.people import accounts_of
from services.cli.people_desk import StorePeople, people_of
from services.cli.printing import document, say, table
from services.cli.store import open_store
from services.cli.words import joined, minute, short
from services.projections.accounts import Row, Token
from services.runtime.clock import utc_now

NAMED = 5
LOGIN = "LOGIN"
_LIFE = re.compile(r"(\d{1,4})([hd])")


async def show(given: Given, login: str, path: Path | None = None) -> int:
    """List tokens, everybody's or one person's, or write them to a file."""
    of = checked_login(login) if login else ""
    csv_file.check(path)
    async with people_of(given) as people:
        if path is not None:
            return csv_file.write(given, path, await people.token_table(of, FILED))
        found, now = await people.tokens(of), utc_now()
    if given.json:
        document(
            {"tokens": [{"login": owner, **outward(token), "state": _state(token, now)} for owner, token in found]}
        )
    elif not found:
        there = given.elsewhere()
        how = (
            f"They make one at {there.origin}/settings."
            if there
            else f"Next: {call(given, f'token create {of or LOGIN}')}"
        )
        say(f"{of} has no token yet. {how}" if of else f"There is no token yet. {how}")
    else:
        cells = [
            (
                short(token.token_id),
                owner,
                token.label,
                token.kind,
                ", ".join(token.scopes) or "all that the roles give",
                _state(token, now),
                minute(token.created_at),
                minute(token.revoked_at or token.expires_at),
                token.by.id,
            )
            for owner, token in found
        ]
        say(table(("id", "login", "label", "is a", "may", "state", "made, UTC", "ends, UTC", "by"), cells))
    return 0


async def create(given: Given, login: str, label: str, scopes: Sequence[str], expires: str) -> int:
    """Make a token and show it, this once."""
    life = life_of(expires)
    _check_beside(given)
    async with open_store(given.settings()) as store:
        accounts = accounts_of(store.log, store.clock)
        receipt, text = await accounts.create_token(
            login, label=label, scopes=scopes, life=life, actor=given.actor(), command_id=str(uuid4())
        )
        person = await accounts.authenticate(text)
    if given.json:
        document({"token": text, "person": outward(person), "receipt": outward(receipt)})
    else:
        say(
            text,
            f"This is {person.login}'s token {short(person.token_id)} for {joined(person.permissions)}, until "
            f"{minute(person.expires_at)} UTC. It is not shown again; send it as `Authorization: Bearer …`.",
        )
    return 0


async def revoke(given: Given, prefix: str, reason: str) -> int:
    """End a token."""
    _check_beside(given)
    async with reading(given) as store:
        row, token = _only(await StorePeople(given, store).rows(), prefix)
        receipt = await accounts_of(store.log, store.clock).revoke_token(
            row.login, token.token_id, reason=reason, actor=given.actor(), command_id=str(uuid4())
        )
    if given.json:
        told = outward(receipt) if receipt else None
        document({"login": row.login, "token_id": token.token_id, "receipt": told})
    else:
        done = "is dead from now on" if receipt else "was dead before; nothing changed"
        say(f"Token {short(token.token_id)} of {row.login} {done}.")
    return 0


def _check_beside(given: Given) -> None:
    """A token that was stolen or narrowed makes no others and ends none; a gateway takes that from a session alone.

    Raises:
        BadInput: a gateway is meant.
    """
    if there := given.elsewhere():
        raise BadInput(
            "No token makes or ends tokens over a gateway.",
            f"Sign in at {there.origin}/settings, or unset {URL} where the swarm runs.",
            field=URL,
        )


def life_of(text: str) -> timedelta:
    """How long a token lives, from `12h` or `90d`.

    Raises:
        BadInput: it is neither.
    """
    match = _LIFE.fullmatch(text.strip().lower())
    if match is None:
        raise BadInput(f"--expires {text!r} is no time.", f"Write 12h or 90d, up to {LIFE_MAX.days}d.", field="expires")
    count = int(match[1])
    return timedelta(hours=count) if match[2] == "h" else timedelta(days=count)


def _state(token: Token, now: datetime) -> str:
    return "revoked" if token.revoked_at else "lives" if alive(token, now) else "expired"


def _only(rows: Sequence[Row], prefix: str) -> tuple[Row, Token]:
    found = [(row, one) for row in rows for one in row.tokens if one.token_id.startswith(prefix.strip().lower())]
    if not found:
        raise NotFound(f"There is no token {prefix[:64]!r}.", "`swarm token list` shows them.")
    if len(found) > 1:
        names = ", ".join(one.token_id for _, one in found[:NAMED])
        raise Ambiguous(f"{prefix!r} is the beginning of several ids: {names}.", "Type more of it.")
    return found[0]
