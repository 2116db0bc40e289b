"""What a fact about a lead or its e-mail says to a person, in half a sentence without personal data."""

from typing import get_args

from contracts.deal import AccountApproached
from contracts.email import (
    EmailApproved,
    EmailBlocked,
    EmailChangesRequested,
    EmailDrafted,
    EmailEdited,
    EmailEvent,
    EmailExpired,
    EmailFailed,
    EmailRejected,
    EmailRevoked,
    EmailSendBlocked,
    EmailSendRequested,
    EmailSendReserved,
    EmailSendStarted,
    EmailSent,
    EmailUnresolved,
    EmailWithdrawn,
)
from contracts.envelope import Event
from contracts.lead import (
    LeadDisqualified,
    LeadDuplicate,
    LeadEnriched,
    LeadEnrichmentFailed,
    LeadHeld,
    LeadRefused,
    LeadReleased,
    LeadScored,
    LeadSourced,
    LeadUpdated,
    LeadWithdrawn,
    StopReason,
)

STOPPED: dict[StopReason, str] = {
    "needs_data": "needs data",
    "tier_not_drafted": "its tier is not drafted",
    "not_in_segment": "not in the segment of the run",
    "already_drafted": "was drafted before",
    "withdrawn": "withdrawn",
}


def of_lead(event: Event) -> str:
    """What happened to a lead; empty for any other fact."""
    match event:
        case LeadSourced(origin=origin):
            return f"came from {origin.source}, row {origin.row}"
        case LeadUpdated(origin=origin, fields=fields, reopened=reopened):
            again = " and goes on" if reopened else ""
            return f"came again from {origin.source}, row {origin.row}, with new {', '.join(sorted(fields))}{again}"
        case LeadDuplicate(origin=origin):
            return f"came again from {origin.source}, row {origin.row}, with nothing new"
        case LeadRefused(field=field, reason=reason):
            return f"row refused, {field}: {reason}"
        case LeadEnriched(fields=fields, missing=missing):
            lacking = f"; nobody knows {', '.join(missing)}" if missing else ""
            return f"enriched with {', '.join(sorted(fields)) or 'nothing'}{lacking}"
        case LeadEnrichmentFailed(provider=provider, reason=reason):
            return f"{provider} could not be asked: {reason}"
        case LeadScored(score=score, tier=tier, stop_reason=stop):
            return f"{score} points, {tier}" + (f", goes no further: {STOPPED[stop]}" if stop else "")
        case LeadDisqualified(reason=reason):
            return f"disqualified: {reason}"
        case LeadHeld(stage=stage):
            return f"held before {stage}: its run is stopped"
        case LeadReleased(stage=stage):
            return f"goes on at {stage}"
        case LeadWithdrawn():
            return "withdrawn with its run"
        case _:
            return ""


def of_email(event: Event) -> str:
    """What happened to an e-mail; empty for any other fact."""
    match event:
        case EmailDrafted(draft_version=version, writing=writing):
            return f"version {version} drafted, angle {writing.angle}"
        case EmailBlocked(reason=reason):
            return f"no draft: {reason}"
        case EmailEdited(draft_version=version, change=change):
            return f"edited to version {version}, {change.edit_class}"
        case EmailApproved(draft_version=version):
            return f"version {version} approved"
        case EmailRejected(draft_version=version, tag=tag):
            return f"version {version} rejected: {tag}"
        case EmailChangesRequested(draft_version=version):
            return f"another text asked for instead of version {version}"
        case EmailRevoked():
            return "approval taken back"
        case EmailExpired():
            return "expired: nobody answered in time"
        case EmailWithdrawn():
            return "withdrawn with its run"
        case EmailSendRequested():
            return "undo window over, sending asked for"
        case EmailSendReserved(simulated=simulated):
            return "reserved, simulated" if simulated else "reserved"
        case EmailSendBlocked(gate=gate, why=why):
            return f"not sent, {gate}: {why}"
        case EmailSendStarted(attempt=attempt, simulated=simulated):
            return f"attempt {attempt} started" + (", simulated" if simulated else "")
        case EmailSent(simulated=simulated, provider=provider):
            return "sending simulated, nothing left this machine" if simulated else f"sent through {provider}"
        case EmailUnresolved(reason=reason):
            return f"nobody knows whether it arrived: {reason}"
        case EmailFailed(reason=reason):
            return f"not sent: {reason}"
        case _:
            return ""


_EMAIL_FACTS = frozenset(get_args(EmailEvent))


def of(event: Event) -> str:
    """What happened, whichever fact about a lead it is."""
    if type(event) in _EMAIL_FACTS:
        return of_email(event)
    if isinstance(event, AccountApproached):
        return f"company approached, angle {event.angle}"
    return of_lead(event)


def lead_of(event: Event) -> str:
    """The lead that a fact speaks of.

    Raises:
        AttributeError: it speaks of none; a view that asks has heard the wrong fact.
    """
    lead: str = event.lead_id  # type: ignore[attr-defined]
    return lead
