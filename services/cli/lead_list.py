"""The list of leads as somebody asks for it, and the story of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, get_args

import msgspec

from contracts import email, lead
from contracts.errors import BadInput
from contracts.lead import Tier
from gateway.lead_list import Wish
from services.cli import csv_file
from services.cli.given import Given
from services.cli.lead_desk import LeadDesk, at_leads, item
from services.cli.lead_text import print_leads, print_why
from services.cli.opening import call
from services.cli.printing import document, marked, say
from services.cli.queue_list import check_tier
from services.cli.words import SHADOW, joined, many, short, where
from services.projections.plain_words import capital

LEAD_CODES: tuple[str, ...] = get_args(lead.Status)
EMAIL_CODES = tuple(code for code in get_args(email.Status) if code not in {"none", *LEAD_CODES})


class Filters(NamedTuple):
    """Which leads, as they were asked for; empty is all of them."""

    state: str
    tier: str
    campaign: str
    company: str
    run: str
    search: str


async def show_leads(given: Given, filters: Filters, limit: int, path: Path | None) -> int:
    """Print the leads that fit, or write them to a file."""
    check_tier(filters.tier)
    csv_file.check(path)
    async with at_leads(given) as desk:
        wish = await wish_of(desk, filters)
        if path is not None:
            return csv_file.write(given, path, await desk.table(wish, limit))
        found, namespace = await desk.listed(wish, limit), await desk.namespace()
    if given.json:
        document(marked(namespace) | {"more": found.more, "leads": [item(row) for row in found.rows]})
    elif not found.rows:
        fitting = " that fits" if wish != Wish() else ""
        say(
            f"No lead{fitting} is in namespace {namespace}. `{call(given, 'runs')}` shows what was worked through. {SHADOW}"
        )
    else:
        newest = "the newest " if found.more else ""
        say(
            capital(
                f"{newest}{many(len(found.rows), 'lead')} in namespace {namespace}, the newest change first. {SHADOW}"
            )
        )
        print_leads(found.rows)
        if found.more:
            say("… and more; --limit shows them, and --csv FILE writes them all.")
        say(f"Next: {call(given, f'why {short(found.rows[0].id)}')}")
    return 0


async def wish_of(desk: LeadDesk, filters: Filters) -> Wish:
    """What is asked for, a state in whichever words it was named.

    Raises:
        BadInput: no lead stands so, and none ever could.
    """
    run = await desk.find_run(filters.run) if filters.run else None
    wish = Wish(
        tier=msgspec.convert(filters.tier or None, Tier | None),
        run_id=run,
        campaign=filters.campaign or None,
        company=filters.company or None,
        q=filters.search or None,
    )
    if not filters.state:
        return wish
    code = "_".join(filters.state.casefold().split())
    if code in LEAD_CODES:
        return msgspec.structs.replace(wish, status=msgspec.convert(code, lead.Status))
    if code in EMAIL_CODES:
        return msgspec.structs.replace(wish, email_status=msgspec.convert(code, email.Status))
    return msgspec.structs.replace(wish, stands=_stands(filters.state, await desk.stands()))


def _stands(state: str, known: Mapping[str, int]) -> str:
    """The words of a state, as they stand in the list."""
    if found := next((one for one in known if one.casefold() == state.casefold()), ""):
        return found
    here = f" Here they stand: {joined(list(known))}." if known else ""
    codes = ", ".join((*LEAD_CODES, *EMAIL_CODES))
    raise BadInput(f"No lead stands {state!r}.{here}", f"Use one of {codes}, or those words.", field="state")


async def show_why(given: Given, named: str) -> int:
    """Print what led to what for one lead."""
    async with at_leads(given) as desk:
        found = await desk.find(named)
        row, why, namespace = await desk.lead(found.lead_id), await desk.why(found.lead_id), await desk.namespace()
    if given.json:
        document(marked(namespace) | {"lead": item(row), **msgspec.to_builtins(why)})
    else:
        say(where(namespace), "")
        print_why(row, why)
    return 0
