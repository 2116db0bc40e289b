"""Signing in and out: who gets a session, how long it lasts, what a browser is told to do with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from gateway.app import create_app
from gateway.backend import Backend
from gateway.outer import HEADERS
from services.access.credential import csrf_of
from services.access.decide import SESSION_LIFE
from services.commands.sign_in import SignIns
from services.runtime import keys
from services.runtime.sign_in_store import FAILURES_MAX, LINK_S, LOCKED_S, SignInStore
from tests.integration.gateway.conftest import running, serve
from tests.integration.gateway.office import FOUNDER, HERE, NOW, QUICK, Office, cookie, page

PASSWORD = "correct horse battery"
ANOTHER = "staple of another kind"
PATIENCE_S = 20.0


@pytest.fixture
async def grace(office: Office) -> str:
    """A reviewer with a password; her login."""
    await office.backend.sign_ins.set_password("grace", PASSWORD, FOUNDER)
    return "grace"


async def sign_in(office: Office, login: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    office.http.cookies.clear()
    answer = await office.http.post("/api/session", json={"login": login, "password": password}, headers=headers)
    office.http.cookies.clear()
    return answer


async def by_link(office: Office, secret: str) -> httpx.Response:
    office.http.cookies.clear()
    answer = await office.http.post("/api/session/link", json={"secret": secret})
    office.http.cookies.clear()
    return answer


def session_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


async def link_for(office: Office, login: str) -> str:
    return (await ways_of(office).make_link(login, FOUNDER)).secret


async def whose(office: Office, text: str) -> str:
    """The login of a session; empty where it is none, or no longer."""
    told = (await office.http.get("/api/session", headers=cookie(text))).json()
    return str(told.get("login", ""))


async def test_password_opens_a_session(office: Office, grace: str) -> None:
    await office.caught_up()
    answer = await sign_in(office, " GRACE ")
    text = session_of(answer)
    told = answer.json()
    assert told == {
        "signed_in": True,
        "ways": ["password", "link"],
        "login": "grace",
        "name": "Grace",
        "roles": ["reviewer"],
        "permissions": ["decide", "read", "read_personal"],
        "expires_at": (NOW + SESSION_LIFE).isoformat().replace("+00:00", "Z"),
        "csrf": csrf_of(text),
        "namespace": office.backend.log.namespace,
        "phase": "shadow",
        "halted": False,
        "promise": office.backend.promise,
        "has_password": True,
        "undo_window_s": 3_600,
        "provider": "",
    }
    assert (await office.http.get("/api/session", headers=cookie(text))).json() == told
    assert (await office.http.get("/api/me", headers=cookie(text))).json()["login"] == "grace"


async def test_without_a_session_there_are_ways_to_get_one(office: Office) -> None:
    nobody = {"signed_in": False, "ways": ["password", "link"], "provider": ""}
    for headers in ({}, cookie("garbage"), cookie(office.tokens["admin"]), office.headers("admin")):
        assert (await office.http.get("/api/session", headers=headers)).json() == nobody


async def test_wrong_unknown_closed_and_none_are_told_the_same(office: Office, grace: str) -> None:
    accounts = office.backend.accounts
    await office.backend.sign_ins.set_password("otto", PASSWORD, FOUNDER)
    await accounts.close_account("otto", reason="", actor=FOUNDER, command_id=str(uuid4()))
    attempts = [("grace", ANOTHER), ("nobody", PASSWORD), ("otto", PASSWORD), ("vera", PASSWORD)]
    answers = [await sign_in(office, login, password) for login, password in attempts]
    assert [one.status_code for one in answers] == [401] * 4
    assert len({one.text for one in answers}) == 1
    assert not any("set-cookie" in one.headers for one in answers)


async def test_a_password_is_looked_at_also_where_there_is_none(office: Office, grace: str) -> None:
    """Time must not tell either: an unknown login costs one look, as a known one does."""
    looked: list[str] = []

    class Watched(type(QUICK)):  # type: ignore[misc]
        def verify(self, hash: str, password: str) -> bool:  # noqa: A002
            looked.append(hash)
            return bool(QUICK.verify(hash, password))

    with_ways(office, hasher=Watched(time_cost=1, memory_cost=8, parallelism=1))
    for login in ("grace", "nobody", "", "vera"):
        assert (await sign_in(office, login, ANOTHER)).status_code == 401
    assert [one[:24] for one in looked] == [looked[0][:24]] * 4


def ways_of(office: Office) -> SignIns:
    """As the app has them now."""
    found: SignIns = office.app.state.backend.sign_ins
    return found


def with_ways(office: Office, **changes: object) -> None:
    """The same app, where something about signing in is otherwise."""
    changed = replace(office.backend.sign_ins, **changes)  # type: ignore[arg-type]
    office.app.state.backend = replace(office.backend, sign_ins=changed)


async def passes(office: Office, seconds: int) -> None:
    """So much later, for what the store keeps of signing in: it forgets what was to last no longer."""
    client = office.backend.views.client
    async for name in client.scan_iter(match=f"{keys.tag(office.backend.log.namespace, 0)}:sign-in:*"):
        left_ms = await client.pttl(name)
        assert left_ms > 0, f"{name!r} lasts for ever"
        await client.pexpire(name, left_ms - seconds * 1_000)


async def test_five_failures_lock_a_login_for_its_time_and_no_longer(office: Office, grace: str) -> None:
    found = [(await sign_in(office, grace, ANOTHER)).status_code for _ in range(FAILURES_MAX)]
    assert found == [401] * FAILURES_MAX
    locked = await sign_in(office, grace)
    assert (locked.status_code, locked.json()["type"]) == (429, "urn:swarm:locked-out")
    assert LOCKED_S // 2 < int(locked.headers["retry-after"]) <= LOCKED_S
    await passes(office, LOCKED_S // 2)
    assert (await sign_in(office, grace)).status_code == 429
    await passes(office, LOCKED_S // 2)
    assert (await sign_in(office, grace)).status_code == 200
    assert LOCKED_S == 15 * 60


async def test_of_many_guesses_at_once_no_more_are_looked_at(office: Office, grace: str) -> None:
    answers = await asyncio.gather(*(sign_in(office, grace, f"{ANOTHER} {n}") for n in range(20)))
    assert sorted(one.status_code for one in answers) == [401] * FAILURES_MAX + [429] * (20 - FAILURES_MAX)


async def test_address_is_locked_whatever_login_it_tries_and_others_are_not(office: Office, grace: str) -> None:
    ways = office.backend.sign_ins
    for number in range(FAILURES_MAX):
        assert (await sign_in(office, f"nobody{number}", ANOTHER)).status_code == 401
    assert (await sign_in(office, grace)).status_code == 429
    assert (await ways.by_password(grace, PASSWORD, "192.0.2.7")).person.login == grace


async def test_right_password_ends_the_count_of_the_login_and_not_that_of_the_address(
    office: Office, grace: str
) -> None:
    for _ in range(2):
        for _ in range(2):
            assert (await sign_in(office, grace, ANOTHER)).status_code == 401
        assert (await sign_in(office, grace)).status_code == 200
    assert (await sign_in(office, "nobody", ANOTHER)).status_code == 401
    assert (await sign_in(office, grace)).status_code == 429


async def test_who_only_signs_in_is_never_locked_out(office: Office, grace: str) -> None:
    assert {(await sign_in(office, grace)).status_code for _ in range(2 * FAILURES_MAX)} == {200}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "", True),
    ],
)
async def test_addresses_of_one_network_count_together(office: Office, one: str, other: str, same: bool) -> None:
    store = office.backend.sign_ins.store
    for number in range(FAILURES_MAX):
        await store.attempt(str(number), one)
    assert bool(await store.attempt("another", other)) is same


async def test_link_is_good_once(office: Office) -> None:
    secret = await link_for(office, "grace")
    assert await whose(office, session_of(await by_link(office, secret))) == "grace"
    again = await by_link(office, secret)
    assert (again.status_code, again.json()["type"]) == (401, "urn:swarm:unauthenticated")


async def test_of_two_who_come_with_a_link_at_once_one_gets_in(office: Office) -> None:
    secret = await link_for(office, "grace")
    answers = await asyncio.gather(*(by_link(office, secret) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [401] * 7


async def test_link_ends_after_its_time(office: Office) -> None:
    secret = await link_for(office, "grace")
    await passes(office, LINK_S)
    assert (await by_link(office, secret)).status_code == 401
    made = await office.backend.sign_ins.make_link("grace", FOUNDER)
    assert made.expires_at - NOW == timedelta(minutes=10) == timedelta(seconds=LINK_S)


@pytest.mark.parametrize("spoil", [lambda s: "", lambda s: s[:-1], lambda s: s + "=", lambda s: "é" * 43, str.swapcase])
async def test_what_is_no_link_opens_nothing_and_uses_none_up(office: Office, spoil: Callable[[str], str]) -> None:
    secret = await link_for(office, "grace")
    assert (await by_link(office, spoil(secret))).status_code == 401
    assert (await by_link(office, secret)).status_code == 200


async def test_link_of_an_account_that_closed_opens_nothing(office: Office) -> None:
    secret = await link_for(office, "grace")
    await office.backend.accounts.close_account("grace", reason="", actor=FOUNDER, command_id=str(uuid4()))
    assert (await by_link(office, secret)).status_code == 401


async def test_session_ends_when_its_time_is_over(office: Office) -> None:
    text = await office.session("reviewer")
    then = replace(office.backend.accounts, clock=lambda: NOW + SESSION_LIFE)
    office.app.state.backend = replace(office.backend, accounts=then)
    assert (await office.http.get("/api/me", headers=cookie(text))).status_code == 401
    assert await whose(office, text) == ""


async def test_eleventh_session_ends_the_first(office: Office) -> None:
    texts = [await office.session("reviewer") for _ in range(12)]
    assert [bool(await whose(office, text)) for text in texts] == [False] * 2 + [True] * 10


async def test_sign_out_ends_this_session_alone(office: Office) -> None:
    text, other = await office.session("reviewer"), await office.session("reviewer")
    answer = await office.http.delete("/api/session", headers=page(text))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["set-cookie"].startswith('swarm-session="";')
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert [await whose(office, one) for one in (text, other)] == ["", "grace"]


async def test_own_password_is_set_with_the_one_before(office: Office, grace: str) -> None:
    mine, other = [session_of(await sign_in(office, grace)) for _ in range(2)]

    async def change(current: str, new: str) -> httpx.Response:
        return await office.http.post("/api/me/password", json={"current": current, "new": new}, headers=page(mine))

    for current, new, field in (("", ANOTHER, "current"), (ANOTHER, ANOTHER, "current"), (PASSWORD, "short", "new")):
        answer = await change(current, new)
        assert (answer.status_code, answer.json()["values"]["field"]) == (422, field)
    assert (await change(PASSWORD, ANOTHER)).status_code == 200
    assert [await whose(office, one) for one in (mine, other)] == [grace, ""]
    assert [(await sign_in(office, grace, one)).status_code for one in (PASSWORD, ANOTHER)] == [401, 200]


async def test_current_password_cannot_be_guessed_from_a_session(office: Office, grace: str) -> None:
    headers = page(session_of(await sign_in(office, grace)))
    wrong = {"current": "not this one either", "new": ANOTHER}
    found = [
        (await office.http.post("/api/me/password", json=wrong, headers=headers)).status_code
        for _ in range(FAILURES_MAX + 1)
    ]
    assert found == [422] * FAILURES_MAX + [429]


async def test_who_came_by_a_link_or_has_no_password_sets_one_without(office: Office, grace: str) -> None:
    for login in (grace, "otto"):
        text = session_of(await by_link(office, await link_for(office, login)))
        answer = await office.http.post("/api/me/password", json={"new": ANOTHER}, headers=page(text))
        assert (answer.status_code, answer.json()) == (200, {"status": "changed"})
        assert (await sign_in(office, login, ANOTHER)).status_code == 200


async def test_same_letters_typed_on_another_keyboard_are_the_same_password(office: Office) -> None:
    await office.backend.sign_ins.set_password("grace", "Gra\u00fce vor dem Tag", FOUNDER)
    assert (await sign_in(office, "grace", "Grau\u0308e vor dem Tag")).status_code == 200


async def feed_ends(office: Office, text: str, what: Callable[[], object]) -> None:
    """A feed of this session goes on until that happens."""
    head = await office.backend.log.head(0)
    asking = asyncio.create_task(office.http.get(f"/api/feed?from=0:{head}", headers=cookie(text)))
    await asyncio.sleep(0.1)
    assert not asking.done()
    await what()  # type: ignore[misc]
    async with asyncio.timeout(PATIENCE_S):
        answer = await asking
    assert (answer.status_code, "access." in answer.text) == (200, False)


async def test_sign_out_cuts_the_feed(office: Office) -> None:
    text = await office.session("reviewer")
    await feed_ends(office, text, partial(office.http.delete, "/api/session", headers=page(text)))


async def test_role_change_cuts_the_feed_of_a_session(office: Office) -> None:
    change = partial(office.backend.accounts.change_roles, "grace", roles=["auditor"], actor=FOUNDER)
    await feed_ends(office, await office.session("reviewer"), partial(change, command_id=str(uuid4())))


async def test_feed_of_another_session_goes_on(office: Office) -> None:
    text, other = await office.session("reviewer"), await office.session("reviewer")
    head = await office.backend.log.head(0)
    asking = asyncio.create_task(office.http.get(f"/api/feed?from=0:{head}", headers=cookie(text)))
    await asyncio.sleep(0.1)
    await office.http.delete("/api/session", headers=page(other))
    await asyncio.sleep(0.2)
    assert not asking.done()
    office.stop()
    async with asyncio.timeout(PATIENCE_S):
        await asking


async def test_cookie_on_http_is_for_this_machine_and_no_script(office: Office, grace: str) -> None:
    written = (await sign_in(office, grace)).headers["set-cookie"]
    name, *attributes = written.split("; ")
    assert name.startswith("swarm-session=swarm_")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=strict"]


@asynccontextmanager
async def public(backend: Backend, origin: str) -> AsyncIterator[httpx.AsyncClient]:
    """The app as people find it behind something that ends TLS."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        yield backend

    app = create_app(opened, origin=origin)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with running(partial(serve, app)), httpx.AsyncClient(transport=transport, base_url=HERE) as http:
        yield http


