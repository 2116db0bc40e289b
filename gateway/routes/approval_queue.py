"""The queue: the drafts that wait for a person, one of them, and how many there are."""

from datetime import datetime
from functools import partial
from typing import get_args

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from contracts.access import Person
from contracts.email import RejectionTag, Status
from contracts.envelope import reveal
from contracts.errors import NotFound
from contracts.lead import Tier
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend
from gateway.etag import etag
from gateway.pages import page
from gateway.query import PAGED, After, Asking, Paging, Text, fits, only_known, says
from services.projections.approval_queue import Row, bounds
from services.projections.views import FEEDBACK, LEADS, QUEUE
from services.runtime.view_pages import listed

LET_OUT: frozenset[Status] = frozenset(
    {"approved", "send_requested", "send_reserved", "send_blocked", "send_started", "sent", "unresolved", "failed"}
)
"""Where an e-mail stands that a person approved."""
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


class QueueStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How many e-mails stand where; `approved` counts also those that went out since. `by_tier` are the pending ones."""

    pending: int
    approved: int
    rejected: int
    changes_requested: int
    expired: int
    by_tier: dict[Tier, int]


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A reason to reject a draft, and when to choose it."""

    tag: RejectionTag
    meaning: str


@get("/api/pending-emails", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def pending_emails(
    request: Asking,
    backend: NamedDependency[Backend],
    paging: NamedDependency[Paging],
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    angle: FromQuery[str | None] = None,
    q: Text = None,
    after: After = None,
) -> Response[Page]:
    """The cards that wait, the best tier first, then the oldest. `q` looks in company, title, subject and name."""
    person = request.user
    position = await reached(backend.views, QUEUE, after)
    lowest, highest = bounds(tier) if tier else (float("-inf"), float("inf"))

    def wanted(row: Row) -> bool:
        return (
            row.status != "approved"  # It was, between two reads.
            and fits(row.run_id, run_id)
            and fits(row.writing.campaign, campaign)
            and fits(row.writing.angle, angle)
            and says(q, *_texts(row, person))
        )

    read = listed(backend.views, QUEUE, lowest=lowest, highest=highest)
    return await page(
        "queue", paging, read, fits=wanted, show=partial(_item, person=person, now=backend.clock()), position=position
    )


@get("/api/emails/{email_id:str}", opt=needs("read"), guards=[only_known])
async def email(
    email_id: FromPath[str], request: Asking, backend: NamedDependency[Backend], after: After = None
) -> Response[dict[str, object]]:
    """One card, with its ETag while an answer can be given; later what was made of the e-mail, as in `/api/feedback`.

    A card has a `status`, what comes later an `outcome`.
    """
    headers = {POSITION: await reached(backend.views, QUEUE, after)}
    card = await backend.views.get(QUEUE, email_id)
    if card is not None:
        headers["ETag"] = etag(card.draft_version, card.content_hash)
        return Response(_item(card, request.user, backend.clock()), headers=headers)
    headers[POSITION] = await reached(backend.views, FEEDBACK, after)
    past = await backend.views.get(FEEDBACK, email_id)
    if past is None:
        raise NotFound("There is no such e-mail.", "`GET /api/pending-emails` lists those that wait.")
    return Response(shown(past, request.user), headers=headers)


@get("/api/queue-status", opt=needs("read"), guards=[only_known])
async def queue_status(backend: NamedDependency[Backend], after: After = None) -> Response[QueueStatus]:
    """How many drafts wait, of which tier, and what became of the others. It counts every lead."""
    position = await reached(backend.views, LEADS, after)
    counts: dict[Status, int] = {}
    by_tier: dict[Tier, int] = dict.fromkeys(get_args(Tier), 0)
    async for _, lead in backend.views.all(LEADS):
        counts[lead.email_status] = counts.get(lead.email_status, 0) + 1
        if lead.email_status == "drafted" and lead.tier:
            by_tier[lead.tier] += 1
    status = QueueStatus(
        pending=counts.get("drafted", 0),
        approved=sum(counts.get(one, 0) for one in LET_OUT),
        rejected=counts.get("rejected", 0),
        changes_requested=counts.get("changes_requested", 0),
        expired=counts.get("expired", 0),
        by_tier=by_tier,
    )
    return Response(status, headers={POSITION: position})


@get("/api/rejection-tags", opt=needs("read"), guards=[only_known])
async def rejection_tags() -> list[Tag]:
    """The twelve tags that a rejection has one of."""
    return [Tag(tag=tag, meaning=meaning) for tag, meaning in TAGS.items()]


def _texts(row: Row, person: Person) -> tuple[str, ...]:
    """Where `q` looks: in nothing that the answer would not show."""
    personal = (reveal(row.content.subject), reveal(row.card.name)) if person.may("read_personal") else ()
    return (row.card.company, row.card.title, *personal)


def _item(row: Row, person: Person, now: datetime) -> dict[str, object]:
    """A card, whether a plain approval would pass as things stand, and what each rule of the guard found."""
    checks = {one.rule: {"passed": one.passed, "found": one.found} for one in row.verdict.results}
    return shown(row, person) | {
        "checks": checks,
        "can_approve": row.status == "drafted" and row.verdict.passed and now < row.expires_at,
        "etag": etag(row.draft_version, row.content_hash),
    }


ROUTES = (pending_emails, email, queue_status, rejection_tags)
