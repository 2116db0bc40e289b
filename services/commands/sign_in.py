"""Signing in and out: a password or a one-time link becomes a session, which is a token that lives in a cookie."""

import asyncio
import base64
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contracts.access import AccessAccount, Person, SignInWay, account_id_of
from contracts.commands import Receipt
from contracts.envelope import Actor
from contracts.errors import BadInput, DecisionRefused, LockedOut, NotFound, Unauthenticated
from services.access.credential import hash_of, parse_link_secret, write_link_secret
from services.access.decide import checked_login, checked_password, password_text
from services.commands.accounts import Accounts
from services.runtime.sign_in_store import LINK_S, SignInStore

logger = structlog.get_logger()

VERIFYING_MAX = 2
"""Passwords looked at together in a process: each takes 64 MB while it is."""
WRONG_PASSWORD = "Login or password is not right."  # noqa: S105 - What is said, no secret.
WRONG_LINK = "This link was used, has expired, or never was one."
NO_ACCOUNT = "No open account has this login."


class Opened(NamedTuple):
    """Somebody who signed in, and the text of their session for the cookie."""

    person: Person
    text: str


class Link(NamedTuple):
    """A one-time link's secret, and until when it is good."""

    secret: str
    expires_at: datetime

    def at(self, origin: str) -> str:
        """The address to open. Behind the `#` it is sent to no server, so no log of one has it."""
        return f"{origin}/#sign-in={self.secret}"


