"""The first source: what came with the row, read as the types that a score needs. Pure."""

from collections.abc import Callable, Mapping

from contracts.envelope import PLAIN, Personal, reveal
from contracts.lead import Found, Known, Lead, Value
from services.enricher.domains import is_free_mail, registered_domain
from services.providers.company_directory.port import (
    Figure,
    employees_of,
    host_of,
    revenue_usd_of,
    technologies_of,
)

ROW = "row"
CONFIDENCE = {"exact": 0.9, "range": 0.7, "open": 0.6}
"""By how firmly a figure was said; a range gives its middle, "10,000+" its lower bound."""
LISTED = 0.9
FROM_ADDRESS = 0.8
UNVERIFIED = 0.5

VERIFIED_STATUSES = frozenset({"verified", "valid", "user managed", "deliverable", "accept all", "safe"})
_TEXTS = ("company", "industry", "country")
_FIGURES: Mapping[str, Callable[[str], Figure | None]] = {
    "employees": employees_of,
    "revenue_usd": revenue_usd_of,
    "visits": employees_of,
    "downloads": employees_of,
    "pricing_visits": employees_of,
}
"""How each figure is read from words; a count of visits is written as a count of people is."""
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "requested"})


def row_values(lead: Lead) -> dict[str, Found]:
    """Every value of a lead that came with its rows and can be read, by field; what cannot be read is left out.

    A value that nothing had to be done to keeps its confidence. An address whose status is given and is not verified
    is believed half.
    """
    fields = lead.fields
    found: dict[str, Found] = {}
    for name in _TEXTS:
        known = fields.get(name)
        if known is not None and isinstance(known.value, str) and (text := " ".join(known.value.split()).strip(" ,;")):
            found[name] = _found(text, known, known.confidence)
    for name, read in _FIGURES.items():
        if (known := fields.get(name)) is None:
            continue
        if isinstance(known.value, int):
            found[name] = _found(known.value, known, known.confidence)
        elif isinstance(known.value, str) and (figure := read(known.value)) is not None:
            found[name] = _found(figure.value, known, CONFIDENCE[figure.kind])
    if (known := fields.get("technologies")) is not None:
        _put_technologies(found, known)
    asked = fields.get("demo_requested")
    if asked is not None and isinstance(asked.value, str) and asked.value.casefold() in _YES:
        found["demo_requested"] = _found(1, asked, LISTED)
    _put_domain(found, fields)
    _put_address(found, fields)
    return found


def _put_technologies(found: dict[str, Found], known: Known) -> None:
    if isinstance(known.value, tuple):
        found["technologies"] = _found(known.value, known, known.confidence)
    elif isinstance(known.value, str) and (names := technologies_of(known.value)):
        found["technologies"] = _found(names, known, LISTED)


def _put_domain(found: dict[str, Found], fields: Mapping[str, Known]) -> None:
    """The company's own domain: of the web address that came, else of the address, unless anybody may have one there."""
    site, address = fields.get("domain"), fields.get("email")
    if site is not None and isinstance(site.value, str):
        domain = registered_domain(host_of(site.value))
        if domain and not is_free_mail(domain):
            found["domain"] = _found(domain, site, site.confidence)
            return
    if address is not None and isinstance(address.value, Personal) and address.value.algorithm == PLAIN:
        domain = registered_domain(host_of(reveal(address.value).rpartition("@")[2]))
        if domain and not is_free_mail(domain):
            found["domain"] = _found(domain, address, FROM_ADDRESS)


def _put_address(found: dict[str, Found], fields: Mapping[str, Known]) -> None:
    status, address = fields.get("email_status"), fields.get("email")
    if address is not None and status is not None and isinstance(status.value, str):
        trust = address.confidence if status.value.casefold() in VERIFIED_STATUSES else UNVERIFIED
        found["email"] = _found(address.value, address, min(trust, address.confidence))


def _found(value: Value, known: Known, confidence: float) -> Found:
    return Found(value=value, source=ROW, confidence=confidence, observed_at=known.at)
