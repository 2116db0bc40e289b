"""What is wrong with a model file: where, in words, and what mends it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from services.segmentor.rules import Rules
from services.segmentor.title_words import LEVELS
from services.segmentor.titles import VERSION
from services.segmentor.toml_lines import line_of, lines_of

SIGNALS = frozenset({"visits", "downloads", "pricing_visits", "demo_requested"})
KINDS = frozenset(
    {
        "import", "competitor_follower", "event_attendee", "group_member", "post_commenter", "post_liker",
        "website_visitor", "content_downloader", "webinar_registrant", "demo_requester",
    }
)  # fmt: skip
WHOLE = "model"
"""The field of what is wrong with a file as a whole."""
LIKE = 0.6
_PLACE = re.compile(r" - at (`key` in )?`\$\.?(.*)`$")
_NAMED = re.compile(r"(unknown|required) field `([^`]*)`")
_BOUND = re.compile(r"`int` (>=|<=) (\d+)")
_SORT = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`")
_ENUM = re.compile(r"Invalid enum value (?:'([^']*)'|(\S+))")
_SORTS = {"int": "a whole number", "str": "a text", "object": "a table", "array": "a list", "bool": "true or false"}
_GIVEN = _SORTS | {"float": "a number with a point", "null": "nothing"}
CHOICES = {
    "rank": "first, second or third, or an empty text for none",
    "ranks": "first, second and third, or an empty text",
    "level": ", ".join(LEVELS),
    "levels": ", ".join(LEVELS),
    "tiers": "tier_1, tier_2, tier_3, tier_4 and needs_data",
}


class Problem(NamedTuple):
    """One thing that is wrong. `field` is its name in the file; `line` counts from 1, None where nobody can say."""

    field: str
    line: int | None
    what: str
    remedy: str

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if self.field == WHOLE:
            return f"line {self.line}"
        return f"{self.field}, line {self.line}" if self.line else self.field


def read(text: str) -> tuple[Rules | None, list[Problem]]:
    """The rules in a TOML text; None where something is wrong with it, and then what.

    A text that is no TOML, or of another shape, has one problem, the first; else every rule that is broken is told.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_no_toml(text, str(error))]
    lines = lines_of(text)
    try:
        rules = msgspec.convert(told, Rules)
    except msgspec.ValidationError as error:
        field, what, remedy = _misshapen(told, str(error))
        return None, [Problem(field, line_of(lines, field), what, remedy)]
    found = [Problem(field, line_of(lines, field), what, remedy) for field, what, remedy in broken(rules)]
    return (None if found else rules), found


def _no_toml(text: str, said: str) -> Problem:
    """The place where the reader stopped; a quotation mark or bracket that is missing is often a line above."""
    place = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", said)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    what = said[: place.start()].strip().rstrip(".") if place else said
    remedy = "Look there, and a line above: a quotation mark, a comma or a bracket may be missing."
    return Problem(WHOLE, line, f"it is not TOML: {what[:1].lower()}{what[1:]}", remedy)


def _misshapen(told: Mapping[str, Any], said: str) -> tuple[str, str, str]:
    """Field, fault and remedy, in the words of the file, of what msgspec says."""
    place = _PLACE.search(said)
    parts = _parts(place[2]) if place else []
    parts, said = _pointed(told, parts, said)
    where = _name(parts)
    if named := _NAMED.search(said):
        field = f"{where}.{named[2]}" if where else named[2]
        if named[1] == "required":
            return field, "is missing", "Write it as it stands in a file of `swarm icp init`."
        known = _known(parts)
        near = get_close_matches(named[2], known, 1, LIKE)
        meant = f"Perhaps {near[0]} is meant." if near else f"Use one of {', '.join(known)}."
        return field, "is no name that a model knows", meant
    field, last = where or WHOLE, re.sub(r"\[\d+\]$", "", parts[-1] if parts else "")
    if bound := _BOUND.search(said):
        limit = "less" if bound[1] == ">=" else "more"
        return field, f"is {limit} than {bound[2]}", f"Write {bound[2]}, or {'more' if limit == 'less' else 'less'}."
    if found := _SORT.search(said):
        wanted = _SORTS.get(found["wanted"].partition(" ")[0], found["wanted"])
        return field, f"has to be {wanted}, and is {_GIVEN.get(found['given'], found['given'])}", f"Write {wanted}."
    if found := _ENUM.search(said):
        listed = CHOICES.get(last, "")
        given = found[1] or found[2]
        key = place is not None and place[1]
        return (
            f"{field}.{given}" if key else field,
            "is no name that is known here" if key else f"{given} is no choice",
            f"Use {listed}." if listed else "Use one that is known.",
        )
    if "matching regex" in said:
        return field, "is no name of a campaign", "Use small letters, digits and underscores."
    if "length >= 1" in said:
        return field, "is empty", "Write a text, or take the line out."
    return field, said.partition(" - at ")[0].rstrip("."), "Compare it with a file of `swarm icp init`."


def _pointed(told: Mapping[str, Any], parts: list[str], said: str) -> tuple[list[str], str]:
    """The path with a name for each `[...]`, which is how msgspec speaks of any value of a table.

    One value at a time stands for its whole table: the one that brings the same fault back is the one.
    """
    while "[...]" in parts:
        at = parts.index("[...]")
        table = _value(told, parts[:at])
        for name in table:
            alone = _with(told, parts[:at], {name: table[name]})
            try:
                msgspec.convert(alone, Rules)
            except msgspec.ValidationError as error:
                if str(error) == said:
                    parts = [*parts[:at], str(name), *parts[at + 1 :]]
                    break
        else:
            return parts[:at], said
    return parts, said


