"""What a fact about a lead or its e-mail, or one that led to it, says to a person, in half a sentence without personal data."""

from collections.abc import Callable
from typing import Any

from contracts.deal import AccountApproached
from contracts.email import (
    EmailApproved,
    EmailBlocked,
    EmailChangesRequested,
    EmailClaimed,
    EmailCommented,
    EmailDrafted,
    EmailEdited,
    EmailExpired,
    EmailFailed,
    EmailRejected,
    EmailReleased,
    EmailRevoked,
    EmailSendBlocked,
    EmailSendRequested,
    EmailSendReserved,
    EmailSendStarted,
    EmailSent,
    EmailSnoozed,
    EmailUnresolved,
    EmailWithdrawn,
)
from contracts.envelope import Event
from contracts.lead import (
    EXCLUDED,
    LeadDisqualified,
    LeadDuplicate,
    LeadEnriched,
    LeadEnrichmentFailed,
    LeadExcluded,
    LeadHeld,
    LeadRefused,
    LeadReleased,
    LeadScored,
    LeadSourced,
    LeadUpdated,
    LeadWithdrawn,
    StopReason,
)
from contracts.policy import SendDenied, SendGranted
from contracts.run import RunCancelled, RunChunkRead, RunRequested, RunResumed, RunStopped, RunWithdrawn

STOPPED: dict[StopReason, str] = {
    "needs_data": "needs data",
    "tier_not_drafted": "its tier is not drafted",
    "not_in_segment": "not in the segment of the run",
    "not_in_audience": "not in the audience of the campaign",
    "already_drafted": "was drafted before",
    "withdrawn": "withdrawn",
}


LEFT_ALONE = "taken back: its recipient is to be left alone"


def of(event: Event) -> str:
    """What happened, whichever fact about a lead it is; empty for any other fact."""
    sentence = _SENTENCES.get(type(event))
    return sentence(event) if sentence else ""


def _updated(event: LeadUpdated) -> str:
    news = f", with new {', '.join(sorted(event.fields))}" if event.fields else ""
    return f"{_again(event)}{news}{' and goes on' if event.reopened else ''}"


def _again(event: LeadUpdated | LeadDuplicate) -> str:
    return f"came again from {event.origin.source}, row {event.origin.row}"


def _enriched(event: LeadEnriched) -> str:
    lacking = f"; nobody knows {', '.join(event.missing)}" if event.missing else ""
    return f"enriched with {', '.join(sorted(event.fields)) or 'nothing'}{lacking}"


def _scored(event: LeadScored) -> str:
    stop = f", goes no further: {STOPPED[event.stop_reason]}" if event.stop_reason else ""
    return f"{event.score} points, {event.tier}{stop}"


def _sent(event: EmailSent) -> str:
    return "sending simulated, nothing left this machine" if event.simulated else f"sent through {event.provider}"


# A table, for a `match` tries one class after another: with so many that took half the time of a moment in `timeline`.
_SENTENCES: dict[type[Event], Callable[[Any], str]] = {
    LeadSourced: lambda event: f"came from {event.origin.source}, row {event.origin.row}",
    LeadUpdated: _updated,
    LeadDuplicate: lambda event: f"{_again(event)}, with nothing new",
    LeadRefused: lambda event: f"row refused, {event.field}: {event.reason}",
    LeadEnriched: _enriched,
    LeadEnrichmentFailed: lambda event: f"{event.provider} could not be asked: {event.reason}",
    LeadScored: _scored,
    LeadDisqualified: lambda event: f"disqualified: {event.reason}",
    LeadHeld: lambda event: f"held before {event.stage}: its run is stopped",
    LeadReleased: lambda event: f"goes on at {event.stage}",
    LeadWithdrawn: lambda _: "withdrawn with its run",
    LeadExcluded: lambda _: "to be left alone: nothing is written",
    AccountApproached: lambda event: f"company approached, angle {event.angle}",
    EmailDrafted: lambda event: f"version {event.draft_version} drafted, angle {event.writing.angle}",
    EmailBlocked: lambda event: f"no draft: {event.reason}",
    EmailEdited: lambda event: f"edited to version {event.draft_version}, {event.change.edit_class}",
    EmailApproved: lambda event: f"version {event.draft_version} approved",
    EmailRejected: lambda event: f"version {event.draft_version} rejected: {event.tag}",
    EmailChangesRequested: lambda event: f"another text asked for instead of version {event.draft_version}",
    EmailRevoked: lambda _: "approval taken back",
    EmailClaimed: lambda event: f"claimed until {event.until:%H:%M} UTC",
    EmailReleased: lambda _: "left to the others",
    EmailSnoozed: lambda event: f"put off until {event.until:%Y-%m-%d %H:%M} UTC",
    EmailCommented: lambda _: "commented on",
    EmailExpired: lambda _: "expired: nobody answered in time",
    EmailWithdrawn: lambda event: LEFT_ALONE if event.reason == EXCLUDED else "withdrawn with its run",
    EmailSendRequested: lambda _: "undo window over, sending asked for",
    EmailSendReserved: lambda event: "reserved, simulated" if event.simulated else "reserved",
    EmailSendBlocked: lambda event: f"not sent, {event.gate}: {event.why}",
    EmailSendStarted: lambda event: f"attempt {event.attempt} started" + (", simulated" if event.simulated else ""),
    EmailSent: _sent,
    EmailUnresolved: lambda event: f"nobody knows whether it arrived: {event.reason}",
    EmailFailed: lambda event: f"not sent: {event.reason}",
}
_BEHIND: dict[type[Event], Callable[[Any], str]] = {
    RunRequested: lambda event: f"{event.terms.mode} run over {event.source} asked for",
    RunChunkRead: lambda event: f"chunk {event.chunk + 1} read: {event.rows} rows, {event.sourced} new leads",
    RunStopped: lambda event: f"run stopped at {event.stage}: {event.reason}",
    RunResumed: lambda _: "run resumed",
    RunCancelled: lambda event: f"run cancelled: {event.reason}" if event.reason else "run cancelled",
    RunWithdrawn: lambda event: f"run withdrawn: {event.reason}" if event.reason else "run withdrawn",
    SendGranted: lambda event: f"every gate open: {event.why}",
    SendDenied: lambda event: f"gate {event.gate} closed: {event.why}",
}


def behind(event: Event) -> str:
    """What happened in a run or in policy that led to facts about leads; empty for any other fact."""
    sentence = _BEHIND.get(type(event))
    return sentence(event) if sentence else ""


def lead_of(event: Event) -> str:
    """The lead that a fact speaks of.

    Raises:
        AttributeError: it speaks of none; a view that asks has heard the wrong fact.
    """
    lead: str = event.lead_id  # type: ignore[attr-defined]
    return lead
