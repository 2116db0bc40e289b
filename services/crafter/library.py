"""The angles as they stand in their files: front matter, parts and how they are put together, compiled once."""

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from contracts.errors import BadInput
from contracts.lead import Tier

DIRECTORY = Path(__file__).with_name("templates")
GENERAL = "general"

Theme = Literal["decisions", "growth", "tools", "time"]

_FRONT = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
_NOT_ASKED_FOR = frozenset({"topic", "Topic", "greeting", "opener", "pain", "bridge", "line", "proof", "ask", "short"})


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


class Pain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What work of one kind feels like, and what to call it."""

    topic: str
    text: str


class Part(NamedTuple):
    """One of the sentences among which a text chooses, and the words of lead or offer that it cannot do without."""

    number: int
    needs: frozenset[str]


class Angle(NamedTuple):
    """One way to begin a conversation. A variant is an opener; the other parts follow from its number.

    The two templates hold every part; `subject_number`, `opener_number`, … say which of them to write.
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
    subject: Template
    body: Template


class Library(NamedTuple):
    """Every angle by name, in alphabetical order, and every pain by persona and theme."""

    angles: dict[str, Angle]
    pains: dict[str, dict[Theme, tuple[Pain, ...]]]

    def only(self, names: frozenset[str]) -> "Library":
        """With these angles alone; all of them where none is named."""
        return Library({name: one for name, one in self.angles.items() if name in names}, self.pains) if names else self

    def pain(self, persona: str, theme: Theme, variant: int) -> Pain:
        """What a person of this kind struggles with; of a persona nobody wrote for, what everybody does."""
        known = self.pains.get(persona, self.pains[GENERAL])[theme]
        return known[variant % len(known)]


def load_library(directory: Path = DIRECTORY) -> Library:
    """Read and compile every template.

    Raises:
        BadInput: a file has no front matter, an unknown or missing part, or a slot that does not compile.
    """
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,  # Plain text; lead values pass `natural`, which lets no markup through.
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )
    environment.globals.clear()  # The templates call nothing, and each rendering would copy the table.
    shared = (directory / "pains.toml").read_bytes()
    pains = msgspec.convert(tomllib.loads(shared.decode()), dict[str, dict[Theme, tuple[Pain, ...]]])
    angles = {}
    for path in sorted(directory.glob("*.j2")):
        try:
            angle = _angle(environment, path.read_text(encoding="utf-8"), shared)
        except (TemplateError, tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
            raise BadInput(f"The template {path.name} cannot be used: {error}.", "Mend the file.") from error
        angles[angle.name] = angle
    return Library(angles, pains)


def _angle(environment: ImmutableSandboxedEnvironment, source: str, shared: bytes) -> Angle:
    parted = _FRONT.match(source)
    if parted is None:
        raise ValueError("it has no front matter between two lines of +++")
    front = msgspec.convert(tomllib.loads(parted[1]), Front)

    def parts(texts: tuple[str, ...]) -> tuple[Part, ...]:
        return tuple(
            Part(number, frozenset(meta.find_undeclared_variables(environment.parse(text)) - _NOT_ASKED_FOR))
            for number, text in enumerate(texts)
        )

    # One template with all parts is rendered three times as fast as a template for each.
    body = "".join(
        f"{{% set {name} %}}{_choice(f'{name}_number', texts)}{{% endset %}}"
        for name, texts in (("opener", front.openers), ("bridge", front.bridges), ("ask", front.asks))
    )

    return Angle(
        name=front.angle,
        hash=hashlib.sha256(source.encode() + shared).hexdigest(),
        tiers=front.tiers,
        personas=front.personas,
        theme=front.theme,
        needs=frozenset(front.needs),
        subjects=parts(front.subjects),
        openers=parts(front.openers),
        bridges=parts(front.bridges),
        asks=parts(front.asks),
        subject=environment.from_string(_choice("subject_number", front.subjects)),
        body=environment.from_string(body + parted[2].strip()),
    )


def _choice(number: str, texts: tuple[str, ...]) -> str:
    """A template for the text of this number; for nothing where there is none."""
    return "".join(f"{{% if {number} == {at} %}}{text}{{% endif %}}" for at, text in enumerate(texts))
