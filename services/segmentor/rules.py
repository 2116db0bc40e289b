"""The shape of a scoring model as it is written down: points, bounds, lists and routes, and nothing that computes."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from services.segmentor.title_words import Level

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=100)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
Percent: TypeAlias = Annotated[int, msgspec.Meta(ge=100, le=300)]
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Rank: TypeAlias = Literal["first", "second", "third", ""]
Campaign: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^(\{name\}_)?[a-z0-9_]+$")]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. An unknown name in it is an error: a misspelt rule would silently not hold."""


class Tiers(Part, frozen=True, kw_only=True):
    """From how many percent of the reachable points a tier begins."""

    tier_1: Points
    tier_2: Points
    tier_3: Points


class Review(Part, frozen=True, kw_only=True):
    """Scores between which a second look is asked for, both included."""

    least: Points
    most: Points


class Band(Part, frozen=True, kw_only=True):
    """Company sizes that give the same points, both ends included."""

    least: Count
    most: Count
    points: Points


class Size(Part, frozen=True, kw_only=True):
    """Outside of `least_employees` to `most_employees` a company is never written to; within, a band has its points."""

    most: Points
    least_employees: Count
    most_employees: Count
    bands: tuple[Band, ...]


class LevelRule(Part, frozen=True, kw_only=True):
    """What one level of seniority gives."""

    points: Points
    label: Text


class TitleRules(Part, frozen=True, kw_only=True):
    """Points by level, each of the five."""

    most: Points
    levels: dict[Level, LevelRule]


class Named(Part, frozen=True, kw_only=True):
    """How a thing is recognised: `names` are the whole text, `phrases` words in a row anywhere in it."""

    label: Text
    names: tuple[Text, ...] = ()
    phrases: tuple[Text, ...] = ()


class IndustryKind(Named, frozen=True, kw_only=True):
    """One industry. Below `least_employees` a company of it is never written to."""

    name: Text
    rank: Rank
    least_employees: Count = 0


class Ranks(Part, frozen=True, kw_only=True):
    """Points by rank of industry."""

    first: Points
    second: Points
    third: Points


class Industry(Part, frozen=True, kw_only=True):
    """Points by industry; one on no list gives none."""

    most: Points
    ranks: Ranks
    kinds: tuple[IndustryKind, ...]


class ToolKind(Named, frozen=True, kw_only=True):
    """One kind of technology: points once, or for `each` tool of it."""

    name: Text
    points: Points
    each: bool


class Technology(Part, frozen=True, kw_only=True):
    """Points by technologies in use, up to `most`."""

    most: Points
    kinds: tuple[ToolKind, ...]


class SignalRule(Part, frozen=True, kw_only=True):
    """Points once a signal's number is at least this."""

    signal: Text
    least: Annotated[int, msgspec.Meta(ge=1)]
    points: Points
    label: Text


class Intent(Part, frozen=True, kw_only=True):
    """Points by what somebody did, per signal the first rule that fits, and by kind of source; up to `most`."""

    most: Points
    rules: tuple[SignalRule, ...]
    sources: dict[str, Points]


class Multiplier(Part, frozen=True, kw_only=True):
    """A seniority, with an industry of one of `ranks` (none: any), multiplies the points."""

    level: Level
    percent: Percent
    ranks: tuple[Rank, ...] = ()


class BarredIndustry(Named, frozen=True, kw_only=True):
    """An industry that is never written to; `domains` are endings of addresses that give it away."""

    rule: Text
    domains: tuple[Text, ...] = ()


class Disqualify(Part, frozen=True, kw_only=True):
    """Who is never written to. Each rule needs a known value; nothing is assumed of an unknown one."""

    least_revenue_usd: Count
    most_revenue_usd: Count
    customers: tuple[Text, ...]
    competitors: tuple[Text, ...]
    free_mail: tuple[Text, ...]
    industries: tuple[BarredIndustry, ...]


class Route(Part, frozen=True, kw_only=True):
    """The campaign for leads of these kinds and tiers with this signal; what is left out does not matter."""

    campaign: Campaign
    kinds: tuple[Text, ...] = ()
    tiers: tuple[Literal["tier_1", "tier_2", "tier_3", "tier_4", "needs_data"], ...] = ()
    signal: str = ""
    least: Count = 0


class Rules(Part, frozen=True, kw_only=True):
    """The whole model file. `titles` is the version of the title parser that the points were set for."""

    id: Text
    titles: int
    tiers: Tiers
    review: Review
    size: Size
    title: TitleRules
    industry: Industry
    technology: Technology
    intent: Intent
    source_bonus: dict[str, Points]
    multipliers: tuple[Multiplier, ...]
    disqualify: Disqualify
    routes: tuple[Route, ...]
