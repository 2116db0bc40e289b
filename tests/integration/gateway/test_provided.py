"""Signing in at an identity provider: who gets in, and everything that lets nobody in."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import httpx
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from contracts.access import account_id_of
from contracts.errors import StoreUnavailable
from gateway.routes.provided import BACK, BEGIN
from services.access.decide import SESSION_LIFE
from services.commands.provided import WHYS
from services.providers.identity.id_token import LEEWAY_S
from services.providers.identity.openid import BYTES_MAX, KEPT, WITHIN_S
from services.runtime import keys
from services.runtime.redis_client import ask
from services.runtime.sign_in_store import WAITING_MAX, WAITING_S, SignInStore
from tests.integration.gateway.issuer import (
    ACCESS_TOKEN,
    AUTHORIZE,
    CLIENT_ID,
    CLIENT_SECRET,
    CONFIGURATION,
    DOMAIN,
    KEYS,
    LARGE,
    NAME,
    TOKEN,
    Issuer,
    changed_after_signing,
    connect,
    key,
    query_of,
    signed_by,
    signed_by_nobody,
    signed_by_the_public_key,
    signed_with_the_client_secret,
    too_deep,
)
from tests.integration.gateway.office import FOUNDER, HERE, Office, cookie, page
from tests.integration.gateway.test_session import passes, public

SHORT_S = 2.0
"""For a provider that hangs: long enough for one that answers at once."""


@pytest.fixture
async def issuer(office: Office) -> AsyncIterator[Issuer]:
    """A provider that knows Grace, who is a reviewer here; the office takes people whom it knows."""
    found = Issuer(office.watch)
    found.says("grace")
    async with found.serving(), aiohttp.ClientSession(auto_decompress=False) as session:
        connect(office, found, session)
        yield found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as found:
        yield found


async def asked(office: Office, path: str, **headers: str) -> httpx.Response:
    """One request of a browser that keeps nothing but what it is given."""
    office.http.cookies.clear()
    answer = await office.http.get(path, headers=headers)
    office.http.cookies.clear()
    return answer


async def sent(office: Office, **headers: str) -> tuple[str, str]:
    """Where somebody is sent, and what their browser keeps."""
    answer = await asked(office, BEGIN, **headers)
    assert answer.status_code == 302, answer.text
    kept = answer.headers["set-cookie"].partition(";")[0]
    return answer.headers["location"], kept


async def led_back(address: str) -> str:
    """Where the provider leads whoever comes to this address: our path, with its query."""
    # Its certificates would be read each time, and it speaks plain http.
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(address)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


async def tried(office: Office) -> httpx.Response:
    """The whole way, as a browser goes it."""
    address, kept = await sent(office)
    return await asked(office, await led_back(address), Cookie=kept)


def why(answer: httpx.Response) -> str:
    """With which code somebody is led to the sign-in page, without a session."""
    assert answer.status_code == 302, answer.text
    path, _, code = answer.headers["location"].partition("#sign-in-failed=")
    assert path == "/"
    assert code in WHYS
    assert "swarm-session" not in str(answer.headers.get_list("set-cookie"))
    assert answer.text == ""
    return code


def why_not(answer: httpx.Response) -> str:
    """Likewise; empty where somebody is led to the page."""
    return "" if answer.headers["location"] == "/" else why(answer)


def session_of(answer: httpx.Response) -> str:
    """The session with which somebody is led to the page."""
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    texts = [one.partition("=")[2] for one in answer.headers.get_list("set-cookie") if "swarm-session" in one]
    return texts[0].partition(";")[0]


async def sessions(office: Office, login: str = "grace") -> list[str]:
    """How each session of somebody began."""
    account = await office.backend.accounts.account(account_id_of(login))
    return [one.way for one in account.tokens if one.kind == "session"] if account else []


async def test_whom_the_provider_knows_is_signed_in_as_their_account(office: Office, issuer: Issuer) -> None:
    """With the roles that it has here, whatever the provider says of roles."""
    await office.caught_up()
    issuer.says("Grace", roles=["admin"], groups=["admin"], name="Somebody else")
    address, kept = await sent(office)
    assert query_of(address)["redirect_uri"] == HERE + BACK
    assert urlsplit(address).path == AUTHORIZE
    answer = await asked(office, await led_back(address), Cookie=kept)
    text = session_of(answer)
    told = (await asked(office, "/api/session", **cookie(text))).json()
    assert (told["login"], told["name"], told["roles"]) == ("grace", "Grace", ["reviewer"])
    assert (told["ways"], told["provider"]) == (["password", "link", "oidc"], NAME)
    assert told["expires_at"] == (office.watch() + SESSION_LIFE).isoformat().replace("+00:00", "Z")
    assert (await sessions(office), await sessions(office, "alan")) == (["oidc"], [])
    assert (await office.http.delete("/api/session", headers=page(text))).status_code == 204
    assert (await asked(office, "/api/me", **cookie(text))).status_code == 401


async def test_cookies_are_for_this_machine_and_no_script(office: Office, issuer: Issuer) -> None:
    answer = await asked(office, BEGIN)
    assert answer.headers["cache-control"] == "no-store"
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("swarm-oidc=")
    assert sorted(attributes) == ["HttpOnly", f"Max-Age={WAITING_S}", "Path=/", "SameSite=lax"]
    back = await asked(office, await led_back(answer.headers["location"]), Cookie=name)
    mine, way = (one.split("; ") for one in back.headers.get_list("set-cookie"))
    assert mine[0].startswith("swarm-session=swarm_")
    assert sorted(mine[1:]) == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=strict"]
    assert (way[0], "Max-Age=0" in way) == ('swarm-oidc=""', True)


async def test_on_https_the_way_back_and_the_cookies_are_those_of_our_origin(office: Office, issuer: Issuer) -> None:
    async with public(office.app.state.backend, "https://swarm.example.com") as http:
        here = {"Host": "swarm.example.com"}
        answer = await http.get(BEGIN, headers=here)
        address = answer.headers["location"]
        assert query_of(address)["redirect_uri"] == f"https://swarm.example.com{BACK}"
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-swarm-oidc=")
        assert sorted(attributes) == ["HttpOnly", f"Max-Age={WAITING_S}", "Path=/", "SameSite=lax", "Secure"]
        plain = {"Cookie": name.removeprefix("__Host-")}
        path = await led_back(address)
        assert why(await http.get(path, headers=here | plain)) == "expired"
        back = await http.get(path, headers=here | {"Cookie": name})
        assert back.headers.get_list("set-cookie")[0].startswith("__Host-swarm-session=swarm_")
        http.cookies.clear()
        assert (await http.get(BEGIN, headers={"Host": "evil.example"})).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8080", "[::1]:8081", "127.0.0.1:9"])
async def test_way_back_is_to_the_name_of_this_machine_that_was_typed(
    office: Office, issuer: Issuer, host: str
) -> None:
    address, _ = await sent(office, Host=host)
    assert query_of(address)["redirect_uri"] == f"http://{host}{BACK}"


async def test_all_that_is_drawn_differs_each_time(office: Office, issuer: Issuer) -> None:
    first, second = [await sent(office) for _ in range(2)]
    ours = ("state", "nonce", "code_challenge")
    drawn = [query_of(address)[name] for address, _ in (first, second) for name in ours]
    assert len({*drawn, first[1], second[1]}) == 8
    assert {len(one) for one in drawn} == {43}


NOBODY: Sequence[tuple[dict[str, Any], str, str]] = (
    ({"email_verified": False}, DOMAIN, "email"),
    ({"email": "grace@evil.example"}, DOMAIN, "email"),
    ({"email": f"nobody@{DOMAIN}"}, DOMAIN, "email"),
    ({"email": f"closed@{DOMAIN}"}, DOMAIN, "email"),
    ({"preferred_username": "nobody"}, "", "preferred_username"),
    ({}, "", "preferred_username"),
)
"""What the provider says, the domain, and the claim that names the login."""


async def test_nobody_without_an_open_account_is_let_in_and_none_is_told_why(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    accounts = office.backend.accounts
    await accounts.open_account("closed", name="", roles=["admin"], actor=FOUNDER, command_id=str(uuid4()))
    await accounts.close_account("closed", reason="left", actor=FOUNDER, command_id=str(uuid4()))
    for claims, domain, claim in NOBODY:
        connect(office, issuer, session, domain=domain, claim=claim)
        issuer.says("grace", **claims)
        assert (claims, why(await tried(office))) == (claims, "unknown")
    assert await sessions(office) == await sessions(office, "closed") == []
    assert await accounts.account(account_id_of("nobody")) is None


@pytest.mark.parametrize(
    ("claims", "domain", "claim"),
    [
        ({"preferred_username": "grace"}, "", "preferred_username"),
        ({"preferred_username": "GRACE"}, "", "preferred_username"),
        ({"upn": f"Grace@{DOMAIN.upper()}"}, DOMAIN, "upn"),
    ],
)
async def test_another_claim_may_name_the_login(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession, claims: dict[str, Any], domain: str, claim: str
) -> None:
    connect(office, issuer, session, domain=domain, claim=claim)
    issuer.says("nobody", **claims)
    session_of(await tried(office))
    assert await sessions(office) == ["oidc"]


NOT_OURS: Sequence[dict[str, Any]] = (
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "somebody else"},
    {"aud": "somebody else", "azp": CLIENT_ID},
    {"aud": None},
    {"aud": [CLIENT_ID, "somebody else"]},
    {"aud": [CLIENT_ID, "somebody else"], "azp": "somebody else"},
    {"azp": "somebody else"},
    {"iss": "http://localhost/another"},
    {"iss": None},
    {"sub": None},
    {"exp": -LEEWAY_S},
    {"exp": None},
    {"exp": "never"},
    {"iat": LEEWAY_S + 1},
    {"iat": None},
    {"nbf": LEEWAY_S + 1},
    {"at_hash": "x" * 22},
)
OURS: Sequence[dict[str, Any]] = (
    {"exp": 1 - LEEWAY_S},
    {"iat": LEEWAY_S, "nbf": LEEWAY_S},
    {"aud": [CLIENT_ID]},
    {"aud": [CLIENT_ID, "somebody else"], "azp": CLIENT_ID},
    {"at_hash": None},
)
"""Times are in seconds from now."""


def says(issuer: Issuer, claims: dict[str, Any]) -> None:
    """Let it say this of Grace."""
    now = int(issuer.clock().timestamp())
    issuer.says("grace", **{name: now + one if isinstance(one, int) else one for name, one in claims.items()})


async def test_token_that_was_not_made_for_this_sign_in_lets_nobody_in(office: Office, issuer: Issuer) -> None:
    for claims in NOT_OURS:
        says(issuer, claims)
        assert (claims, why(await tried(office))) == (claims, "invalid")
    assert await sessions(office) == []


async def test_clocks_may_differ_by_a_minute_and_others_may_hear_the_token_too(office: Office, issuer: Issuer) -> None:
    for claims in OURS:
        says(issuer, claims)
        assert (claims, why_not(await tried(office))) == (claims, "")


UNSIGNED: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "by nobody": signed_by_nobody,
    "by the public key": signed_by_the_public_key,
    "by the client's secret": signed_with_the_client_secret,
    "changed since": changed_after_signing,
    "too deep": too_deep,
    "by another key under this name": signed_by("another", named="first"),
    "by another key under none": signed_by("another", named=None),
    "by another key": signed_by("another"),
    "cut": lambda claims: signed_by("first")(claims)[:-4],
    "noise": lambda _: "a.b.c",
    "nothing": lambda _: "",
    "empty": lambda _: "e30.e30.e30",
}


async def test_token_that_is_not_signed_by_a_key_of_the_issuer_lets_nobody_in(office: Office, issuer: Issuer) -> None:
    issuer.says("grace", at_hash=None)  # That is checked, too, and here nothing else than the signature has to speak.
    for how, signs in UNSIGNED.items():
        issuer.signs = signs
        assert (how, why(await tried(office))) == (how, "invalid")
    assert await sessions(office) == []


async def test_any_algorithm_of_a_public_key_will_do(office: Office, issuer: Issuer) -> None:
    issuer.published = ["first", "curve"]
    issuer.says("grace", at_hash=None)
    for kid, alg in (("first", "RS512"), ("first", "PS256"), ("curve", "ES256")):
        issuer.signs = signed_by(kid, alg=alg)
        assert (alg, why_not(await tried(office))) == (alg, "")


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_shared_and_weak_and_broken_keys_are_none(office: Office, issuer: Issuer) -> None:
    """They are passed over, and the others hold."""
    weak = key("weak").as_dict(private=False)
    issuer.more_keys = [
        {"kty": "oct", "kid": "shared", "k": "c2hhcmVk", "alg": "HS256"},
        weak,
        {"kty": "RSA", "kid": "half", "n": "AQAB"},
        {"kty": "EC", "kid": "bent", "crv": "P-1", "x": "AQ", "y": "AQ"},
        {"kid": "nothing"},
    ]
    session_of(await tried(office))
    issuer.signs = signed_by("weak")
    assert why(await tried(office)) == "invalid"


async def test_header_that_nobody_knows_is_passed_over_unless_it_is_critical(office: Office, issuer: Issuer) -> None:
    issuer.signs = signed_by("first", new=1)
    session_of(await tried(office))
    issuer.signs = signed_by("first", new=1, crit=["new"])
    assert why(await tried(office)) == "invalid"


async def test_key_that_is_new_is_looked_for_once_a_minute(office: Office, issuer: Issuer) -> None:
    session_of(await tried(office))
    assert issuer.count(KEYS) == 1
    issuer.published, issuer.signs = ["second"], signed_by("second")
    session_of(await tried(office))
    assert (issuer.count(KEYS), issuer.count(CONFIGURATION)) == (2, 1)
    issuer.signs = signed_by("second", named="ghost")
    assert [why(await tried(office)) for _ in range(3)] == ["invalid"] * 3
    assert issuer.count(KEYS) == 2
    office.watch.now += timedelta(minutes=1)
    assert [why(await tried(office)) for _ in range(3)] == ["invalid"] * 3
    assert issuer.count(KEYS) == 3


async def test_key_that_is_taken_back_is_dead_after_an_hour(office: Office, issuer: Issuer) -> None:
    session_of(await tried(office))
    issuer.published = ["second"]
    office.watch.now += KEPT - timedelta(seconds=1)
    session_of(await tried(office))
    office.watch.now += timedelta(seconds=1)
    assert why(await tried(office)) == "invalid"
    assert issuer.count(CONFIGURATION) == 2


async def test_key_without_a_name_will_do_where_there_is_one(office: Office, issuer: Issuer) -> None:
    issuer.signs = signed_by("first", named=None)
    session_of(await tried(office))
    issuer.published = ["first", "second"]
    office.watch.now += KEPT
    assert why(await tried(office)) == "invalid"


CONFIGURATIONS: Sequence[dict[str, Any]] = (
    {"issuer": "http://localhost/another"},
    {"issuer": None},
    {"jwks_uri": None},
    {"token_endpoint": 5},
    {"token_endpoint": "http://login.example.com/token"},
    {"token_endpoint": "https://ann@login.example.com/token"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "https://login.example.com/a b"},
    {"authorization_endpoint": "https://login.example.com/\r\nSet-Cookie: a=b"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": "//login.example.com/keys"},
    {"jwks_uri": "https://[::1/keys"},
)


async def test_provider_that_says_of_itself_what_cannot_be_is_not_believed(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    for configured in CONFIGURATIONS:
        connect(office, issuer, session)
        issuer.configured = configured
        assert (configured, why(await asked(office, BEGIN))) == (configured, "invalid")
    assert issuer.asked == [CONFIGURATION] * len(CONFIGURATIONS)


async def test_address_of_the_issuer_may_end_with_a_slash(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    connect(office, issuer, session, at=f"{issuer.url}/")
    session_of(await tried(office))


async def test_secret_goes_into_the_form_where_nothing_else_is_taken(office: Office, issuer: Issuer) -> None:
    issuer.configured = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    session_of(await tried(office))


@pytest.mark.parametrize("secret", ["another", ""])
async def test_wrong_secret_lets_nobody_in(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession, secret: str
) -> None:
    connect(office, issuer, session, secret=secret)
    with capture_logs() as logged:
        assert why(await tried(office)) == "invalid"
    assert "token endpoint: status 401 invalid_client" in json.dumps(logged)


ANSWERS: Mapping[str, tuple[Callable[[], web.StreamResponse], str]] = {
    "500": (lambda: web.Response(status=500, text="trace"), "unreachable"),
    "503": (lambda: web.Response(status=503), "unreachable"),
    "429": (lambda: web.Response(status=429), "unreachable"),
    "too large": (lambda: web.Response(text='{"a": "' + "x" * LARGE + '"}'), "unreachable"),
    "a page": (lambda: web.Response(text="<html>", content_type="text/html"), "invalid"),
    "too deep": (lambda: web.Response(text="[" * 60_000), "invalid"),
    "a list": (lambda: web.json_response([]), "invalid"),
    "404": (lambda: web.json_response({}, status=404), "invalid"),
    "elsewhere": (lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "invalid"),
    "packed": (lambda: web.Response(body=gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}), "invalid"),
    "another error": (lambda: web.json_response({"error": "<script>"}, status=400), "invalid"),
}


@pytest.mark.parametrize("path", [CONFIGURATION, KEYS, TOKEN])
async def test_answer_of_another_kind_lets_nobody_in(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession, path: str
) -> None:
    assert LARGE > BYTES_MAX
    for name, (fault, code) in ANSWERS.items():
        issuer.faults = {}
        connect(office, issuer, session)
        if path == TOKEN:
            await sent(office)
        issuer.faults = {path: fault}
        with capture_logs() as logged:
            answer = await tried(office) if path == TOKEN else await asked(office, BEGIN)
        assert (name, why(answer)) == (name, code)
        assert [(one["event"], one["why"]) for one in logged] == [("sign-in refused", code)]
        assert not any(said in json.dumps(logged) for said in ("trace", "<html>", "<script>", "xxx"))
    assert await sessions(office) == []


@pytest.mark.parametrize("path", [CONFIGURATION, KEYS, TOKEN])
async def test_provider_that_never_answers_is_given_up(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession, path: str
) -> None:
    connect(office, issuer, session, within_s=SHORT_S)
    if path == TOKEN:
        await sent(office)
    issuer.hangs = {path}
    async with asyncio.timeout(5 * SHORT_S):
        assert why(await asked(office, BEGIN) if path != TOKEN else await tried(office)) == "unreachable"
    assert WITHIN_S == 5
    assert issuer.asked[-1] == path
    issuer.hangs = set()
    session_of(await tried(office))


async def test_who_waits_for_another_to_ask_waits_no_longer_than_for_the_provider(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    """Each is given up in its own time, however many ask at once for what is asked once."""
    connect(office, issuer, session, within_s=SHORT_S)
    issuer.hangs = {CONFIGURATION}
    async with asyncio.timeout(4 * SHORT_S):
        answers = await asyncio.gather(*(office.http.get(BEGIN) for _ in range(8)))
    assert [why(one) for one in answers] == ["unreachable"] * 8


async def test_provider_that_is_not_there_holds_nobody_else_up(
    office: Office, issuer: Issuer, session: aiohttp.ClientSession
) -> None:
    connect(office, issuer, session, at="http://127.0.0.1:1")
    assert why(await asked(office, BEGIN)) == "unreachable"
    secret = (await office.backend.sign_ins.make_link("grace", FOUNDER)).secret
    assert (await office.http.post("/api/session/link", json={"secret": secret})).status_code == 200


async def test_what_one_browser_began_no_other_ends(office: Office, issuer: Issuer) -> None:
    """Somebody who leads a person to their own way back would sign them in as somebody else."""
    address, kept = await sent(office)
    _, others = await sent(office)
    path = await led_back(address)
    strangers: list[dict[str, str]] = [{}, {"Cookie": others}, {"Cookie": "swarm-oidc="}, {"Cookie": kept + "x"}]
    assert [why(await asked(office, path, **one)) for one in strangers] == ["expired"] * 4
    assert issuer.count(TOKEN) == 0
    session_of(await asked(office, path, Cookie=kept))


async def test_way_back_is_gone_once(office: Office, issuer: Issuer) -> None:
    address, kept = await sent(office)
    path = await led_back(address)
    answers = await asyncio.gather(*(office.http.get(path, headers={"Cookie": kept}) for _ in range(6)))
    ends = sorted(one.headers["location"] for one in answers)
    assert ends == ["/"] + ["/#sign-in-failed=expired"] * 5
    assert (issuer.count(TOKEN), await sessions(office)) == (1, ["oidc"])


BACK_WITH: Mapping[str, str] = {
    "": "expired",
    "?state=": "expired",
    "?code=x": "expired",
    "?state=x&code=x": "expired",
    "?state={state}x&code=x": "expired",
    "?state={state}": "invalid",
    "?state={state}&code=": "invalid",
    "?state={state}&code=x": "invalid",
    "?state={state}&code=" + "x" * 4_097: "invalid",
    "?state={state}&code=x&iss=https://another.example": "invalid",
    "?state={state}&error=access_denied&error_description=No%20way": "refused",
    "?state={state}&error=login_required&code=x": "refused",
    "?state={state}&error=%3Cscript%3E": "refused",
    "?state={state}&error=server_error&session_state=1&more=2": "refused",
    "?state=%ED%A0%80&code=%00": "expired",
    "?state=x&state={state}x&code=x": "expired",
}


async def test_way_back_with_anything_else_lets_nobody_in(office: Office, issuer: Issuer) -> None:
    for query, code in BACK_WITH.items():
        address, kept = await sent(office)
        with capture_logs() as logged:
            answer = await asked(office, BACK + query.replace("{state}", query_of(address)["state"]), Cookie=kept)
        assert (query, why(answer)) == (query, code)
        assert [(one["event"], one["way"], one["why"]) for one in logged] == [("sign-in refused", "oidc", code)]
        assert not any(said in json.dumps(logged) for said in ("No way", "script", "another.example"))
    assert await sessions(office) == []


async def test_code_that_another_issuer_sends_is_shown_to_nobody(office: Office, issuer: Issuer) -> None:
    address, kept = await sent(office)
    path = await led_back(address)
    theirs = path.partition("&iss=")[0] + "&iss=https://another.example"
    assert why(await asked(office, theirs, Cookie=kept)) == "invalid"
    assert issuer.count(TOKEN) == 0


async def test_who_stays_away_too_long_begins_anew(office: Office, issuer: Issuer) -> None:
    assert WAITING_S == 600
    address, kept = await sent(office)
    path = await led_back(address)
    await passes(office, WAITING_S)
    assert why(await asked(office, path, Cookie=kept)) == "expired"
    session_of(await tried(office))


async def test_only_so_many_may_be_away_at_once(office: Office, issuer: Issuer) -> None:
    """Who comes back makes room, and so does who never will."""
    address, kept = await sent(office)
    client, index = office.backend.views.client, keys.sign_ins_waiting(office.backend.log.namespace)
    mine, ends = await ask(client, "ZRANGE", index, 0, -1, "WITHSCORES")
    ends_ms = int(ends)
    await client.zadd(index, {f"somebody {number}": ends_ms for number in range(WAITING_MAX - 1)})
    assert [why(await asked(office, BEGIN)) for _ in range(2)] == ["busy"] * 2
    session_of(await asked(office, await led_back(address), Cookie=kept))
    assert await client.zscore(index, mine) is None
    await sent(office)
    assert why(await asked(office, BEGIN)) == "busy"
    await client.zadd(index, {"somebody 1": ends_ms - WAITING_S * 1_000})
    await sent(office)
    assert why(await asked(office, BEGIN)) == "busy"
    assert WAITING_MAX == await client.zcard(index) == 1_000


async def test_what_is_kept_of_a_way_ends_by_itself(office: Office, issuer: Issuer) -> None:
    """Nobody else reads from it under which name a browser comes back."""
    address, kept = await sent(office)
    client = office.backend.views.client
    index = keys.sign_ins_waiting(office.backend.log.namespace)
    names = [name async for name in client.scan_iter(match=f"{index}*")]
    assert len(names) == 2
    left = [await client.pttl(name) for name in names]
    assert all(0 < one <= WAITING_S * 1_000 for one in left)
    state, browser = query_of(address)["state"].encode(), kept.partition("=")[2].encode()
    for name in names:
        whole = name + (await client.dump(name) or b"")
        assert state not in whole
        assert browser not in whole


async def test_store_away_is_said_by_the_page_too(
    office: Office, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, kept = await sent(office)
    path = await led_back(address)

    async def away(*_: object) -> None:
        raise StoreUnavailable("The store does not answer.")

    for name in ("keep_waiting", "take_waiting"):
        monkeypatch.setattr(SignInStore, name, away)
    assert [why(await asked(office, one, Cookie=kept)) for one in (BEGIN, path)] == ["away"] * 2


async def test_without_a_provider_there_is_no_such_way(office: Office) -> None:
    for path in (BEGIN, f"{BACK}?state=x&code=x"):
        answer = await asked(office, path)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:swarm:not-found")
    told = (await asked(office, "/api/session")).json()
    assert (told["ways"], told["provider"]) == (["password", "link"], "")


async def test_no_secret_and_nobody_is_in_the_log(office: Office, issuer: Issuer) -> None:
    with capture_logs() as logged:
        address, kept = await sent(office)
        path = await led_back(address)
        session_of(await asked(office, path, Cookie=kept))
        issuer.says("nobody")
        assert why(await tried(office)) == "unknown"
    assert [(one["event"], one["way"]) for one in logged] == [("signed in", "oidc"), ("sign-in refused", "oidc")]
    assert logged[1]["account_id"] == account_id_of("nobody")
    written = json.dumps(logged)
    drawn = [*query_of(address).values(), query_of(path)["code"], kept.partition("=")[2]]
    for secret in (*drawn, CLIENT_SECRET, ACCESS_TOKEN, f"nobody@{DOMAIN}", f"grace@{DOMAIN}"):
        assert secret not in written
    provider = office.app.state.backend.provided.provider
    assert CLIENT_SECRET not in repr(provider._ours)