@dataclass(frozen=True)
class SignIns:
    """Lets people in who show a password or a link, or whom a provider knows, and out again.

    Everything here raises StoreUnavailable where the store cannot be asked: then nobody gets in.
    """

    accounts: Accounts
    store: SignInStore
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    verifying: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(VERIFYING_MAX))

    async def by_password(self, login: str, password: str, address: str) -> Opened:
        """Open a session for whoever knows the password.

        The attempt is counted first and looked at then, and the hash of nobody is looked at where there is no account
        or no password, so that neither words nor time tell which logins there are.

        Args:
            address: where the attempt comes from; empty where nobody knows.

        Raises:
            LockedOut: too many attempts for this login or from there failed.
            Unauthenticated: no such login, no password, another one, closed. Which of these is not said.
        """
        account_id = account_id_of(login)
        await self._count(account_id, address)
        account = await self.accounts.account(account_id) or AccessAccount()
        right = await self._verified(account.password_hash, password)
        if not (right & account.open):
            logger.warning("sign-in refused", way="password", account_id=account_id, address=address)
            raise Unauthenticated(WRONG_PASSWORD, "Try again, or ask an admin for a one-time link.")
        await self.store.forgive(account_id, address)
        return await self._open(account, "password", WRONG_PASSWORD)

    async def by_link(self, secret: str, address: str) -> Opened:
        """Open a session for whoever has a link; it is used up by that.

        Raises:
            Unauthenticated: used, expired, never one, or the account is closed. Which of these is not said.
        """
        link = await self.store.take_link(parse_link_secret(secret))
        account = await self.accounts.account(link.account_id) if link else None
        if link is None or account is None or not account.open:
            account_id = link.account_id if link else ""
            logger.warning("sign-in refused", way="link", account_id=account_id, address=address)
            raise Unauthenticated(WRONG_LINK, "An admin makes another one, or `swarm user link LOGIN`.")
        return await self._open(account, "link", WRONG_LINK, label=f"link of {link.by}")

    async def as_known(self, login: str) -> Opened:
        """Open a session for somebody of whom another has found out who they are.

        Raises:
            Unauthenticated: there is no such account, or it is closed. Which of these is not said.
        """
        account_id = account_id_of(login)
        account = await self.accounts.account(account_id)
        if account is None or not account.open:
            raise Unauthenticated(NO_ACCOUNT, "An admin opens one.", account_id=account_id)
        return await self._open(account, "oidc", NO_ACCOUNT)

    async def make_link(self, login: str, actor: Actor) -> Link:
        """Make a link that lets whoever has it in as this account, once.

        Raises:
            BadInput: the login is none.
            NotFound: there is no such account.
            DecisionRefused: it is closed.
        """
        account = await self._known(login)
        if not account.open:
            raise DecisionRefused(f"The account {account.login} is closed.", "Open it again first.")
        secret = self.accounts.draw()
        await self.store.keep_link(hash_of(secret), account_id_of(account.login), actor.id)
        logger.info("sign-in link made", login=account.login, by=str(actor))
        return Link(write_link_secret(secret), self.accounts.clock() + timedelta(seconds=LINK_S))

    async def sign_out(self, person: Person) -> None:
        """End the session of whoever asks."""
        await self.accounts.revoke_token(
            person.login, person.token_id, reason="signed out", actor=person.actor, command_id=str(uuid4())
        )

    async def change_password(self, person: Person, current: str, new: str, address: str) -> Receipt | None:
        """Set the own password; every other session of theirs ends.

        Args:
            current: the one before. It is not asked for where there is none, or in a session that began with a link:
                whoever lost it comes in by that.

        Raises:
            BadInput: the new one cannot be one, or the current one is not right.
            LockedOut: too many attempts for this login or from there failed.
        """
        plain = checked_password(new, person.login)
        account = await self.accounts.account(person.account_id) or AccessAccount()
        session = account.token(person.token_id)
        if account.password_hash and not (session and session.way == "link"):
            await self._count(person.account_id, address)
            if not await self._verified(account.password_hash, current):
                raise BadInput("The current password is not right.", "Try again.", field="current")
            await self.store.forgive(person.account_id, address)
        return await self._set(person.login, plain, person.token_id, person.actor)

    async def set_password(self, login: str, new: str, actor: Actor) -> Receipt | None:
        """Set somebody's password; every session of theirs ends.

        Raises:
            BadInput: the login is none, or the password cannot be one.
            NotFound: there is no such account.
            DecisionRefused: it is closed.
        """
        account = await self._known(login)
        return await self._set(account.login, checked_password(new, account.login), "", actor)

    async def _set(self, login: str, plain: str, kept_session: str, actor: Actor) -> Receipt | None:
        async with self.verifying:
            hashed = await asyncio.to_thread(self.hasher.hash, plain)
        return await self.accounts.set_password(
            login, password_hash=hashed, kept_session=kept_session, actor=actor, command_id=str(uuid4())
        )

    async def _open(self, account: AccessAccount, way: SignInWay, wrong: str, label: str = "") -> Opened:
        actor = Actor(kind="person", id=f"{account.login}@swarm")
        try:
            text = await self.accounts.open_session(
                account.login, way=way, label=label, actor=actor, command_id=str(uuid4())
            )
        except DecisionRefused:
            raise Unauthenticated(wrong) from None  # Closed just now.
        logger.info("signed in", way=way, login=account.login)
        return Opened(await self.accounts.authenticate(text, "session"), text)

    async def _known(self, login: str) -> AccessAccount:
        account = await self.accounts.account(account_id_of(checked_login(login)))
        if account is None:
            raise NotFound("There is no such account.", "`swarm user list` shows them.")
        return account

    async def _count(self, account_id: str, address: str) -> None:
        wait_s = await self.store.attempt(account_id, address)
        if wait_s:
            logger.warning("sign-in locked out", account_id=account_id, address=address)
            raise LockedOut(
                "Too many attempts to sign in failed.",
                "Wait, or come in by a one-time link.",
                retry_after_s=math.ceil(wait_s),
            )

    async def _verified(self, password_hash: str, password: str) -> bool:
        """Whether it is the password; it takes the same time where there is none to compare with."""
        async with self.verifying:
            right = await asyncio.to_thread(self._matches, password_hash or self._nobodys(), password_text(password))
        return right and bool(password_hash)

    def _matches(self, password_hash: str, plain: str) -> bool:
        try:
            return self.hasher.verify(password_hash, plain)
        except (VerificationError, InvalidHashError):
            return False

    def _nobodys(self) -> str:
        """A hash that nothing leads to, and that takes as long as any other."""
        of = self.hasher
        salt, nothing = (base64.b64encode(bytes(n)).rstrip(b"=").decode() for n in (of.salt_len, of.hash_len))
        return f"$argon2id$v=19$m={of.memory_cost},t={of.time_cost},p={of.parallelism}${salt}${nothing}"
