"""A process that uses the embedded server until a line comes in: the other side of test_embedded."""

import asyncio
import sys
from pathlib import Path

from services.runtime.embedded import EmbeddedServer


async def use(home: Path) -> None:
    """Say when the server is there, and leave when told."""
    async with EmbeddedServer(home) as server:
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.readline)


asyncio.run(use(Path(sys.argv[1])))
