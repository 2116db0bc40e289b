"""A person's commands to accounts and tokens, and the way from a token's text to whoever shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from contracts.access import AccessAccount, Person, SignInWay, TokenKind, account_id_of
from contracts.commands import Receipt
from contracts.envelope import Actor, Event
from contracts.errors import SecretShown
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.access import decide
from services.access.credential import hash_of, parse, token_id_of, write
from services.access.rights import identify
from services.runtime.clock import Clock
from services.runtime.execute import Asked, execute
from services.runtime.log import EventLog
from services.runtime.service import States

WITNESSES_MAX = 8


@dataclass(frozen=True)
class Accounts:
    """Takes commands to accounts, and tells who shows a token.

    A command returns its receipt, the first one where this command id was answered before; None where what it asks for
    already stands. It raises what its decision and `services.runtime.execute.execute` raise.

    Args:
        draw: 32 fresh random bytes that nobody can guess.
    """

    log: EventLog
    clock: Clock
    draw: Callable[[], bytes]

    async def authenticate(self, credential: str, kind: TokenKind = "token") -> Person:
        """Who shows this token. Nothing is kept between calls, so a revoked one is dead at once.

        Args:
            credential: whatever somebody sent as the text of a token.
            kind: what it has to be: a token is no session, and a session no token.

        Raises:
            Unauthenticated: it is not valid; why is not said.
            StoreUnavailable: the log cannot be asked.
        """
        shown = parse(credential)
        account = await self.account(shown.account_id)
        return identify(account, shown.token_id, shown.secret_hash, self.clock(), kind)

    async def account(self, account_id: str) -> AccessAccount | None:
        """An account as it stands; None where there never was one.

        Raises:
            StoreUnavailable: the log cannot be asked.
        """
        about = _ref(account_id)
        state = (await self.log.load(CONTROL, [about]))[about].state
        return state if isinstance(state, AccessAccount) else None

    async def open_account(
        self, login: str, *, name: str, roles: Sequence[str], actor: Actor, command_id: str
    ) -> Receipt | None:
        """Let somebody work here, for the first time or again."""
        asked = Asked.saying(command_id, actor, "open", login, name, roles)
        return await self._one(login, asked, partial(decide.open_account, login=login, name=name, roles=roles))

    async def change_roles(self, login: str, *, roles: Sequence[str], actor: Actor, command_id: str) -> Receipt | None:
        """Give other roles in place of the present ones."""
        asked = Asked.saying(command_id, actor, "roles", login, roles)
        return await self._beside_admins(login, asked, partial(decide.change_roles, roles=roles))

    async def close_account(self, login: str, *, reason: str, actor: Actor, command_id: str) -> Receipt | None:
        """Let somebody in no more, with whatever token."""
        asked = Asked.saying(command_id, actor, "close", login, reason)
        return await self._beside_admins(login, asked, partial(decide.close_account, reason=reason))

    async def create_token(
        self, login: str, *, label: str, scopes: Sequence[str], life: timedelta, actor: Actor, command_id: str
    ) -> tuple[Receipt, str]:
        """Make a token; its text is told here, once, and kept nowhere.

        The token's id comes from the command id, so a command that comes again asks for the same token and makes no
        second one. It gets no text: the first secret is gone, and a fresh one would open nothing.

        Raises:
            SecretShown: this command made the token before; its `token_id` is named. Where the first answer was lost
                on its way, revoking that token and a new command are the way out.
        """
        token_id, secret = token_id_of(command_id), self.draw()
        asked = Asked.saying(command_id, actor, "token", login, label, scopes, life)
        decided = partial(
            decide.create_token,
            token_id=token_id,
            secret_hash=hash_of(secret),
            label=label,
            scopes=scopes,
            life=life,
            now=self.clock(),
        )
        receipt = await self._one(login, asked, decided)
        if receipt is None or receipt.status == "repeated":
            raise SecretShown(
                f"This command made token {token_id} before, and its secret was told then.",
                "Where it was lost, revoke that token and create another.",
                token_id=token_id,
            )
        return receipt, write(account_id_of(login), token_id, secret)

    async def revoke_token(
        self, login: str, token_id: str, *, reason: str, actor: Actor, command_id: str
    ) -> Receipt | None:
        """End a token at once."""
        asked = Asked.saying(command_id, actor, "revoke", login, token_id, reason)
        return await self._one(login, asked, partial(decide.revoke_token, token_id=token_id, reason=reason))

    async def open_session(self, login: str, *, way: SignInWay, actor: Actor, command_id: str, label: str = "") -> str:
        """Let a browser act as somebody; the text of the session is told here, once, and kept nowhere."""
        token_id, secret = token_id_of(command_id), self.draw()
        decided = partial(
            decide.open_session, token_id=token_id, secret_hash=hash_of(secret), way=way, label=label, now=self.clock()
        )
        await self._one(login, Asked.saying(command_id, actor, "session", login, way), decided)
        return write(account_id_of(login), token_id, secret)

    async def set_password(
        self, login: str, *, password_hash: str, kept_session: str, actor: Actor, command_id: str
    ) -> Receipt | None:
        """Let whoever knows a password sign in; every other session of theirs ends.

        The command is recognised by its id alone: a sum of what is to be secret would be kept beside it.
        """
        decided = partial(decide.set_password, password_hash=password_hash, kept_session=kept_session, now=self.clock())
        return await self._one(login, Asked.saying(command_id, actor, "password", login), decided)

    async def _one(
        self, login: str, asked: Asked, decided: Callable[[AccessAccount], Sequence[Event]]
    ) -> Receipt | None:
        """Carry out a decision that looks at one account."""
        about = _ref_of(login)

        def answering(states: States) -> Sequence[Event]:
            return decided(_state(states, about))

        return await execute(self.log, CONTROL, about, (), asked, answering, self.clock)

    async def _beside_admins(self, login: str, asked: Asked, decided: Callable[..., Sequence[Event]]) -> Receipt | None:
        """Carry out a decision that needs to know whether there are other admins.

        Who they were a moment ago is looked up first. They are loaded beside the account, and the commit expects each as
        it was loaded: of two admins who close each other at once one comes second, loads again, and finds itself alone.
        An admin who was opened only just now is not counted, which refuses rather than lets through.
        """
        about = _ref_of(login)
        others = [one for one in await self._admins() if one != about][:WITNESSES_MAX]

        def answering(states: States) -> Sequence[Event]:
            return decided(_state(states, about), other_admins=sum(_state(states, one).is_admin for one in others))

        return await execute(self.log, CONTROL, about, others, asked, answering, self.clock)

    async def _admins(self) -> list[Ref]:
        """The open accounts with that role. People are few; the facts about them are not, for each reading is one."""
        found = await self.log.load(CONTROL, await self.log.aggregates(CONTROL, "access"))
        accounts = States({ref: one.state for ref, one in found.items()})
        return sorted(ref for ref in found if _state(accounts, ref).is_admin)


def _ref(account_id: str) -> Ref:
    return Ref("access", account_id)


def _ref_of(login: str) -> Ref:
    return _ref(account_id_of(decide.checked_login(login)))


def _state(states: States, about: Ref) -> AccessAccount:
    return states.get(about, AccessAccount) or AccessAccount()
