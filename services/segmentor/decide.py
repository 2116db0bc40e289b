"""SEGMENTOR's one decision: how well an enriched lead fits, or that it is never written to."""

import re

import msgspec

from contracts.campaign import EVERYBODY, Audience
from contracts.envelope import Envelope, Event
from contracts.lead import Lead, LeadDisqualified, LeadEnriched, LeadReleased, LeadScored, StopReason, Tier
from services.segmentor.barred import barred
from services.segmentor.components import REQUIRED, Measured, measure
from services.segmentor.fit import Fit, fit, known_points
from services.segmentor.known import address_domain, number, text
from services.segmentor.model import KNOWN_AT_LEAST, Model
from services.segmentor.rules import Route

DRAFTED: frozenset[Tier] = frozenset({"tier_1", "tier_2", "tier_3"})
"""Tiers that are written to without being asked for."""

_COMPETITOR = re.compile(r"competitor[_ -]+(.+)")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def decide(
    lead: Lead, heard: Envelope[LeadEnriched | LeadReleased], model: Model, audience: Audience = EVERYBODY
) -> list[Event]:
    """One `LeadScored` or `LeadDisqualified`; nothing where the lead is not waiting for a score."""
    about = heard.event
    return [judged(lead, about.lead_id, about.run_id, model, audience)] if lead.status == "enriched" else []


def judged(
    lead: Lead, lead_id: str, run_id: str, model: Model, audience: Audience = EVERYBODY
) -> LeadScored | LeadDisqualified:
    """What a model says of a lead as it is known, wherever it stands.

    A barred lead gets no tier and no campaign. A lead whose e-mail address nobody knows is scored and then waits for
    data, whatever its tier.

    Args:
        audience: whom the campaign of the lead's run is for.
    """
    if (verdict := barred(lead, model)) is not None:
        return LeadDisqualified(
            lead_id=lead_id,
            run_id=run_id,
            model_id=model.id,
            model_hash=model.hash,
            rule=verdict.rule,
            reason=verdict.reason,
        )
    measured = measure(lead, model)
    fitness = fit(measured, model)
    addressed = bool(address_domain(lead))
    stop = _stop(lead, fitness.tier, addressed, audience)
    review = model.rules.review
    scored = LeadScored(
        lead_id=lead_id,
        account_id=lead.account_id,
        run_id=run_id,
        model_id=model.id,
        model_hash=model.hash,
        score=fitness.score,
        could_reach=fitness.could_reach,
        known=fitness.known,
        reachable=fitness.reachable,
        multiplier=fitness.percent / 100,
        tier=fitness.tier,
        components=measured.components,
        reasons=_reasons(measured, fitness, addressed),
        headline=fitness.headline,
        persona=measured.persona,
        campaign=(lead.run.campaign if lead.run else "") or campaign(lead, fitness.tier, model),
        next="stop" if stop else "draft",
        stop_reason=stop,
        missing=_missing(measured, fitness.tier, addressed),
        needs_review=review.least <= fitness.score <= review.most,
    )
    return msgspec.structs.replace(scored, would_help=what_would_help(scored))


def in_audience(lead: Lead, tier: Tier, audience: Audience) -> bool:
    """Whether a campaign is for a lead of this tier, as far as the lead is known."""
    return audience.takes(tier=tier, industry=text(lead, "industry"), title=text(lead, "title"))


def campaign(lead: Lead, tier: Tier, model: Model) -> str:
    """The campaign of the first route that fits; the last one of a model fits every lead."""
    kind = lead.origin.kind if lead.origin else ""
    routes = model.routes.get(kind, model.routes[""])
    route = next(each for each in routes if _fits(each, lead, tier))
    if "{name}" not in route.campaign:
        return route.campaign
    found = _COMPETITOR.search(lead.origin.source.casefold() if lead.origin else "")
    name = _NO_WORD.sub("_", found.group(1)).strip("_") if found else ""
    return route.campaign.replace("{name}", name or "competitor")


def what_would_help(scored: LeadScored) -> tuple[str, ...]:
    """The fields any single one of which would let this lead go on; empty where no single one would.

    For a lead without a tier, the fields that bring the known components to 40 points; for one of the tiers that are
    drafted, its e-mail address. Whoever lacks both is not helped by one column.
    """
    if scored.tier != "needs_data":
        return ("email",) if "email" in scored.missing and scored.tier in DRAFTED else ()
    if "email" in scored.missing:
        return ()
    known = known_points(scored.components)
    return tuple(
        field
        for part in scored.components
        if part.points is None and known + part.most >= KNOWN_AT_LEAST
        for field in part.fields
    )


def _stop(lead: Lead, tier: Tier, addressed: bool, audience: Audience) -> StopReason | None:
    """Why CRAFTER does not write, the first of: no address, no tier, another segment, another audience, a tier nobody asked for."""
    terms = lead.run
    asked = (*(terms.draft if terms else ()), *audience.tiers)
    segment = terms.segment if terms else ""
    if not addressed or (tier == "needs_data" and tier not in asked):
        return "needs_data"
    if segment not in {"", tier}:
        return "not_in_segment"
    if not in_audience(lead, tier, audience):
        return "not_in_audience"
    return None if tier in DRAFTED or tier in asked else "tier_not_drafted"


def _missing(measured: Measured, tier: Tier, addressed: bool) -> tuple[str, ...]:
    """The fields without which the lead goes no further: what a tier needs, and the address."""
    address = () if addressed else ("email",)
    if tier != "needs_data":
        return address
    unknown = (part for part in measured.components if part.points is None and part.name in REQUIRED)
    return (*(field for part in unknown for field in part.fields), *address)


def _reasons(measured: Measured, fitness: Fit, addressed: bool) -> tuple[str, ...]:
    lines = [
        f"unknown: {part.why}" if part.points is None else f"+{part.points}: {part.why}" for part in measured.components
    ]
    if fitness.percent != 100:
        lines.append(f"×{fitness.percent / 100:g}: seniority and industry together")
    if not addressed:
        lines.append("no e-mail address is known: nothing can be written")
    return tuple(lines)


def _fits(route: Route, lead: Lead, tier: Tier) -> bool:
    return (not route.tiers or tier in route.tiers) and (
        not route.signal or (number(lead, route.signal) or 0) >= route.least
    )
