"""The server under the app: how it treats a connection, whatever is said on it."""

import asyncio
import socket
from typing import Any

import httpx
from litestar import Litestar, Request, get
from litestar.datastructures import State

from gateway.server import WIRE, listen, serve


async def test_second_part_of_an_answer_does_not_wait_until_the_first_is_acknowledged() -> None:
    """Else whoever keeps a connection open waits 40 ms longer for each answer."""
    told_at_once: list[int] = []

    @get("/")
    async def look(request: Request[Any, Any, Any]) -> None:
        connection = request.scope[WIRE]._answer.transport.get_extra_info("socket")  # type: ignore[literal-required]
        told_at_once.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    listening, stopping = listen(18_080), asyncio.Event()
    app = Litestar([look], openapi_config=None, state=State({"stopping": stopping}))
    serving = asyncio.create_task(serve(app, listening, stopping))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False) as http:
        assert (await http.get("/")).status_code == 200
    stopping.set()
    await serving
    assert [one != 0 for one in told_at_once] == [True]
