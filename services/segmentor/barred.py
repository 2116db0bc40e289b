"""Who is never written to: the rules that end a lead's way for good."""

from typing import NamedTuple, TypeAlias

from contracts.lead import Lead
from services.segmentor.known import address_domain, company_domain, endings, positive, text
from services.segmentor.model import Model
from services.segmentor.rules import BarredIndustry, IndustryKind

Kind: TypeAlias = IndustryKind | BarredIndustry | None


class Barred(NamedTuple):
    """The rule that ends it, and why in words, without anything personal."""

    rule: str
    reason: str


def barred(lead: Lead, model: Model) -> Barred | None:
    """The first rule that holds; None where none does. What is unknown never holds against anybody.

    In this order: customer, competitor, industry (government, non-profit, education), free-mail address, company size,
    size of an agency, revenue.
    """
    kind = model.industries.find(text(lead, "industry"))
    return _domain(lead, kind, model) or _size(lead, kind, model) or _revenue(lead, model)


def _domain(lead: Lead, kind: Kind, model: Model) -> Barred | None:
    address, company = address_domain(lead), company_domain(lead)
    # Most people write from their company's domain.
    domains = endings(address) if address == company else (*endings(address), *endings(company))
    if not model.customers.isdisjoint(domains):
        return Barred("customer", "the company is a customer already")
    if not model.competitors.isdisjoint(domains):
        return Barred("competitor", "the company is a competitor")
    if isinstance(kind, BarredIndustry):
        return Barred(kind.rule, f"the industry is {kind.label}")
    for domain in domains:
        if (given_away := model.barred_domains.get(domain)) is not None:
            return Barred(given_away.rule, f"a domain that ends in .{domain} is {given_away.label}")
    if address in model.free_mail:
        return Barred("free_mail", f"{address} gives addresses to private persons, not to companies")
    return None


def _size(lead: Lead, kind: Kind, model: Model) -> Barred | None:
    employees, size = positive(lead, "employees"), model.rules.size
    if employees is None:
        return None
    if employees < size.least_employees:
        return Barred("too_small", f"{employees} employees, fewer than {size.least_employees}")
    if employees > size.most_employees:
        return Barred("too_large", f"{employees} employees, more than {size.most_employees}")
    if isinstance(kind, IndustryKind) and employees < kind.least_employees:
        reason = f"a {kind.label} with {employees} employees, fewer than {kind.least_employees}"
        return Barred(f"{kind.name}_too_small", reason)
    return None


def _revenue(lead: Lead, model: Model) -> Barred | None:
    revenue, rules = positive(lead, "revenue_usd"), model.rules.disqualify
    if revenue is None:
        return None
    if revenue < rules.least_revenue_usd:
        return Barred("revenue_too_low", f"revenue of ${revenue:,}, below ${rules.least_revenue_usd:,}")
    if revenue > rules.most_revenue_usd:
        return Barred("revenue_too_high", f"revenue of ${revenue:,}, above ${rules.most_revenue_usd:,}")
    return None
