"""What one fact moves in the counts of its run: pure, and all that the counts are made of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from contracts.email import (
    EmailApproved,
    EmailBlocked,
    EmailDrafted,
    EmailExpired,
    EmailFailed,
    EmailRejected,
    EmailRevoked,
    EmailSendBlocked,
    EmailSent,
    EmailUnresolved,
    EmailWithdrawn,
)
from contracts.envelope import AnyEnvelope, Event
from contracts.lead import (
    EXCLUDED,
    LeadDisqualified,
    LeadEnriched,
    LeadEnrichmentFailed,
    LeadExcluded,
    LeadHeld,
    LeadReleased,
    LeadScored,
    LeadSourced,
    LeadUpdated,
)
from contracts.ops import DeadLettered, DeadRetried
from contracts.run import STAGES, Stage, Tally

COUNTED: frozenset[type[Event]] = frozenset(
    {
        LeadSourced,
        LeadUpdated,
        LeadEnriched,
        LeadEnrichmentFailed,
        LeadScored,
        LeadDisqualified,
        LeadExcluded,
        LeadHeld,
        LeadReleased,
        EmailDrafted,
        EmailBlocked,
        EmailApproved,
        EmailRevoked,
        EmailRejected,
        EmailExpired,
        EmailWithdrawn,
        EmailSent,
        EmailFailed,
        EmailSendBlocked,
        EmailUnresolved,
        DeadLettered,
        DeadRetried,
    }
)

ENTERING: frozenset[type[Event]] = frozenset(
    {LeadSourced, LeadUpdated, LeadEnriched, LeadScored, EmailDrafted, EmailApproved}
)
"""Those of them by which a lead enters its next stage, as a rule."""

DEAD_IN: Mapping[tuple[str, str], Stage] = {
    ("enricher", "lead.sourced"): "enrich",
    ("enricher", "lead.updated"): "enrich",
    ("segmentor", "lead.enriched"): "segment",
    ("crafter", "lead.scored"): "craft",
    ("crafter", "email.changes_requested"): "approve",
    ("operator", "email.drafted"): "approve",
    ("operator", "email.approved"): "send",
}
"""The stage whose lead is stuck when a service gave up an entry."""


class Move(NamedTuple):
    """One step of the counts of a stage: in, out, error, held, or one more end for a reason or detail of the report."""

    stage: Stage
    entered: int = 0
    out: int = 0
    errors: int = 0
    held: int = 0
    ended: str = ""
    detail: str = ""


def run_of(fact: AnyEnvelope) -> str:
    """The run that a counted fact belongs to; empty for none."""
    match fact.event:
        case LeadSourced(run=terms) | LeadUpdated(run=terms):
            return terms.run_id
        case event:
            return str(getattr(event, "run_id", ""))


def moves(event: Event) -> tuple[Move, ...]:
    """What a fact moves; nothing for one that is not counted."""
    match event:
        case LeadSourced() | LeadUpdated(reopened=True):
            return Move("scrape", out=1), Move("enrich", entered=1)
        case LeadEnriched():
            return Move("enrich", out=1), Move("segment", entered=1)
        case LeadEnrichmentFailed():
            return (Move("enrich", errors=1),)
        case LeadScored():
            return _scored(event)
        case LeadDisqualified():
            return (Move("segment", ended="disqualified"),)
        case LeadExcluded():
            return (Move("craft", ended=EXCLUDED),)
        case LeadHeld(stage=stage):
            return tuple(Move(one, held=1) for one in STAGES if one == stage)
        case LeadReleased(stage=stage):
            return tuple(Move(one, held=-1) for one in STAGES if one == stage)
        case EmailDrafted(draft_version=1, writing=writing) | EmailDrafted(anew=True, writing=writing):
            return (
                Move("craft", out=1),
                Move("approve", entered=1),
                Move("craft", detail=f"campaign:{writing.campaign}"),
                Move("craft", detail=f"angle:{writing.angle}"),
            )
        case EmailBlocked(redraft=redraft):
            return (Move("approve" if redraft else "craft", ended="blocked"),)
        case EmailApproved():
            return Move("approve", out=1), Move("send", entered=1)
        case EmailRevoked():
            return Move("approve", out=-1), Move("send", entered=-1)
        case EmailRejected():
            return (Move("approve", ended="rejected"),)
        case EmailExpired():
            return (Move("approve", ended="expired"),)
        case EmailWithdrawn(was=was, reason=reason):
            return (Move("send" if was == "approved" else "approve", ended=reason or "withdrawn"),)
        case EmailSent():
            return (Move("send", out=1),)
        case EmailFailed():
            return (Move("send", errors=1),)
        case EmailSendBlocked(gate=gate):
            return (Move("send", ended=gate),)
        case EmailUnresolved():
            return (Move("send", ended="unresolved"),)
        case DeadLettered(service=service, entry_type=entry_type):
            return _dead(service, entry_type, 1)
        case DeadRetried(service=service, entry_type=entry_type):
            return _dead(service, entry_type, -1)
        case _:
            return ()


def _scored(scored: LeadScored) -> tuple[Move, ...]:
    # Whoever has a tier and no address needs data all the same: a report does not say of one lead that it does and has.
    needs_data = scored.stop_reason == "needs_data"
    tier = Move("segment", detail=f"tier:{'needs_data' if needs_data else scored.tier}")
    if scored.next == "draft":
        return Move("segment", out=1), Move("craft", entered=1), tier
    would_help = tuple(Move("segment", detail=f"would_help:{name}") for name in scored.would_help)
    return Move("segment", ended=scored.stop_reason or "stopped"), tier, *would_help


def _dead(service: str, entry_type: str, by: int) -> tuple[Move, ...]:
    stage = DEAD_IN.get((service, entry_type.rpartition(".")[0]))
    return (Move(stage, errors=by),) if stage else ()


def count(before: Mapping[str, Tally], facts: Iterable[AnyEnvelope]) -> dict[str, Tally]:
    """The tallies of one run in one partition after some more facts."""
    after: dict[str, _Counts] = {stage: _Counts(tally) for stage, tally in before.items()}
    for fact in facts:
        for move in moves(fact.event):
            after.setdefault(move.stage, _Counts(Tally())).add(move, fact.recorded_at)
    return {stage: counts.tally() for stage, counts in after.items()}


class _Counts:
    """A tally while it is being added to."""

    def __init__(self, tally: Tally) -> None:
        self.entered, self.out, self.errors, self.held = tally.entered, tally.out, tally.errors, tally.held
        self.ended, self.detail = dict(tally.ended), dict(tally.detail)
        self.first_at, self.last_at = tally.first_at, tally.last_at

    def add(self, move: Move, at: datetime) -> None:
        self.entered += move.entered
        self.out += move.out
        self.errors += move.errors
        self.held += move.held
        if move.ended:
            self.ended[move.ended] = self.ended.get(move.ended, 0) + 1
        if move.detail:
            self.detail[move.detail] = self.detail.get(move.detail, 0) + 1
            return
        if move.entered and (self.first_at is None or at < self.first_at):
            self.first_at = at
        if not move.entered and (self.last_at is None or at > self.last_at):
            self.last_at = at

    def tally(self) -> Tally:
        return Tally(
            entered=self.entered,
            out=self.out,
            errors=self.errors,
            held=self.held,
            ended=self.ended,
            detail=self.detail,
            first_at=self.first_at,
            last_at=self.last_at,
        )
