"""What a company of an industry is called: `a staffing firm`, `staffing firms`."""

from functools import lru_cache
from typing import NamedTuple

from services.crafter.natural import clean, speakable


class Named(NamedTuple):
    """One company of an industry, with its article, and many."""

    one: str
    many: str


_KINDS: tuple[tuple[str, str, str], ...] = (
    ("staffing", "a staffing firm", "staffing firms"),
    ("recruit", "a recruiting firm", "recruiting firms"),
    ("advertising", "an advertising agency", "advertising agencies"),
    ("marketing", "a marketing agency", "marketing agencies"),
    ("public relations", "a PR agency", "PR agencies"),
    ("agency", "an agency", "agencies"),
    ("management consult", "a consulting firm", "consulting firms"),
    ("consult", "a consulting firm", "consulting firms"),
    ("legal", "a legal services firm", "legal services firms"),
    ("law ", "a law firm", "law firms"),
    ("accounting", "an accounting firm", "accounting firms"),
    ("cpa ", "an accounting firm", "accounting firms"),
    ("real estate", "a real estate company", "real estate companies"),
    ("e-commerce", "an e-commerce company", "e-commerce companies"),
    ("ecommerce", "an e-commerce company", "e-commerce companies"),
    ("saas", "a software company", "software companies"),
    ("software", "a software company", "software companies"),
    ("information technology", "an IT services company", "IT services companies"),
    ("it services", "an IT services company", "IT services companies"),
    ("health", "a healthcare company", "healthcare companies"),
    ("hospital", "a healthcare company", "healthcare companies"),
    ("insurance", "an insurance company", "insurance companies"),
    ("bank", "a bank", "banks"),
    ("financial", "a financial services firm", "financial services firms"),
    ("fintech", "a fintech company", "fintech companies"),
    ("manufactur", "a manufacturer", "manufacturers"),
    ("logistics", "a logistics company", "logistics companies"),
    ("transport", "a transport company", "transport companies"),
    ("construction", "a construction company", "construction companies"),
    ("home services", "a home services company", "home services companies"),
    ("field services", "a field services company", "field services companies"),
    ("retail", "a retailer", "retailers"),
    ("hospitality", "a hospitality company", "hospitality companies"),
    ("telecom", "a telecoms company", "telecoms companies"),
    ("media", "a media company", "media companies"),
    ("architect", "an architecture practice", "architecture practices"),
    ("design", "a design firm", "design firms"),
    ("food", "a food company", "food companies"),
    ("energy", "an energy company", "energy companies"),
)
"""Parts of the names that directories give industries; the first that fits, counts."""


@lru_cache(maxsize=1024)  # Directories know a few hundred industries.
def named(raw: str) -> Named | None:
    """How to speak of a company of this industry; None where the field says nothing that can be said."""
    text = clean(raw)
    folded = text.casefold()
    if not speakable(text, 60):
        return None
    padded = f" {folded} "
    for part, one, many in _KINDS:
        if f" {part}" in padded:
            return Named(one, many)
    area = folded.removesuffix(" industry").replace(" & ", " and ").replace("/", " and ")
    if not area.replace(" ", "").replace(",", "").replace("-", "").isalpha() or len(area) > 40:
        return None
    return Named(f"a company in {area}", f"companies in {area}")
