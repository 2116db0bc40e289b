"""The queue as a list, whole or for one tier or run."""

from dataclasses import dataclass
from pathlib import Path

from contracts.envelope import reveal
from contracts.errors import BadInput
from services.cli import csv_file
from services.cli.desk import at_desk
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import document, marked, say, table
from services.cli.words import SHADOW, cut, many, minute, short, spoken
from services.projections.approval_queue import TIERS, Row


@dataclass(frozen=True)
class Filters:
    """Which drafts: at most `limit`; empty is every tier, run or campaign. `snoozed` are those put off until later, and no others."""

    limit: int
    tier: str
    run: str
    snoozed: bool = False
    campaign: str = ""


async def show_queue(given: Given, filters: Filters, path: Path | None = None) -> int:
    """Print the drafts that wait, or write them to a file."""
    check_tier(filters.tier)
    csv_file.check(path)
    async with at_desk(given) as desk:
        run = await desk.find_run(filters.run) if filters.run else ""
        if path is not None:
            whole = await desk.table(
                filters.tier, run, filters.limit, snoozed=filters.snoozed, campaign=filters.campaign
            )
            return csv_file.write(given, path, whole)
        total = await desk.count(filters.tier)
        waiting = desk.waiting(filters.tier, run, filters.limit, snoozed=filters.snoozed, campaign=filters.campaign)
        found = [row async for row in waiting]
        namespace, position = await desk.namespace(), await desk.position()
    if given.json:
        document(marked(namespace) | {"total": total, "position": position, "drafts": [brief(row) for row in found]})
    elif not found:
        _nothing(given, filters, total, namespace)
    else:
        _print(given, found, filters, total, namespace)
    return 0


def _nothing(given: Given, filters: Filters, total: int, namespace: str) -> None:
    if filters.snoozed:
        say(f"No draft{_fitting(filters)} is put off until later in namespace {namespace}. {SHADOW}")
    elif total and not filters.run and not filters.campaign:
        put_off = many(total, "draft is", "drafts are")
        say(f"{put_off} put off until later in namespace {namespace}; --snoozed lists them. {SHADOW}")
    else:
        worked = f"`{call(given, 'runs')}` shows what was worked through."
        say(f"No draft{_fitting(filters)} waits in namespace {namespace}. {worked} {SHADOW}")


def _fitting(filters: Filters) -> str:
    return " that fits" if filters.tier or filters.run or filters.campaign else ""


def check_tier(tier: str) -> None:
    """Find a misspelt tier before anything is opened; an empty one is all of them.

    Raises:
        BadInput: there is no such tier.
    """
    if tier and tier not in TIERS:
        raise BadInput(f"There is no tier {tier!r}.", f"Use one of {', '.join(TIERS)}.", field="tier")


def brief(row: Row) -> dict[str, object]:
    """A draft in the list, for a program."""
    return {
        "email_id": row.email_id,
        "lead_id": row.lead_id,
        "run_id": row.run_id,
        "mode": row.mode,
        "status": row.status,
        "draft_version": row.draft_version,
        "content_hash": row.content_hash,
        "tier": row.card.tier,
        "score": row.card.score,
        "name": reveal(row.card.name),
        "title": row.card.title,
        "company": row.card.company,
        "subject": reveal(row.content.subject),
        "angle": row.writing.angle,
        "campaign": row.writing.campaign,
        "passed": row.verdict.passed,
        "drafted_at": row.drafted_at,
        "expires_at": row.expires_at,
        "snoozed_until": row.snoozed_until,
    }


def _print(given: Given, found: list[Row], filters: Filters, total: int, namespace: str) -> None:
    rows = [
        (
            short(row.email_id),
            spoken(row.card.tier),
            str(row.card.score),
            cut(reveal(row.card.name), 22),
            cut(row.card.company, 24),
            cut(reveal(row.content.subject), 44) + (" (being rewritten)" if row.status == "changes_requested" else ""),
            "" if row.verdict.passed else "stopped",
            minute(row.snoozed_until if filters.snoozed else row.expires_at)[5:],
        )
        for row in found
    ]
    order = "the best tier first, then the oldest"
    if filters.snoozed:
        say(f"Put off until later in namespace {namespace}, {order}. {SHADOW}")
    else:
        say(f"{many(total, 'draft')} in namespace {namespace}, {order}. {SHADOW}")
    until = "back (UTC)" if filters.snoozed else "until (UTC)"
    say(table(("id", "tier", "score", "name", "company", "subject", "guard", until), rows, right=("score",)))
    left = total - len(found)
    if filters.snoozed and len(found) == filters.limit:
        say("… and perhaps more; --limit shows them.")
    elif left and not filters.snoozed and not filters.run and not filters.campaign:
        more = f"{many(left, 'more is', 'more are')} put off until later; --snoozed lists them."
        rest = f"… and {left:,} more; --limit shows them, and --snoozed those that are put off until later."
        say(rest if len(found) == filters.limit else more)
    say(f"Next: {call(given, f'show {short(found[0].email_id)}')} or {call(given, 'review')}")
