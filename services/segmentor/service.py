"""SEGMENTOR as the runtime sees it."""

from functools import partial

from contracts.envelope import AnyEnvelope
from contracts.facts import Ref
from contracts.lead import LeadEnriched, LeadReleased
from services.runtime.service import Hears, Service
from services.segmentor.handlers import on_lead_enriched, on_lead_released
from services.segmentor.model import Model


def build(*, model: Model) -> Service:
    """The agent, scoring by this model."""
    return Service(
        "segmentor",
        {
            LeadEnriched: Hears(partial(on_lead_enriched, model=model), _lead),
            LeadReleased: Hears(partial(on_lead_released, model=model), _lead),
        },
    )


def _lead(heard: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("lead", heard.aggregate_id),)
