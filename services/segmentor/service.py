"""SEGMENTOR as the runtime sees it."""

from functools import partial

from contracts.envelope import AnyEnvelope
from contracts.facts import Ref
from contracts.lead import LeadEnriched, LeadReleased
from services.runtime.campaigns import Campaigns
from services.runtime.service import Hears, Service
from services.segmentor.active import Models
from services.segmentor.handlers import Finds, on_lead_enriched, on_lead_released


def build(*, models: Models, campaigns: Finds | None = None) -> Service:
    """The agent, scoring by the model that holds when a lead comes.

    Args:
        campaigns: finds the campaign of a lead's run; without it there are none.
    """
    finds = campaigns or Campaigns(None).find
    return Service(
        "segmentor",
        {
            LeadEnriched: Hears(partial(on_lead_enriched, models=models, campaigns=finds), _lead),
            LeadReleased: Hears(partial(on_lead_released, models=models, campaigns=finds), _lead),
        },
    )


def _lead(heard: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("lead", heard.aggregate_id),)