async def test_cookie_on_https_is_bound_to_host_and_https(office: Office, grace: str) -> None:
    async with public(office.backend, "https://swarm.example.com") as http:
        here = {"Host": "swarm.example.com", "Origin": "https://swarm.example.com"}
        answer = await http.post("/api/session", json={"login": grace, "password": PASSWORD}, headers=here)
        text = session_of(answer)
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-swarm-session=swarm_")
        assert sorted(attributes) == ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=strict", "Secure"]
        secure, plain = {"Cookie": f"__Host-swarm-session={text}"}, cookie(text)
        proof = {"X-CSRF-Token": csrf_of(text)}
        asked = {
            "at home": here | secure,
            "with the port": here | secure | {"Host": "SWARM.example.com:443"},
            "the other cookie": here | plain,
            "by the other name": secure,
            "of another scheme": here | secure | proof | {"Origin": "http://swarm.example.com"},
            "below": here | secure | {"Host": "a.swarm.example.com"},
        }
        found = {why: (await http.get("/api/me", headers=headers)).status_code for why, headers in asked.items()}
        assert found == dict(zip(asked, [200, 200, 401, 401, 200, 421], strict=True))
        http.cookies.clear()
        refused = await http.delete("/api/session", headers=asked["of another scheme"])
        assert refused.status_code == 403
        assert (await http.delete("/api/session", headers=here | secure | proof)).status_code == 204


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/api/session", 200, "no-store"),
        ("/api/me", 401, "no-store"),
        ("/nothing", 404, None),
        ("/api/health/live", 200, "no-store"),
    ],
)
async def test_every_answer_says_what_a_browser_may_do_with_it(
    office: Office, path: str, status: int, kept: str | None
) -> None:
    answer = await office.http.get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers.get("cache-control") == kept


