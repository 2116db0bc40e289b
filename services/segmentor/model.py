"""The one scorer: a model file, checked as a whole, with its id and hash and its lists made ready for looking up."""

import hashlib
from pathlib import Path

import msgspec

from contracts.errors import BadInput
from services.segmentor.phrases import PhraseBook
from services.segmentor.rules import BarredIndustry, IndustryKind, Rank, Route, Rules, ToolKind
from services.segmentor.title_words import LEVELS, Level
from services.segmentor.wrong import KINDS, read

DEFAULT = Path(__file__).parent / "models" / "default.toml"
BYTES_MAX = 200_000
"""Ten times the shipped file: the whole text goes into the log when it is activated."""
OWN_ID = "my-icp-1"
OWN_HEAD = """\
# Your ideal customer: who is worth writing to, and how much. Change what you like; every line says what it does.
#
# In this order: tiers, weights, company sizes, titles, industries, technologies, intent, multipliers, exclusions, routes.
# The numbers are the shipped ones. Whoever matches nothing is not written to; what is unknown counts for nobody.
#
#   swarm icp check       says what is wrong with it, by line
#   swarm icp compare     says which of your leads would move, and why; nothing is changed
#   swarm icp activate    scores every lead from then on by it; scores that stand stay as they are
#
# The id stands in every score. Once it was activated, a changed file needs a new one, such as my-icp-2.
"""

KNOWN_AT_LEAST = 40
"""How many of the 100 points the known components must be able to give before a lead gets a tier.

A promise to the reader of every score, so not the model's to change; a model's components therefore add up to 100.
"""

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
    return parse_model(text_of(where), where.name)


def text_of(file: Path) -> str:
    """What a model's file says.

    Raises:
        BadInput: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(
            f"The file {file} cannot be read: {error.strerror}.", "See that it is there.", field="model"
        ) from error
    if len(content) > BYTES_MAX:
        raise BadInput(
            f"The file {file} has more than {BYTES_MAX:,} bytes.", "See that it is the right one.", field="model"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"The file {file} is not UTF-8.", "Save it as UTF-8.", field="model") from error


def parse_model(text: str, name: str = "model") -> Model:
    """The model in a TOML text.

    Raises:
        BadInput: as `load_model`; the line is named, too.
    """
    rules, problems = read(text)
    if rules is not None:
        return _ready(rules)
    first, *more = problems
    others = f" {len(more)} more {'thing is' if len(more) == 1 else 'things are'} wrong with it." if more else ""
    raise BadInput(
        f"The scoring model {name} is wrong at {first.place}: {first.what}.{others}",
        first.remedy,
        field=first.field,
        **({"line": first.line} if first.line else {}),
    )


def own_text() -> str:
    """The shipped model as a file for a person to change: with words for them at its head and an id of its own."""
    shipped = DEFAULT.read_text(encoding="utf-8")
    return f'{OWN_HEAD}\nid = "{OWN_ID}"\n{shipped[shipped.index("titles = ") :]}'


def model_hash(rules: Rules) -> str:
    """SHA-256, in hex, of the rules as JSON with sorted names: the order of a file's lines does not matter."""
    return hashlib.sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()


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
