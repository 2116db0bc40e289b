"""Serving the app in the loop of whoever asks for it, until they say stop."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar

from contracts.errors import BadInput

GRACE_S = 5
PORTS_TRIED = 20
LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to the process that it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        lifespan="on",
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
        await serving
