"""What SEGMENTOR does with each fact that it hears."""

from collections.abc import Sequence
from typing import cast

from contracts.envelope import AnyEnvelope, Envelope, Event
from contracts.facts import Ref
from contracts.lead import NEW, Lead, LeadEnriched, LeadReleased
from services.runtime.service import States
from services.segmentor.active import Models
from services.segmentor.decide import decide

STAGE = "segment"


async def on_lead_enriched(heard: AnyEnvelope, states: States, *, models: Models) -> Sequence[Event]:
    """Score the lead or disqualify it. Only the model is gathered: what is known of the lead stands in its state."""
    lead = states.get(Ref("lead", heard.aggregate_id), Lead) or NEW
    return decide(lead, cast("Envelope[LeadEnriched]", heard), await models.model())


async def on_lead_released(heard: AnyEnvelope, states: States, *, models: Models) -> Sequence[Event]:
    """As an enriched lead, if it was held here."""
    event = heard.event
    if not isinstance(event, LeadReleased) or event.stage != STAGE:
        return []
    return await on_lead_enriched(heard, states, models=models)
