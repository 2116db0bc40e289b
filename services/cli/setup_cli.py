"""The commands that set up what is the user's own."""

import typer

from services.cli.command import command
from services.cli.given import Given


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(init)


async def init(given: Given) -> int:
    """Say who you are: writes swarm.toml and offer.toml into this folder, never over a file that is there."""
    from services.cli.init import init as begin

    return await begin(given)
