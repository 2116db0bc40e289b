"""The view `queue`: one row per e-mail that waits for a person, with everything a card shows.

An approved e-mail keeps its row, unlisted, while its approval can be taken back: who revokes gets the same text again.
A claim that is over and a card that was put off until now need no fact and no clock: whoever reads compares the time.
"""

from datetime import datetime
from typing import Literal

import msgspec

from contracts.email import (
    Card,
    Claim,
    Content,
    EmailApproved,
    EmailBlocked,
    EmailChangesRequested,
    EmailClaimed,
    EmailCommented,
    EmailDrafted,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailReleased,
    EmailRevoked,
    EmailSendBlocked,
    EmailSendReserved,
    EmailSnoozed,
    EmailWithdrawn,
    Verdict,
    Writing,
    in_words,
)
from contracts.envelope import AnyEnvelope, Event, FreeText
from contracts.lead import Mode, Tier
from services.projections.comments import Comment, with_one_more

NAME = "queue"
VERSION = 3
TIERS: tuple[Tier, ...] = ("tier_1", "tier_2", "tier_3", "tier_4", "needs_data")
TIER_SPAN = 1e11
"""Between the ranks of two tiers; more seconds than any date has."""

OVER: frozenset[type[Event]] = frozenset(
    {EmailRejected, EmailExpired, EmailWithdrawn, EmailBlocked, EmailSendReserved, EmailSendBlocked}
)
"""These take the card off the queue."""
HEARS: frozenset[type[Event]] = OVER | {
    EmailDrafted,
    EmailEdited,
    EmailApproved,
    EmailChangesRequested,
    EmailRevoked,
    EmailClaimed,
    EmailReleased,
    EmailSnoozed,
    EmailCommented,
}


class Version(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One text of the e-mail: who wrote it, when, and why there is another after the first.

    `asked_by` is the person whose wish it answers. `angle` and `variant` say what was written; a person's edit has none.
    """

    version: int
    by: str
    at: datetime
    why: FreeText
    asked_by: str = ""
    angle: str = ""
    variant: int | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One card. `changes_requested` is being rewritten; `approved` is not listed and waits for `send_due_at`.

    A claim counts until `claimed_until`, and the card is left out of the list until `snoozed_until`; see `as_of`.
    """

    email_id: str
    lead_id: str
    account_id: str
    run_id: str
    mode: Mode
    synthetic: bool
    step: int
    status: Literal["drafted", "changes_requested", "approved"]
    draft_version: int
    content_hash: str
    content: Content
    card: Card
    writing: Writing
    claims: tuple[Claim, ...]
    verdict: Verdict
    drafted_at: datetime
    expires_at: datetime
    versions: tuple[Version, ...]
    instruction: FreeText = ""
    answered_by: str = ""
    send_due_at: datetime | None = None
    claimed_by: str = ""
    claimed_until: datetime | None = None
    snoozed_until: datetime | None = None
    comments: tuple[Comment, ...] = ()


def key(fact: AnyEnvelope) -> str:
    """The e-mail."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The card after this fact; None takes it off the queue."""
    if type(fact.event) in OVER:
        return None
    match fact.event:
        case EmailDrafted() as drafted:
            return _drafted(row, drafted, fact)
        case _ if row is None:
            return None
        case EmailEdited() as edited:
            return msgspec.structs.replace(
                _unhandled(row),
                status="drafted",
                draft_version=edited.draft_version,
                content_hash=edited.content_hash,
                content=edited.content,
                claims=edited.claims,
                verdict=edited.verdict,
                versions=(*row.versions, _version(edited.draft_version, fact, f"{edited.change.edit_class} edit")),
            )
        case EmailApproved(send_due_at=due_at):
            return msgspec.structs.replace(
                _unhandled(row), status="approved", answered_by=str(fact.actor), send_due_at=due_at
            )
        case EmailChangesRequested(instruction=instruction, wishes=wishes):
            asked = in_words(wishes, instruction)
            return msgspec.structs.replace(
                _unhandled(row), status="changes_requested", answered_by=str(fact.actor), instruction=asked
            )
        case EmailRevoked():
            return msgspec.structs.replace(_unhandled(row), status="drafted", answered_by="", send_due_at=None)
        case EmailClaimed(until=until):
            return msgspec.structs.replace(row, claimed_by=str(fact.actor), claimed_until=until)
        case EmailReleased():
            return _unclaimed(row)
        case EmailSnoozed(until=until):
            return msgspec.structs.replace(_unclaimed(row), snoozed_until=until)
        case EmailCommented() as said:
            return msgspec.structs.replace(row, comments=with_one_more(row.comments, said, fact))
        case _:
            return row


def as_of(row: Row, now: datetime) -> Row:
    """The card at a time: without a claim or a putting off that is over."""
    if row.claimed_until is not None and now >= row.claimed_until:
        row = _unclaimed(row)
    if row.snoozed_until is not None and now >= row.snoozed_until:
        row = msgspec.structs.replace(row, snoozed_until=None)
    return row


def can_approve(row: Row, now: datetime) -> bool:
    """Whether a plain approval would pass as things stand."""
    return row.status == "drafted" and row.verdict.passed and now < row.expires_at


def rank(row: Row) -> float | None:
    """Better tiers first, within a tier whoever waits longest; None is not listed."""
    if row.status == "approved":
        return None
    return TIERS.index(row.card.tier) * TIER_SPAN + row.drafted_at.timestamp()


def bounds(tier: Tier) -> tuple[float, float]:
    """The lowest and highest rank that a card of this tier can have."""
    lowest = TIERS.index(tier) * TIER_SPAN
    return lowest, lowest + TIER_SPAN - 1


def _unclaimed(row: Row) -> Row:
    return msgspec.structs.replace(row, claimed_by="", claimed_until=None)


def _unhandled(row: Row) -> Row:
    """An answer ends the claim, and whoever answers has not put it off any more."""
    return msgspec.structs.replace(row, claimed_by="", claimed_until=None, snoozed_until=None)


def _drafted(row: Row | None, drafted: EmailDrafted, fact: AnyEnvelope) -> Row:
    writing = drafted.writing
    why = in_words(writing.wishes, writing.instruction) or (row.instruction if row else "")
    return Row(
        email_id=drafted.email_id,
        lead_id=drafted.lead_id,
        account_id=drafted.account_id,
        run_id=drafted.run_id,
        mode=drafted.mode,
        synthetic=fact.synthetic,
        step=drafted.step,
        status="drafted",
        draft_version=drafted.draft_version,
        content_hash=drafted.content_hash,
        content=drafted.content,
        card=drafted.card,
        writing=drafted.writing,
        claims=drafted.claims,
        verdict=drafted.verdict,
        drafted_at=row.drafted_at if row else fact.recorded_at,
        expires_at=drafted.expires_at,
        versions=(
            *(row.versions if row else ()),
            Version(
                version=drafted.draft_version,
                by=str(fact.actor),
                at=fact.recorded_at,
                why=why,
                asked_by=row.answered_by if row and row.status == "changes_requested" else "",
                angle=writing.angle,
                variant=writing.variant,
            ),
        ),
        comments=row.comments if row else (),
    )


def _version(version: int, fact: AnyEnvelope, why: str) -> Version:
    return Version(version=version, by=str(fact.actor), at=fact.recorded_at, why=why)
