"""From components to one number and a tier, in whole numbers throughout."""

from collections.abc import Iterable
from typing import NamedTuple

from contracts.lead import Component, Tier
from services.segmentor.components import BONUS, REQUIRED, Measured
from services.segmentor.model import KNOWN_AT_LEAST, Model

FULL = 100
LABELS = {"size": "company size", "title": "title", "industry": "industry"}


class Fit(NamedTuple):
    """The score, how high it could get, what share of the reachable it is, and the tier that follows."""

    score: int
    could_reach: int
    known: int
    reachable: int
    percent: int
    tier: Tier
    headline: str


def fit(measured: Measured, model: Model) -> Fit:
    """The fit of a lead.

    - The score is the points of the known components times the multiplier, rounded down (97.5 is 97), at most 100.
    - `could_reach` takes every unknown *required* component (size, title, industry) as full, with the best multiplier
      that could then hold. Signals nobody observed are not promised.
    - The tier follows `known` ÷ `reachable`: the score, against what the same components give at best with the best
      multiplier. It is given when those components make up at least 40 of the 100 points, else it is `needs_data`.
    - While a required component is unknown, a signal that would lower the share is left out of it: a visit to a site
      must not put somebody behind those of whom no visit is known.
    """
    parts = measured.components
    percent = model.percents[measured.level, measured.rank]
    points = sum(part.points or 0 for part in parts)
    required = [part for part in parts if part.name in REQUIRED]
    unknown = [part for part in required if part.points is None]
    score = _times(points, percent)
    could_reach = _times(
        points + sum(part.most for part in unknown), model.best_percents[measured.level, measured.rank]
    )
    judged = known_points(parts)
    known, reachable = score, _times(judged, model.best_percent)
    if unknown and known_points(required) >= KNOWN_AT_LEAST:
        bonus = sum(part.points or 0 for part in parts if part.name == BONUS)
        without = _times(sum(part.points or 0 for part in required) + bonus, percent)
        at_best = _times(known_points(required), model.best_percent)
        if without * reachable > known * at_best:
            known, reachable = without, at_best
    known = min(known, reachable)
    tier = _tier(known, reachable, model) if judged >= KNOWN_AT_LEAST else "needs_data"
    return Fit(score, could_reach, known, reachable, percent, tier, _headline(score, could_reach, unknown))


def known_points(parts: Iterable[Component]) -> int:
    """How many of the 100 points the known components could have given."""
    return sum(part.most for part in parts if part.points is not None and part.name != BONUS)


def _times(points: int, percent: int) -> int:
    return min(FULL, points * percent // 100)


def _tier(known: int, reachable: int, model: Model) -> Tier:
    tiers = model.rules.tiers
    if known * 100 >= tiers.tier_1 * reachable:
        return "tier_1"
    if known * 100 >= tiers.tier_2 * reachable:
        return "tier_2"
    return "tier_3" if known * 100 >= tiers.tier_3 * reachable else "tier_4"


def _headline(score: int, could_reach: int, unknown: list[Component]) -> str:
    if not unknown:
        return f"{score} of {FULL}"
    labels = [LABELS[part.name] for part in unknown]
    named = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    return f"{score}, could reach {could_reach} with {named}"
