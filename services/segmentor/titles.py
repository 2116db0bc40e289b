"""Reads a job title word by word: how senior, which function, and whose worries the person has."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from services.segmentor.phrases import fold
from services.segmentor.title_words import (
    AND,
    CLERKS,
    DEPENDENTS,
    DEPUTIES,
    DEPUTIES_AFTER,
    ENDS,
    FUNCTION_WORDS,
    FUNCTIONS,
    LEADING,
    LEVELS,
    NO_LONGER,
    NOT_ROLES,
    OF,
    PROFESSIONS,
    REVENUE_OPERATIONS,
    ROLES,
    THINGS_OWNED,
    Function,
    Level,
    Role,
)

VERSION = 1
"""Raised when a title comes to mean something else; a model names the version that it was made for."""

Persona: TypeAlias = Literal[
    "executive", "sales", "marketing", "operations", "technology", "finance", "people", "other"
]
PERSONAS: dict[Function, Persona] = {
    "sales": "sales",
    "revenue_operations": "sales",
    "customer_success": "sales",
    "marketing": "marketing",
    "operations": "operations",
    "technology": "technology",
    "product": "technology",
    "finance": "finance",
    "people": "people",
    "legal": "other",
}

LONGEST_TITLE = 200
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_PARTS = re.compile(r"[,;|():•·–—\n\t\[\]]+|\s-+\s")
_ELISION = re.compile(r"\b[dl]'")
_TRAINING = re.compile(r"\bin training\b")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[&+/@]")
_PHRASE_WORDS = range(3, 0, -1)


class Title(NamedTuple):
    """What a job title says."""

    level: Level
    persona: Persona
    function: Function


class _Reading(NamedTuple):
    """One part of a title: the role in it, if any, and the words around it."""

    role: Role | None
    words: tuple[str, ...]
    dependent: bool = False


@lru_cache(maxsize=8192)
def parse_title(text: str) -> Title:
    """Level, persona and function of a job title.

    Part by part (comma, bar, bracket), because `Assistant to the CEO, Sales` is an assistant. Within a part the last
    word that makes somebody something counts, so `CEO Office Coordinator` coordinates. A title nobody can read is
    level `other`. Only the first 200 characters are read.
    """
    readings = _readings(text)
    if any(reading.dependent for reading in readings):
        function = _function(tuple(word for reading in readings for word in reading.words))
        return Title("other", PERSONAS.get(function, "other"), function)
    held = _held(readings)
    if not held:
        function = _function(tuple(word for reading in readings for word in reading.words))
        return Title("other", PERSONAS.get(function, "other"), function)
    # Of equals the first, except that `SVP / Head of People` and `Co-Founder & CTO` say by the second what is done all day.
    level, function = min(held, key=lambda each: (LEVELS.index(each[0]), each[0] != "c_suite" and each[1] == "general"))
    if function == "founding":
        function = next(
            (each for rank, each in held if rank in {"c_suite", "vp"} and each not in {"founding", "general"}),
            "general",
        )
    leads = level in {"c_suite", "vp"}
    return Title(level, PERSONAS.get(function, "executive" if leads else "other"), function)


def _readings(text: str) -> list[_Reading]:
    plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), fold(text[:LONGEST_TITLE]))
    plain = _ELISION.sub("", plain)
    if _TOKEN.findall(plain) == ["md"]:  # Beside a name it would be a doctor.
        return [_Reading(Role("vp", "general"), ())]
    readings = [_Reading(None, (), dependent=True)] if _TRAINING.search(plain) else []
    for part in _PARTS.split(plain):
        tokens = _before_somebody_else(_TOKEN.findall(part))
        if tokens and all(word in NO_LONGER for word in tokens):
            readings = readings[:-1]
        elif not _no_longer(tokens):
            readings += [_read(piece) for piece in _pieces(_officers(tokens)) if piece]
    return readings


def _before_somebody_else(tokens: list[str]) -> list[str]:
    end = next((at for at, word in enumerate(tokens) if word in ENDS or word == "@"), len(tokens))
    return tokens[:end]


def _no_longer(tokens: list[str]) -> bool:
    head = next((at for at, word in enumerate(tokens) if word in OF), len(tokens))
    return any(word in NO_LONGER for word in tokens[:head])


def _officers(tokens: list[str]) -> list[str]:
    """`chief revenue and growth officer` as one word, so that its `and` does not part it."""
    if "chief" not in tokens:
        return tokens
    start = tokens.index("chief")
    end = next((at for at in range(start + 1, len(tokens)) if tokens[at] == "officer"), None)
    if end is None:
        return tokens
    return [*tokens[:start], " ".join(tokens[start : end + 1]), *tokens[end + 1 :]]


def _pieces(tokens: list[str]) -> list[list[str]]:
    pieces: list[list[str]] = [[]]
    for word in tokens:
        if word in AND or word in "&+/":
            pieces.append([])
        else:
            pieces[-1].append(word)
    return pieces


def _read(tokens: list[str]) -> _Reading:
    """The role in one piece: of the run of role words nearest to the end, before any `of`, the highest."""
    found: list[tuple[int, int, Role | str]] = []
    at = 0
    while at < len(tokens) and tokens[at] not in OF:
        length, what = _at(tokens, at)
        if what is not None:
            found.append((at, at + length, what))
        at += length
    around = tuple(tokens)
    if not found:
        return _Reading(None, around)
    last = found[-1][2]
    if isinstance(last, str):
        if last in DEPENDENTS:
            return _Reading(None, around, dependent=True)
        leads = last in PROFESSIONS and any(tokens[start] in LEADING for start, _, what in found if what != last)
        return _Reading(Role("manager" if leads else "other"), around)
    run = [last]
    start = found[-1][0]
    for begins, ends, what in reversed(found[:-1]):
        if ends != start or isinstance(what, str):
            break
        run.append(what)
        start = begins
    best = min(reversed(run), key=lambda role: LEVELS.index(role.level))
    if not (DEPUTIES.isdisjoint(tokens[:start]) and DEPUTIES_AFTER.isdisjoint(tokens[found[-1][1] :])):
        best = best._replace(level=LEVELS[min(LEVELS.index(best.level) + 1, len(LEVELS) - 1)])
    return _Reading(best, around)


def _at(tokens: list[str], at: int) -> tuple[int, Role | str | None]:
    """How many tokens the thing at this place has, and what it is: a role, a helper's word, or nothing."""
    word = tokens[at]
    if word.startswith("chief ") and word.endswith(" officer"):
        return 1, _officer(word)
    for length in _PHRASE_WORDS:
        phrase = " ".join(tokens[at : at + length])
        if phrase in NOT_ROLES:
            return length, None
        if (role := ROLES.get(phrase)) is not None and not _only_looks_so(tokens, at, phrase):
            return length, role
    if (word == "head" and _is_head(tokens, at)) or (word == "partner" and (len(tokens) == 1 or _of_next(tokens, at))):
        return 1, Role("vp", None if word == "head" else "general")
    if word in DEPENDENTS or word in CLERKS or word in PROFESSIONS:
        return 1, word
    return 1, None


