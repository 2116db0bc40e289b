"""The view `feedback`: per e-mail what was written, what a person made of it and said; what the next draft learns from."""

from datetime import datetime
from typing import Literal

import msgspec

from contracts.email import (
    EditClass,
    EditedPart,
    EmailApproved,
    EmailBlocked,
    EmailChangesRequested,
    EmailCommented,
    EmailDrafted,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailRevoked,
    EmailWithdrawn,
    RejectionTag,
    in_words,
)
from contracts.envelope import AnyEnvelope, Event, FreeText, Personal
from contracts.lead import Mode, Tier
from services.projections.comments import Comment, with_one_more

NAME = "feedback"
VERSION = 2
HISTORY_MAX = 50

HEARS: frozenset[type[Event]] = frozenset(
    {
        EmailDrafted,
        EmailEdited,
        EmailApproved,
        EmailRejected,
        EmailChangesRequested,
        EmailRevoked,
        EmailCommented,
        EmailExpired,
        EmailWithdrawn,
        EmailBlocked,
    }
)
Outcome = Literal[
    "undecided", "edited", "approved", "rejected", "changes_requested", "revoked", "expired", "withdrawn", "blocked"
]


class Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer of several: what, by whom, when, to which version, in which words."""

    outcome: Outcome
    by: str
    at: datetime
    draft_version: int
    words: FreeText = ""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One e-mail, from its drafting on; `reviewer` and `decided_at` are empty while nobody answered.

    `original_*` is the swarm's newest text, `edited_*` what a person made of it. `distance` is of tokens, from 0
    (same) to 1 (nothing shared).
    """

    email_id: str
    lead_id: str
    account_id: str
    run_id: str
    mode: Mode
    synthetic: bool
    tier: Tier
    angle: str
    template: str
    variant: int
    campaign: str
    drafter: str
    original_subject: Personal
    original_text: Personal
    draft_version: int
    drafted_at: datetime
    outcome: Outcome = "undecided"
    edited_subject: Personal | None = None
    edited_text: Personal | None = None
    edit_class: EditClass = "none"
    distance: float = 0.0
    parts: tuple[EditedPart, ...] = ()
    tag: RejectionTag | None = None
    reason: FreeText = ""
    overridden: tuple[str, ...] = ()
    reviewer: str = ""
    decided_at: datetime | None = None
    history: tuple[Answer, ...] = ()
    comments: tuple[Comment, ...] = ()


def key(fact: AnyEnvelope) -> str:
    """The e-mail."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The row after this fact; e-mails that never had a text have none."""
    match fact.event:
        case EmailDrafted() as drafted:
            return _drafted(row, drafted, fact)
        case _ if row is None:
            return None
        case EmailEdited(draft_version=version, content=content, change=change):
            edited = msgspec.structs.replace(
                row,
                draft_version=version,
                edited_subject=content.subject,
                edited_text=content.text,
                edit_class=change.edit_class,
                distance=change.distance,
                parts=change.parts,
            )
            return _answered(edited, fact, "edited", change.edit_class)
        case EmailApproved(feedback=words, overridden=overridden, override_reason=reason):
            approved = msgspec.structs.replace(row, reason=words or reason, overridden=overridden, tag=None)
            return _answered(approved, fact, "approved", words or reason)
        case EmailRejected(tag=tag, reason=reason):
            return _answered(msgspec.structs.replace(row, tag=tag, reason=reason), fact, "rejected", reason)
        case EmailChangesRequested(instruction=instruction, wishes=wishes):
            words = in_words(wishes, instruction)
            asked = msgspec.structs.replace(row, reason=words)
            return _answered(asked, fact, "changes_requested", words)
        case EmailRevoked(reason=reason):
            revoked = msgspec.structs.replace(row, reason=reason, overridden=())
            return _answered(revoked, fact, "revoked", reason)
        case EmailCommented() as said:
            return msgspec.structs.replace(row, comments=with_one_more(row.comments, said, fact))
        case EmailExpired():
            return msgspec.structs.replace(row, outcome="expired")
        case EmailWithdrawn():
            return msgspec.structs.replace(row, outcome="withdrawn")
        case EmailBlocked():
            return msgspec.structs.replace(row, outcome="blocked")
        case _:
            return row


def rank(row: Row) -> float | None:
    """By the time of the last answer; undecided ones are not listed."""
    return row.decided_at.timestamp() if row.decided_at else None


def _drafted(row: Row | None, drafted: EmailDrafted, fact: AnyEnvelope) -> Row:
    writing = drafted.writing
    return Row(
        email_id=drafted.email_id,
        lead_id=drafted.lead_id,
        account_id=drafted.account_id,
        run_id=drafted.run_id,
        mode=drafted.mode,
        synthetic=fact.synthetic,
        tier=drafted.card.tier,
        angle=writing.angle,
        template=writing.template,
        variant=writing.variant,
        campaign=writing.campaign,
        drafter=writing.drafter,
        original_subject=drafted.content.subject,
        original_text=drafted.content.text,
        draft_version=drafted.draft_version,
        drafted_at=fact.recorded_at,
        reviewer=row.reviewer if row else "",
        decided_at=row.decided_at if row else None,
        history=row.history if row else (),
        comments=row.comments if row else (),
    )


def _answered(row: Row, fact: AnyEnvelope, outcome: Outcome, words: str) -> Row:
    by, at = str(fact.actor), fact.recorded_at
    answer = Answer(outcome=outcome, by=by, at=at, draft_version=row.draft_version, words=words)
    return msgspec.structs.replace(
        row, outcome=outcome, reviewer=by, decided_at=at, history=(*row.history, answer)[-HISTORY_MAX:]
    )
