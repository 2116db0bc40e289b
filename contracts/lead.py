"""The page of category `lead`: what is known of one person at one company, and how far the swarm got with them."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import AnyEnvelope, Event, EventId, Personal

FOLD = 1
TOLD_MAX = 32

Mode: TypeAlias = Literal["dry_run", "sandbox", "staging", "production"]
Tier: TypeAlias = Literal["tier_1", "tier_2", "tier_3", "tier_4", "needs_data"]
Value: TypeAlias = str | int | tuple[str, ...] | Personal
Status: TypeAlias = Literal[
    "new", "sourced", "enriched", "scored", "needs_data", "disqualified", "refused", "withdrawn"
]
RowOutcome: TypeAlias = Literal["sourced", "updated", "reopened", "duplicate", "refused"]
StopReason: TypeAlias = Literal[
    "needs_data", "tier_not_drafted", "not_in_segment", "not_in_audience", "already_drafted", "withdrawn"
]

EXCLUDED = "excluded"
"""The outcome of a lead that was held out because it is to be left alone, and why an e-mail was taken back then."""

PERSONAL_FIELDS = frozenset({"email", "full_name", "first_name", "last_name", "phone", "linkedin_url", "city"})
"""Fields that name or reach a person; everywhere else they are `Personal`."""


class RunTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a run asked for, carried by its leads so that no agent has to look it up.

    `draft` names what is drafted beyond tier_1 to tier_3 (`tier_4`, `needs_data`); `segment` keeps only one tier.
    `campaign` names the campaign that all of its leads are of; empty where each is routed by itself.
    """

    run_id: str
    mode: Mode
    draft: tuple[str, ...] = ()
    segment: str = ""
    campaign: str = ""


