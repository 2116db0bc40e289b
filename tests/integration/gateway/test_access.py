"""Every door of the gateway: who is let in, who is not, and that no door was forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from gateway.app import create_app
from tests.integration.gateway.office import FOUNDER, NOW, Office

EVERYBODY = frozenset({"reviewer", "operator", "auditor", "admin"})
DECIDERS = frozenset({"reviewer", "admin"})
OPERATORS = frozenset({"operator", "admin"})
AUDITORS = frozenset({"auditor", "admin"})
PUBLIC = None

DOORS: dict[tuple[str, str], frozenset[str] | None] = {
    ("POST", "/api/emails/{email_id:str}/approve"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/edit"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/reject"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/request-changes"): DECIDERS,
    ("POST", "/api/emails/{email_id:str}/revoke"): DECIDERS,
    ("GET", "/api/audit"): AUDITORS,
    ("POST", "/api/bulk/approve"): DECIDERS,
    ("POST", "/api/bulk/reject"): DECIDERS,
    ("GET", "/api/emails/{email_id:str}"): EVERYBODY,
    ("GET", "/api/feed"): EVERYBODY,
    ("GET", "/api/feedback"): EVERYBODY,
    ("GET", "/api/health/live"): PUBLIC,
    ("GET", "/api/health/ready"): PUBLIC,
    ("GET", "/api/leads"): EVERYBODY,
    ("GET", "/api/leads/funnel"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}"): EVERYBODY,
    ("GET", "/api/leads/{lead_id:str}/timeline"): EVERYBODY,
    ("GET", "/api/me"): EVERYBODY,
    ("GET", "/api/pending-emails"): EVERYBODY,
    ("GET", "/api/queue-status"): EVERYBODY,
    ("GET", "/api/rejection-tags"): EVERYBODY,
    ("GET", "/api/runs"): EVERYBODY,
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
    ("GET", "/page/{path:path}"): PUBLIC,
    ("GET", "/runs"): PUBLIC,
    ("GET", "/settings"): PUBLIC,
    ("GET", "/schema"): PUBLIC,
    ("GET", "/schema/openapi.json"): PUBLIC,
    ("GET", "/schema/{path:str}"): PUBLIC,
}
"""By method and path: the roles that are let in; `PUBLIC` for whoever comes."""

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
    answer = await office.http.request(method, address(path) + query, json=body, headers=headers)
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
    """Nobody with none, garbage, another scheme, expired, revoked, closed, in the query, and each role."""
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
        await expired(office),
        await revoked(office),
        await closed(office),
    ]
    assert [await knock(office, door, headers) for headers in strangers] == [401] * len(strangers)
    assert (
        await knock(office, door, {}, f"?token={office.tokens['admin']}&access_token={office.tokens['admin']}") == 401
    )
    office.stop()  # A feed that is let in would otherwise go on.
    let_in = {role for role in EVERYBODY if await knock(office, door, office.headers(role)) not in {401, 403}}
    assert let_in == set(DOORS[door] or ())


async def made(office: Office, login: str, *, scopes: tuple[str, ...] = (), ago: timedelta = timedelta()) -> str:
    """An admin more, and the text of a token that lives for an hour, made some time ago."""
    accounts = replace(office.backend.accounts, clock=lambda: NOW - ago)
    await accounts.open_account(login, name=login, roles=["admin"], actor=FOUNDER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        login, label="", scopes=scopes, life=timedelta(hours=1), actor=FOUNDER, command_id=str(uuid4())
    )
    return text


async def expired(office: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {await made(office, 'late', ago=timedelta(hours=1))}"}


async def revoked(office: Office) -> dict[str, str]:
    text, accounts = await made(office, "gone"), office.backend.accounts
    token_id = (await accounts.authenticate(text)).token_id
    await accounts.revoke_token("gone", token_id, reason="lost", actor=FOUNDER, command_id=str(uuid4()))
    return {"Authorization": f"Bearer {text}"}


async def closed(office: Office) -> dict[str, str]:
    text = await made(office, "left")
    await office.backend.accounts.close_account("left", reason="left", actor=FOUNDER, command_id=str(uuid4()))
    return {"Authorization": f"Bearer {text}"}


async def test_scopes_narrow_what_a_role_gives(office: Office) -> None:
    narrow = {"Authorization": f"Bearer {await made(office, 'narrow', scopes=('read',))}"}
    door = ("POST", "/api/emails/{email_id:str}/approve")
    assert await knock(office, ("GET", "/api/me"), narrow) == 200
    assert await knock(office, door, narrow) == 403
    assert await knock(office, door, office.headers("admin")) == 404


async def test_public_doors_are_open(office: Office) -> None:
    answers = {path: await knock(office, ("GET", path), {}) for (_, path), roles in DOORS.items() if roles is PUBLIC}
    assert answers == {
        "/": 200,
        "/activity": 200,
        "/api/health/live": 200,
        "/api/health/ready": 200,
        "/feedback": 200,
        "/health": 200,
        "/leads": 200,
        "/page/{path:path}": 404,
        "/runs": 200,
        "/settings": 200,
        "/schema": 200,
        "/schema/openapi.json": 200,
        "/schema/{path:str}": 404,
    }


async def test_unknown_path_and_method_are_problems_too(office: Office) -> None:
    assert await knock(office, ("GET", "/api/nothing"), office.headers("admin")) == 404
    assert await knock(office, ("GET", "/api/emails/{email_id:str}/approve"), office.headers("admin")) == 405
