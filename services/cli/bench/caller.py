"""A client of HTTP and of feeds that does no more than it must, so that the figures are the server's."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import cast

from contracts.errors import StoreUnavailable

UNITS, COMMIT = "/bench/units", "/bench/commit"
"""The routes that only the bench's gateway has."""
ENDS = b"\r\n\r\n"
TOLD = b"\r\n\r\n\r\n"
"""What the last bytes of a message are: its own end, and that of the chunk of the answer that it is."""


class Caller:
    """One connection that is kept open; enter it for as long as it is used."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def __aenter__(self) -> "Caller":
        self._incoming, self._outgoing = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._outgoing.close()

    async def get(self, path: str) -> bytes:
        """As `post`."""
        return await self._ask("GET", path)

    async def post(self, path: str, body: bytes = b"") -> bytes:
        """The body of the answer.

        Raises:
            StoreUnavailable: it is not 200.
        """
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        self._outgoing.write(head.encode() + body)
        status, *headers = (await self._incoming.readuntil(ENDS)).split(b"\r\n")
        [length] = [int(one[15:]) for one in headers if one.lower().startswith(b"content-length:")]
        answer = await self._incoming.readexactly(length)
        if status.split(b" ")[1] != b"200":
            raise StoreUnavailable(f"The bench's gateway answered {status.decode()}: {answer.decode()[:200]}.")
        return answer


class Subscriber(asyncio.Protocol):
    """One who listens to a feed, and says for each message when it was there.

    Args:
        request: what it sends first.
        heard: told the time in seconds at which a message had come whole.
    """

    def __init__(self, request: bytes, heard: Callable[[float], None]) -> None:
        self._request = request
        self._heard = heard
        self._transport: asyncio.Transport | None = None
        self.begun = asyncio.get_running_loop().create_future()
        self.last = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Only the end is looked at."""
        if not self.begun.done():
            self.begun.set_result(None)
        if data.endswith(TOLD):
            self.last = data
            self._heard(time.perf_counter())

    def leave(self) -> None:
        """Break off."""
        if self._transport is not None:
            self._transport.abort()
