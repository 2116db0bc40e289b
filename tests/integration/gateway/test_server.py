"""The server under the app: how it treats a connection, whatever is said on it."""

import asyncio
import gc
import socket
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from gateway.server import WIRE, listen, serve


async def test_second_part_of_an_answer_does_not_wait_until_the_first_is_acknowledged() -> None:
    """Else whoever keeps a connection open waits 40 ms longer for each answer."""
    told_at_once: list[int] = []

    @get("/")
    async def look(request: Request[Any, Any, Any]) -> None:
        connection = answer_of(request).transport.get_extra_info("socket")
        told_at_once.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async with serving(look) as http:
        assert (await http.get("/")).status_code == 200
    assert [one != 0 for one in told_at_once] == [True]


async def test_request_that_is_over_leaves_nothing_to_the_garbage_collector(collector_off: None) -> None:
    """Else all that was read and answered piles up, and every thousandth request waits 20 ms for the collector."""
    answers: list[weakref.ref[Any]] = []

    @get("/")
    async def look(request: Request[Any, Any, Any]) -> None:
        answers.append(weakref.ref(answer_of(request)))

    async with serving(look) as http:
        for _ in range(3):
            assert (await http.get("/")).status_code == 200
        *over, newest = answers
        assert newest() is not None  # The connection keeps it until the next one.
        assert [one() for one in over] == [None, None]


def answer_of(request: Request[Any, Any, Any]) -> Any:
    """Uvicorn's side of a request."""
    return request.scope[WIRE]._answer  # type: ignore[literal-required]


@asynccontextmanager
async def serving(handler: HTTPRouteHandler) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an app with this route, over the product's server."""
    listening, stopping = listen(18_080), asyncio.Event()
    app = Litestar([handler], openapi_config=None, state=State({"stopping": stopping}))
    served = asyncio.create_task(serve(app, listening, stopping))
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", trust_env=False
        ) as http:
            yield http
    finally:
        stopping.set()
        await served


@pytest.fixture
def collector_off() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()
