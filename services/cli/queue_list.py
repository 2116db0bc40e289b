"""The queue as a list, whole or for one tier or run."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from contracts.envelope import reveal
from contracts.errors import BadInput
from gateway.lookup import find_run
from services.cli.given import Given
from services.cli.opening import call, reading
from services.cli.printing import document, say, table
from services.cli.store import Store
from services.cli.words import cut, many, minute, short, spoken
from services.projections.approval_queue import TIERS, Row, bounds
from services.projections.views import QUEUE

PAGE = 200


@dataclass(frozen=True)
class Filters:
    """Which drafts: at most `limit`; empty is every tier or run."""

    limit: int
    tier: str
    run: str


async def show_queue(given: Given, filters: Filters) -> int:
    """Print the drafts that wait."""
    low, high = ranks(filters.tier)
    async with reading(given) as store:
        run = await find_run(store.views, filters.run) if filters.run else ""
        total = await store.views.count(QUEUE, low, high)
        found = [row async for row in waiting(store, low, high, run, filters.limit)]
        namespace = store.settings.namespace
        positions = await store.views.position(QUEUE)
    if given.json:
        document(
            {
                "total": total,
                "position": ".".join(f"{partition}:{seq}" for partition, seq in sorted(positions.items())),
                "drafts": [brief(row) for row in found],
            }
        )
    elif not found:
        narrowed = " that fits" if filters.tier or run else ""
        say(
            f"No draft{narrowed} waits in namespace {namespace}. `{call(given, 'runs')}` shows what was worked through."
        )
    else:
        _print(given, found, total, namespace, narrowed=bool(run))
    return 0


def ranks(tier: str) -> tuple[float, float]:
    """The lowest and highest rank of a tier, of all where none is named.

    Raises:
        BadInput: there is no such tier.
    """
    if not tier:
        return float("-inf"), float("inf")
    if tier not in TIERS:
        raise BadInput(f"There is no tier {tier!r}.", f"Use one of {', '.join(TIERS)}.", field="tier")
    return bounds(tier)


async def waiting(store: Store, low: float, high: float, run: str, limit: int) -> AsyncIterator[Row]:
    """The drafts in order, at most `limit`; those of one run where one is named."""
    offset = given = 0
    while page := await store.views.by_rank(
        QUEUE, low, high, offset=offset, count=min(PAGE, limit) if not run else PAGE
    ):
        offset += len(page)
        for _, row in page:
            if not run or row.run_id == run:
                yield row
                given += 1
                if given >= limit:
                    return


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
        "passed": row.verdict.passed,
        "drafted_at": row.drafted_at,
        "expires_at": row.expires_at,
    }


def _print(given: Given, found: list[Row], total: int, namespace: str, *, narrowed: bool) -> None:
    rows = [
        (
            short(row.email_id),
            spoken(row.card.tier),
            str(row.card.score),
            cut(reveal(row.card.name), 22),
            cut(row.card.company, 24),
            cut(reveal(row.content.subject), 44) + (" (being rewritten)" if row.status == "changes_requested" else ""),
            "" if row.verdict.passed else "stopped",
            minute(row.expires_at)[5:],
        )
        for row in found
    ]
    say(f"{many(total, 'draft')} in namespace {namespace}, the best tier first, then the oldest.")
    columns = ("id", "tier", "score", "name", "company", "subject", "guard", "until (UTC)")
    say(table(columns, rows, right=("score",)))
    if total > len(found) and not narrowed:
        say(f"… and {total - len(found):,} more; --limit shows them.")
    say(f"Next: {call(given, f'show {short(found[0].email_id)}')} or {call(given, 'review')}")
