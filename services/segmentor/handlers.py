"""What SEGMENTOR does with each fact that it hears."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, cast

from contracts.campaign import EVERYBODY, Campaign
from contracts.envelope import AnyEnvelope, Envelope, Event
from contracts.facts import Ref
from contracts.lead import NEW, Lead, LeadEnriched, LeadReleased
from services.runtime.service import States
from services.segmentor.active import Models
from services.segmentor.decide import decide

STAGE = "segment"


Finds: TypeAlias = Callable[[str], Campaign]
"""The campaign of this name.

Raises:
    NotSetUp: it cannot be used; the lead waits among the dead letters until it can.
"""


async def on_lead_enriched(heard: AnyEnvelope, states: States, *, models: Models, campaigns: Finds) -> Sequence[Event]:
    """Score the lead or disqualify it. Model and campaign are gathered: what is known of the lead stands in its state."""
    lead = states.get(Ref("lead", heard.aggregate_id), Lead) or NEW
    named = lead.run.campaign if lead.run else ""
    audience = campaigns(named).audience if named else EVERYBODY
    return decide(lead, cast("Envelope[LeadEnriched]", heard), await models.model(), audience)


async def on_lead_released(heard: AnyEnvelope, states: States, *, models: Models, campaigns: Finds) -> Sequence[Event]:
    """As an enriched lead, if it was held here."""
    event = heard.event
    if not isinstance(event, LeadReleased) or event.stage != STAGE:
        return []
    return await on_lead_enriched(heard, states, models=models, campaigns=campaigns)
