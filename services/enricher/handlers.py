"""ENRICHER's answers to what it hears: gather from the waterfall, then decide."""

from collections.abc import Sequence

from contracts.envelope import AnyEnvelope, Event
from contracts.errors import ProviderRefused
from contracts.facts import Ref
from contracts.lead import Lead, LeadReleased, LeadUpdated
from services.enricher.decide import decide, decide_refused
from services.enricher.waterfall import Source, climb
from services.runtime.service import States

STAGE = "enrich"


def lead_of(heard: AnyEnvelope) -> tuple[Ref, ...]:
    """The lead that a fact is about."""
    return (Ref("lead", heard.event.about()),)


async def on_lead_sourced(heard: AnyEnvelope, states: States, *, sources: Sequence[Source]) -> Sequence[Event]:
    """Record what is known of a lead that waits for it. ProviderUnavailable is left to the loop, which retries.

    Heard twice it asks twice, which changes nothing outside, and records once.
    """
    lead_id = heard.event.about()
    lead = states.get(Ref("lead", lead_id), Lead)
    if lead is None or lead.status != "sourced":
        return []
    try:
        found = await climb(lead, sources)
    except ProviderRefused as error:
        return decide_refused(lead_id, lead, error, str(error.values.get("provider") or sources[-1].name))
    return decide(lead_id, lead, found)


async def on_lead_updated(heard: AnyEnvelope, states: States, *, sources: Sequence[Source]) -> Sequence[Event]:
    """As a sourced lead, if the news reopened it; other news changes nothing that was decided."""
    event = heard.event
    if not isinstance(event, LeadUpdated) or not event.reopened:
        return []
    return await on_lead_sourced(heard, states, sources=sources)


async def on_lead_released(heard: AnyEnvelope, states: States, *, sources: Sequence[Source]) -> Sequence[Event]:
    """As a sourced lead, if it was held here."""
    event = heard.event
    if not isinstance(event, LeadReleased) or event.stage != STAGE:
        return []
    return await on_lead_sourced(heard, states, sources=sources)
