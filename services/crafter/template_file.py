"""One template file: its front matter, its parts and how they are put together, compiled once; or what is wrong where."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from contracts.lead import Tier

Theme = Literal["decisions", "growth", "tools", "time"]

LEAD_WORDS = frozenset(
    {
        "company",
        "title",
        "first_name",
        "name",
        "one_firm",
        "firms",
        "among_firms",
        "people",
        "tool",
        "tools",
        "role",
        "resource",
    }
)
"""What may be missing: a part that says one of these is left out where there is none."""
ALWAYS = frozenset({"topic", "Topic", "greeting", "opener", "pain", "bridge", "line", "proof", "ask", "short"})
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
LIKE = 0.6

_FRONT = re.compile(r"\A\ufeff?\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*\n(.*)\Z", re.DOTALL)


class Front(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a template says of itself. `personas` is empty where it suits all."""

    angle: str
    tiers: tuple[Tier, ...]
    theme: Theme
    subjects: tuple[str, str]
    openers: tuple[str, ...]
    bridges: tuple[str, ...]
    asks: tuple[str, ...]
    needs: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()


class Part(NamedTuple):
    """One of the sentences among which a text chooses, and the words of lead or offer that it cannot do without."""

    number: int
    needs: frozenset[str]


class Angle(NamedTuple):
    """One way to begin a conversation. A variant is an opener; the other parts follow from its number.

    The two templates hold every part; `subject_number`, `opener_number`, … say which of them to write. `soft_asks` are
    those of the language, numbered after the own ones. `file` is where the user's own stands, None for a shipped one.
    """

    name: str
    hash: str
    tiers: tuple[Tier, ...]
    personas: tuple[str, ...]
    theme: Theme
    needs: frozenset[str]
    subjects: tuple[Part, ...]
    openers: tuple[Part, ...]
    bridges: tuple[Part, ...]
    asks: tuple[Part, ...]
    soft_asks: tuple[Part, ...]
    subject: Template
    body: Template
    file: Path | None = None


class Shared(NamedTuple):
    """What all templates of a language share: soft asks, marks that have a blank before them, and the files' bytes."""

    soft_asks: tuple[str, ...]
    space_before: str
    personas: frozenset[str]
    mark: bytes


class Broken(Exception):
    """A file that cannot be used: at which line, why, and what mends it."""

    def __init__(self, line: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.remedy = remedy


def environment() -> ImmutableSandboxedEnvironment:
    """What templates are compiled in."""
    made = ImmutableSandboxedEnvironment(
        autoescape=False,  # Plain text; lead values pass `natural`, which lets no markup through.
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )
    made.globals.clear()  # The templates call nothing, and each rendering would copy the table.
    return made


def compile_angle(made: ImmutableSandboxedEnvironment, name: str, source: str, shared: Shared) -> Angle:
    """Read one file.

    Raises:
        Broken: it has no front matter, an unknown or missing part, or a slot that does not compile or nobody fills.
    """
    parted = _FRONT.match(source)
    if parted is None:
        raise Broken(
            1,
            "it has no front matter between two lines of +++",
            "Begin the file with +++, then the keys, then +++, then the text.",
        )
    front = _front(parted[1], name, shared.personas)
    lines = source.split("\n")

    def parts(key: str, texts: tuple[str, ...]) -> tuple[Part, ...]:
        return tuple(
            Part(number, _words(made, text, line_of(lines, key, text)) - ALWAYS) for number, text in enumerate(texts)
        )

    begins = source[: parted.start(2)].count("\n") + 1
    text = parted[2].rstrip()
    unused = text.lstrip("\n")
    said = _words(made, unused, begins + len(text) - len(unused))
    for needed in ("opener", "ask"):
        if needed not in said:
            raise Broken(begins, f"the text never says {{{{ {needed} }}}}", "Put it where it is to stand.")
    return Angle(
        name=front.angle,
        hash=hashlib.sha256(source.encode() + shared.mark).hexdigest(),
        tiers=front.tiers,
        personas=front.personas,
        theme=front.theme,
        needs=frozenset(front.needs),
        subjects=parts("subjects", front.subjects),
        openers=parts("openers", front.openers),
        bridges=parts("bridges", front.bridges),
        asks=parts("asks", front.asks),
        soft_asks=tuple(
            Part(len(front.asks) + at, _words(made, one, 0) - ALWAYS) for at, one in enumerate(shared.soft_asks)
        ),
        subject=made.from_string(spaced(_choice("subject_number", front.subjects), shared.space_before)),
        # One template with all parts is rendered three times as fast as a template for each.
        body=made.from_string(
            spaced(
                "".join(
                    f"{{% set {part} %}}{_choice(f'{part}_number', texts)}{{% endset %}}"
                    for part, texts in (
                        ("opener", front.openers),
                        ("bridge", front.bridges),
                        ("ask", (*front.asks, *shared.soft_asks)),
                    )
                )
                + parted[2].strip(),
                shared.space_before,
            )
        ),
    )


def spaced(text: str, marks: str) -> str:
    """The blank before these marks made one that does not end a line."""
    return re.sub(rf" (?=[{re.escape(marks)}](?:\s|\Z|{{%))|(?<=«) ", "\u00a0", text) if marks else text


def line_of(lines: list[str], key: str, text: str = "") -> int:
    """Where a text stands that a key of the front matter lists, counted from 1; else where the key stands."""
    at = next((number for number, line in enumerate(lines) if re.match(rf"\s*{re.escape(key)}\s*=", line)), 0)
    beginning = text.partition("\n")[0][:60]
    written = (beginning, beginning.replace("\\", "\\\\").replace('"', '\\"'))
    return 1 + next(
        (number for number, line in enumerate(lines[at:], at) if beginning and any(one in line for one in written)), at
    )


def _front(text: str, name: str, personas: frozenset[str]) -> Front:
    lines = text.split("\n")
    try:
        front = msgspec.convert(tomllib.loads(text), Front)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+)", str(error))
        number = int(place[1]) if place else len(lines)
        said = re.sub(r" \(at .*\)$", "", str(error))
        raise Broken(
            number + 1, f"the front matter is no TOML: {said}", "Check quotation marks, commas and brackets there."
        ) from error
    except msgspec.ValidationError as error:
        raise _misfit(str(error), lines) from error

    def at(key: str) -> int:
        return line_of(lines, key) + 1

    if front.angle != name:
        raise Broken(
            at("angle"),
            f"the angle is called {front.angle!r}, and the file {name!r}",
            "Give both the same name: small letters, digits and _.",
        )
    if not NAME.fullmatch(name):
        raise Broken(at("angle"), f"{name!r} is no name for an angle", "Use small letters, digits and _.")
    for key, least in (("tiers", front.tiers), ("openers", front.openers), ("bridges", front.bridges)):
        if not least:
            raise Broken(at(key), f"{key} is empty", "Give at least one.")
    if not front.asks:
        raise Broken(at("asks"), "asks is empty", "Give at least one.")
    _known(front.needs, LEAD_WORDS, at("needs"), "word")
    _known(front.personas, personas, at("personas"), "persona")
    return front


