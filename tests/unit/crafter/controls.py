"""Ready-made leads, facts and a desk for CRAFTER's tests; a test says only what matters to it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

from contracts.deal import Account
from contracts.deal import evolve as evolve_account
from contracts.email import Email, EmailChangesRequested
from contracts.email import evolve as evolve_email
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, Personal
from contracts.facts import Ref, State
from contracts.identity import account_id, email_id, lead_id
from contracts.lead import PERSONAL_FIELDS, Known, Lead, LeadScored, Origin, RunTerms, Tier, Value
from services.crafter.library import Library, load_library
from services.crafter.offer import load_offer
from services.crafter.render import Voice, voice_of
from services.crafter.service import build
from services.guard.draft import RejectionMemory
from services.runtime.service import Service, States

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FACT = str(uuid5(NAMESPACE_DNS, "lead sourced"))
KEY = b"identity key of the tests"
RUN = "run_20261120_090000_abcdef"
PERSONAS = ("sales", "marketing", "operations", "technology", "finance", "people", "executive", "")
TITLES = {
    "sales": "VP Sales",
    "marketing": "Director, Demand Generation",
    "operations": "Head of Operations",
    "technology": "Chief Technology Officer",
    "finance": "CFO",
    "people": "Head of People & Culture",
    "executive": "Founder & CEO",
    "": "Specialist",
}
SPARSE: dict[str, Value] = {
    "full_name": "Dana Whitfield",
    "company": "Northwind Staffing, Inc.",
    "email": "dana@northwind.example",
}
FULL: dict[str, Value] = SPARSE | {
    "industry": "Staffing and Recruiting",
    "employees": 118,
    "technologies": ("Google Font API", "HubSpot", "Outreach", "Slack", "Jira", "NetSuite", "Greenhouse"),
    "hiring": "Revenue Operations Manager",
    "country": "United States",
}


OFFERS = Path(__file__).parents[2] / "samples" / "offers"
OFFER_IN = {"en": None, "de": OFFERS / "ablaufwerk.toml", "fr": OFFERS / "cadran.toml"}


@cache
def library(language: str = "en") -> Library:
    return load_library(language)


@cache
def voice(language: str = "en") -> Voice:
    return voice_of(load_offer(OFFER_IN[language]))


def known(fields: Mapping[str, Value]) -> dict[str, Known]:
    return {
        name: Known(
            value=Personal.plain(value) if name in PERSONAL_FIELDS and isinstance(value, str) else value,
            fact=FACT,
            source="import",
            confidence=1.0,
            at=NOW,
        )
        for name, value in fields.items()
    }


def lead(
    fields: Mapping[str, Value] = SPARSE, *, persona: str = "operations", tier: Tier = "tier_2", kind: str = "import"
) -> Lead:
    return Lead(
        status="scored",
        account_id=ACCOUNT,
        run=RunTerms(run_id=RUN, mode="staging"),
        origin=Origin(source="leads.csv", kind=kind, row=1),
        fields=known({"title": TITLES.get(persona, persona)} | dict(fields)),
        score=68,
        headline="68, could reach 80",
        tier=tier,
        campaign="tier2_standard_sequence",
        persona=persona,
        scored_fact=FACT,
    )


ACCOUNT = account_id(KEY, "northwind.example")


def person(number: int = 1) -> str:
    return lead_id(KEY, address=f"person{number}@northwind.example", full_name="", company="", domain="")


def envelope(event: Event, *, cause: str = "cause", at: datetime = NOW, version: int = 1) -> AnyEnvelope:
    return Envelope(
        event_id=str(uuid5(NAMESPACE_DNS, f"{cause}:{event.about()}:{type(event).__name__}")),
        version=version,
        recorded_at=at,
        actor=Actor(kind="agent", id="segmentor"),
        correlation_id=RUN,
        causation_id=FACT,
        event=event,
    )


def scored(lead_id: str | None = None, *, following: str = "draft", tier: Tier = "tier_2") -> LeadScored:
    return LeadScored(
        lead_id=lead_id or person(),
        account_id=ACCOUNT,
        run_id=RUN,
        model_id="icp-1",
        model_hash="0" * 64,
        score=68,
        could_reach=80,
        known=60,
        reachable=80,
        multiplier=1.0,
        tier=tier,
        components=(),
        reasons=("+22 title: VP Sales",),
        headline="68, could reach 80",
        persona="operations",
        campaign="tier2_standard_sequence",
        next="draft" if following == "draft" else "stop",
        stop_reason=None if following == "draft" else "tier_not_drafted",
    )


def changes(instruction: str, *, version: int = 1, lead_id: str | None = None) -> EmailChangesRequested:
    who = lead_id or person()
    return EmailChangesRequested(
        email_id=email_id(who, 1),
        lead_id=who,
        account_id=ACCOUNT,
        run_id=RUN,
        draft_version=version,
        instruction=instruction,
    )


class Memory:
    """Answers with what it was given, or fails."""

    def __init__(self, memory: RejectionMemory | None = None, error: Exception | None = None) -> None:
        self.memory = memory or RejectionMemory()
        self.error = error

    async def get(self, lead_id: str) -> RejectionMemory:
        if self.error:
            raise self.error
        return self.memory


def salt(event_id: str) -> str:
    return hashlib.sha256(f"salt:{event_id}".encode()).hexdigest()[:32]


def crafter(memory: Memory | None = None, texts: Library | None = None) -> Service:
    return build(
        library=texts or library(), offer=load_offer(), memory=memory or Memory(), clock=lambda: NOW, salt=salt
    )


class World:
    """The three aggregates that CRAFTER loads, folded as the log would."""

    def __init__(self, *, memory: Memory | None = None, texts: Library | None = None) -> None:
        self.service = crafter(memory, texts)
        self.states: dict[Ref, State | None] = {}

    def put(self, lead_id: str, state: Lead) -> "World":
        self.states[Ref("lead", lead_id)] = state
        return self

    async def hear(self, event: Event) -> Sequence[Event]:
        """What CRAFTER records on hearing this, folded into what it loads next."""
        heard = envelope(event)
        hears = self.service.hears[type(event)]
        loaded = {ref: self.states.get(ref) for ref in hears.loads(heard)}
        said = await hears.handler(heard, States(loaded))
        self.fold(said)
        return said

    def fold(self, events: Sequence[Event]) -> None:
        for event in events:
            ref = Ref(event.type_category(), event.about())
            before = self.states.get(ref)
            if ref.category == "deal":
                assert before is None or isinstance(before, Account)
                self.states[ref] = evolve_account(before, envelope(event))
            else:
                assert before is None or isinstance(before, Email)
                self.states[ref] = evolve_email(before, envelope(event))
