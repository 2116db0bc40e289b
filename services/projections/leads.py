"""The view `leads`: per lead, refused rows among them, where it stands in words, why, and what would move it."""

from datetime import datetime
from typing import TypeAlias, get_args

import msgspec

from contracts import email, lead
from contracts.email import EmailBlocked, EmailDrafted, EmailEvent
from contracts.envelope import AnyEnvelope, Event, Personal
from contracts.lead import (
    LeadDisqualified,
    LeadDuplicate,
    LeadEnriched,
    LeadEnrichmentFailed,
    LeadEvent,
    LeadExcluded,
    LeadHeld,
    LeadRefused,
    LeadReleased,
    LeadScored,
    LeadSourced,
    LeadUpdated,
    LeadWithdrawn,
    Origin,
    StopReason,
    Tier,
    Value,
)
from services.projections import words
from services.projections.words import lead_of

NAME = "leads"
VERSION = 3
MOVES_NOTHING: frozenset[type[Event]] = frozenset(
    {email.EmailClaimed, email.EmailReleased, email.EmailSnoozed, email.EmailCommented}
)
"""After these a lead stands where it stood."""
HEARS: frozenset[type[Event]] = frozenset({*get_args(LeadEvent), *get_args(EmailEvent)}) - MOVES_NOTHING
_EMAIL_STATUS: dict[type[Event], email.Status] = {
    email.EmailDrafted: "drafted",
    email.EmailBlocked: "blocked",
    email.EmailEdited: "drafted",
    email.EmailApproved: "approved",
    email.EmailRejected: "rejected",
    email.EmailChangesRequested: "changes_requested",
    email.EmailRevoked: "drafted",
    email.EmailExpired: "expired",
    email.EmailWithdrawn: "withdrawn",
    email.EmailSendRequested: "send_requested",
    email.EmailSendReserved: "send_reserved",
    email.EmailSendBlocked: "send_blocked",
    email.EmailSendStarted: "send_started",
    email.EmailSent: "sent",
    email.EmailUnresolved: "unresolved",
    email.EmailFailed: "failed",
}
_STANDS: dict[email.Status, str] = {
    "none": "",
    "blocked": "no draft that the guard lets pass",
    "drafted": "a draft waits for a person",
    "changes_requested": "being rewritten",
    "approved": "approved, can still be taken back",
    "rejected": "rejected by a person",
    "expired": "expired: nobody answered",
    "withdrawn": "withdrawn",
    "send_requested": "approved, waiting for its reservation",
    "send_reserved": "reserved, about to be sent",
    "send_blocked": "approved, not sent",
    "send_started": "being sent",
    "sent": "sent",
    "unresolved": "sent or not, a person has to look",
    "failed": "not sent",
}
SIMULATED = "sent, simulated"
_ANOTHER_RUN: dict[StopReason | None, str] = {
    "tier_not_drafted": "Run its file again and let its tier be drafted too (`--draft`).",
    "not_in_segment": "Run its file again without the segment (`--segment`).",
    "not_in_audience": "Run its file again for another campaign (`--campaign`), or for none.",
}
"""What takes a lead further that no value would."""
Status: TypeAlias = lead.Status


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One lead, or one row that became none; `id` is then the refusal's.

    `stands` says where it is, `why` how that came about, `missing` what would move it, `remedy` what mends the row.
    """

    id: str
    status: Status
    stands: str
    updated_at: datetime
    why: str = ""
    run_id: str = ""
    account_id: str = ""
    origin: Origin | None = None
    synthetic: bool = False
    name: Personal | None = None
    title: str = ""
    company: str = ""
    score: int | None = None
    could_reach: int | None = None
    tier: Tier | None = None
    headline: str = ""
    campaign: str = ""
    missing: tuple[str, ...] = ()
    remedy: str = ""
    held_at: str = ""
    email_id: str = ""
    email_status: email.Status = "none"
    duplicates: int = 0
    possible_duplicate: str = ""


def key(fact: AnyEnvelope) -> str:
    """The lead, also for what happens to its e-mails; the refusal for a row that became none."""
    event = fact.event
    return event.refusal_id if isinstance(event, LeadRefused) else lead_of(event)


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The lead after this fact."""
    event, at = fact.event, fact.recorded_at
    replace = msgspec.structs.replace
    if isinstance(event, LeadSourced):
        return _sourced(event, fact)
    if isinstance(event, LeadRefused):
        return Row(
            id=event.refusal_id,
            status="refused",
            stands="refused",
            updated_at=at,
            why=f"{event.field}: {event.reason}",
            run_id=event.run_id,
            origin=event.origin,
            synthetic=fact.synthetic,
            missing=(event.field,),
            remedy=event.remedy,
        )
    if row is None:
        return None
    if type(event) in _EMAIL_STATUS:
        return _mailed(row, event, at)
    match event:
        case LeadUpdated(run=run, fields=fields, reopened=reopened):
            named = _named(row, fields)
            if not reopened:
                return named
            return replace(
                named,
                status="sourced",
                stands="goes on with new data" if fields else "goes on in another run",
                why="",
                remedy="",
                run_id=run.run_id,
                updated_at=at,
            )
        case LeadDuplicate():
            return replace(row, duplicates=row.duplicates + 1)
        case LeadEnriched(missing=missing):
            return replace(row, status="enriched", stands="enriched", held_at="", missing=missing, updated_at=at)
        case LeadEnrichmentFailed():
            return replace(row, status="needs_data", stands="needs data", why=words.of(event), updated_at=at)
        case LeadScored() as scored:
            return _scored(row, scored, at)
        case LeadDisqualified(reason=reason):
            return replace(
                row, status="disqualified", stands="disqualified", why=reason, missing=(), remedy="", updated_at=at
            )
        case LeadHeld(stage=stage):
            return replace(row, held_at=stage, stands=words.of(event), updated_at=at)
        case LeadReleased():
            return replace(row, held_at="", stands=words.of(event), updated_at=at)
        case LeadWithdrawn():
            return replace(row, status="withdrawn", stands="withdrawn", held_at="", why="", remedy="", updated_at=at)
        case LeadExcluded():
            return replace(
                row, stands="left alone", why=words.of(event), missing=(), remedy="", held_at="", updated_at=at
            )
        case _:
            return row


