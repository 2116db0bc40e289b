"""The parts of a fit score, each from what is known of the lead; a part without data is unknown, not zero."""

from typing import NamedTuple

from contracts.lead import Component, Lead
from services.segmentor.known import listed, number, positive, text
from services.segmentor.model import Model
from services.segmentor.phrases import words
from services.segmentor.rules import IndustryKind, Rank
from services.segmentor.title_words import Level
from services.segmentor.titles import Persona, parse_title

REQUIRED = ("size", "title", "industry")
"""What a fit is judged on. Technology and intent are signals: they are there or not, and nobody has to supply them."""
BONUS = "source"
"""A component on top of the five: it adds to the score and is no part of what could be known."""


class Measured(NamedTuple):
    """Every component, and what the multiplier and the persona depend on; None is unknown."""

    components: tuple[Component, ...]
    level: Level | None
    rank: Rank | None
    persona: Persona


def measure(lead: Lead, model: Model) -> Measured:
    """The components in the order size, title, industry, technology, intent, and a bonus for the source if any."""
    title, level, persona = _title(lead, model)
    industry, rank = _industry(lead, model)
    kind = lead.origin.kind if lead.origin else ""
    parts: tuple[Component, ...] = (
        _size(lead, model),
        title,
        industry,
        _technology(lead, model),
        _intent(lead, kind, model),
    )
    if bonus := model.rules.source_bonus.get(kind):
        parts = (*parts, Component(name=BONUS, points=bonus, most=bonus, why=f"came as {_spoken(kind)}"))
    return Measured(parts, level, rank, persona)


def _size(lead: Lead, model: Model) -> Component:
    size, employees = model.rules.size, positive(lead, "employees")
    if employees is None:
        return _unknown("size", size.most, "company size", "employees")
    for band in size.bands:
        if band.least <= employees <= band.most:
            why = f"{band.least} to {band.most} employees"
            return Component(name="size", points=band.points, most=size.most, why=why)
    return Component(name="size", points=0, most=size.most, why=f"{employees} employees")


def _title(lead: Lead, model: Model) -> tuple[Component, Level | None, Persona]:
    rules, title = model.rules.title, text(lead, "title")
    if not words(title):
        return _unknown("title", rules.most, "title", "title"), None, "other"
    level, persona, _ = parse_title(title)
    rule = rules.levels[level]
    return Component(name="title", points=rule.points, most=rules.most, why=rule.label), level, persona


def _industry(lead: Lead, model: Model) -> tuple[Component, Rank | None]:
    rules, industry = model.rules.industry, text(lead, "industry")
    if not words(industry):
        return _unknown("industry", rules.most, "industry", "industry"), None
    kind = model.industries.find(industry)
    if not isinstance(kind, IndustryKind) or not kind.rank:
        return Component(name="industry", points=0, most=rules.most, why="an industry on no list"), ""
    ranks = {"first": rules.ranks.first, "second": rules.ranks.second, "third": rules.ranks.third}
    return Component(name="industry", points=ranks[kind.rank], most=rules.most, why=kind.label), kind.rank


def _technology(lead: Lead, model: Model) -> Component:
    rules, names = model.rules.technology, listed(lead, "technologies")
    if not names:
        return _unknown("technology", rules.most, "technologies", "technologies")
    found = [kind for name in names if (kind := model.tools.find(name)) is not None]
    points, why = 0, []
    for kind in rules.kinds:
        if count := found.count(kind):
            points += kind.points * (count if kind.each else 1)
            why.append(f"{count} × {kind.label}" if count > 1 else kind.label)
    return Component(
        name="technology",
        points=min(points, rules.most),
        most=rules.most,
        why=", ".join(why) or "no tool on any list",
    )


def _intent(lead: Lead, kind: str, model: Model) -> Component:
    rules = model.rules.intent
    seen = {rule.signal: seen for rule in rules.rules if (seen := number(lead, rule.signal)) is not None}
    came = rules.sources.get(kind)
    if not seen and came is None:
        # No field is named: a column of clicks cannot be bought, so nobody is asked for one.
        return Component(name="intent", points=None, most=rules.most, why="intent was not observed")
    points, why = came or 0, [f"came as {_spoken(kind)}"] if came else []
    counted: set[str] = set()
    for rule in rules.rules:
        if rule.signal not in counted and seen.get(rule.signal, 0) >= rule.least:
            counted.add(rule.signal)
            points += rule.points
            why.append(rule.label)
    return Component(
        name="intent", points=min(points, rules.most), most=rules.most, why=", ".join(why) or "no interest shown"
    )


def _unknown(name: str, most: int, label: str, field: str) -> Component:
    verb = "are" if label.endswith("ies") else "is"
    return Component(name=name, points=None, most=most, why=f"{label} {verb} not known", fields=(field,))


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
