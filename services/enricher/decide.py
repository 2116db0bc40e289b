"""What ENRICHER records of what its sources knew. Pure."""

from collections.abc import Mapping

from contracts.errors import ProviderRefused
from contracts.lead import Found, Lead, LeadEnriched, LeadEnrichmentFailed, LeadEvent

WANTED = ("company", "domain", "employees", "industry", "technologies")
"""The waterfall stops when these are there, and a lead without one says so. Revenue is taken where it is found."""


def missing(found: Mapping[str, Found]) -> tuple[str, ...]:
    """The wanted fields that are not among these."""
    return tuple(name for name in WANTED if name not in found)


def decide(lead_id: str, lead: Lead | None, found: Mapping[str, Found]) -> list[LeadEvent]:
    """Record what was found; nothing unless the lead waits for it.

    A value that stands as it is, is not recorded again; one that is trusted less than before is.
    """
    if lead is None or lead.run is None or lead.status != "sourced":
        return []
    fields = {name: one for name, one in found.items() if _says_more(lead, name, one)}
    return [LeadEnriched(lead_id=lead_id, run_id=lead.run.run_id, fields=fields, missing=missing(found))]


def decide_refused(lead_id: str, lead: Lead | None, error: ProviderRefused, provider: str) -> list[LeadEvent]:
    """Record that a provider will not answer; nothing unless the lead waits for it."""
    if lead is None or lead.run is None or lead.status != "sourced":
        return []
    return [
        LeadEnrichmentFailed(lead_id=lead_id, run_id=lead.run.run_id, provider=provider, reason=error.sentence()),
    ]


def _says_more(lead: Lead, name: str, one: Found) -> bool:
    known = lead.fields.get(name)
    return known is None or known.value != one.value or one.confidence < known.confidence
