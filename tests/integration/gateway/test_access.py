"""Every door of the gateway: who is let in, who is not, and that no door was forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from gateway.app import create_app
from gateway.auth import COOKIE, CSRF
from gateway.outer import ANY_NAME
from services.access.credential import csrf_of
from services.access.decide import SESSION_LIFE
from tests.integration.gateway.office import FOUNDER, NOW, Office, cookie, page

EVERYBODY = frozenset({"reviewer", "operator", "auditor", "admin"})
DECIDERS = frozenset({"reviewer", "admin"})
OPERATORS = frozenset({"operator", "admin"})
ADMINS = frozenset({"admin"})
AUDITORS = frozenset({"auditor", "admin"})
PUBLIC = None
FOREIGN = ("http://evil.example", "https://127.0.0.1", "http://127.0.0.1:8080", "http://localhost", "null", "")
"""What a browser says of pages that are not ours; a port or a scheme more is another origin."""

DOORS: dict[tuple[str, str], frozenset[str] | None] = {
    ("POST", "/api/emails/{email_id:str}/approve"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/edit"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/reject"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/request-changes"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/revoke"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/claim"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/comment"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/release"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/snooze"): DECIDERS,
    ("GET", "/api/audit"): AUDITORS,
    ("POST", "/api/bulk/approve"): DECIDERS,
    ("POST", "/api/bulk/reject"): DECIDERS,
    ("POST", "/api/bulk/revoke"): DECIDERS,
    ("GET", "/api/dead-letters"): OPERATORS | AUDITORS,
    ("POST", "/api/dead-letters/{dead_id:str}/drop"): OPERATORS,
    ("POST", "/api/dead-letters/{dead_id:str}/retry"): OPERATORS,
    ("GET", "/api/emails/{email_id:str}"): EVERYBODY,
    ("GET", "/api/events"): EVERYBODY,
    ("GET", "/api/exclusions"): OPERATORS,
    ("POST", "/api/exclusions"): OPERATORS,
    ("POST", "/api/exclusions/check"): OPERATORS,
    ("POST", "/api/exclusions/import"): OPERATORS,
    ("DELETE", "/api/exclusions/{key:str}"): OPERATORS,
    ("GET", "/api/feed"): EVERYBODY,
    ("GET", "/api/find/lead"): EVERYBODY,
    ("POST", "/api/find/lead"): DECIDERS | OPERATORS,
    ("GET", "/api/find/run"): EVERYBODY,
    ("GET", "/api/feedback"): EVERYBODY,
    ("GET", "/api/feedback/summary"): EVERYBODY,
    ("GET", "/api/health/live"): PUBLIC,
    ("GET", "/api/health/ready"): PUBLIC,
    ("POST", "/api/imports"): OPERATORS,
    ("GET", "/api/imports/{import_id:str}"): OPERATORS,
    ("DELETE", "/api/imports/{import_id:str}"): OPERATORS,
    ("POST", "/api/imports/{import_id:str}/mapping"): OPERATORS,
    ("GET", "/api/imports/{import_id:str}/refused.csv"): OPERATORS,
    ("POST", "/api/imports/{import_id:str}/run"): OPERATORS,
    ("GET", "/api/icp"): EVERYBODY,
    ("POST", "/api/icp/activate"): ADMINS,
    ("POST", "/api/icp/compare"): EVERYBODY,
    ("POST", "/api/icp/explain"): EVERYBODY,
    ("GET", "/api/icp/versions/{version:str}"): EVERYBODY,
    ("GET", "/api/leads"): EVERYBODY,
    ("GET", "/api/leads/funnel"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}/dossier"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}/timeline"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}/why"): EVERYBODY,
    ("GET", "/api/mappings"): OPERATORS,
    ("POST", "/api/mappings"): OPERATORS,
    ("DELETE", "/api/mappings/{mapping_name:str}"): OPERATORS,
    ("GET", "/api/me"): EVERYBODY,
    ("POST", "/api/me/password"): EVERYBODY,
    ("GET", "/api/pending-emails"): EVERYBODY,
    ("GET", "/api/templates"): EVERYBODY,
    ("GET", "/api/templates/{angle:str}/preview"): DECIDERS | OPERATORS,
    ("GET", "/api/setup"): EVERYBODY,
    ("GET", "/api/policy"): EVERYBODY,
    ("GET", "/api/queue-status"): EVERYBODY,
    ("GET", "/api/rejection-tags"): EVERYBODY,
    ("GET", "/api/runs"): EVERYBODY,
    ("POST", "/api/runs"): OPERATORS,
    ("GET", "/api/runs/{run_id:str}"): EVERYBODY,
    ("POST", "/api/runs/{run_id:str}/cancel"): OPERATORS,
    ("POST", "/api/runs/{run_id:str}/resume"): OPERATORS,
    ("POST", "/api/runs/{run_id:str}/withdraw"): OPERATORS,
    ("GET", "/api/runtime/dependencies"): EVERYBODY,
    ("GET", "/"): PUBLIC,
    ("GET", "/activity"): PUBLIC,
    ("GET", "/feedback"): PUBLIC,
    ("GET", "/health"): PUBLIC,
    ("GET", "/leads"): PUBLIC,
    ("GET", "/leads/{lead_id:str}"): PUBLIC,
    ("GET", "/page/{path:path}"): PUBLIC,
    ("GET", "/runs"): PUBLIC,
    ("GET", "/runs/new"): PUBLIC,
    ("GET", "/runs/new/{import_id:str}"): PUBLIC,
    ("GET", "/runs/{run_id:str}"): PUBLIC,
    ("GET", "/settings"): PUBLIC,
    ("DELETE", "/api/session"): EVERYBODY,
    ("GET", "/api/tokens"): EVERYBODY,
    ("POST", "/api/tokens"): EVERYBODY,
    ("POST", "/api/tokens/{token_id:str}/revoke"): EVERYBODY,
    ("GET", "/api/users"): ADMINS,
    ("POST", "/api/users"): ADMINS,
    ("POST", "/api/users/{login:str}/close"): ADMINS,
    ("POST", "/api/users/{login:str}/link"): ADMINS,
    ("POST", "/api/users/{login:str}/roles"): ADMINS,
    ("GET", "/api/session"): PUBLIC,
    ("POST", "/api/session"): PUBLIC,
    ("POST", "/api/session/link"): PUBLIC,
    ("GET", "/api/session/oidc"): PUBLIC,
    ("GET", "/api/session/oidc/callback"): PUBLIC,
    ("GET", "/schema"): PUBLIC,
    ("GET", "/schema/openapi.json"): PUBLIC,
    ("GET", "/schema/{path:str}"): PUBLIC,
}
"""By method and path: the roles that are let in; `PUBLIC` for whoever comes."""

IN_A_SESSION = {
    ("DELETE", "/api/session"),
    ("POST", "/api/me/password"),
    ("POST", "/api/tokens"),
    ("POST", "/api/tokens/{token_id:str}/revoke"),
}
"""Doors for people who signed in; with a token nobody is let in."""

CLOSED = sorted(door for door, roles in DOORS.items() if roles is not PUBLIC)
NOWHERE = "00000000-0000-4000-8000-000000000000"


def routes() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in create_app().routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield method, route.path, handler


def address(path: str) -> str:
    """The path with an id that nobody has in place of each parameter."""
    parts = [NOWHERE if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


async def knock(office: Office, door: tuple[str, str], headers: dict[str, str], query: str = "") -> int:
    method, path = door
    body: dict[str, str] | None = {} if method == "POST" else None
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await office.http.request(method, address(path) + query, json=body, headers=raw)
    if answer.status_code >= 400 and not path.startswith("/schema"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code


def test_no_door_was_forgotten() -> None:
    assert {(method, path) for method, path, _ in routes()} == set(DOORS)


def test_route_that_names_no_permission_is_open_to_nobody() -> None:
    """The guard of the app is the default, so a route that forgets its option is closed rather than open."""
    named = {(method, path): handler.opt.get("access") for method, path, handler in routes()}
    assert [door for door, access in named.items() if access is None] == []
    assert {door for door, access in named.items() if access == "public"} == {
        door for door, roles in DOORS.items() if roles is PUBLIC
    }


@pytest.mark.parametrize("door", CLOSED, ids=" ".join)
async def test_who_is_let_in(office: Office, door: tuple[str, str]) -> None:
    """Nobody with none, garbage, another scheme, expired, revoked, closed, the other kind, in the query; and each role."""
    session = await office.session("admin")
    strangers = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer garbage"},
        {"Authorization": f"Bearer {'x' * 5_000}"},
        {"Authorization": f"Basic {office.tokens['admin']}"},
        {"Authorization": office.tokens["admin"]},
        {"Authorization": f"Bearer {office.tokens['admin'][:-1]}"},
        {"X-API-Key": office.tokens["admin"]},
        {"Cookie": f"token={office.tokens['admin']}"},
        page(office.tokens["admin"]),
        page("garbage"),
        page("x" * 5_000),
        page(session[:-1]),
        {"Cookie": f"__Host-{COOKIE}={session}", CSRF: csrf_of(session)},
        {"Authorization": f"Bearer {session}"},
        {"Authorization": "Bearer garbage"} | page(session),
        *[bearer(text) for text in await dead(office)],
        *[page(text) for text in await dead_sessions(office)],
    ]
    assert [await knock(office, door, headers) for headers in strangers] == [401] * len(strangers)
    text = office.tokens["admin"]
    assert await knock(office, door, {}, f"?token={text}&access_token={text}&session={session}") == 401
    office.stop()  # A feed that is let in would otherwise go on.
    expected = set(DOORS[door] or ())
    by_token = {role for role in EVERYBODY if await knock(office, door, office.headers(role)) not in {401, 403}}
    assert by_token == (set() if door in IN_A_SESSION else expected)
    by_cookie = {
        role for role in EVERYBODY if await knock(office, door, page(await office.session(role))) not in {401, 403}
    }
    assert by_cookie == expected


@pytest.mark.parametrize("door", CLOSED, ids=" ".join)
async def test_cookie_alone_changes_nothing(office: Office, door: tuple[str, str]) -> None:
    """A browser sends the cookie along with whatever any page asks for, so what changes something needs more."""
    office.stop()
    session, other = await office.session("admin"), await office.session("admin")
    foreign = [
        cookie(session),
        cookie(session) | {CSRF: ""},
        cookie(session) | {CSRF: csrf_of(other)},
        cookie(session) | {CSRF: csrf_of(session)[:-1]},
        cookie(session) | {CSRF: "\xe9"},
        *[page(session) | {"Origin": origin} for origin in FOREIGN],
    ]
    refused = [await knock(office, door, headers) == 403 for headers in foreign]
    assert refused == [door[0] != "GET"] * len(foreign)


async def test_no_command_takes_anything_from_the_url(office: Office) -> None:
    """URLs are kept in logs, and a link must not be able to decide."""
    headers = page(await office.session("admin"))
    commands = [door for door in sorted(DOORS) if door[0] != "GET"]
    for query in ("?reason=because", "?token=x", "?x"):
        assert {await knock(office, door, headers, query) for door in commands} == {422}
        assert await knock(office, commands[0], {}, query) == 401
    assert await knock(office, ("POST", "/api/users/{login:str}/link"), headers, "?") == 404


@pytest.mark.parametrize("door", [door for door in sorted(DOORS) if door[0] != "GET"], ids=" ".join)
@pytest.mark.parametrize("origin", FOREIGN)
async def test_page_of_another_site_signs_nobody_in_either(office: Office, door: tuple[str, str], origin: str) -> None:
    session = await office.session("admin")
    assert await knock(office, door, page(session) | {"Origin": origin}) == 403


@pytest.mark.parametrize("door", sorted(DOORS), ids=" ".join)
async def test_another_name_is_answered_nothing(office: Office, door: tuple[str, str]) -> None:
    """Whoever led a browser here by a name of theirs (DNS rebinding) is a page of theirs to it."""
    office.stop()
    names = ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.", "127.0.0.1@evil.example", "")
    found = [await knock(office, door, office.headers("admin") | {"Host": name}) for name in names]
    assert found == [200 if door[1] in ANY_NAME else 421] * len(names)


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"])
async def test_names_of_this_machine_are_ours(office: Office, name: str) -> None:
    assert await knock(office, ("GET", "/api/me"), office.headers("admin") | {"Host": name}) == 200
    session = await office.session("admin")
    door = ("POST", "/api/runs/{run_id:str}/cancel")
    assert await knock(office, door, page(session) | {"Host": name, "Origin": f"http://{name.lower()}"}) == 404
    assert await knock(office, door, page(session) | {"Host": name, "Origin": "http://127.0.0.1:2"}) == 403


async def test_unknown_path_under_another_name_is_not_told_apart(office: Office) -> None:
    assert await knock(office, ("GET", "/nothing"), {"Host": "evil.example"}) == 421


async def made(office: Office, login: str, *, scopes: tuple[str, ...] = (), ago: timedelta = timedelta()) -> str:
    """An admin more, and the text of a token that lives for an hour, made some time ago."""
    accounts = replace(office.backend.accounts, clock=lambda: NOW - ago)
    await accounts.open_account(login, name=login, roles=["admin"], actor=FOUNDER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        login, label="", scopes=scopes, life=timedelta(hours=1), actor=FOUNDER, command_id=str(uuid4())
    )
    return text


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def dead(office: Office) -> list[str]:
    """Tokens that were good: expired, revoked, of an account that is closed."""
    accounts = office.backend.accounts
    late, gone = await made(office, "late", ago=timedelta(hours=1)), await made(office, "gone")
    token_id = (await accounts.authenticate(gone)).token_id
    await accounts.revoke_token("gone", token_id, reason="lost", actor=FOUNDER, command_id=str(uuid4()))
    left = await made(office, "left")
    await accounts.close_account("left", reason="left", actor=FOUNDER, command_id=str(uuid4()))
    return [late, gone, left]


async def dead_sessions(office: Office) -> list[str]:
    """Likewise of sessions; the accounts are those of `dead`, and the last one is opened again."""
    accounts, then = office.backend.accounts, replace(office.backend.accounts, clock=lambda: NOW - SESSION_LIFE)
    late = await then.open_session("late", way="link", actor=FOUNDER, command_id=str(uuid4()))
    gone = await accounts.open_session("gone", way="link", actor=FOUNDER, command_id=str(uuid4()))
    await office.backend.sign_ins.sign_out(await accounts.authenticate(gone, "session"))
    await accounts.open_account("left", name="", roles=["admin"], actor=FOUNDER, command_id=str(uuid4()))
    left = await accounts.open_session("left", way="link", actor=FOUNDER, command_id=str(uuid4()))
    await accounts.close_account("left", reason="left", actor=FOUNDER, command_id=str(uuid4()))
    return [late, gone, left]


async def test_scopes_narrow_what_a_role_gives(office: Office) -> None:
    narrow = bearer(await made(office, "narrow", scopes=("read",)))
    door = ("POST", "/api/emails/{email_id:str}/claim")
    assert await knock(office, ("GET", "/api/me"), narrow) == 200
    assert await knock(office, door, narrow) == 403
    assert await knock(office, door, office.headers("admin")) == 404


async def test_public_doors_are_open(office: Office) -> None:
    answers = {door: await knock(office, door, {}) for door, roles in DOORS.items() if roles is PUBLIC}
    assert answers == {
        ("GET", "/"): 200,
        ("GET", "/activity"): 200,
        ("GET", "/feedback"): 200,
        ("GET", "/health"): 200,
        ("GET", "/leads"): 200,
        ("GET", "/leads/{lead_id:str}"): 200,
        ("GET", "/page/{path:path}"): 404,
        ("GET", "/runs"): 200,
        ("GET", "/runs/new"): 200,
        ("GET", "/runs/new/{import_id:str}"): 200,
        ("GET", "/runs/{run_id:str}"): 200,
        ("GET", "/settings"): 200,
        ("GET", "/api/health/live"): 200,
        ("GET", "/api/health/ready"): 200,
        ("GET", "/api/session"): 200,
        ("POST", "/api/session"): 422,
        ("POST", "/api/session/link"): 422,
        ("GET", "/api/session/oidc"): 404,
        ("GET", "/api/session/oidc/callback"): 404,
        ("GET", "/schema"): 200,
        ("GET", "/schema/openapi.json"): 200,
        ("GET", "/schema/{path:str}"): 404,
    }


async def test_unknown_path_and_method_are_problems_too(office: Office) -> None:
    assert await knock(office, ("GET", "/api/nothing"), office.headers("admin")) == 404
    assert await knock(office, ("GET", "/api/emails/{email_id:str}/approve"), office.headers("admin")) == 405
