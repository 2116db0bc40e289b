"""A relay before a store that can lose one answer: the request arrives, the reply does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from services.runtime.server_process import url_of

CHUNK_BYTES = 65_536


class LossyProxy:
    """Relays bytes between clients and the store; see `lose_answer_to`."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lost_word = b""
        self.lost = 0

    def lose_answer_to(self, word: bytes) -> None:
        """Pass the next request that holds this word on, and end its connection in place of the answer."""
        self._lost_word = word

    async def serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection."""
        answers, forward = await asyncio.open_unix_connection(self._store)
        doomed = asyncio.Event()

        async def requests() -> None:
            while data := await client.read(CHUNK_BYTES):
                if self._lost_word and self._lost_word in data:
                    self._lost_word = b""
                    doomed.set()
                forward.write(data)
                await forward.drain()

        async def replies() -> None:
            while data := await answers.read(CHUNK_BYTES):
                if doomed.is_set():
                    self.lost += 1
                    return
                back.write(data)
                await back.drain()

        halves = [asyncio.create_task(requests()), asyncio.create_task(replies())]
        with suppress(ConnectionError):
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        for half in halves:
            half.cancel()
        await asyncio.gather(*halves, return_exceptions=True)
        for end in (forward, back):
            end.close()


@asynccontextmanager
async def lossy_proxy(store: Path, socket: Path) -> AsyncIterator[tuple[LossyProxy, str]]:
    """A proxy that listens on `socket`, and its address."""
    proxy = LossyProxy(store)
    listening = await asyncio.start_unix_server(proxy.serve, socket)
    try:
        yield proxy, url_of(socket)
    finally:
        listening.close()
