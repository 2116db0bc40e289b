"""The bare protocol over the server's socket: what the limits are measured with, so that no client library slows them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import hiredis

from contracts.errors import StoreUnavailable

READ_BYTES = 1 << 18


class Wire:
    """One connection; enter it for as long as it is used. Replies come as hiredis reads them: bytes, numbers, lists."""

    def __init__(self, url: str) -> None:
        self._path = url.removeprefix("unix://")
        self._parser = hiredis.Reader()

    async def __aenter__(self) -> "Wire":
        self._incoming, self._outgoing = await asyncio.open_unix_connection(self._path, limit=READ_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._outgoing.close()
        with suppress(OSError):
            await self._outgoing.wait_closed()

    async def ask(self, *command: str | int | bytes) -> Any:
        """One command and its reply."""
        [reply] = await self.ask_all([command])
        return reply

    async def ask_all(self, commands: Sequence[tuple[str | int | bytes, ...]]) -> list[Any]:
        """Several commands in one round trip.

        Raises:
            StoreUnavailable: one was refused, or the connection ended.
        """
        # The stub of `pack_command` knows tuples of one only.
        packed = (hiredis.pack_command(command) for command in commands)  # type: ignore[arg-type]
        self._outgoing.write(b"".join(packed))
        replies: list[Any] = []
        while len(replies) < len(commands):
            reply = self._parser.gets()
            if reply is False:
                read = await self._incoming.read(READ_BYTES)
                if not read:
                    raise StoreUnavailable("The bench's server went away.", "See whether memory or disk ran out.")
                self._parser.feed(read)
                continue
            if isinstance(reply, hiredis.ReplyError):
                raise StoreUnavailable(f"The bench's server refused: {reply}.")
            replies.append(reply)
        return replies