def rank(row: Row) -> float | None:
    """By the time of its newest change."""
    return row.updated_at.timestamp()


def _sourced(event: LeadSourced, fact: AnyEnvelope) -> Row:
    row = Row(
        id=event.lead_id,
        status="sourced",
        stands="waits for enrichment",
        updated_at=fact.recorded_at,
        run_id=event.run.run_id,
        account_id=event.account_id,
        origin=event.origin,
        synthetic=fact.synthetic,
        possible_duplicate=event.possible_duplicate,
    )
    return _named(row, event.fields)


def _named(row: Row, fields: dict[str, Value]) -> Row:
    name, title, company = fields.get("full_name"), fields.get("title"), fields.get("company")
    return msgspec.structs.replace(
        row,
        name=name if isinstance(name, Personal) else row.name,
        title=title if isinstance(title, str) else row.title,
        company=company if isinstance(company, str) else row.company,
    )


def _scored(row: Row, scored: LeadScored, at: datetime) -> Row:
    stop = scored.stop_reason
    if scored.next == "draft":
        stands = "waits for its draft"
    else:
        stands = words.STOPPED[stop] if stop else "goes no further"
    return msgspec.structs.replace(
        row,
        status="needs_data" if stop == "needs_data" else "scored",
        stands=stands,
        why="; ".join(scored.reasons),
        account_id=scored.account_id,
        score=scored.score,
        could_reach=scored.could_reach,
        tier=scored.tier,
        headline=scored.headline,
        campaign=scored.campaign,
        missing=scored.missing,
        remedy=_ANOTHER_RUN.get(stop, ""),
        held_at="",
        updated_at=at,
    )


def _mailed(row: Row, event: Event, at: datetime) -> Row:
    status = _EMAIL_STATUS[type(event)]
    stands = _STANDS[status]
    if isinstance(event, email.EmailSent) and event.simulated:
        stands = SIMULATED
    why = row.why if isinstance(event, EmailDrafted) else words.of(event)
    if isinstance(event, EmailBlocked):
        why = event.reason
    return msgspec.structs.replace(
        row, email_id=event.about(), email_status=status, stands=stands, why=why, held_at="", updated_at=at
    )
