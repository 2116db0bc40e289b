"""What SEGMENTOR does with each fact that it hears."""

from collections.abc import Sequence
from typing import cast

from contracts.envelope import AnyEnvelope, Envelope, Event
from contracts.facts import Ref
from contracts.lead import NEW, Lead, LeadEnriched, LeadReleased
from services.runtime.service import States
from services.segmentor.decide import decide
from services.segmentor.model import Model

STAGE = "segment"


async def on_lead_enriched(heard: AnyEnvelope, states: States, *, model: Model) -> Sequence[Event]:
    """Score the lead or disqualify it. Nothing is gathered: what is known of the lead stands in its state."""
    lead = states.get(Ref("lead", heard.aggregate_id), Lead) or NEW
    return decide(lead, cast("Envelope[LeadEnriched]", heard), model)


async def on_lead_released(heard: AnyEnvelope, states: States, *, model: Model) -> Sequence[Event]:
    """As an enriched lead, if it was held here."""
    event = heard.event
    if not isinstance(event, LeadReleased) or event.stage != STAGE:
        return []
    return await on_lead_enriched(heard, states, model=model)
