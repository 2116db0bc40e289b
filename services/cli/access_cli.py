"""The commands about people and the tokens that they come to the gateway with."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given

Many = list[str] | None
LIFE = "90d"


def register(app: typer.Typer) -> None:
    """Add this family."""
    for body in (user, token):
        command(app)(body)


async def user(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|add|roles|close|link|password", show_default=False)] = "list",
    login: Annotated[str, typer.Argument(metavar="[LOGIN]", show_default=False)] = "",
    role: Annotated[
        Many, typer.Option("--role", metavar="ROLE", help="reviewer, operator, auditor or admin; also several.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What people call them, for add.")] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for close.")] = "",
    address: Annotated[
        str, typer.Option(metavar="URL", help="Where the page is, for link; SWARM_ORIGIN, else this machine.")
    ] = "",
    csv: CsvOption = None,
) -> int:
    """Who may work here: list them, add one, change what one may do, let one in no more; a link or password to sign in."""
    from services.cli import people

    _check("user", what, ("list", "add", "roles", "close", "link", "password"), login, "LOGIN")
    only(
        what,
        role=(role, ["add", "roles"]),
        name=(name, ["add"]),
        reason=(reason, ["close"]),
        address=(address, ["link"]),
        csv=(csv, ["list"]),
    )
    match what:
        case "list":
            return await people.show(given, csv)
        case "link" | "password":
            from services.cli import sign_in

            if what == "link":
                return await sign_in.make_link(given, login, address)
            return await sign_in.set_password(given, login)
        case "add":
            return await people.add(given, login, name, role or ())
        case "roles":
            return await people.give_roles(given, login, role or ())
        case _:
            return await people.close(given, login, reason)


async def token(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|create|revoke", show_default=False)] = "list",
    of: Annotated[
        str, typer.Argument(metavar="[LOGIN | TOKEN_ID]", help="Whose; for revoke its beginning.", show_default=False)
    ] = "",
    label: Annotated[str, typer.Option(metavar="WORDS", help="What it is for.")] = "",
    scope: Annotated[
        Many,
        typer.Option(
            "--scope",
            metavar="PERMISSION",
            help="Narrow it to read, read_personal, decide, run, audit or admin; also several.",
        ),
    ] = None,
    expires: Annotated[
        str, typer.Option(metavar="TIME", help=f"It lives so long: 12h or 90d, from 1h to 366d; {LIFE}, if not given.")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, for revoke.")] = "",
    csv: CsvOption = None,
) -> int:
    """The tokens that people come to the gateway with: list them, create one, or end one."""
    from services.cli import tokens

    _check("token", what, ("list", "create", "revoke"), of, "TOKEN_ID" if what == "revoke" else "LOGIN", narrows=True)
    only(
        what,
        label=(label, ["create"]),
        scope=(scope, ["create"]),
        expires=(expires, ["create"]),
        reason=(reason, ["revoke"]),
        csv=(csv, ["list"]),
    )
    if what == "list":
        return await tokens.show(given, of, csv)
    if what == "create":
        return await tokens.create(given, of, label, scope or (), expires or LIFE)
    return await tokens.revoke(given, of, reason)


def _check(family: str, what: str, known: tuple[str, ...], about: str, names: str, *, narrows: bool = False) -> None:
    """What is asked for is known, and says of whom or what, where it has to; `narrows`: a list may, too."""
    from contracts.errors import BadInput

    if what not in known:
        raise BadInput(f"There is no `{family} {what}`.", f"Use {', '.join(known)}.", field="what")
    if what != "list" and not about:
        raise BadInput(f"`{family} {what}` does not say of whom or what.", f"Write it as {family} {what} {names}.")
    if what == "list" and about and not narrows:
        raise BadInput(f"`{family} list` takes no {names}.", f"Leave {about!r} out: it lists all.", field=names.lower())
