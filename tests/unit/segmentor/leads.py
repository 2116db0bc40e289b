"""Enriched leads in which a test names only the values that matter to it."""

from typing import Any

from contracts.envelope import Event, Personal
from contracts.lead import PERSONAL_FIELDS, Lead, LeadScored, Origin, RunTerms, Value
from services.segmentor.decide import decide
from services.segmentor.model import DEFAULT as MODEL_FILE
from services.segmentor.model import Model, load_model, parse_model
from tests.controls import ORIGIN, RUN, TERMS, envelope, given, lead_enriched, lead_sourced

MODEL = load_model()
SHIPPED = MODEL_FILE.read_text()
FIT: dict[str, Value] = {
    "email": "ada@analytical.example",
    "title": "CEO",
    "employees": 120,
    "industry": "Marketing Agency",
}


def enriched(*, run: RunTerms = TERMS, origin: Origin = ORIGIN, **fields: Value) -> Lead:
    """A lead of which just these fields are known."""
    stored = {
        name: Personal.plain(value) if name in PERSONAL_FIELDS and isinstance(value, str) else value
        for name, value in fields.items()
    }
    return given("lead", lead_sourced(fields=stored, run=run, origin=origin), lead_enriched(fields={}))


def origin(kind: str, source: str = "leads.csv") -> Origin:
    return Origin(source=source, kind=kind, row=1)


def terms(*, draft: tuple[str, ...] = (), segment: str = "") -> RunTerms:
    return RunTerms(run_id=RUN, mode="staging", draft=draft, segment=segment)


def answer(lead: Lead, model: Model = MODEL) -> Event:
    """The one fact that the lead leads to."""
    (fact,) = decide(lead, envelope(lead_enriched()), model)
    return fact


def scored(lead: Lead, model: Model = MODEL) -> LeadScored:
    fact = answer(lead, model)
    assert isinstance(fact, LeadScored), fact
    return fact


def fitting(**changes: Any) -> Lead:
    """A chief executive of a marketing agency of 120 people, with changes; None takes a field away."""
    surroundings = {name: changes.pop(name) for name in ("run", "origin") if name in changes}
    fields = {name: value for name, value in (FIT | changes).items() if value is not None}
    return enriched(**surroundings, **fields)


def model_with(old: str, new: str) -> Model:
    """The shipped model with one piece of its text replaced."""
    assert old in SHIPPED, old
    return parse_model(SHIPPED.replace(old, new, 1))
