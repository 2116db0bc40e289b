"""Serving the app in the loop of whoever asks for it, until they say stop."""

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from contracts.errors import BadInput

GRACE_S = 5
UNTAKEN_S = 60.0
"""An answer of which nothing was taken for so long is given up; feeds are let go sooner."""
LINGER_S = 0.3
"""At the end that is less."""
LOOK_TICKS = 20
COLLECT_TICKS = 100
"""A connection that ends leaves some hundred objects in cycles, and `services.runtime.loop` has them looked for seldom."""
SOCKET_BYTES_MAX = 65_536
PORTS_TRIED = 20
LOOPBACK = "127.0.0.1"
WIRE = "swarm_wire"


class _Server(uvicorn.Server):
    """Leaves signals to the process that it runs in, and waits for nobody who does not take what is written to them."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._waiting: dict[asyncio.Transport, tuple[int, float]] = {}

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What is there now stays, so the collector need not go over it."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second."""
        if counter % LOOK_TICKS == 0:
            self.drop(UNTAKEN_S)
        if counter % COLLECT_TICKS == 0:
            gc.collect()
        return await super().on_tick(counter)

    def drop(self, after_s: float) -> None:
        """Drop the connections of who has taken nothing of what waits for them, at any look for so long."""
        now, before = asyncio.get_running_loop().time(), self._waiting
        self._waiting = {}
        for connection in self.server_state.connections:
            transport = connection.transport
            if transport is not None and (size := transport.get_write_buffer_size()):
                was, since = before.get(transport, (size, now))
                self._waiting[transport] = (size, since if was == size else now)
        for transport, (_, since) in self._waiting.items():
            if now - since >= after_s:
                transport.abort()


class Wire:
    """The connection that a request came on, past the framework: to drop it, and to write the same to many at little cost.

    It knows how uvicorn keeps an answer under way; where that looks different it writes nothing.

    Args:
        answer: uvicorn's side of one request, or of one WebSocket.
    """

    def __init__(self, answer: Any) -> None:
        self._answer = answer
        self.cut: Callable[[], None] = answer.transport.abort

    def write(self, chunk: bytes) -> bool:
        """Write one whole chunk of an answer that is sent in chunks; False where it cannot be written at once."""
        answer = self._answer
        if not getattr(answer, "chunked_encoding", False) or answer.response_complete or answer.disconnected:
            return False
        transport = answer.transport
        if answer.flow.write_paused or transport.is_closing():
            return False
        transport.write(chunk)
        return True


class NoWire:
    """In place of one where the server is another."""

    def cut(self) -> None:
        """Nothing can be dropped."""

    def write(self, _: bytes) -> bool:
        """Nothing can be written."""
        return False


class _Reachable:
    """Gives the app the connection of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, known = getattr(send, "__self__", None), cast(dict[str, object], scope)
        if getattr(answer, "transport", None) is not None:
            known[WIRE] = Wire(answer)
        try:
            await self._app(scope, receive, send)
        finally:
            # Uvicorn's side has the scope: with its wire in it, each request would stay until the collector comes by.
            known.pop(WIRE, None)


def wire_of(scope: Scope) -> Wire | NoWire:
    """The connection of a request."""
    wire: Wire | NoWire = cast(dict[str, Any], scope).get(WIRE) or NoWire()
    return wire


def chunk_of(body: bytes) -> bytes:
    """A piece of an answer as HTTP frames it."""
    return b"%x\r\n%b\r\n" % (len(body), body)


def listen(port: int, host: str = LOOPBACK) -> socket.socket:
    """A listening socket on this port, or on the next one that is free.

    Raises:
        BadInput: none of the next ports is free, or this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return socket.create_server((host, candidate), family=family, backlog=512)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                remedy = "Use 127.0.0.1, or 0.0.0.0 in a container."
                raise BadInput(
                    f"Nobody can listen on {host}: {error.strerror}.", remedy, field="SWARM_LISTEN"
                ) from error
    raise BadInput(f"No port from {port} to {port + PORTS_TRIED - 1} is free.", "Set SWARM_PORT.", field="SWARM_PORT")


async def serve(app: Litestar, listening: socket.socket, stopping: asyncio.Event) -> None:
    """Answer requests until told to stop; open ones get a moment to end."""
    # An answer is written in two parts. Without this the second waits until the first is acknowledged, 40 ms on Linux; the loop
    # would see to it if the socket said which protocol it is for, which those of `socket.create_server` do not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        cast(Any, _Reachable(cast(ASGIApp, app))),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        lifespan="on",
        # A feed tells the same to many: compressing it for each alone would cost more than it saves.
        ws_per_message_deflate=False,
        ws_max_size=SOCKET_BYTES_MAX,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        # Open feeds end by this; the server itself waits for them.
        app.state.stopping.set()
        server.should_exit = True
        while not serving.done():
            await asyncio.wait({serving}, timeout=LINGER_S)
            server.drop(LINGER_S)
        await serving
