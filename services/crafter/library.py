"""The angles of one language, shipped ones and the user's own in their place or beside them, and what is wrong of these."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from contracts.errors import BadInput
from services.crafter.languages import DIRECTORY, ENGLISH, LANGUAGES, known_language
from services.crafter.names import shared_bytes
from services.crafter.speech import Forms, Speech
from services.crafter.template_file import Angle, Broken, Shared, Theme, compile_angle, environment, spaced

GENERAL = "general"
PAINS = "pains"
PAINS_FILE = "pains.toml"
SUFFIX = ".j2"


class Pain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What work of one kind feels like, and what to call it."""

    topic: str
    text: str


Pains = dict[str, dict[Theme, tuple[Pain, ...]]]


class Problem(NamedTuple):
    """Why a file of the user cannot be used, at which line, and what mends it.

    `angle` is the one that is not written because of it; empty where it is none, `*` for all of the language.
    """

    file: Path
    line: int
    reason: str
    remedy: str
    angle: str = ""

    def words(self) -> str:
        """All of it in one sentence."""
        return f"{self.file.parent.name}/{self.file.name}, line {self.line}: {self.reason}. {self.remedy}"


class Library(NamedTuple):
    """Every angle by name, in alphabetical order, every pain by persona and theme, and how the language speaks.

    An angle whose own file is broken is not among them, and neither is the shipped one in its place: who rewrote it does
    not want the old words.
    """

    language: str
    speech: Speech
    angles: dict[str, Angle]
    pains: Pains
    problems: tuple[Problem, ...] = ()

    def only(self, names: frozenset[str]) -> "Library":
        """With these angles alone; all of them where none is named."""
        if not names:
            return self
        return self._replace(
            angles={name: one for name, one in self.angles.items() if name in names},
            problems=tuple(one for one in self.problems if one.angle in names or one.angle == "*"),
        )

    def pain(self, persona: str, theme: Theme, variant: int) -> Pain:
        """What a person of this kind struggles with; of a persona nobody wrote for, what everybody does."""
        known = self.pains.get(persona, self.pains[GENERAL])[theme]
        return known[variant % len(known)]


def load_library(language: str = ENGLISH, own: Path | None = None) -> Library:
    """The texts of a language. Shipped ones are compiled once a process; the user's own are read with each call.

    Args:
        language: its code, which is the name of its folder.
        own: the user's folder, with a folder for each language in it.

    Raises:
        BadInput: there are no texts in this language, or `own` is no folder. What is wrong inside is in `problems`.
    """
    shipped = _shipped(known_language(language))
    _there(own)
    return shipped if own is None else _with_own(shipped, own)


class Libraries:
    """The texts of each language that is asked for, read once; the user's own change with the next process.

    Args:
        own: see `load_library`.

    Raises:
        BadInput: `own` is no folder.
    """

    def __init__(self, own: Path | None) -> None:
        _there(own)
        self._own = own
        self._found: dict[str, Library] = {}

    def __call__(self, language: str) -> Library:
        """The texts of this language."""
        found = self._found.get(language)
        if found is None:
            found = self._found[language] = load_library(language, self._own)
        return found


def _there(own: Path | None) -> None:
    if own is not None and not own.is_dir():
        raise BadInput(
            f"The folder of templates {own} is not there.",
            "`swarm templates copy ANGLE` makes it; or take the setting out.",
            field="templates",
        )


def shipped_file(language: str, angle: str) -> Path:
    """Where a shipped template stands, or the pains."""
    return DIRECTORY / language / (PAINS_FILE if angle == PAINS else f"{angle}{SUFFIX}")


@cache
def load_speech(language: str) -> Speech:
    """How a language greets, counts and takes its leave: what there is to know of it without any template.

    Raises:
        BadInput: there are no texts in this language.
    """
    file = DIRECTORY / known_language(language) / "forms.toml"
    return Speech(msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Forms), language)


