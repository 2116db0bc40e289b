"""The commands about those who are left alone."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

WHATS = ("list", "add", "import", "remove")


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app)(exclude)


async def exclude(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|add|import|remove", show_default=False)] = "list",
    who: Annotated[
        str,
        typer.Argument(
            metavar="[ADDRESS | DOMAIN | FILE]", help="Or, for remove, the key from the list.", show_default=False
        ),
    ] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for add and import; without naming them.")] = "",
    check: Annotated[
        str, typer.Option("--check", metavar="WHO", help="For list: whether this address or domain is left alone.")
    ] = "",
    csv: CsvOption = None,
) -> int:
    """Customers, competitors, people who said no: whoever is on this list gets no draft. It keeps hashes, no names."""
    from contracts.errors import BadInput
    from services.cli import exclude as doing

    if what not in WHATS:
        raise BadInput(f"There is no `exclude {what}`.", f"Use one of {', '.join(WHATS)}.", field="what")
    only(what, reason=(reason, ["add", "import"]), check=(check, ["list"]), csv=(csv, ["list"]))
    if check:
        only("--check", csv=(csv, ["list"]))
    if what == "list":
        if who:
            raise BadInput("list takes no name.", "Use `--check` to look somebody up.", field="who")
        return await (doing.check(given, check) if check else doing.show(given, csv))
    if not who:
        raise BadInput(f"exclude {what} of whom?", "Give an address, a domain, or a file for import.", field="who")
    match what:
        case "add":
            return await doing.add(given, who, reason)
        case "import":
            return await doing.bring(given, who, reason)
        case _:
            return await doing.remove(given, who)
