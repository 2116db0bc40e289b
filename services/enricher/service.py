"""ENRICHER's table: what it hears."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from contracts.lead import LeadReleased, LeadSourced, LeadUpdated
from services.enricher.handlers import lead_of, on_lead_released, on_lead_sourced, on_lead_updated
from services.enricher.waterfall import DirectorySource, RowSource, Source
from services.providers.company_directory.port import CompanyDirectory
from services.runtime.service import Hears, Service


def build(*, directory: CompanyDirectory, clock: Callable[[], datetime]) -> Service:
    """The name is also the consumer group."""
    sources: tuple[Source, ...] = (RowSource(), DirectorySource(directory, clock))
    return Service(
        "enricher",
        {
            LeadSourced: Hears(partial(on_lead_sourced, sources=sources), lead_of),
            LeadUpdated: Hears(partial(on_lead_updated, sources=sources), lead_of),
            LeadReleased: Hears(partial(on_lead_released, sources=sources), lead_of),
        },
    )
