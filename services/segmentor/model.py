"""The one scorer: a model file, checked as a whole, with its id and hash and its lists made ready for looking up."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from contracts.errors import BadInput
from services.segmentor.phrases import PhraseBook
from services.segmentor.rules import BarredIndustry, IndustryKind, Rank, Route, Rules, ToolKind
from services.segmentor.title_words import LEVELS, Level
from services.segmentor.titles import VERSION

DEFAULT = Path(__file__).parent / "models" / "default.toml"

KNOWN_AT_LEAST = 40
"""How many of the 100 points the known components must be able to give before a lead gets a tier.

A promise to the reader of every score, so not the model's to change; a model's components therefore add up to 100.
"""

SIGNALS = frozenset({"visits", "downloads", "pricing_visits", "demo_requested"})
KINDS = frozenset(
    {
        "import", "competitor_follower", "event_attendee", "group_member", "post_commenter", "post_liker",
        "website_visitor", "content_downloader", "webinar_registrant", "demo_requester",
    }
)  # fmt: skip
RANKS: tuple[Rank, ...] = ("first", "second", "third", "")


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A checked model. `hash` is the SHA-256, in hex, of its rules as canonical JSON.

    `percents` holds the multiplier of each seniority and rank of industry, None where that is unknown;
    `best_percents` the highest that could still come true. `routes` holds, in order, the routes that take leads of each
    kind of source; under the empty name those that take any.
    """

    rules: Rules
    hash: str
    industries: PhraseBook[IndustryKind | BarredIndustry]
    tools: PhraseBook[ToolKind]
    barred_domains: dict[str, BarredIndustry]
    customers: frozenset[str]
    competitors: frozenset[str]
    free_mail: frozenset[str]
    percents: dict[tuple[Level | None, Rank | None], int]
    best_percents: dict[tuple[Level | None, Rank | None], int]
    routes: dict[str, tuple[Route, ...]]

    @property
    def id(self) -> str:
        return self.rules.id

    @property
    def best_percent(self) -> int:
        """The highest multiplier there is."""
        return self.best_percents[None, None]


def load_model(path: Path | None = None) -> Model:
    """The model in a TOML file; the shipped one without a path.

    Raises:
        BadInput: the file is not there, is not TOML, or breaks a rule of models; the field is named.
    """
    where = path or DEFAULT
    try:
        return parse_model(where.read_bytes().decode(), where.name)
    except OSError as error:
        raise BadInput(f"The scoring model {where} cannot be read.", field="model") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The scoring model {where.name} is not UTF-8.", field="model") from error


def parse_model(text: str, name: str = "model") -> Model:
    """The model in a TOML text.

    Raises:
        BadInput: as `load_model`.
    """
    try:
        rules = msgspec.convert(tomllib.loads(text), Rules)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The scoring model {name} is not TOML: {error}.", field="model") from error
    except msgspec.ValidationError as error:
        field = _field(str(error))
        raise BadInput(f"The scoring model {name} is wrong at {field}: {error}.", field=field) from error
    for field, problem in _problems(rules):
        raise BadInput(f"The scoring model {name} is wrong at {field}: {problem}.", field=field)
    return _ready(rules)


def model_hash(rules: Rules) -> str:
    """SHA-256, in hex, of the rules as JSON with sorted names: the order of a file's lines does not matter."""
    return hashlib.sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()


def _field(message: str) -> str:
    place = re.search(r"`\$\.?(\S*)`", message)
    unknown = re.search(r"(?:unknown|required) field `(\w+)`", message)
    parts = (place.group(1) if place else "", unknown.group(1) if unknown else "")
    return ".".join(part for part in parts if part) or "model"


