"""A provider that speaks OpenID Connect: authorization code flow with PKCE, and a signed token about the person.

What comes from there is only believed after `_claims`: signed with a key that the issuer publishes, by an algorithm of
ours, for us, in time, and for this sign-in. Every address but the issuer's comes from the issuer itself, so each has to
be https, is asked without following it elsewhere, for so long, and for so many bytes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

import aiohttp
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import ProviderRefused, ProviderUnavailable
from services.providers.identity.port import Answer, Asked, Claims

WITHIN_S = 5.0
"""For everything that the provider is asked for one step of a sign-in."""
BYTES_MAX = 65_536
LEEWAY_S = 60
KEPT = timedelta(hours=1)
"""How long what the provider says of itself is believed: a key that it takes back is dead by then."""
RENEWED_EVERY = timedelta(minutes=1)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Those that a public key checks. With any other whoever knows the public key, or nobody's key, could sign."""
KEY_TYPES = frozenset({"RSA", "EC"})
RSA_BITS_MIN = 2_048
WELL_KNOWN = "/.well-known/openid-configuration"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OK, TOO_MANY, SERVERS_FAULT = 200, 429, 500
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


@dataclass(frozen=True)
class Registered:
    """How the provider knows us.

    Args:
        name: what people call the provider.
        issuer: who it is, such as `https://login.example.com/realm`.
        client_secret: empty for a client that has none; it is in no printed form of this.
        scope: what we ask to be told.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str


class Configuration(BaseModel):
    """What the provider says of itself, as far as we need it."""

    model_config = ConfigDict(frozen=True, strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Published(BaseModel):
    """Its public keys."""

    model_config = ConfigDict(frozen=True, strict=True)

    keys: list[dict[str, Any]]


class Granted(BaseModel):
    """What it gives for a code."""

    model_config = ConfigDict(frozen=True, strict=True)

    id_token: str
    access_token: str = ""


class Refusal(BaseModel):
    """Why it gives nothing."""

    error: str = ""


class _Known(NamedTuple):
    configuration: Configuration
    keys: KeySet
    at: datetime


class OpenIdProvider:
    """One issuer, to which we are registered as one client.

    Args:
        session: asks; it neither unpacks answers nor keeps cookies.
        clock: what its tokens are held against.
        within_s: how long one step of a sign-in may wait for it.
    """

    def __init__(
        self,
        registered: Registered,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        *,
        within_s: float = WITHIN_S,
    ) -> None:
        self._ours = registered
        self._session = session
        self._clock = clock
        self._within_s = within_s
        self._found: _Known | None = None
        self._renewed_at: datetime | None = None
        self._finding = asyncio.Lock()

    @property
    def name(self) -> str:
        """As the port says."""
        return self._ours.name

    async def address(self, asked: Asked, state: str) -> str:
        """As the port says."""
        async with self._in_time():
            known = await self._known()
        uri: str = prepare_grant_uri(
            known.configuration.authorization_endpoint,
            client_id=self._ours.client_id,
            response_type="code",
            redirect_uri=asked.back,
            scope=self._ours.scope,
            state=state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return uri

    async def claims(self, asked: Asked, answer: Answer) -> Claims:
        """As the port says."""
        async with self._in_time():
            known = await self._known()
            if answer.issuer and answer.issuer != known.configuration.issuer:
                raise self._refused("somebody else sent them back")
            granted = await self._exchanged(known.configuration, asked, answer.code)
            try:
                return self._claims(granted, known, asked.nonce)
            except InvalidKeyIdError:
                renewed = await self._renewed(known)
            try:
                return self._claims(granted, renewed, asked.nonce)
            except InvalidKeyIdError:
                raise self._refused("id token: signed with an unknown key") from None

    async def _known(self) -> _Known:
        """What the provider says of itself, read anew every hour."""
        async with self._finding:
            now = self._clock()
            if self._found is None or now - self._found.at >= KEPT:
                configuration = await self._configuration()
                self._found = _Known(configuration, await self._keys(configuration), now)
            return self._found

    async def _renewed(self, known: _Known) -> _Known:
        """With the keys of now, at most once a minute: a token may name any key."""
        async with self._finding:
            now = self._clock()
            if self._found is not known and self._found is not None:
                return self._found
            if self._renewed_at is None or now - self._renewed_at >= RENEWED_EVERY:
                self._renewed_at = now
                known = self._found = known._replace(keys=await self._keys(known.configuration))
            return known

    async def _configuration(self) -> Configuration:
        status, body = await self._asked("GET", self._ours.issuer.rstrip("/") + WELL_KNOWN)
        if status != OK:
            raise self._refused(f"configuration: status {status}")
        try:
            found = Configuration.model_validate_json(body)
        except ValidationError as error:
            raise self._refused(f"configuration: {_places(error)}") from error
        if found.issuer.rstrip("/") != self._ours.issuer.rstrip("/"):
            raise self._refused("configuration: of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not self._may_be_asked(getattr(found, name)):
                raise self._refused(f"configuration: {name} cannot be used")
        return found

    async def _keys(self, configuration: Configuration) -> KeySet:
        status, body = await self._asked("GET", configuration.jwks_uri)
        if status != OK:
            raise self._refused(f"keys: status {status}")
        try:
            published = Published.model_validate_json(body)
        except ValidationError as error:
            raise self._refused(f"keys: {_places(error)}") from error
        return KeySet([key for one in published.keys if (key := _key(one)) is not None])

    async def _exchanged(self, configuration: Configuration, asked: Asked, code: str) -> Granted:
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=asked.back, code_verifier=asked.verifier
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        endpoint, headers, body = self._auth(configuration).prepare("POST", configuration.token_endpoint, headers, body)
        status, told = await self._asked("POST", endpoint, headers=headers, body=body)
        if status != OK:
            raise self._refused(f"token endpoint: status {status}{_error(told)}")
        try:
            return Granted.model_validate_json(told)
        except ValidationError as error:
            raise self._refused(f"token endpoint: {_places(error)}") from error

    def _auth(self, configuration: Configuration) -> ClientAuth:
        """How we show who we are; without a secret the verifier alone does."""
        ours, takes = self._ours, configuration.token_endpoint_auth_methods_supported
        if not ours.client_secret:
            return ClientAuth(ours.client_id, "", "none")
        if "client_secret_basic" not in takes and "client_secret_post" in takes:
            return ClientAuth(ours.client_id, ours.client_secret, "client_secret_post")
        # RFC 6749, 2.3.1: each is encoded as in a form, before the colon comes between them.
        return ClientAuth(quote_plus(ours.client_id), quote_plus(ours.client_secret), "client_secret_basic")

    def _claims(self, granted: Granted, known: _Known, nonce: str) -> Claims:
        """What the token says, if all of it stands up.

        Raises:
            InvalidKeyIdError: it names a key that we do not know.
            ProviderRefused: it does not.
        """
        # A header that we do not know is ignored, as RFC 7515 has it, unless the token calls it critical.
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            token = jwt.decode(granted.id_token, known.keys, registry=registry)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={"iss": {"value": known.configuration.issuer}, "aud": {"value": self._ours.client_id}},
                params={"nonce": nonce, "client_id": self._ours.client_id, "access_token": granted.access_token},
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_S)
        except InvalidKeyIdError:
            raise
        except JoseError as error:
            claim = f" {error.claim}" if isinstance(error, ClaimError) else ""
            raise self._refused(f"id token: {error.error}{claim}") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise self._refused("id token: it does not read") from error
        return dict(claims)

    async def _asked(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str | None = None
    ) -> tuple[int, bytes]:
        """Status and body of one answer.

        Raises:
            ProviderUnavailable: there is none, it is too large, or the provider says that it cannot now.
        """
        all_headers = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        content = bytearray()
        try:
            async with self._session.request(
                method, url, headers=all_headers, data=body, allow_redirects=False
            ) as answer:
                async for piece in answer.content.iter_any():
                    content += piece
                    if len(content) > BYTES_MAX:
                        raise self._unavailable(f"its answer has more than {BYTES_MAX:,} bytes")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._unavailable(type(error).__name__) from error
        if answer.status >= SERVERS_FAULT or answer.status == TOO_MANY:
            raise self._unavailable(f"status {answer.status}")
        return answer.status, bytes(content)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """All of a step; also the wait for somebody else who asks for the same."""
        try:
            async with asyncio.timeout(self._within_s):
                yield
        except TimeoutError as error:
            raise self._unavailable(f"no answer within {self._within_s:g} s") from error

    def _may_be_asked(self, url: str) -> bool:
        """By https; by plain http where the issuer is on this machine, and so is this."""
        try:
            parts = urlsplit(url)
            issuer = urlsplit(self._ours.issuer)
        except ValueError:
            return False
        if not url.isascii() or not url.isprintable() or " " in url or not parts.hostname or parts.fragment:
            return False
        here = issuer.scheme == "http" and parts.hostname in LOOPBACK
        return "@" not in parts.netloc and (parts.scheme == "https" or (parts.scheme == "http" and here))

    def _unavailable(self, why: str) -> ProviderUnavailable:
        return ProviderUnavailable(f"The identity provider cannot be reached: {why}.", "Try again.", why=why)

    def _refused(self, why: str) -> ProviderRefused:
        return ProviderRefused(f"The identity provider cannot be believed: {why}.", "Check SWARM_OIDC__…", why=why)


@asynccontextmanager
async def opened(registered: Registered, clock: Callable[[], datetime]) -> AsyncIterator[OpenIdProvider]:
    """The provider, with connections of its own for as long as the block."""
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield OpenIdProvider(registered, session, clock)


def _key(published: dict[str, Any]) -> Key | None:
    """One of its keys; None for one that we have no use for, or that is too weak: the others hold all the same."""
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


def _error(body: bytes) -> str:
    try:
        said = Refusal.model_validate_json(body).error
    except ValidationError:
        return ""
    return f", {said}" if said in ERRORS else ""
