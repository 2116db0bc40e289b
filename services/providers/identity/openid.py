"""A provider that speaks OpenID Connect: authorization code flow with PKCE, and a signed token about the person.

Every address but the issuer's comes from the issuer itself, so each has to be https, is asked without following it
elsewhere, for so long, and for so many bytes. What stands in the answers is judged in `told` and `id_token`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote_plus, urlsplit

import aiohttp
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from services.providers.identity.id_token import UnknownKey, checked
from services.providers.identity.port import Answer, Asked, Claims
from services.providers.identity.registered import Registered
from services.providers.identity.told import (
    Configuration,
    Granted,
    configuration_of,
    error_of,
    granted_of,
    keys_of,
    refused,
    unavailable,
)

WITHIN_S = 5.0
"""For everything that the provider is asked for one step of a sign-in."""
BYTES_MAX = 65_536
KEPT = timedelta(hours=1)
"""How long what the provider says of itself is believed: a key that it takes back is dead by then."""
RENEWED_EVERY = timedelta(minutes=1)
WELL_KNOWN = "/.well-known/openid-configuration"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OK, TOO_MANY, SERVERS_FAULT = 200, 429, 500


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
                raise refused("somebody else sent them back")
            granted = await self._exchanged(known.configuration, asked, answer.code)
            try:
                return self._checked(granted, known, asked)
            except UnknownKey:
                renewed = await self._renewed(known)
            try:
                return self._checked(granted, renewed, asked)
            except UnknownKey as error:
                raise refused("id token: signed with an unknown key") from error

    def _checked(self, granted: Granted, known: _Known, asked: Asked) -> Claims:
        issuer, ours = known.configuration.issuer, self._ours.client_id
        return checked(granted, known.keys, issuer=issuer, client_id=ours, nonce=asked.nonce, now=self._clock())

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
            raise refused(f"configuration: status {status}")
        found = configuration_of(body)
        if found.issuer.rstrip("/") != self._ours.issuer.rstrip("/"):
            raise refused("configuration: of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not self._may_be_asked(getattr(found, name)):
                raise refused(f"configuration: {name} cannot be used")
        return found

    async def _keys(self, configuration: Configuration) -> KeySet:
        status, body = await self._asked("GET", configuration.jwks_uri)
        if status != OK:
            raise refused(f"keys: status {status}")
        return keys_of(body)

    async def _exchanged(self, configuration: Configuration, asked: Asked, code: str) -> Granted:
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=asked.back, code_verifier=asked.verifier
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        endpoint, headers, body = self._auth(configuration).prepare("POST", configuration.token_endpoint, headers, body)
        status, told = await self._asked("POST", endpoint, headers=headers, body=body)
        if status != OK:
            raise refused(f"token endpoint: status {status} {error_of(told)}".strip())
        return granted_of(told)

    def _auth(self, configuration: Configuration) -> ClientAuth:
        """How we show who we are; without a secret the verifier alone does."""
        ours, takes = self._ours, configuration.token_endpoint_auth_methods_supported
        if not ours.client_secret:
            return ClientAuth(ours.client_id, "", "none")
        if "client_secret_basic" not in takes and "client_secret_post" in takes:
            return ClientAuth(ours.client_id, ours.client_secret, "client_secret_post")
        # RFC 6749, 2.3.1: each is encoded as in a form, before the colon comes between them.
        return ClientAuth(quote_plus(ours.client_id), quote_plus(ours.client_secret), "client_secret_basic")

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
                        raise unavailable(f"its answer has more than {BYTES_MAX:,} bytes")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise unavailable(type(error).__name__) from error
        if answer.status >= SERVERS_FAULT or answer.status == TOO_MANY:
            raise unavailable(f"status {answer.status}")
        return answer.status, bytes(content)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """All of a step; also the wait for somebody else who asks for the same."""
        try:
            async with asyncio.timeout(self._within_s):
                yield
        except TimeoutError as error:
            raise unavailable(f"no answer within {self._within_s:g} s") from error

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


@asynccontextmanager
async def opened(registered: Registered, clock: Callable[[], datetime]) -> AsyncIterator[OpenIdProvider]:
    """The provider, with connections of its own for as long as the block."""
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield OpenIdProvider(registered, session, clock)