def _problems(rules: Rules) -> Iterator[tuple[str, str]]:
    """Each rule of models that is broken: the field, and what is wrong with it."""
    size, title, industry, tiers = rules.size, rules.title, rules.industry, rules.tiers
    if rules.titles != VERSION:
        yield "titles", f"this program reads titles by version {VERSION}"
    if size.most + title.most + industry.most + rules.technology.most + rules.intent.most != 100:
        yield "most", "the five components have to add up to 100"
    if not tiers.tier_1 > tiers.tier_2 > tiers.tier_3 > 0:
        yield "tiers", "each tier has to begin below the one before it"
    if rules.review.least > rules.review.most:
        yield "review", "least is above most"
    yield from _size_problems(rules)
    if missing := [level for level in LEVELS if level not in title.levels]:
        yield f"title.levels.{missing[0]}", "is missing"
    if title.levels and max(each.points for each in title.levels.values()) != title.most:
        yield "title.most", "is not what the best level gives"
    if max(industry.ranks.first, industry.ranks.second, industry.ranks.third) != industry.most:
        yield "industry.most", "is not what the best rank gives"
    for name, kinds in (("intent.sources", rules.intent.sources), ("source_bonus", rules.source_bonus)):
        for kind in kinds:
            if kind not in KINDS:
                yield f"{name}.{kind}", "is no kind of source"
    for at, rule in enumerate(rules.intent.rules):
        if rule.signal not in SIGNALS:
            yield f"intent.rules[{at}].signal", f"{rule.signal} is no signal"
    if rules.disqualify.least_revenue_usd > rules.disqualify.most_revenue_usd:
        yield "disqualify.least_revenue_usd", "is above most_revenue_usd"
    yield from _route_problems(rules)


def _size_problems(rules: Rules) -> Iterator[tuple[str, str]]:
    size, expected = rules.size, rules.size.least_employees
    for at, band in enumerate(size.bands):
        if band.least != expected or band.most < band.least:
            yield f"size.bands[{at}]", f"has to begin at {expected} and to end no lower"
        expected = band.most + 1
    if expected != size.most_employees + 1:
        yield "size.bands", f"have to end at {size.most_employees}"
    if size.bands and max(band.points for band in size.bands) != size.most:
        yield "size.most", "is not what the best band gives"


def _route_problems(rules: Rules) -> Iterator[tuple[str, str]]:
    for at, route in enumerate(rules.routes):
        if unknown := [kind for kind in route.kinds if kind not in KINDS]:
            yield f"routes[{at}].kinds", f"{unknown[0]} is no kind of source"
        if route.signal and route.signal not in SIGNALS:
            yield f"routes[{at}].signal", f"{route.signal} is no signal"
    last = rules.routes[-1] if rules.routes else None
    if last is None or last.kinds or last.tiers or last.signal:
        yield "routes", "the last one has to take every lead"


def _ready(rules: Rules) -> Model:
    barred, industry = rules.disqualify.industries, rules.industry
    kinds: tuple[IndustryKind | BarredIndustry, ...] = (*barred, *industry.kinds)
    percents = {(level, rank): _percent(rules, level, rank) for level in (*LEVELS, None) for rank in (*RANKS, None)}
    return Model(
        rules=rules,
        hash=model_hash(rules),
        industries=PhraseBook((kind, kind.names, kind.phrases) for kind in kinds),
        tools=PhraseBook((kind, kind.names, kind.phrases) for kind in rules.technology.kinds),
        barred_domains={domain.casefold(): each for each in barred for domain in each.domains},
        customers=_folded(rules.disqualify.customers),
        competitors=_folded(rules.disqualify.competitors),
        free_mail=_folded(rules.disqualify.free_mail),
        percents=percents,
        best_percents={
            (level, rank): max(
                percent for (one, other), percent in percents.items() if level in {one, None} and rank in {other, None}
            )
            for level, rank in percents
        },
        routes={
            kind: tuple(route for route in rules.routes if not route.kinds or kind in route.kinds)
            for kind in (*KINDS, "")
        },
    )


def _percent(rules: Rules, level: Level | None, rank: Rank | None) -> int:
    fits = (each for each in rules.multipliers if each.level == level and (not each.ranks or rank in each.ranks))
    return next((each.percent for each in fits), 100)


def _folded(domains: tuple[str, ...]) -> frozenset[str]:
    return frozenset(domain.casefold() for domain in domains)
