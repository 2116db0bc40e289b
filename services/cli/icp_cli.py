"""The commands about the ideal customer: the file that says who fits, and the one that is in force."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

ACTIONS = ("show", "init", "check", "edit", "explain", "compare", "activate", "versions")
MOVES_SHOWN = 25


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(icp)


async def icp(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="|".join(ACTIONS), show_default=False)] = "show",
    about: Annotated[
        str,
        typer.Argument(
            metavar="[FILE | EMAIL | VERSION]",
            help="A file, icp.toml if not given; for explain an address or id, for show an id or hash of a version.",
            show_default=False,
        ),
    ] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for activate.")] = "",
    text: Annotated[bool, typer.Option("--text", help="Print the file itself, for show.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="List so many, for compare.")] = MOVES_SHOWN,
    csv: CsvOption = None,
) -> int:
    """Your ideal customer: write the file, check it, see whom it would move, and let it be the one that scores."""
    if what in ACTIONS:
        only(
            what,
            reason=(reason, ["activate"]),
            text=(text, ["show"]),
            limit=(limit != MOVES_SHOWN, ["compare"]),
            csv=(csv, ["versions", "compare"]),
        )
    match what:
        case "init" | "check" | "edit":
            from services.cli import icp_file

            if what == "edit":
                return await icp_file.edit(given, about)
            return icp_file.init(given, about) if what == "init" else icp_file.check(given, about)
        case "show":
            from services.cli.icp_show import show

            return await show(given, about, text=text)
        case "versions":
            from services.cli.icp_show import versions

            return await versions(given, csv)
        case "activate":
            from services.cli.icp_show import activate

            return await activate(given, about, reason)
        case "compare":
            from services.cli.icp_show import compare

            return await compare(given, about, limit, csv)
        case "explain":
            from services.cli.icp_show import explain

            return await explain(given, about)
        case _:
            from contracts.errors import BadInput

            raise BadInput(f"There is no `icp {what}`.", f"Use {', '.join(ACTIONS)}.", field="what")