def _officer(word: str) -> Role:
    inner = {word for word in word.split()[1:-1] if word not in AND and word not in "&+/"}
    if "executive" in inner:
        return Role("c_suite", "general")
    if inner and inner <= {"operating", "operations", "operation"}:
        return Role("c_suite", "operations")
    return Role("vp", _function(tuple(inner)))


def _only_looks_so(tokens: list[str], at: int, phrase: str) -> bool:
    return phrase == "owner" and at > 0 and tokens[at - 1] in THINGS_OWNED


def _is_head(tokens: list[str], at: int) -> bool:
    """`Head of Sales`, `Sales Head`, `Head Marketing`; not `Head Chef`."""
    after = tokens[at + 1 : at + 2]
    return not after or after[0] in OF or after[0] in FUNCTION_WORDS


def _of_next(tokens: list[str], at: int) -> bool:
    return at == 0 and tokens[1:2] != [] and tokens[1] in OF


def _held(readings: Sequence[_Reading]) -> list[tuple[Level, Function]]:
    """Each role with its function; a part without a role (`…, Revenue Operations`) belongs to the role before it."""
    held: list[tuple[Role, tuple[str, ...]]] = []
    before: tuple[str, ...] = ()
    for reading in readings:
        if reading.role is not None:
            held.append((reading.role, before + reading.words))
            before = ()
        elif held:
            role, around = held[-1]
            held[-1] = (role, around + reading.words)
        else:
            before += reading.words
    return [(role.level, role.function or _function(around)) for role, around in held]


def _function(around: tuple[str, ...]) -> Function:
    present = frozenset(around)
    alone, selling, running = REVENUE_OPERATIONS
    if present & alone or (present & selling and present & running):
        return "revenue_operations"
    if "business" in present and "development" in present:
        return "sales"
    return next((function for function, names in FUNCTIONS if not present.isdisjoint(names)), "general")
