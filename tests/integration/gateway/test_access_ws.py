"""Every door that is a WebSocket: who is let in, and that no such door was forgotten."""

import secrets
from datetime import timedelta
from uuid import uuid4

from litestar.routes import WebSocketRoute
from litestar.types import Message

from gateway.app import create_app
from tests.integration.gateway.office import FOUNDER, Office, cookie
from tests.integration.gateway.sockets import refusal, served

EVERYBODY = frozenset({"reviewer", "operator", "auditor", "admin"})

DOORS: dict[str, frozenset[str]] = {"/api/feed/ws": EVERYBODY}
"""By path: the roles that are let in; there is none for whoever comes."""


def test_no_door_was_forgotten() -> None:
    routes = [route for route in create_app().routes if isinstance(route, WebSocketRoute)]
    assert {route.path for route in routes} == set(DOORS)
    assert [route.path for route in routes if route.route_handler.opt.get("access") in {None, "public"}] == []


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
        for query in ("?category=mail", "?form=0:0", "?from=now", "?actor=ada"):
            told = await refusal(server, office.headers("admin"), query)
            assert (told["status"], told["type"]) == (422, "urn:swarm:bad-input"), query


async def test_socket_of_a_session_says_which_page_opens_it(office: Office) -> None:
    """No header of ours can be sent with one, so the cookie needs an origin, and it has to be ours."""
    session = cookie(await office.session("reviewer"))
    async with served(office) as server:
        ours = f"http://127.0.0.1:{server.port}"
        assert await refusal(server, session | {"Origin": ours}) == {}
        for origin in ("https://elsewhere.example", "null", ours.replace("http", "https"), "http://127.0.0.1"):
            told = await refusal(server, session | {"Origin": origin})
            assert (told["status"], told["type"]) == (403, "urn:swarm:forbidden"), origin
        assert (await refusal(server, session))["status"] == 403
        assert (await refusal(server, {"Origin": ours}))["status"] == 401


async def test_socket_under_another_name_is_not_opened(office: Office) -> None:
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}  # type: ignore[typeddict-item]

    async def send(message: Message) -> None:
        told.append(message)

    headers = [(b"host", b"evil.example"), (b"authorization", office.headers("admin")["Authorization"].encode())]
    scope = {"type": "websocket", "scheme": "ws", "path": "/api/feed/ws", "query_string": b"", "headers": headers}
    await office.app(scope, receive, send)  # type: ignore[arg-type]
    assert [one["type"] for one in told] == ["websocket.close"]


async def test_opening_one_is_recorded_as_a_reading_of_personal_data(office: Office) -> None:
    async def readings() -> int:
        page = (await office.get("/api/events", "admin", type="access.personal_read.v1")).json()
        return sum(one["data"]["where"] == "feed" for one in page["items"])

    async with served(office) as server:
        await refusal(server, office.headers("auditor"))
        assert await readings() == 0, "an auditor is shown nothing of the kind"
        await refusal(server, office.headers("reviewer"))
        assert await readings() == 1