async def test_page_of_the_interface_runs_no_script(office: Office) -> None:
    """It has a policy of its own, which is narrower, for its one style."""
    policy = (await office.http.get("/schema")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not any(word in policy for word in ("unsafe", "script"))


@pytest.mark.parametrize(
    "body", [{}, {"login": "a"}, {"login": "a", "password": 1}, {"login": "a", "password": "x" * 1_001}]
)
async def test_what_is_no_attempt_is_refused_and_not_counted(
    office: Office, grace: str, body: dict[str, object]
) -> None:
    for _ in range(FAILURES_MAX + 1):
        assert (await office.http.post("/api/session", json=body)).status_code == 422
    assert (await sign_in(office, grace)).status_code == 200


async def test_attempts_are_logged_and_no_secret_is(office: Office, grace: str) -> None:
    with capture_logs() as logged:
        text = session_of(await sign_in(office, grace))
        await sign_in(office, grace, ANOTHER)
        secret = await link_for(office, grace)
        await by_link(office, secret)
        await by_link(office, secret)
    assert [(one["event"], one.get("way")) for one in logged] == [
        ("signed in", "password"),
        ("sign-in refused", "password"),
        ("sign-in link made", None),
        ("signed in", "link"),
        ("sign-in refused", "link"),
    ]
    written = json.dumps(logged)
    assert not any(one in written for one in (PASSWORD, ANOTHER, secret, text))


async def test_what_is_secret_is_nowhere_but_in_its_place(office: Office, grace: str) -> None:
    """Feed and audit never show the hash of a password; of a link the store has the hash alone."""
    text, secret = session_of(await sign_in(office, grace)), await link_for(office, grace)
    await office.caught_up()
    client = office.backend.views.client
    kept = b"".join([name async for name in client.scan_iter(match=f"*{office.backend.log.namespace}*link*")])
    assert kept
    assert secret.encode() not in kept
    account = await office.backend.accounts.account(
        (await office.backend.accounts.authenticate(text, "session")).account_id
    )
    assert account
    office.stop()
    told = (await office.get("/api/audit", "auditor")).text
    feed = asyncio.create_task(office.http.get("/api/feed?from=0:0&category=access", headers=office.headers("admin")))
    async with asyncio.timeout(PATIENCE_S):
        told += (await feed).text
    assert not any(one in told for one in (account.password_hash, "argon2", secret, text, "secret_hash"))


async def test_ways_in_share_nothing_between_namespaces(office: Office) -> None:
    other = SignIns(office.backend.accounts, SignInStore(office.backend.views.client, "tother"), QUICK)
    secret = (await other.make_link("grace", FOUNDER)).secret
    assert (await by_link(office, secret)).status_code == 401
