"""The commands about leads: where each stands and why, what led to what for one, and what people made of drafts."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, LimitOption, command, listed
from services.cli.given import Given


def register(app: typer.Typer) -> None:
    """Add this family."""
    for body in (leads, why, feedback):
        command(app)(body)


async def leads(
    given: Given,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="Only those that stand so: a code such as drafted, or its words.")
    ] = "",
    tier: Annotated[str, typer.Option(metavar="TIER", help="Only tier_1, …, tier_4 or needs_data.")] = "",
    campaign: Annotated[str, typer.Option(metavar="NAME", help="Only leads of this campaign.")] = "",
    company: Annotated[str, typer.Option(metavar="TEXT", help="Part of the company's name.")] = "",
    run: Annotated[str, typer.Option(metavar="ID", help="Only leads of this run.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="Part of company, title or name.")] = "",
    limit: LimitOption = None,
    csv: CsvOption = None,
) -> int:
    """Where each lead stands, why, and what would move it, the newest change first."""
    from services.cli.lead_list import Filters, show_leads

    return await show_leads(given, Filters(state, tier, campaign, company, run, search), listed(limit, csv), csv)


async def why(
    given: Given,
    lead: Annotated[str, typer.Argument(metavar="ADDRESS | ID", help="An e-mail address, or the beginning of an id.")],
) -> int:
    """Why somebody got a letter, or none: every fact from the row to the decision, and what led to what."""
    from services.cli.lead_list import show_why

    return await show_why(given, lead)


async def feedback(
    given: Given,
    by: Annotated[
        str, typer.Option(metavar="GROUP", help="angle, tier, template, opener, reviewer, tag or campaign.")
    ] = "angle",
    traffic: Annotated[
        str, typer.Option(metavar="KIND", help="Only real, or only test: invented leads and what a policy answered.")
    ] = "",
    campaign: Annotated[str, typer.Option(metavar="NAME", help="Only drafts of this campaign.")] = "",
    csv: CsvOption = None,
) -> int:
    """What gets approved, edited and how, rejected and why, with how far each share is to be believed."""
    from services.cli.feedback import show

    return await show(given, by, traffic, campaign, csv)
