"""Texts on their way to a terminal: nothing in them moves the cursor, changes colours or turns the direction."""

import re
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

SHORT_ID = 8
HIDDEN = "hidden"
"""In place of what belongs to a person, for who may not see it."""
SHADOW = "SHADOW: nothing leaves this machine."
"""Said in every report and before every question: nothing in this version can send for real."""
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ufeff]")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def clean(text: str) -> str:
    """The text without escape sequences, control and direction characters; line ends and tabs stay."""
    return _UNSEEN.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n"))).replace("\t", "    ")


def line(text: str) -> str:
    """The text on one line."""
    return " ".join(clean(text).split())


def cut(text: str, most: int) -> str:
    """The text on one line of at most so many characters."""
    plain = line(text)
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def short(one: str) -> str:
    """The beginning of an id that a person types."""
    return one if one.startswith("run_") else one[:SHORT_ID]


def at(when: datetime | None) -> str:
    """A time to the second, UTC."""
    return "" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def minute(when: datetime | None) -> str:
    """A time to the minute, UTC."""
    return "" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M}"


def took(milliseconds: int) -> str:
    """A duration for a person."""
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


def many(count: int, one: str, more: str = "") -> str:
    """`1 draft`, `2 drafts`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def spoken(name: str) -> str:
    """An identifier as words."""
    return name.replace("_", " ")


def joined(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def where(namespace: str) -> str:
    """In which namespace all of this is, and what becomes of what is approved."""
    return f"Namespace {namespace}. {SHADOW}"


def program() -> str:
    """How this program is called from where the person is."""
    found, here = shutil.which("swarm"), Path(sys.argv[0])
    if found or here.name != "swarm":
        return "swarm"
    try:
        return str(here.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(here)


def visible(text: str) -> str:
    """What is invisible in a text, named: for diffs of white space."""
    return "".join(f"<{unicodedata.name(c, 'control')}>" if _UNSEEN.match(c) else c for c in text)
