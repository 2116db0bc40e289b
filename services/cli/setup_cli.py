"""The commands that set up what is the user's own."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

CAMPAIGNS = """List campaigns, or check what keeps one from being used.

A campaign is a file NAME.toml in the folder that `campaigns` in swarm.toml names. All of it may be left out:
an [audience] with tiers, industries and titles; angles; the offer, a file beside it; and language, sender_name,
sender_title, sender_address, reply_to and booking_link in place of what the offer says.
"""


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(init)
    command(app, help=CAMPAIGNS)(campaigns)


async def init(given: Given) -> int:
    """Say who you are: writes swarm.toml and offer.toml into this folder, never over a file that is there."""
    from services.cli.init import init as begin

    return await begin(given)


async def campaigns(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|check [NAME]", show_default=False)] = "list",
    name: Annotated[str, typer.Argument(metavar="", hidden=True)] = "",
    csv: CsvOption = None,
) -> int:
    from contracts.errors import BadInput
    from services.cli.campaigns import check, show

    if what != "check" and (what != "list" or name):
        raise BadInput(f"There is no campaigns {what}.", "Use campaigns list, or campaigns check NAME.", field="what")
    only(what, csv=(csv, ["list"]))
    if what == "check":
        return await check(given, name)
    return await show(given, csv)
