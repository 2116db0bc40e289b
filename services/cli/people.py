"""People on the command line: who may work here, and as what."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from contracts.access import account_id_of, alive
from contracts.codec import outward
from contracts.commands import Receipt
from contracts.envelope import reveal
from services.access.credential import SECRET_BYTES
from services.access.decide import checked_login
from services.cli import csv_file
from services.cli.command import FILED
from services.cli.given import Given
from services.cli.opening import call
from services.cli.people_desk import managing, people_of
from services.cli.printing import document, say, table
from services.cli.words import joined, minute
from services.commands.accounts import Accounts
from services.runtime.clock import Clock, utc_now
from services.runtime.log import EventLog


def accounts_of(log: EventLog, clock: Clock) -> Accounts:
    """The way of commands to accounts."""
    return Accounts(log, clock, lambda: secrets.token_bytes(SECRET_BYTES))


async def show(given: Given, path: Path | None = None) -> int:
    """List everybody, or write them to a file."""
    csv_file.check(path)
    async with people_of(given) as people:
        if path is not None:
            return csv_file.write(given, path, await people.table(FILED))
        found, namespace, now = await people.rows(), await people.namespace(), utc_now()
    if given.json:
        document({"users": [outward(row) for row in found]})
    elif not found:
        say(f"Nobody has an account in namespace {namespace} yet, so the gateway lets nobody in.")
        say(f"Next: {call(given, 'user add LOGIN --role admin')}")
    else:
        rows = [
            (
                row.login,
                reveal(row.name),
                ", ".join(row.roles),
                "open" if row.open else "closed",
                str(sum(alive(one, now) for one in row.of_kind("token"))),
                str(sum(alive(one, now) for one in row.of_kind("session"))),
                "set" if row.password_at else "none",
                minute(row.opened_at),
            )
            for row in found
        ]
        say(
            table(
                ("login", "name", "roles", "account", "tokens", "sessions", "password", "opened, UTC"),
                rows,
                right=("tokens", "sessions"),
            )
        )
    return 0


async def add(given: Given, login: str, name: str, roles: Sequence[str]) -> int:
    """Let somebody work here."""
    async with managing(given) as people:
        receipt = await people.open_account(login, name, roles)
    plain = checked_login(login)
    program = f"{call(given, f'token create {plain}')} for a program"
    then = "where they make a token for a program" if given.elsewhere() else program
    link = call(given, f"user link {plain}")
    _tell(given, login, receipt, f"has an account. Next: {link} to sign in at the page, {then}.")
    return 0


async def give_roles(given: Given, login: str, roles: Sequence[str]) -> int:
    """Change what somebody may do, from now on and with every token."""
    async with managing(given) as people:
        receipt = await people.change_roles(login, roles)
    _tell(given, login, receipt, f"is {joined(roles)} from now on.")
    return 0


async def close(given: Given, login: str, reason: str) -> int:
    """Let somebody in no more."""
    async with managing(given) as people:
        receipt = await people.close_account(login, reason)
    _tell(given, login, receipt, "is let in no more; every token of theirs is dead.")
    return 0


def _tell(given: Given, login: str, receipt: Receipt | None, done: str) -> None:
    """What was recorded; or that it stood so before."""
    plain = checked_login(login)
    if given.json:
        told = outward(receipt) if receipt else None
        document({"login": plain, "account_id": account_id_of(plain), "receipt": told})
    else:
        say(f"{plain} {done}" if receipt else f"It stands so for {plain} already; nothing changed.")
