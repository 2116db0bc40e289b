"""What people made of drafts, summed up over rows of the view `feedback`: counts, and how sure a share is."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias, TypeVar

import msgspec

from contracts.email import EditClass, EditedPart, RejectionTag
from services.projections.feedback import Row
from services.projections.plain_words import TAGS, TIERS, capital, theme_of, who, words

By: TypeAlias = Literal["reviewer", "template", "opener", "angle", "tier", "tag", "campaign"]
Traffic: TypeAlias = Literal["real", "test"]
"""`test` are drafts for invented leads, and those that a policy answered: they say nothing of what people think."""
C = TypeVar("C", bound=str)
Z_95 = 1.959963984540054
"""So many standard deviations to either side hold 95 % of a normal distribution."""
DIGITS = 4
KEYS: Mapping[By, Callable[[Row], str]] = {
    "reviewer": lambda row: row.reviewer,
    "template": lambda row: row.template,
    "opener": lambda row: f"{row.template}#{row.variant + 1}",
    "angle": lambda row: row.angle,
    "tier": lambda row: row.tier,
    "tag": lambda row: row.tag or "" if row.outcome == "rejected" else "",
    "campaign": lambda row: row.campaign,
}


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many of some, and its 95 % interval from `low` to `high` (Wilson): the fewer there are, the wider."""

    share: float
    low: float
    high: float


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One group of drafts as they stand now; `edited` are those of the approved that a person changed before.

    Args:
        drafts: all of them, those that wait and those that ended by themselves among them.
        share: of those that a person answered, how many were approved; by tag: of all rejections, how many have this
            one. None where there is nothing to share.
        low: `low` to `high` is the share's 95 % interval (Wilson): the fewer there are, the wider.
        edited_share: of the approved, how many were edited before.
        rejected_share: of those that a person answered, how many were rejected.
        edits: of the edited, how much was changed.
        parts: of the edited, which parts were changed; one draft may count in several.
        tags: of the rejected, why.
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
    edited_share: Share | None = None
    rejected_share: Share | None = None
    edits: dict[EditClass, int] = {}
    parts: dict[EditedPart, int] = {}
    tags: dict[RejectionTag, int] = {}


def traffic_of(row: Row) -> Traffic:
    """Whether a draft says something of what people think of drafts for real leads."""
    return "test" if row.synthetic or row.reviewer.startswith("policy:") else "real"


def summed_up(rows: Iterable[Row], by: By) -> list[Line]:
    """A line per group, the largest first; drafts that belong to no group are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if key := KEYS[by](row):
            groups.setdefault(key, []).append(row)
    whole = sum(len(some) for some in groups.values())
    lines = [_line(by, key, some, of=whole if by == "tag" else None) for key, some in groups.items()]
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


def label_of(by: By, key: str) -> str:
    """A group in words: the tag `weak_cta` as `Ask`, `person:ada@swarm` as `Ada`."""
    match by:
        case "reviewer":
            return capital(who(key))
        case "tier":
            return TIERS.get(key, words(key))
        case "tag":
            return TAGS.get(key, words(key))
        case "angle" | "campaign":
            return theme_of(key)
        case "opener":
            template, _, number = key.rpartition("#")
            return f"{theme_of(template)}, opener {number}"
        case "template":
            return words(key)


def share_of(successes: int, trials: int) -> Share | None:
    """A share with its interval, rounded; None of nothing."""
    if not trials:
        return None
    low, high = wilson(successes, trials)
    return Share(share=round(successes / trials, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS))


def _line(by: By, key: str, rows: list[Row], *, of: int | None) -> Line:
    approved = sum(row.outcome == "approved" for row in rows)
    rejected = [row for row in rows if row.outcome == "rejected"]
    changes = sum(row.outcome == "changes_requested" for row in rows)
    edited = [row for row in rows if row.outcome == "approved" and row.edit_class != "none"]
    answered = approved + len(rejected) + changes
    share = share_of(approved, answered) if of is None else share_of(len(rows), of)
    return Line(
        key=key,
        label=label_of(by, key),
        drafts=len(rows),
        approved=approved,
        edited=len(edited),
        rejected=len(rejected),
        changes_requested=changes,
        share=share.share if share else None,
        low=share.low if share else None,
        high=share.high if share else None,
        edited_share=share_of(len(edited), approved),
        rejected_share=share_of(len(rejected), answered),
        edits=_counted(row.edit_class for row in edited),
        parts=_counted(part for row in edited for part in row.parts),
        tags=_counted(row.tag for row in rejected if row.tag is not None),
    )


def _counted(codes: Iterable[C]) -> dict[C, int]:
    """How often each comes, the most frequent first."""
    counts = Counter(codes)
    return {code: counts[code] for code in sorted(counts, key=lambda code: (-counts[code], code))}
