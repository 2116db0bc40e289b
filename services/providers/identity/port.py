"""What we need of an identity provider: people are sent there, and come back with a code for what it says of them."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import msgspec

Claims: TypeAlias = Mapping[str, object]
"""What a provider says of a person, checked to be said by it, to us, now, and for this very sign-in."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What one sign-in began with, and has to end with.

    Args:
        nonce: drawn once; the provider repeats it in what it says.
        verifier: drawn once; the provider hears its hash first, and itself only from us.
        back: where the provider sends people back to.
    """

    nonce: str
    verifier: str
    back: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody came back with.

    Args:
        code: what the provider gives its claims for, once.
        issuer: who says that it sent them back; empty where it does not say.
    """

    code: str
    issuer: str = ""


class IdentityProvider(Protocol):
    """Somebody who knows people."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    async def address(self, asked: Asked, state: str) -> str:
        """Where to send somebody who wants to sign in.

        Args:
            state: comes back with them.

        Raises:
            ProviderUnavailable: it gave no answer, or not in time.
            ProviderRefused: what it says of itself cannot be used.
        """
        ...

    async def claims(self, asked: Asked, answer: Answer) -> Claims:
        """What it says of somebody who came back.

        Raises:
            ProviderUnavailable: it gave no answer, or not in time.
            ProviderRefused: it takes the code for none, or what it says does not stand up to a check.
        """
        ...
