"""The gateway in a process of its own, as `swarm serve gateway` runs it, with two routes more for the bench.

`python -m services.cli.bench.served`: it runs until its input ends.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog
from litestar import Litestar, Request, post
from litestar.datastructures import State

from contracts.errors import StoreUnavailable
from contracts.identity import CONTROL
from gateway.auth import OPEN_TO_ALL, needs
from gateway.server import LOOPBACK, listen, serve
from services.cli.bench.caller import COMMIT, UNITS
from services.cli.bench.figures import Place, Sizes
from services.cli.bench.pipeline import opened
from services.cli.bootstrap import Swarm
from services.cli.gateway import app_over
from services.runtime.log import Unit
from services.runtime.loop import runner

PORT = 18_080
UNITS_BYTES_MAX = 64_000_000


def app_with_bare_commits(swarm: Swarm) -> Litestar:
    """The product's app, a route that takes units to commit, and one, open to all, that only commits the next of them."""
    left: Iterator[Unit] = iter(())

    @post(UNITS, opt=needs("decide"), request_max_body_size=UNITS_BYTES_MAX, status_code=200)
    async def units(request: Request[None, None, State]) -> None:
        nonlocal left
        left = iter(msgspec.msgpack.decode(await request.body(), type=list[Unit]))

    @post(COMMIT, opt=OPEN_TO_ALL, status_code=200)
    async def commit() -> dict[str, int]:
        [given] = await swarm.log.commit(CONTROL, [next(left)])
        if given.outcome != "done":
            raise StoreUnavailable(f"A bare commit of the bench was answered {given.outcome}.")
        return {"position": given.last}

    app = app_over(swarm)
    for route in (units, commit):
        app.register(route)
    return app


async def work(place: Place, namespace: str) -> None:
    """Serve until the parent closes our input, or is gone."""
    async with opened(place, namespace) as swarm:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stopping.set)
        listening = listen(PORT, LOOPBACK)
        print(listening.getsockname()[1], flush=True)  # The parent waits for this line.
        await serve(app_with_bare_commits(swarm), listening, stopping)


def main(url: str, home: str, namespace: str) -> None:
    """See the module."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with runner() as loop:
        loop.run(work(Place(url, Path(home), Sizes()), namespace))


if __name__ == "__main__":
    main(*sys.argv[1:])
