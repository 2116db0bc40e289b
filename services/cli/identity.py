"""The identity provider of the settings: whether there is one, whether all is said of it, and its secret."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from contracts.errors import BadInput
from services.access.provided import EMAIL
from services.providers.identity.port import IdentityProvider
from services.providers.identity.registered import Registered
from services.runtime.clock import Clock
from services.runtime.settings import Oidc, Settings, variable

SECRET_MAX = 1_024
Provides: TypeAlias = Callable[[], AbstractAsyncContextManager[IdentityProvider | None]]


def provider_of(settings: Settings, clock: Clock) -> Provides:
    """Opens the provider; None where the settings name none.

    Raises:
        BadInput: not all is said of it.
    """
    registered = registered_of(settings)

    @asynccontextmanager
    async def opens() -> AsyncIterator[IdentityProvider | None]:
        if registered is None:
            yield None
            return
        # Its libraries are slow to load, and only who has a provider needs them.
        from services.providers.identity.openid import opened

        async with opened(registered, clock) as provider:
            yield provider

    return opens


def registered_of(settings: Settings) -> Registered | None:
    """How the provider knows us; None where the settings name no provider.

    Raises:
        BadInput: they name half of one.
    """
    said = settings.oidc
    if said == Oidc():
        return None
    if not said.issuer:
        raise _missing("issuer", "the address of the identity provider, such as https://login.example.com")
    if not said.client_id:
        raise _missing("client_id", "the name under which the identity provider knows this gateway")
    if said.claim == EMAIL and not said.domain:
        raise _missing(
            "domain", f"what stands behind the @ of your addresses; or set {_name('claim')} to another claim"
        )
    scope = "openid email" if said.claim == EMAIL else "openid profile email"
    return Registered(said.name, said.issuer, said.client_id, _secret(said), scope)


def _secret(said: Oidc) -> str:
    """The secret; empty for a client that is registered without one.

    Raises:
        BadInput: it is said twice, or its file cannot be used.
    """
    written, name = said.client_secret.get_secret_value(), _name("client_secret_file")
    if said.client_secret_file is None:
        return written
    if written:
        raise BadInput(f"{_name('client_secret')} and {name} are both set.", "Unset one of them.", field=name)
    secret = _read(said.client_secret_file, name).strip()
    if not secret or len(secret) > SECRET_MAX or not secret.isprintable():
        raise BadInput(f"{name} holds no secret.", "It is one line; copy it again.", field=name)
    return secret


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(2 * SECRET_MAX).decode(errors="replace")
    except OSError as error:
        raise BadInput(f"{name} cannot be read.", "Check its path and its rights.", field=name) from error


def _missing(part: str, meaning: str) -> BadInput:
    name = _name(part)
    return BadInput(
        f"{name} is missing: signing in at an identity provider is only half set up.",
        f"Set it to {meaning}. Without SWARM_OIDC__… it is off.",
        field=name,
    )


def _name(part: str) -> str:
    return variable(f"oidc.{part}")
