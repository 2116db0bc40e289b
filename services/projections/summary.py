"""What people made of drafts, summed up over rows of the view `feedback`: counts, and how sure a share is."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

import msgspec

from services.projections.feedback import Row

By: TypeAlias = Literal["reviewer", "template", "angle", "tier", "tag", "campaign"]
Z_95 = 1.959963984540054
"""So many standard deviations to either side hold 95 % of a normal distribution."""
DIGITS = 4
KEYS: Mapping[By, Callable[[Row], str]] = {
    "reviewer": lambda row: row.reviewer,
    "template": lambda row: row.template,
    "angle": lambda row: row.angle,
    "tier": lambda row: row.tier,
    "tag": lambda row: row.tag or "" if row.outcome == "rejected" else "",
    "campaign": lambda row: row.campaign,
}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One group of drafts as they stand now; `edited` are those of the approved that a person changed before.

    Args:
        drafts: all of them, those that wait and those that ended by themselves among them.
        share: of those that a person answered, how many were approved; by tag: of all rejections, how many have this
            one. None where there is nothing to share.
        low: `low` to `high` is the share's 95 % interval (Wilson): the fewer there are, the wider.
    """

    key: str
    label: str
    drafts: int
    approved: int
    edited: int
    rejected: int
    changes_requested: int
    share: float | None
    low: float | None
    high: float | None


def summed_up(rows: Iterable[Row], by: By) -> list[Line]:
    """A line per group, the largest first; drafts that belong to no group are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if key := KEYS[by](row):
            groups.setdefault(key, []).append(row)
    whole = sum(len(some) for some in groups.values())
    lines = [_line(key, some, of=whole if by == "tag" else None) for key, some in groups.items()]
    return sorted(lines, key=lambda line: (-line.drafts, line.key))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share, without correction for continuity.

    Args:
        trials: at least one.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    share, square = successes / trials, Z_95 * Z_95
    middle = share + square / (2 * trials)
    reach = Z_95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    # Where nothing or everything succeeded one end is exact, and only rounding keeps it from being so.
    low = 0.0 if successes == 0 else (middle - reach) / whole
    high = 1.0 if successes == trials else (middle + reach) / whole
    return low, high


def label_of(key: str) -> str:
    """A key in words: `weak_cta` as `weak cta`, `person:ada@swarm` as `ada@swarm`."""
    return key.removeprefix("person:") if ":" in key else key.replace("_", " ")


def _line(key: str, rows: list[Row], *, of: int | None) -> Line:
    counts = {name: sum(row.outcome == name for row in rows) for name in ("approved", "rejected", "changes_requested")}
    successes, trials = (counts["approved"], sum(counts.values())) if of is None else (len(rows), of)
    low, high = wilson(successes, trials) if trials else (None, None)
    return Line(
        key=key,
        label=label_of(key),
        drafts=len(rows),
        **counts,
        edited=sum(row.outcome == "approved" and row.edit_class != "none" for row in rows),
        share=round(successes / trials, DIGITS) if trials else None,
        low=None if low is None else round(low, DIGITS),
        high=None if high is None else round(high, DIGITS),
    )
