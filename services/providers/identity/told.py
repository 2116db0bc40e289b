"""What an OpenID provider writes, read as strangers' documents are: only what we need, and never repeated in a log."""

from typing import Any, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet, RSAKey
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import ProviderRefused, ProviderUnavailable

KEY_TYPES = frozenset({"RSA", "EC"})
RSA_BITS_MIN = 2_048
ERRORS = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""What a token endpoint may say, and a log may repeat."""

T = TypeVar("T", bound=BaseModel)


class Configuration(BaseModel):
    """What the provider says of itself, as far as we need it."""

    model_config = ConfigDict(frozen=True, strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class _Published(BaseModel):
    """Its public keys."""

    model_config = ConfigDict(frozen=True, strict=True)

    keys: list[dict[str, Any]]


class Granted(BaseModel):
    """What it gives for a code."""

    model_config = ConfigDict(frozen=True, strict=True)

    id_token: str
    access_token: str = ""


class _Refusal(BaseModel):
    """Why it gives nothing."""

    error: str = ""


def unavailable(why: str) -> ProviderUnavailable:
    """It gave no answer this time."""
    return ProviderUnavailable(f"The identity provider cannot be reached: {why}.", "Try again.")


def refused(why: str) -> ProviderRefused:
    """It gave one that lets nobody in."""
    return ProviderRefused(f"The identity provider cannot be believed: {why}.", "Check SWARM_OIDC__… and the provider.")


def configuration_of(body: bytes) -> Configuration:
    """Its configuration.

    Raises:
        ProviderRefused: it does not read.
    """
    return _read(Configuration, body, "configuration")


def keys_of(body: bytes) -> KeySet:
    """Its public keys, without those that we have no use for, or that are too weak: the others hold all the same.

    Raises:
        ProviderRefused: it does not read.
    """
    published = _read(_Published, body, "keys")
    return KeySet([key for one in published.keys if (key := _key(one)) is not None])


def granted_of(body: bytes) -> Granted:
    """What it gives for a code.

    Raises:
        ProviderRefused: it does not read.
    """
    return _read(Granted, body, "token endpoint")


def _read(kind: type[T], body: bytes, what: str) -> T:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise refused(f"{what}: {_places(error)}") from error


def error_of(body: bytes) -> str:
    """Why it gives nothing, where that is one of the words that the protocol has for it."""
    try:
        said = _Refusal.model_validate_json(body).error
    except ValidationError:
        return ""
    return said if said in ERRORS else ""


def _key(published: dict[str, Any]) -> Key | None:
    if published.get("kty") not in KEY_TYPES:
        return None
    try:
        key = JWKRegistry.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    weak = isinstance(key, RSAKey) and key.raw_value.key_size < RSA_BITS_MIN
    return None if weak else key


def _places(error: ValidationError) -> str:
    """Where a document is not as it has to be; never what stands there."""
    return ", ".join(".".join(map(str, one["loc"])) or one["type"] for one in error.errors()[:3])