class Origin(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a row came from.

    `kind` is one of the source types of the sales vocabulary (`import`, `competitor_follower`, `event_attendee`, …),
    `row` counts data rows from 1, `basis` says under what right the data is held, `as_of` when the values were so, as
    far as somebody knows.
    """

    source: str
    kind: str
    row: int
    file_sha256: str = ""
    basis: str = ""
    as_of: datetime | None = None


class LeadSourced(Event, frozen=True, kw_only=True, tag="lead.sourced.v1"):
    """A new lead: the row's values as they came, trimmed. Emitted by HUNTER, expecting version 0."""

    lead_id: str
    account_id: str
    run: RunTerms
    origin: Origin
    fields: dict[str, Value]
    possible_duplicate: str = ""

    def about(self) -> str:
        return self.lead_id


class LeadUpdated(Event, frozen=True, kw_only=True, tag="lead.updated.v1"):
    """A known lead came again with other values; only those are carried. Emitted by HUNTER.

    `reopened` says that the lead goes through enrichment and scoring again, now for this run: it was waiting for data,
    was withdrawn with another run, or was scored in one that did not ask for a letter to it. `older` names the fields of
    which the row has another, older value, which is not taken.
    """

    lead_id: str
    run: RunTerms
    origin: Origin
    fields: dict[str, Value]
    reopened: bool = False
    older: tuple[str, ...] = ()

    def about(self) -> str:
        return self.lead_id


class LeadDuplicate(Event, frozen=True, kw_only=True, tag="lead.duplicate.v1"):
    """A known lead came again with nothing new. Emitted by HUNTER; `first_run_id`, `first_row` say of whom.

    `older` names the fields of which the row has another, older value, which is not taken.
    """

    lead_id: str
    run_id: str
    origin: Origin
    first_run_id: str
    first_row: int
    older: tuple[str, ...] = ()

    def about(self) -> str:
        return self.lead_id


class LeadRefused(Event, frozen=True, kw_only=True, tag="lead.refused.v1"):
    """A row that cannot become a lead: which field, why, and what mends it. Emitted by HUNTER."""

    refusal_id: str
    run_id: str
    origin: Origin
    field: str
    reason: str
    remedy: str

    def about(self) -> str:
        return self.refusal_id


class Found(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One value that a provider gave; `confidence` from 0 to 1, `observed_at` when the provider learned it."""

    value: Value
    source: str
    confidence: float
    observed_at: datetime


class LeadEnriched(Event, frozen=True, kw_only=True, tag="lead.enriched.v1"):
    """What the waterfall found; `missing` names the wanted fields that nobody could give. Emitted by ENRICHER."""

    lead_id: str
    run_id: str
    fields: dict[str, Found]
    missing: tuple[str, ...] = ()

    def about(self) -> str:
        return self.lead_id


class LeadEnrichmentFailed(Event, frozen=True, kw_only=True, tag="lead.enrichment_failed.v1"):
    """A provider could not be asked, so nobody knows what it would have said. Emitted by ENRICHER."""

    lead_id: str
    run_id: str
    provider: str
    reason: str

    def about(self) -> str:
        return self.lead_id


class Component(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One part of a fit score. `points` is None where the data is not there: unknown is not zero.

    `fields` names what would have to be known.
    """

    name: str
    points: int | None
    most: int
    why: str
    fields: tuple[str, ...] = ()


class LeadScored(Event, frozen=True, kw_only=True, tag="lead.scored.v1"):
    """The fit score, in whole points from 0 to 100, and what follows from it. Emitted by SEGMENTOR.

    `score` counts the known components, `could_reach` what it would be if each unknown required one were full, `known`
    and `reachable` the points, multiplied, that known components gave and could have given. `next` says whether CRAFTER
    writes; `stop_reason` why not. `missing` names the fields without which the lead goes no further, `would_help` those
    of which each alone would take it further.
    """

    lead_id: str
    account_id: str
    run_id: str
    model_id: str
    model_hash: str
    score: int
    could_reach: int
    known: int
    reachable: int
    multiplier: float
    tier: Tier
    components: tuple[Component, ...]
    reasons: tuple[str, ...]
    headline: str
    persona: str
    campaign: str
    next: Literal["draft", "stop"]
    stop_reason: StopReason | None = None
    missing: tuple[str, ...] = ()
    would_help: tuple[str, ...] = ()
    needs_review: bool = False

    def about(self) -> str:
        return self.lead_id


class LeadDisqualified(Event, frozen=True, kw_only=True, tag="lead.disqualified.v1"):
    """The lead is outside what may be written to; no later stage can pass this. Emitted by SEGMENTOR."""

    lead_id: str
    run_id: str
    model_id: str
    model_hash: str
    rule: str
    reason: str

    def about(self) -> str:
        return self.lead_id


class LeadHeld(Event, frozen=True, kw_only=True, tag="lead.held.v1"):
    """An agent found the lead's run stopped and went no further; `stage` is where it waits."""

    lead_id: str
    run_id: str
    stage: str

    def about(self) -> str:
        return self.lead_id


class LeadReleased(Event, frozen=True, kw_only=True, tag="lead.released.v1"):
    """A held lead goes on at `stage`. Emitted by HUNTER when the run is resumed."""

    lead_id: str
    account_id: str
    run_id: str
    stage: str

    def about(self) -> str:
        return self.lead_id


class LeadWithdrawn(Event, frozen=True, kw_only=True, tag="lead.withdrawn.v1"):
    """The run that brought the lead was withdrawn by a person; the lead leaves every queue.

    `answered` is how its e-mail stood where somebody had already decided on it, or sent it: such a lead is closed for
    good, any other goes on when a later run brings it.
    """

    lead_id: str
    run_id: str
    answered: str = ""

    def about(self) -> str:
        return self.lead_id


class LeadExcluded(Event, frozen=True, kw_only=True, tag="lead.excluded.v1"):
    """The lead is to be left alone, so nothing is written to it. Emitted by CRAFTER; `key` is the exclusion's."""

    lead_id: str
    run_id: str
    key: str

    def about(self) -> str:
        return self.lead_id


class Known(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One value as the lead stands, with the fact that brought it: what a claim in a draft cites."""

    value: Value
    fact: EventId
    source: str
    confidence: float
    at: datetime


class Lead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decisions about a lead need.

    `rows` is, by row number, what became of the rows of the run `rows_run` that named this lead; `told` the newest rows
    of any file that told something of it, by `row_key`.
    """

    status: Status = "new"
    synthetic: bool = False
    account_id: str = ""
    run: RunTerms | None = None
    origin: Origin | None = None
    fields: dict[str, Known] = {}
    missing: tuple[str, ...] = ()
    rows_run: str = ""
    rows: dict[str, RowOutcome] = {}
    told: tuple[str, ...] = ()
    score: int = 0
    tier: Tier | None = None
    campaign: str = ""
    persona: str = ""
    headline: str = ""
    reasons: tuple[str, ...] = ()
    scored_fact: EventId = ""
    held_at: str = ""
    outcome: str = ""


NEW = Lead()

LeadEvent: TypeAlias = (
    LeadSourced
    | LeadUpdated
    | LeadDuplicate
    | LeadRefused
    | LeadEnriched
    | LeadEnrichmentFailed
    | LeadScored
    | LeadDisqualified
    | LeadHeld
    | LeadReleased
    | LeadWithdrawn
    | LeadExcluded
)


def row_key(origin: Origin) -> str:
    """A row of a file, whatever the run; empty for what came from no file."""
    return f"{origin.file_sha256[:16]}:{origin.row}" if origin.file_sha256 else ""


def _told(lead: Lead, origin: Origin) -> tuple[str, ...]:
    key = row_key(origin)
    return (*lead.told, key)[-TOLD_MAX:] if key and key not in lead.told else lead.told


def _learn(state: Lead, heard: AnyEnvelope, fields: dict[str, Value], origin: Origin) -> dict[str, Known]:
    at = origin.as_of or heard.recorded_at
    known = {
        name: Known(value=value, fact=heard.event_id, source=origin.source, confidence=1.0, at=at)
        for name, value in fields.items()
    }
    return state.fields | known


def _row(state: Lead, run_id: str, row: int, outcome: RowOutcome) -> dict[str, RowOutcome]:
    return (state.rows if state.rows_run == run_id else {}) | {str(row): outcome}


def evolve(state: Lead | None, heard: AnyEnvelope) -> Lead:
    """The lead after this fact. Total: whatever was recorded is taken."""
    lead = state or NEW
    match heard.event:
        case LeadSourced(run=run, origin=origin, account_id=account, fields=fields):
            return msgspec.structs.replace(
                lead,
                status="sourced",
                synthetic=heard.synthetic,
                account_id=account,
                run=run,
                origin=origin,
                fields=_learn(lead, heard, fields, origin),
                rows_run=run.run_id,
                rows=_row(lead, run.run_id, origin.row, "sourced"),
                told=_told(lead, origin),
            )
        case LeadUpdated(run=run, origin=origin, fields=fields, reopened=reopened):
            return msgspec.structs.replace(
                lead,
                status="sourced" if reopened else lead.status,
                run=run if reopened else lead.run,
                fields=_learn(lead, heard, fields, origin),
                rows_run=run.run_id,
                rows=_row(lead, run.run_id, origin.row, "reopened" if reopened else "updated"),
                told=_told(lead, origin),
            )
        case LeadDuplicate(run_id=run_id, origin=origin):
            return msgspec.structs.replace(lead, rows_run=run_id, rows=_row(lead, run_id, origin.row, "duplicate"))
        case LeadRefused(run_id=run_id, origin=origin, field=field):
            return Lead(
                status="refused",
                synthetic=heard.synthetic,
                origin=origin,
                rows_run=run_id,
                rows={str(origin.row): "refused"},
                outcome=field,
            )
        case LeadEnriched(fields=found, missing=missing):
            learned = {
                name: Known(
                    value=one.value,
                    fact=heard.event_id,
                    source=one.source,
                    confidence=one.confidence,
                    at=one.observed_at,
                )
                for name, one in found.items()
            }
            return msgspec.structs.replace(
                lead, status="enriched", fields=lead.fields | learned, missing=missing, held_at=""
            )
        case LeadEnrichmentFailed(provider=provider):
            return msgspec.structs.replace(lead, status="needs_data", outcome=f"enrichment_failed:{provider}")
        case LeadScored(stop_reason=stop_reason) as scored:
            return msgspec.structs.replace(
                lead,
                status="needs_data" if stop_reason == "needs_data" else "scored",
                score=scored.score,
                tier=scored.tier,
                campaign=scored.campaign,
                persona=scored.persona,
                headline=scored.headline,
                reasons=scored.reasons,
                scored_fact=heard.event_id,
                missing=scored.missing,
                outcome=stop_reason or "",
                held_at="",
            )
        case LeadDisqualified(rule=rule):
            return msgspec.structs.replace(lead, status="disqualified", outcome=rule)
        case LeadHeld(stage=stage):
            return msgspec.structs.replace(lead, held_at=stage)
        case LeadReleased():
            return msgspec.structs.replace(lead, held_at="")
        case LeadWithdrawn(answered=answered):
            return msgspec.structs.replace(lead, status="withdrawn", held_at="", outcome=answered)
        case LeadExcluded():
            return msgspec.structs.replace(lead, outcome=EXCLUDED, held_at="")
        case _:
            return lead
