"""Signing in at an identity provider: sent there with what only this browser knows, and back with what it says."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

import msgspec
import structlog

from contracts.errors import ProviderRefused, ProviderSignInFailed, ProviderUnavailable, Unauthenticated
from services.access.credential import hash_of, write_link_secret
from services.access.provided import login_of
from services.commands.sign_in import Opened, SignIns
from services.providers.identity.port import Answer, Asked, IdentityProvider

logger = structlog.get_logger()

Why: TypeAlias = Literal["unreachable", "refused", "unknown", "expired", "invalid", "busy", "away"]
"""Why somebody is not let in, for the page. `away` is our own store; all else is said below."""
WHYS: tuple[Why, ...] = get_args(Why)
SHOWN_MAX = 4_096
"""Of a code. A state and what a browser keeps are 43 characters."""
SAID = frozenset(
    {
        "access_denied",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
"""What a provider may say instead of a code, and a log may repeat."""

_decoder = msgspec.json.Decoder(Asked)


class Sent(NamedTuple):
    """Where somebody is sent, and what their browser has to keep until they are back."""

    address: str
    browser: str


class Back(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody came back with: all of it as a stranger wrote it, and any of it may be empty.

    Args:
        browser: what their browser kept.
        error: what the provider says instead of a code.
        issuer: who says that it sent them.
        address: where they come from; empty where nobody knows.
    """

    browser: str
    state: str
    code: str
    error: str
    issuer: str
    address: str


@dataclass(frozen=True)
class ProviderSignIns:
    """Lets people in whom an identity provider knows under the login of an open account; it opens none.

    What they may do comes from our own facts, and their session from there on is one like any other. Everything here
    raises StoreUnavailable where the store cannot be asked: then nobody gets in.

    Args:
        claim: which claim names the login.
        domain: as `services.access.provided.login_of` takes it.
    """

    sign_ins: SignIns
    provider: IdentityProvider
    claim: str
    domain: str

    async def begin(self, back: str) -> Sent:
        """Send somebody to the provider.

        Args:
            back: where it sends them back to.

        Raises:
            ProviderSignInFailed: it is not there, or too many others are there.
        """
        state, browser, nonce, verifier = (self._drawn() for _ in range(4))
        asked = Asked(nonce=nonce, verifier=verifier, back=back)
        try:
            address = await self.provider.address(asked, state)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise _failed(error) from error
        if not await self.sign_ins.store.keep_waiting(_name(state, browser), msgspec.json.encode(asked)):
            raise _because("busy", "too many wait")
        return Sent(address, browser)

    async def finish(self, back: Back) -> Opened:
        """Open a session for whoever comes back, once.

        Raises:
            ProviderSignInFailed: nobody is let in.
        """
        kept = await self.sign_ins.store.take_waiting(_name(back.state, back.browser))
        if kept is None:
            raise _because("expired", "no such sign-in was begun by this browser", back.address)
        if back.error:
            said = back.error if back.error in SAID else "an error of its own"
            raise _because("refused", f"the provider said {said}", back.address)
        if not 0 < len(back.code) <= SHOWN_MAX:
            raise _because("invalid", "there is no code", back.address)
        try:
            answer = Answer(code=back.code, issuer=back.issuer)
            claims = await self.provider.claims(_decoder.decode(kept), answer)
        except (ProviderUnavailable, ProviderRefused) as error:
            raise _failed(error, back.address) from error
        try:
            return await self.sign_ins.as_known(login_of(claims, self.claim, self.domain))
        except Unauthenticated as error:
            account_id = str(error.values.get("account_id", ""))
            raise _because("unknown", error.detail, back.address, account_id) from error

    def _drawn(self) -> str:
        return write_link_secret(self.sign_ins.accounts.draw())


def _name(state: str, browser: str) -> str:
    """Under which both are found together: whoever has one of them has nothing."""
    return hash_of(f"{hash_of(state.encode(errors='replace'))} {browser}".encode(errors="replace"))


def _failed(error: ProviderUnavailable | ProviderRefused, address: str = "") -> ProviderSignInFailed:
    why: Why = "unreachable" if isinstance(error, ProviderUnavailable) else "invalid"
    return _because(why, error.detail, address)


def _because(why: Why, reason: str, address: str = "", account_id: str = "") -> ProviderSignInFailed:
    """What the page is told, and in the log what happened."""
    logger.warning("sign-in refused", way="oidc", why=why, reason=reason, account_id=account_id, address=address)
    return ProviderSignInFailed("Signing in at the identity provider let nobody in.", code=why)
