"""The least that a feed can be: one task that reads a stream and writes the same bytes to everybody who is connected.

`python -m services.cli.bench.fanout`: it runs until its input ends.
"""

import asyncio
import sys
from typing import cast

from gateway.server import LOOPBACK, listen
from services.cli.bench.wire import Wire
from services.runtime.loop import runner

PORT = 18_280
BLOCK_MS = 1_000


class Everybody(asyncio.Protocol):
    """A connection that is written to; what it says is not looked at."""

    def __init__(self, connected: set[asyncio.Transport]) -> None:
        self._connected = connected

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more."""
        self._transport = cast(asyncio.Transport, transport)
        self._connected.add(self._transport)

    def connection_lost(self, _: Exception | None) -> None:
        """One less."""
        self._connected.discard(self._transport)


async def work(url: str, stream: str, told: bytes) -> None:
    """Write `told` for each entry, until the parent closes our input, or is gone."""
    connected, loop, stopping = set[asyncio.Transport](), asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), stopping.set)
    listening = listen(PORT, LOOPBACK)
    server = await loop.create_server(lambda: Everybody(connected), sock=listening)
    async with Wire(url) as wire:
        place = b"$"
        print(listening.getsockname()[1], flush=True)  # The parent waits for this line.
        while not stopping.is_set():
            reply = await wire.ask("XREAD", "COUNT", 256, "BLOCK", BLOCK_MS, "STREAMS", stream, place)
            entries = reply[0][1] if reply else []
            place = entries[-1][0] if entries else place
            for _ in entries:
                for transport in connected:
                    transport.write(told)
    for transport in connected:
        transport.abort()
    server.close()


def main(url: str, stream: str, told: str) -> None:
    """See the module; the bytes come in hex."""
    with runner() as loop:
        loop.run(work(url, stream, bytes.fromhex(told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
