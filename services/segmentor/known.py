"""What a lead's fields say, whatever form they came in. A value of the wrong form is unknown, never a failure."""

from contracts.envelope import ERASED, Personal, reveal
from contracts.lead import Lead

UNSET = frozenset({"", ERASED, "-", "n/a", "unknown", "none", "null"})


def text(lead: Lead, name: str) -> str:
    """The text of a field, trimmed; empty where nothing is known or what was known is erased."""
    known = lead.fields.get(name)
    if known is None:
        return ""
    value = reveal(known.value) if isinstance(known.value, Personal) else known.value
    plain = value.strip() if isinstance(value, str) else ""
    return "" if plain.casefold() in UNSET else plain


def number(lead: Lead, name: str) -> int | None:
    """The number in a field; None where none is known. A negative one is none."""
    known = lead.fields.get(name)
    return int(known.value) if known is not None and isinstance(known.value, int) and known.value >= 0 else None


def positive(lead: Lead, name: str) -> int | None:
    """As `number`, for what cannot be zero: exports write 0 employees where they know of none."""
    return number(lead, name) or None


def listed(lead: Lead, name: str) -> tuple[str, ...]:
    """The texts in a field; empty where none are known."""
    known = lead.fields.get(name)
    return known.value if known is not None and isinstance(known.value, tuple) else ()


def address_domain(lead: Lead) -> str:
    """The domain of the e-mail address; empty where no address is known."""
    person, _, domain = text(lead, "email").rpartition("@")
    return _bare(domain) if person.strip() else ""


def company_domain(lead: Lead) -> str:
    """The company's own domain, without scheme and `www`."""
    return _bare(text(lead, "domain"))


def endings(domain: str) -> tuple[str, ...]:
    """A domain and each domain above it: `a.b.example`, `b.example`, `example`."""
    found = []
    while domain:
        found.append(domain)
        domain = domain.partition(".")[2]
    return tuple(found)


def _bare(domain: str) -> str:
    host = domain.casefold().strip().rpartition("://")[2].partition("/")[0]
    return host.strip(".").removeprefix("www.")
