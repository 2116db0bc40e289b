"""SEGMENTOR as the runtime sees it."""

from functools import partial

from contracts.envelope import AnyEnvelope
from contracts.facts import Ref
from contracts.lead import LeadEnriched, LeadReleased
from services.runtime.service import Hears, Service
from services.segmentor.active import Models
from services.segmentor.handlers import on_lead_enriched, on_lead_released


def build(*, models: Models) -> Service:
    """The agent, scoring by the model that holds when a lead comes."""
    return Service(
        "segmentor",
        {
            LeadEnriched: Hears(partial(on_lead_enriched, models=models), _lead),
            LeadReleased: Hears(partial(on_lead_released, models=models), _lead),
        },
    )


def _lead(heard: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("lead", heard.aggregate_id),)