@cache
def _shipped(language: str) -> Library:
    folder, speech = DIRECTORY / language, load_speech(language)
    forms = speech.forms
    written = msgspec.convert(tomllib.loads((folder / PAINS_FILE).read_text(encoding="utf-8")), Pains)
    pains = _spaced(written, forms.space_before)
    made, shared, angles = environment(), _shared(language, forms, pains), {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            angles[path.stem] = compile_angle(made, path.stem, path.read_text(encoding="utf-8"), shared)
        except Broken as error:
            raise BadInput(
                f"The template {language}/{path.name} cannot be used: line {error.line}, {error.reason}.", error.remedy
            ) from error
    return Library(language, speech, angles, pains)


def _shared(language: str, forms: Forms, pains: Pains) -> Shared:
    mark = (
        (DIRECTORY / language / "forms.toml").read_bytes()
        + shared_bytes()
        + msgspec.json.encode(pains, order="deterministic")
    )
    return Shared(forms.soft_asks, forms.space_before, frozenset(pains), mark)


def _with_own(shipped: Library, own: Path) -> Library:
    problems = [*_misplaced(own)]
    pains, folder = shipped.pains, own / shipped.language
    if (folder / PAINS_FILE).exists():
        try:
            pains = _merged(pains, folder / PAINS_FILE, shipped.speech.forms.space_before)
        except Broken as error:
            problems.append(Problem(folder / PAINS_FILE, error.line, error.reason, error.remedy, "*"))
    made, shared = environment(), _shared(shipped.language, shipped.speech.forms, pains)
    angles = dict(shipped.angles)
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            angles[path.stem] = compile_angle(made, path.stem, _read(path), shared)._replace(file=path)
        except Broken as error:
            angles.pop(path.stem, None)
            problems.append(Problem(path, error.line, error.reason, error.remedy, path.stem))
    if any(one.angle == "*" for one in problems):
        angles = {}  # The pains stand in every text, and nobody knows which of them were meant.
    return shipped._replace(angles=dict(sorted(angles.items())), pains=pains, problems=tuple(problems))


def _misplaced(own: Path) -> list[Problem]:
    """Files that nobody would ever read."""
    found = [
        Problem(path, 1, "it lies in no language's folder", f"Move it to {own.name}/{ENGLISH}/.")
        for path in sorted(own.glob(f"*{SUFFIX}"))
    ]
    for folder in sorted(one for one in own.iterdir() if one.is_dir() and one.name not in LANGUAGES):
        found += [
            Problem(path, 1, f"there is no language {folder.name!r}", f"Use one of {', '.join(LANGUAGES)}.")
            for path in sorted(folder.glob(f"*{SUFFIX}"))
        ]
    return found


def _spaced(pains: Pains, marks: str) -> Pains:
    """No mark of the language begins a line."""
    return {
        persona: {
            theme: tuple(msgspec.structs.replace(one, text=spaced(one.text, marks)) for one in found)
            for theme, found in themes.items()
        }
        for persona, themes in pains.items()
    }


def _merged(pains: Pains, file: Path, marks: str) -> Pains:
    """The shipped pains with the user's in their place, theme by theme."""
    text = _read(file)
    try:
        own = msgspec.convert(tomllib.loads(text), Pains)
    except tomllib.TOMLDecodeError as error:
        line = str(error).partition("(at line ")[2].partition(",")[0]
        raise Broken(
            int(line) if line.isdigit() else text.count("\n") + 1, f"it is no TOML: {error}", "Check the marks there."
        ) from error
    except msgspec.ValidationError as error:
        raise Broken(1, f"it does not fit: {error}", "Write it as the shipped one does.") from error
    for persona, themes in own.items():
        if any(not found for found in themes.values()):
            raise Broken(1, f"a theme of {persona} has no pain", "Give at least one, or leave the theme out.")
    own = _spaced(own, marks)
    return pains | {persona: {**pains.get(persona, pains[GENERAL]), **themes} for persona, themes in own.items()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Broken(1, "it is not written in UTF-8", "Save it as UTF-8.") from error
    except OSError as error:
        raise Broken(1, f"it cannot be read: {error.strerror}", "Check its rights.") from error
