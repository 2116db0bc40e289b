"""Leads on their ways through the stages, as facts; and QUEEN's answer to them, folded as the log would."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from contracts.envelope import AnyEnvelope, Event, Position
from contracts.identity import email_id
from contracts.lead import RunTerms
from contracts.run import STAGES, Run, RunTallied, Stage, Tally, evolve
from services.queen.decide import answer, tally_of
from tests.conformance.logs import lead_number
from tests.controls import (
    AT,
    RUN,
    dead_lettered,
    dead_retried,
    email_approved,
    email_blocked,
    email_drafted,
    email_expired,
    email_failed,
    email_rejected,
    email_revoked,
    email_send_blocked,
    email_sent,
    email_unresolved,
    envelope,
    lead_disqualified,
    lead_enriched,
    lead_enrichment_failed,
    lead_held,
    lead_released,
    lead_scored,
    lead_sourced,
    run_chunk_read,
    run_requested,
)


def died(service: str, entry_type: str) -> Event:
    """A service gave an entry up."""
    return dead_lettered(service=service, entry_type=entry_type)


def retried(service: str, entry_type: str) -> Event:
    """A person sent it back."""
    return dead_retried(service=service, entry_type=entry_type, run_id=RUN)


SOURCED: list[Event] = [lead_sourced()]
ENRICHED: list[Event] = [*SOURCED, lead_enriched()]
SCORED: list[Event] = [*ENRICHED, lead_scored()]
DRAFTED: list[Event] = [*SCORED, email_drafted()]
APPROVED: list[Event] = [*DRAFTED, email_approved()]
SENT: list[Event] = [*APPROVED, email_sent()]

ENDS: dict[str, list[Event]] = {
    "sent": SENT,
    "no data": [*SOURCED, lead_enrichment_failed()],
    "dead in enrich": [*SOURCED, died("enricher", "lead.sourced.v1")],
    "dead and back": [
        *SOURCED,
        died("enricher", "lead.sourced.v1"),
        retried("enricher", "lead.sourced.v1"),
        *SENT[1:],
    ],
    "disqualified": [*ENRICHED, lead_disqualified()],
    "not in segment": [*ENRICHED, lead_scored(next="stop", stop_reason="not_in_segment")],
    "needs data": [*ENRICHED, lead_scored(next="stop", stop_reason="needs_data", would_help=("employees",))],
    "dead in segment": [*ENRICHED, died("segmentor", "lead.enriched.v1")],
    "blocked": [*SCORED, email_blocked()],
    "dead in craft": [*SCORED, died("crafter", "lead.scored.v1")],
    "rejected": [*DRAFTED, email_rejected()],
    "redraft blocked": [*DRAFTED, email_blocked(redraft=True)],
    "expired": [*DRAFTED, email_expired()],
    "dead in approve": [*DRAFTED, died("operator", "email.drafted.v1")],
    "revoked and approved": [*APPROVED, email_revoked(), email_approved(), email_sent()],
    "revoked and rejected": [*APPROVED, email_revoked(), email_rejected()],
    "redrafted": [*DRAFTED, email_drafted(draft_version=2), email_approved(draft_version=2), email_sent()],
    "gate closed": [*APPROVED, email_send_blocked()],
    "failed": [*APPROVED, email_failed()],
    "unresolved": [*APPROVED, email_unresolved()],
    "dead in send": [*APPROVED, died("operator", "email.approved.v1")],
    "held and released": [*SOURCED, lead_held(stage="enrich"), lead_released(stage="enrich"), *SENT[1:]],
}
"""Each way that ends, from the first fact to the last."""

OPEN: dict[str, list[Event]] = {
    "sourced": SOURCED,
    "enriched": ENRICHED,
    "held": [*SOURCED, lead_held(stage="enrich")],
    "held later": [*SCORED, lead_held(stage="craft")],
    "scored": SCORED,
    "drafted": DRAFTED,
    "approved": APPROVED,
    "revoked": [*APPROVED, email_revoked()],
}
"""Ways that are under way."""


@dataclass
class Watch:
    """A run and QUEEN, batch by batch; facts of several partitions may come in any order among each other."""

    mode: str = "sandbox"
    run: Run = field(default_factory=Run)
    said: list[Event] = field(default_factory=list)
    seqs: dict[int, int] = field(default_factory=dict)
    minute: int = 0

    @property
    def status(self) -> str:
        return self.run.status

    def start(self, **overrides: object) -> "Watch":
        terms = RunTerms(run_id=RUN, mode=self.mode)  # type: ignore[arg-type]
        self.take(run_requested(terms=terms, **overrides))
        return self

    def take(self, event: Event) -> None:
        """A fact about the run itself."""
        self.run = evolve(self.run, self._fact(event))

    def hear(self, *events: Event, partition: int = 0, batch: int = 1_000) -> list[AnyEnvelope]:
        """QUEEN hears facts of a partition; what she says becomes part of the run."""
        facts = [self._placed(event, partition) for event in events]
        for start in range(0, len(facts), batch):
            self.replay(facts[start : start + batch], partition)
        return facts

    def replay(self, facts: Sequence[AnyEnvelope], partition: int = 0) -> None:
        now = AT + timedelta(minutes=self.minute)
        for event in answer(facts, {RUN: self.run}, partition=partition, now=now):
            self.said.append(event)
            self.take(event)

    def read(self, leads: int, **overrides: object) -> None:
        """The whole source was read."""
        counts = {"rows": leads, "sourced": leads, "duplicate": 0, "refused": 0}
        event = run_chunk_read(**(counts | overrides))
        self.take(event)
        self.hear(event)

    def _fact(self, event: Event) -> AnyEnvelope:
        self.minute += 1
        return envelope(event, self.minute, synthetic=self.mode == "sandbox")

    def _placed(self, event: Event, partition: int) -> AnyEnvelope:
        self.seqs[partition] = self.seqs.get(partition, 0) + 1
        self.minute += 1
        return envelope(event, self.minute, position=Position(partition, self.seqs[partition]))

    def tally(self, stage: Stage) -> Tally:
        return tally_of(self.run, stage)

    def tallies(self) -> dict[Stage, Tally]:
        return {stage: self.tally(stage) for stage in STAGES}

    def numbers(self) -> dict[Stage, tuple[int, int, int]]:
        return {stage: (one.entered, one.out, one.errors) for stage, one in self.tallies().items()}

    def said_names(self) -> list[str]:
        """What QUEEN said beside counting."""
        return [event.type_tag().split(".")[1] for event in self.said if not isinstance(event, RunTallied)]


def of_lead(number: int, way: Sequence[Event]) -> list[Event]:
    """The same way for another lead."""
    made: list[Event] = []
    for event in way:
        changes: dict[str, str] = {}
        if hasattr(event, "lead_id"):
            changes["lead_id"] = lead_number(number)
        if hasattr(event, "email_id"):
            changes["email_id"] = email_id(lead_number(number), 1)
        made.append(msgspec.structs.replace(event, **changes))
    return made
