"""An identity provider on this machine: it signs with keys of its own, checks what a real one does, and has faults."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import aiohttp
from aiohttp import web
from authlib.oidc.core.util import create_half_hash
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.registry import HeaderParameter
from joserfc.util import json_b64encode, urlsafe_b64encode

from services.commands.provided import ProviderSignIns
from services.providers.identity.openid import OpenIdProvider
from services.providers.identity.registered import Registered
from tests.integration.gateway.office import Office

NAME = "the works account"
CLIENT_ID, CLIENT_SECRET = "swarm the gateway", "s+cr:t%é"
"""Both hold what a form has to encode."""
DOMAIN = "works.example"
CONFIGURATION = "/realm/.well-known/openid-configuration"
KEYS, TOKEN, AUTHORIZE = "/realm/keys", "/realm/token", "/realm/authorize"
CONTINUE = "Continue to Alpha Swarm"
LARGE = 70_000
PATIENCE_S = 30.0
ACCESS_TOKEN = "an access token that nobody uses"


@cache
def key(kid: str) -> RSAKey | ECKey:
    """A key by its name, made once a process; the one called `weak` is, and `curve` is another kind of key."""
    if kid == "curve":
        return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})
    return RSAKey.generate_key(1_024 if kid == "weak" else 2_048, {"kid": kid, "use": "sig"})


@dataclass
class Issuer:
    """What it says and how it fails; a test sets both, at any time.

    Args:
        claims: of whoever comes.
        published: the names of the keys that it shows.
        signs: makes the token of the claims.
        faults: by path, what is answered there instead.
        configured: what differs in its configuration.
        asks: whether people see a page of it before they are led back.
    """

    clock: Callable[[], datetime]
    claims: dict[str, Any] = field(default_factory=dict)
    published: list[str] = field(default_factory=lambda: ["first"])
    signs: Callable[[dict[str, Any]], str] = field(default_factory=lambda: signed_by("first"))
    faults: dict[str, Callable[[], web.StreamResponse]] = field(default_factory=dict)
    hangs: set[str] = field(default_factory=set)
    configured: dict[str, Any] = field(default_factory=dict)
    more_keys: list[dict[str, Any]] = field(default_factory=list)
    asks: bool = False
    url: str = ""
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    def says(self, login: str, **claims: Any) -> None:
        """Whom it knows from now on."""
        self.claims = {"email": f"{login}@{DOMAIN}", "email_verified": True, **claims}

    def count(self, path: str) -> int:
        """How often it was asked there."""
        return self.asked.count(path)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Issuer"]:
        """Answer on a port of this machine for as long as the block."""
        app = web.Application(middlewares=[self._failing])
        app.router.add_get(CONFIGURATION, self._configuration)
        app.router.add_get(KEYS, self._keys)
        app.router.add_get(AUTHORIZE, self._authorize)
        app.router.add_post(TOKEN, self._token)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        # Another site than 127.0.0.1 to a browser, as a real provider is.
        self.url = f"http://localhost:{runner.addresses[0][1]}/realm"
        try:
            yield self
        finally:
            self._ended.set()
            await runner.cleanup()

    @web.middleware
    async def _failing(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path in self.hangs:
            await self._ended.wait()
        if fault := self.faults.get(request.path):
            return fault()
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _configuration(self, _: web.Request) -> web.Response:
        here = self.url.removesuffix("/realm")
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{here}{AUTHORIZE}?tenant=a%20b",
            "token_endpoint": here + TOKEN,
            "jwks_uri": here + KEYS,
            "response_types_supported": ["code"],
        }
        return web.json_response(told | self.configured)

    async def _keys(self, _: web.Request) -> web.Response:
        shown = KeySet([key(kid) for kid in self.published]).as_dict()["keys"] if self.published else []
        return web.json_response({"keys": [*self.more_keys, *shown]})

    async def _authorize(self, request: web.Request) -> web.Response:
        """Let whoever comes be somebody; it holds what it is asked against what a real one would."""
        asked = dict(request.query)
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "code_challenge_method": "S256", "tenant": "a b"}
        if {name: asked.get(name) for name in wanted} != wanted or "openid" not in asked["scope"].split():
            return web.Response(status=400, text="not asked as it has to be")
        code = secrets.token_urlsafe(8) + "/+ é"
        self._codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"
        if not self.asks:
            raise web.HTTPFound(back)
        escaped = back.replace("&", "&amp;")
        head = '<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,">'
        page = f'{head}<a href="{escaped}">{CONTINUE}</a>'
        return web.Response(text=page, content_type="text/html")

    async def _token(self, request: web.Request) -> web.Response:
        said = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        asked = self._codes.pop(said.get("code", ""), None)
        if self._client(request, said) != (CLIENT_ID, CLIENT_SECRET):
            return web.json_response({"error": "invalid_client"}, status=401)
        if asked is None or said["redirect_uri"] != asked["redirect_uri"] or not proven(asked, said):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.url,
            "sub": "1234",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": create_half_hash(ACCESS_TOKEN, "RS256").decode(),
        }
        token = self.signs({name: value for name, value in (claims | self.claims).items() if value is not None})
        return web.json_response({"id_token": token, "access_token": ACCESS_TOKEN, "token_type": "Bearer"})

    def _client(self, request: web.Request, said: dict[str, str]) -> tuple[str, str]:
        """As it shows itself; by the way that is published, and by no other."""
        if "client_secret_post" in self.configured.get("token_endpoint_auth_methods_supported", []):
            return said.get("client_id", ""), said.get("client_secret", "")
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        client, _, secret = base64.b64decode(shown).decode().partition(":")
        return (unquote_plus(client), unquote_plus(secret)) if scheme == "Basic" else ("", "")


def connect(
    office: Office,
    issuer: Issuer,
    session: aiohttp.ClientSession,
    *,
    claim: str = "email",
    domain: str = DOMAIN,
    within_s: float = PATIENCE_S,
    at: str = "",
    secret: str = CLIENT_SECRET,
) -> None:
    """Let people sign in there at an office; nothing that was heard from there before is known."""
    ours = Registered(NAME, at or issuer.url, CLIENT_ID, secret, "openid email")
    provider = OpenIdProvider(ours, session, office.watch, within_s=within_s)
    provided = ProviderSignIns(office.backend.sign_ins, provider, claim, domain)
    office.app.state.backend = replace(office.backend, provided=provided)


def proven(asked: dict[str, str], said: dict[str, str]) -> bool:
    """Whether the verifier is the one whose hash came first (RFC 7636)."""
    hashed = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() == asked["code_challenge"]


def signed_by(kid: str, *, named: str | None = "", alg: str = "RS256", **more: Any) -> Callable[..., str]:
    """Signs with this key; `named` is another name for it in the token, None for no name at all.

    Args:
        more: of the token's header. The library that makes it has to know what it calls critical.
    """

    def signs(claims: dict[str, Any]) -> str:
        header = {"alg": alg, **more} if named is None else {"alg": alg, "kid": named or kid, **more}
        known = {name: HeaderParameter(name, lambda _: None) for name in more if name != "crit"}
        return jwt.encode(header, claims, key(kid), registry=jws.JWSRegistry(known, algorithms=[alg]))

    return signs


def by_hand(alg: str, claims: dict[str, Any], secret: bytes) -> str:
    """As the library would not sign: it knows better."""
    signing = json_b64encode({"alg": alg, "kid": "first"}) + b"." + json_b64encode(claims)
    signature = hmac.new(secret, signing, hashlib.sha256).digest() if secret else b""
    return (signing + b"." + urlsafe_b64encode(signature)).decode()


def signed_by_nobody(claims: dict[str, Any]) -> str:
    """With `alg: none`."""
    return by_hand("none", claims, b"")


def signed_by_the_public_key(claims: dict[str, Any]) -> str:
    """With what everybody knows, taken for a shared secret."""
    return by_hand("HS256", claims, key("first").as_pem(private=False))


def signed_with_the_client_secret(claims: dict[str, Any]) -> str:
    """With a secret that is shared, which some providers do; whoever reads our settings could, too."""
    return by_hand("HS256", claims, CLIENT_SECRET.encode())


def changed_after_signing(claims: dict[str, Any]) -> str:
    """With claims that were not signed."""
    header, payload, signature = signed_by("first")(claims).split(".")
    other = base64.urlsafe_b64decode(payload + "==").replace(b"grace@", b"alan@")
    return f"{header}.{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}.{signature}"


def too_deep(_: dict[str, Any]) -> str:
    """Signed, and nested deeper than anybody reads."""
    payload = b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    return jws.serialize_compact({"alg": "RS256", "kid": "first"}, payload, key("first"))


def query_of(url: str) -> dict[str, str]:
    """What stands behind the `?`, each once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
