"""One process of the bench: runs some services until its input ends. `python -m services.cli.bench.worker`."""

import asyncio
import sys
from pathlib import Path

import structlog

from services.cli.bench.figures import Place, Sizes
from services.cli.bench.pipeline import opened
from services.runtime.host import host
from services.runtime.loop import runner


async def work(place: Place, namespace: str, services: list[str]) -> None:
    """Serve until the parent closes our input, or is gone."""
    async with opened(place, namespace) as swarm:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stopping.set)
        components = await swarm.serve(services)
        print("ready", flush=True)  # The parent waits for this line.
        await host(components, stopping)


def main(url: str, home: str, namespace: str, *services: str) -> None:
    """See the module."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with runner() as loop:
        loop.run(work(Place(url, Path(home), Sizes()), namespace, list(services)))


if __name__ == "__main__":
    main(*sys.argv[1:])
