"""The office behind a real server, since a WebSocket needs one, and a client that says what it is told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

import httpx
from litestar import Litestar
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from gateway.app import create_app
from gateway.backend import Backend
from gateway.hub import Hub
from gateway.server import serve
from tests.integration.gateway.office import Office

PATIENCE_S = 20.0


class Served(NamedTuple):
    """An app of its own over what the office has, and where it listens."""

    app: Litestar
    port: int
    stopping: asyncio.Event

    @property
    def hub(self) -> Hub:
        """The feeds of this app."""
        hub: Hub = self.app.state.hub
        return hub


@asynccontextmanager
async def served(office: Office) -> AsyncIterator[Served]:
    """A server for as long as the block, or until `stopping`."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        yield office.backend

    listening = socket.create_server(("127.0.0.1", 0))
    found = Served(create_app(opened), listening.getsockname()[1], asyncio.Event())
    serving = asyncio.create_task(serve(found.app, listening, found.stopping))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{found.port}", trust_env=False) as client:
            await client.get("/api/health/live")
        yield found
    finally:
        found.stopping.set()
        await serving


def dial(server: Served, headers: dict[str, str], query: str = "", *, max_queue: int = 16) -> connect:
    """A client of the feed."""
    address = f"ws://127.0.0.1:{server.port}/api/feed/ws{query}"
    return connect(address, additional_headers=headers, proxy=None, max_size=None, max_queue=max_queue)


async def refusal(server: Served, headers: dict[str, str], query: str = "") -> dict[str, Any]:
    """The problem document that a handshake is answered with; nothing where it is let in."""
    answer = None
    try:
        async with dial(server, headers, query):
            return {}
    except InvalidStatus as refused:
        answer = refused.response
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = json.loads(answer.body or b"")
    assert document["status"] == answer.status_code
    return document


async def hear(client: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The next messages."""
    async with asyncio.timeout(PATIENCE_S):
        return [json.loads(await client.recv()) for _ in range(count)]


async def end(client: ClientConnection) -> tuple[int | None, list[dict[str, Any]]]:
    """The code that it is closed with, and what is told until then."""
    told: list[dict[str, Any]] = []
    with suppress(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told.append(json.loads(await client.recv()))
    return client.close_code, told
