"""Every door that is a WebSocket: who is let in, and that no such door was forgotten."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from litestar.connection import ASGIConnection
from litestar.routes import WebSocketRoute

from contracts.errors import Forbidden
from gateway.app import create_app
from gateway.handshake import own_origin
from gateway.routes.feed import feed_socket
from tests.integration.gateway.office import FOUNDER, Office
from tests.integration.gateway.sockets import refusal, served

EVERYBODY = frozenset({"reviewer", "operator", "auditor", "admin"})

DOORS: dict[str, frozenset[str]] = {"/api/feed/ws": EVERYBODY}
"""By path: the roles that are let in; there is none for whoever comes."""


def test_no_door_was_forgotten() -> None:
    routes = [route for route in create_app().routes if isinstance(route, WebSocketRoute)]
    assert {route.path for route in routes} == set(DOORS)
    assert [route.path for route in routes if route.route_handler.opt.get("access") in {None, "public"}] == []
    assert [route.path for route in routes if own_origin not in (route.route_handler.guards or ())] == []


async def test_who_is_let_in(office: Office) -> None:
    """A refused handshake is answered as a request would be."""
    admin = office.tokens["admin"]
    strangers = [
        {},
        {"Authorization": "Bearer garbage"},
        {"Authorization": f"Bearer {admin[:-1]}"},
        {"Authorization": f"Basic {admin}"},
        {"Authorization": f"Bearer swarm_{secrets.token_urlsafe(42)}"},
        {"Cookie": f"token={admin}"},
        {"Sec-WebSocket-Protocol": admin},
    ]
    async with served(office) as server:
        for headers in strangers:
            told = await refusal(server, headers)
            assert (told["status"], told["type"]) == (401, "urn:swarm:unauthenticated"), headers
        assert (await refusal(server, {}, f"?token={admin}&access_token={admin}"))["status"] == 401
        assert {role for role in EVERYBODY if not await refusal(server, office.headers(role))} == DOORS["/api/feed/ws"]
        foreign = office.headers("reviewer") | {"Origin": "https://elsewhere.example"}
        assert await refusal(server, foreign) == {}, "a token in the header proves enough"


async def test_who_may_not_read_and_who_misspells_are_refused_in_words(office: Office) -> None:
    _, text = await office.backend.accounts.create_token(
        "alan", label="", scopes=("decide",), life=timedelta(days=1), actor=FOUNDER, command_id=str(uuid4())
    )
    async with served(office) as server:
        told = await refusal(server, {"Authorization": f"Bearer {text}"})
        assert (told["status"], told["type"]) == (403, "urn:swarm:forbidden")
        for query in ("?category=mail", "?form=0:0", "?from=now"):
            told = await refusal(server, office.headers("admin"), query)
            assert (told["status"], told["type"]) == (422, "urn:swarm:bad-input"), query


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"origin": "http://swarm.example:8080"}, True),
        ({"origin": "http://elsewhere.example:8080"}, False),
        ({"origin": "https://swarm.example:8080"}, False),
        ({"origin": "http://swarm.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
        ({"authorization": "Bearer x", "origin": "http://elsewhere.example"}, True),
    ],
)
async def test_handshake_with_a_cookie_comes_from_a_page_of_ours(headers: dict[str, str], let_in: bool) -> None:
    shown = {"cookie": "swarm-session=x", "host": "swarm.example:8080", **headers}
    raw = [(name.encode(), value.encode()) for name, value in shown.items()]
    scope: Any = {"type": "websocket", "scheme": "ws", "path": "/", "query_string": b"", "headers": raw}
    connection: Any = ASGIConnection(scope)
    if let_in:
        await own_origin(connection, feed_socket)
    else:
        with pytest.raises(Forbidden):
            await own_origin(connection, feed_socket)
