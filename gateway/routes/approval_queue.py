"""The queue: the drafts that wait for a person, one of them, and how many there are."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias, get_args

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from contracts.access import Person
from contracts.email import RejectionTag
from contracts.envelope import reveal
from contracts.errors import NotFound
from contracts.lead import Tier
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.cards import around, card, login_of
from gateway.etag import etag
from gateway.pages import page
from gateway.query import PAGED, After, Asking, Paging, Text, fits, only_known, says
from services.projections.approval_queue import Row, as_of, bounds
from services.projections.views import DAYS, FEEDBACK, QUEUE
from services.runtime.view_pages import listed, ordered
from services.runtime.view_store import PAGE

Sort: TypeAlias = Literal["rank", "oldest", "newest", "score"]
BY: dict[Sort, Callable[[Row], float]] = {
    "oldest": lambda row: row.drafted_at.timestamp(),
    "newest": lambda row: -row.drafted_at.timestamp(),
    "score": lambda row: -row.card.score,
}
"""What the list goes by, the lowest first, where it is not the rank that the view keeps."""
TAGS: dict[RejectionTag, str] = {
    "personalization_mismatch": "What it says of the recipient does not fit them.",
    "icp_mismatch": "This company is none that we want to write to.",
    "campaign_mismatch": "Right person, wrong campaign: the offer is not for them.",
    "tone_style_issue": "It does not sound like us.",
    "factual_inaccuracy": "Something in it is not true.",
    "weak_subject": "The subject gives no reason to open it.",
    "weak_cta": "It asks for nothing, for too much, or for too many things.",
    "length_issue": "It is too long or too short.",
    "compliance_issue": "It promises or says what we may not.",
    "placeholder_or_rendering_issue": "A placeholder or a broken line is left in it.",
    "queue_hygiene_non_actionable": "It should not be in the queue at all: a test, a copy, nobody to write to.",
    "other": "None of these; the reason says what.",
}


class DecidedToday(msgspec.Struct, frozen=True, kw_only=True):
    """Answers given since midnight UTC; an approval taken back today is none."""

    approved: int
    rejected: int
    changes_requested: int
    edited: int


class QueueStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How many e-mails stand where; `approved` counts also those that went out since. `by_tier` are the pending ones.

    Args:
        snoozed: how many of those that wait are put off until later.
        oldest_at: since when the oldest of the others has waited; null where none does.
        claimed: by login, how many of those that wait somebody is looking at.
    """

    pending: int
    approved: int
    rejected: int
    changes_requested: int
    expired: int
    by_tier: dict[Tier, int]
    snoozed: int
    oldest_at: datetime | None
    claimed: dict[str, int]
    decided_today: DecidedToday


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A reason to reject a draft, and when to choose it."""

    tag: RejectionTag
    meaning: str


@get("/api/pending-emails", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def pending_emails(
    request: Asking,
    backend: Behind,
    paging: NamedDependency[Paging],
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    angle: FromQuery[str | None] = None,
    q: Text = None,
    sort: FromQuery[Sort] = "rank",
    snoozed: FromQuery[bool] = False,
    claimed_by: FromQuery[str | None] = None,
    after: After = None,
) -> Response[Page]:
    """The cards that wait, the best tier first, then the oldest. `q` looks in company, title, subject and name.

    Cards that were put off are left out until they come back; with `snoozed` there are those alone. `claimed_by` takes
    a login, or the actor as in the rows. An order other than by rank reads every card that waits. The header
    `X-Swarm-Total` says how many there are of the tier, or of all, whatever else is asked for.
    """
    person, now = request.user, backend.clock()
    position = await reached(backend.views, QUEUE, after)
    lowest, highest = bounds(tier) if tier else (float("-inf"), float("inf"))

    def wanted(row: Row) -> bool:
        current = as_of(row, now)
        return (
            row.status != "approved"  # It was, between two reads.
            and (current.snoozed_until is not None) == snoozed
            and (claimed_by is None or claimed_by in {current.claimed_by, login_of(current.claimed_by)})
            and fits(row.run_id, run_id)
            and fits(row.writing.campaign, campaign)
            and fits(row.writing.angle, angle)
            and says(q, *_texts(row, person))
        )

    if sort == "rank":
        read = listed(backend.views, QUEUE, lowest=lowest, highest=highest)
    else:
        read = await ordered(backend.views, QUEUE, BY[sort], lowest=lowest, highest=highest)
    title, show = "queue" if sort == "rank" else f"queue by {sort}", partial(card, person=person, now=now)
    total = await backend.views.count(QUEUE, lowest, highest)
    return await page(title, paging, read, fits=wanted, show=show, position=position, total=total)


@get("/api/emails/{email_id:str}", opt=needs("read"), guards=[only_known])
async def email(
    email_id: FromPath[str], request: Asking, backend: Behind, after: After = None
) -> Response[dict[str, object]]:
    """One card, with its ETag while an answer can be given; later what was made of the e-mail, as in `/api/feedback`.

    A card has a `status`, what comes later an `outcome`. A card also has `others` (who else at that company is written
    to), `zone` (a guess, or empty) and `evidence` (what is known of the fields that its claims name).
    """
    person = request.user
    headers = {POSITION: await reached(backend.views, QUEUE, after)}
    row = await backend.views.get(QUEUE, email_id)
    if row is not None:
        headers["ETag"] = etag(row.draft_version, row.content_hash)
        shown_here = card(row, person, backend.clock()) | await around(row, person, backend)
        return Response(shown_here, headers=headers)
    # The queue has let go of it, if it was there: what became of it stands in the other view no later than here.
    left = await reached(backend.views, QUEUE, after)
    headers[POSITION] = await reached(backend.views, FEEDBACK, left)
    past = await backend.views.get(FEEDBACK, email_id)
    if past is None:
        raise NotFound("There is no such e-mail.", "`GET /api/pending-emails` lists those that wait.")
    return Response(shown(past, person), headers=headers)


@get("/api/queue-status", opt=needs("read"), guards=[only_known])
async def queue_status(backend: Behind, after: After = None) -> Response[QueueStatus]:
    """How many drafts wait, of which tier, and what became of the others. It reads every card that waits."""
    await reached(backend.views, DAYS, after)
    position = await reached(backend.views, QUEUE, after)
    now = backend.clock()
    days = [day async for _, day in backend.views.all(DAYS)]
    today = [one for one in days if one.day == f"{now:%Y-%m-%d}"]
    waiting = [as_of(row, now) async for row in _waiting(backend)]
    drafted = [row for row in waiting if row.status == "drafted"]
    tiers = Counter(row.card.tier for row in drafted)
    status = QueueStatus(
        pending=len(drafted),
        approved=sum(one.approved - one.revoked - one.withdrawn for one in days),
        rejected=sum(one.rejected for one in days),
        changes_requested=len(waiting) - len(drafted),
        expired=sum(one.expired for one in days),
        by_tier={tier: tiers[tier] for tier in get_args(Tier)},
        snoozed=sum(row.snoozed_until is not None for row in waiting),
        oldest_at=min((row.drafted_at for row in drafted if row.snoozed_until is None), default=None),
        claimed=dict(sorted(Counter(login_of(row.claimed_by) for row in waiting if row.claimed_by).items())),
        decided_today=DecidedToday(
            approved=max(0, sum(one.approved - one.revoked for one in today)),
            rejected=sum(one.rejected for one in today),
            changes_requested=sum(one.changes_requested for one in today),
            edited=sum(one.edited for one in today),
        ),
    )
    return Response(status, headers={POSITION: position})


async def _waiting(backend: Backend) -> AsyncIterator[Row]:
    """Every card of the list."""
    read, place = listed(backend.views, QUEUE), None
    while found := await read(place, PAGE):
        place = found[-1].place
        for one in found:
            if one.row is not None and one.row.status != "approved":
                yield one.row


@get("/api/rejection-tags", opt=needs("read"), guards=[only_known])
async def rejection_tags() -> list[Tag]:
    """The twelve tags that a rejection has one of."""
    return [Tag(tag=tag, meaning=meaning) for tag, meaning in TAGS.items()]


def _texts(row: Row, person: Person) -> tuple[str, ...]:
    """Where `q` looks: in nothing that the answer would not show."""
    personal = (reveal(row.content.subject), reveal(row.card.name)) if person.may("read_personal") else ()
    return (row.card.company, row.card.title, *personal)


ROUTES = (pending_emails, email, queue_status, rejection_tags)