def _parts(path: str) -> list[str]:
    """`size.bands[1].points` as `size`, `bands`, `[1]`, `points`."""
    return re.findall(r"\[[^\]]*\]|[^.\[]+", path)


def _name(parts: list[str]) -> str:
    return "".join(part if part.startswith("[") else f".{part}" for part in parts).removeprefix(".")


def _value(told: Any, parts: list[str]) -> Any:
    for part in parts:
        told = told[int(part[1:-1])] if part.startswith("[") else told[part]
    return told


def _with(told: Any, parts: list[str], value: Any) -> Any:
    """The same with one value in place of another; nothing of what is given is changed."""
    if not parts:
        return value
    if parts[0].startswith("["):
        place = int(parts[0][1:-1])
        return [_with(one, parts[1:], value) if at == place else one for at, one in enumerate(told)]
    return told | {parts[0]: _with(told[parts[0]], parts[1:], value)}


def _known(parts: list[str]) -> list[str]:
    """The names that a table of the model may have."""
    kind: Any = Rules
    for part in parts:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            kind = next(each.type for each in msgspec.structs.fields(kind) if each.name == part)
        else:
            kind = get_args(kind)[1 if get_origin(kind) is dict else 0]
    return [each.name for each in msgspec.structs.fields(kind)]


def broken(rules: Rules) -> Iterator[tuple[str, str, str]]:
    """Each rule of models that does not hold: the field, what is wrong with it, and what mends it."""
    size, title, industry, tiers = rules.size, rules.title, rules.industry, rules.tiers
    if rules.titles != VERSION:
        yield "titles", f"this program reads titles by version {VERSION}", f"Write titles = {VERSION}."
    weights = (size.most, title.most, industry.most, rules.technology.most, rules.intent.most)
    if sum(weights) != 100:
        named = " + ".join(map(str, weights))
        remedy = f"Take {sum(weights) - 100} away." if sum(weights) > 100 else f"Add {100 - sum(weights)}."
        yield "most", f"of size, title, industry, technology and intent: {named} is {sum(weights)}, not 100", remedy
    if not tiers.tier_1 > tiers.tier_2 > tiers.tier_3 > 0:
        yield "tiers", "each tier has to begin below the one before it", "Write tier_1 highest and tier_3 lowest."
    if rules.review.least > rules.review.most:
        yield "review", "least is above most", "Write the lower score as least."
    yield from _size(rules)
    if missing := [level for level in LEVELS if level not in title.levels]:
        yield f"title.levels.{missing[0]}", "is missing", "Write it with its points; 0 for none."
    yield from _best("title", "level", title.most, [each.points for each in title.levels.values()])
    yield from _best("industry", "rank", industry.most, [getattr(industry.ranks, one) for one in _RANKS])
    for name, kinds in (("intent.sources", rules.intent.sources), ("source_bonus", rules.source_bonus)):
        for kind in kinds:
            if kind not in KINDS:
                yield f"{name}.{kind}", "is no kind of source", _one_of(kind, KINDS)
    for at, rule in enumerate(rules.intent.rules):
        if rule.signal not in SIGNALS:
            yield f"intent.rules[{at}].signal", f"{rule.signal} is no signal", _one_of(rule.signal, SIGNALS)
    if rules.disqualify.least_revenue_usd > rules.disqualify.most_revenue_usd:
        yield "disqualify.least_revenue_usd", "is above most_revenue_usd", "Write the lower revenue here."
    for name in ("customers", "competitors", "free_mail"):
        for at, one in enumerate(getattr(rules.disqualify, name)):
            if "@" in one:
                yield (
                    f"disqualify.{name}[{at}]",
                    "is an address, and here stand domains",
                    "Take it out; `swarm exclude add` leaves one address alone.",
                )
    yield from _routes(rules)


_RANKS = ("first", "second", "third")


def _best(part: str, of: str, most: int, points: list[int]) -> Iterator[tuple[str, str, str]]:
    best = max(points, default=most)
    if best != most:
        yield f"{part}.most", f"is {most}, and the best {of} gives {best}", f"Give the best {of} {most} points."


def _size(rules: Rules) -> Iterator[tuple[str, str, str]]:
    size, expected = rules.size, rules.size.least_employees
    for at, band in enumerate(size.bands):
        if band.least != expected:
            yield f"size.bands[{at}]", f"has to begin at {expected}", f"Write least = {expected}: no size is left out."
        elif band.most < band.least:
            yield f"size.bands[{at}]", "has to end no lower than it begins", "Write a higher most."
        expected = band.most + 1
    if expected != size.most_employees + 1:
        yield "size.bands", f"have to end at {size.most_employees}", f"Let the last one end with {size.most_employees}."
    yield from _best("size", "band", size.most, [band.points for band in size.bands])


def _routes(rules: Rules) -> Iterator[tuple[str, str, str]]:
    for at, route in enumerate(rules.routes):
        if unknown := [kind for kind in route.kinds if kind not in KINDS]:
            yield f"routes[{at}].kinds", f"{unknown[0]} is no kind of source", _one_of(unknown[0], KINDS)
        if route.signal and route.signal not in SIGNALS:
            yield f"routes[{at}].signal", f"{route.signal} is no signal", _one_of(route.signal, SIGNALS)
    last = rules.routes[-1] if rules.routes else None
    if last is None or last.kinds or last.tiers or last.signal:
        remedy = 'Let a last one be [[routes]] with a campaign = "…" alone.'
        yield "routes", "the last one has to take every lead", remedy


def _one_of(given: str, known: frozenset[str]) -> str:
    near = get_close_matches(given, sorted(known), 1, LIKE)
    return f"Perhaps {near[0]} is meant." if near else f"Use one of {', '.join(sorted(known))}."