def _misfit(said: str, lines: list[str]) -> Broken:
    where = re.search(r" - at `\$\.?(\w*)", said)
    key = where[1] if where and where[1] else ""
    unknown = re.search(r"unknown field `(\w+)`", said)
    missing = re.search(r"missing required field `(\w+)`", said)
    if unknown:
        meant = get_close_matches(unknown[1], Front.__struct_fields__, 1, LIKE)
        return Broken(
            line_of(lines, unknown[1]) + 1,
            f"there is no key {unknown[1]!r}",
            f"Perhaps {meant[0]} is meant." if meant else f"Use {', '.join(Front.__struct_fields__)}.",
        )
    if missing:
        return Broken(1, f"the key {missing[1]!r} is missing", f"Add {missing[1]} between the two lines of +++.")
    plain = said.partition(" - at ")[0]
    remedies = {
        "subjects": "Give exactly two subjects.",
        "theme": "Use decisions, growth, tools or time.",
        "tiers": "Use tier_1, tier_2, tier_3, tier_4 or needs_data.",
    }
    return Broken(
        (line_of(lines, key) if key else 0) + 1,
        f"{key or 'the front matter'} does not fit: {plain}",
        remedies.get(key, "Write it as the shipped templates do; `swarm templates copy` shows one."),
    )


def _known(given: Iterable[str], known: frozenset[str], line: int, kind: str) -> None:
    for one in given:
        if one not in known:
            raise Broken(line, f"there is no {kind} {one!r}", _meant(one, known))


def _meant(one: str, known: Iterable[str]) -> str:
    near = get_close_matches(one, list(known), 1, LIKE)
    return f"Perhaps {near[0]} is meant." if near else f"Use one of {', '.join(sorted(known))}."


def _words(made: ImmutableSandboxedEnvironment, text: str, line: int) -> frozenset[str]:
    """What a text asks for; `line` is where it begins."""
    try:
        found = meta.find_undeclared_variables(made.parse(text))
    except TemplateSyntaxError as error:
        raise Broken(
            line + error.lineno - 1, f"a slot is not closed or not readable: {error.message}", "Write it as {{ word }}."
        ) from error
    for one in sorted(found - LEAD_WORDS - ALWAYS):
        rows = [at for at, row in enumerate(text.split("\n")) if re.search(rf"\b{re.escape(one)}\b", row)]
        raise Broken(line + (rows[0] if rows else 0), f"nobody fills {{{{ {one} }}}}", _meant(one, LEAD_WORDS | ALWAYS))
    return frozenset(found)


def _choice(number: str, texts: tuple[str, ...]) -> str:
    """A template for the text of this number; for nothing where there is none."""
    return "".join(f"{{% if {number} == {at} %}}{text}{{% endif %}}" for at, text in enumerate(texts))
