"""Mappings of columns that are kept by name: `swarm mappings`, and what `swarm run` does with them."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

if TYPE_CHECKING:
    from services.cli.run_desk import Prepared
    from services.runtime.mapping_store import KeptMapping


def register(app: typer.Typer) -> None:
    """Add this family."""
    command(app, "mappings")(mappings)


async def mappings(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="[drop NAME]", show_default=False)] = "",
    name: Annotated[str, typer.Argument(metavar="", hidden=True)] = "",
    csv: CsvOption = None,
) -> int:
    """List what was kept of columns with `run --save-map NAME`, or drop one; `run --map-name NAME` takes one again."""
    from contracts.errors import BadInput
    from services.cli import csv_file
    from services.cli.run_desk import at_runs

    if what not in {"", "drop"} or (what == "drop") != bool(name):
        raise BadInput("`mappings` lists them, and `mappings drop NAME` lets one go.", field="what")
    only(what, csv=(csv, [""]))
    csv_file.check(csv)
    async with at_runs(given) as desk:
        if name:
            await desk.drop_mapping(name)
        found, namespace = await desk.mappings(), await desk.namespace()
    if csv is not None:
        return csv_file.write(given, csv, csv_file.whole("mappings", found))
    _print(given, found, namespace, dropped=name)
    return 0


def _print(given: Given, found: "list[KeptMapping]", namespace: str, *, dropped: str) -> None:
    from contracts.codec import outward
    from services.cli.printing import document, say, table
    from services.cli.words import minute, spoken

    if given.json:
        document({"namespace": namespace, "dropped": dropped, "mappings": [outward(one) for one in found]})
    elif dropped:
        say(f"{dropped} is dropped; what was imported with it stays as it is.")
    elif not found:
        say(f"No mapping is kept in namespace {namespace} yet: run … --map FIELD=COLUMN --save-map NAME keeps one.")
    else:
        rows = [
            (one.name, ", ".join(f"{spoken(f)} from {column}" for f, column in one.mapping.items()), minute(one.at))
            for one in found
        ]
        say(table(("name", "takes", "kept"), rows))


async def named(given: Given, name: str) -> "KeptMapping":
    """The mapping that was kept under a name.

    Raises:
        NotFound: there is none; those that there are are named.
    """
    from services.cli.run_desk import at_runs
    from services.commands.mappings import unknown

    async with at_runs(given) as desk:
        found = await desk.mappings()
    kept = next((one for one in found if one.name == name), None)
    if kept is None:
        raise unknown(name, [one.name for one in found])
    return kept


def check_keepable(name: str, what: "Prepared") -> None:
    """Find out before the run whether what is said of columns can be kept under this name.

    Raises:
        BadInput: it cannot.
    """
    from contracts.errors import BadInput
    from services.commands.mappings import check_name

    check_name(name)
    if not what.wish.columns():
        raise BadInput(
            "--save-map keeps what --map says of columns, and nothing is said.",
            "Columns that are known by their names need no mapping; add --map FIELD=COLUMN for the others.",
            field="save_map",
        )


async def keep(given: Given, name: str, what: "Prepared") -> None:
    """Keep what is said of columns, and say so."""
    from services.cli.printing import say
    from services.cli.run_desk import at_runs

    sheet = what.source.sheet
    async with at_runs(given) as desk:
        await desk.keep_mapping(name, sheet.header if sheet else (), what.wish.columns())
    if not given.json:
        say(f"The mapping is kept as {name}: take it again with --map-name {name}.")
