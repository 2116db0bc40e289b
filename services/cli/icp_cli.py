"""The commands about the ideal customer: the file that says who fits, and the one that is in force."""

from typing import Annotated

import typer

from services.cli.command import command
from services.cli.given import Given

ACTIONS = ("show", "init", "check", "edit")


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(icp)


async def icp(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="|".join(ACTIONS), show_default=False)] = "show",
    about: Annotated[str, typer.Argument(metavar="[FILE]", show_default=False)] = "",
) -> int:
    """Your ideal customer: write the file, check it, see what it would change, and let it be the one that scores."""
    from contracts.errors import BadInput
    from services.cli import icp_file

    match what:
        case "init":
            return icp_file.init(given, about)
        case "check":
            return icp_file.check(given, about)
        case "edit":
            return await icp_file.edit(given, about)
        case _:
            raise BadInput(f"There is no `icp {what}`.", f"Use {', '.join(ACTIONS)}.", field="what")
