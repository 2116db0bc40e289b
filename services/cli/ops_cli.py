"""The commands of an operator: serve the swarm, look whether it is well, its schemas, its speed."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.command import command
from services.cli.given import Given


def register(app: typer.Typer) -> None:
    """Add this family."""
    for body in (up, serve, doctor, schema, bench):
        command(app)(body)


async def up(
    given: Given,
    link: Annotated[
        bool, typer.Option("--link", help="Print a link that signs you in, also later than at the first start.")
    ] = False,
) -> int:
    """Run every service and the page until Ctrl-C."""
    from services.cli.serving import up as start

    return await start(given, link=link)


async def serve(
    given: Given, service: Annotated[str, typer.Argument(metavar="SERVICE", help="hunter, enricher, …, projector.")]
) -> int:
    """Run one service until SIGTERM, for containers."""
    from services.cli.serving import serve_one

    return await serve_one(given, service)


async def doctor(given: Given) -> int:
    """Look at server, disk, rights, services and backlog; 1 when something is wrong."""
    from services.cli.doctor import examine

    return await examine(given)


def schema(
    given: Given,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder to write to; schema, if not given.")
    ] = None,
) -> int:
    """Write the JSON Schema of every fact and command, and the AsyncAPI document."""
    from services.cli.schema import write

    return write(given, out)


def bench(given: Given) -> int:
    """Measure the swarm on this machine."""
    from services.cli.bench import bench as measure

    given.here("a bench measures this machine")
    return measure(given.json)
