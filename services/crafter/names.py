"""Which industry or title a list means, whatever language it names them in. What is known stands beside the templates."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache

import msgspec

from services.crafter.languages import DIRECTORY

INDUSTRIES_FILE = DIRECTORY / "industries.toml"
TITLES_FILE = DIRECTORY / "titles.toml"
GOES_ON = "*"
_WORD = re.compile(r"[^\W_]+")


class Industry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An industry by the name under which the languages say it, and the names that lists give it.

    `*` ends a name whose last word may go on.
    """

    name: str
    names: tuple[str, ...]


class _Industries(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    industries: tuple[Industry, ...]


def folded(text: str) -> str:
    """The words alone, without case and accents, one blank before and after each."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = plain if plain.isascii() else "".join(one for one in plain if not unicodedata.combining(one))
    return f" {' '.join(_WORD.findall(bare))} "


@cache
def industries() -> tuple[Industry, ...]:
    """Those that can be said."""
    return msgspec.convert(tomllib.loads(INDUSTRIES_FILE.read_text(encoding="utf-8")), _Industries).industries


def industry(text: str) -> str:
    """The name of the industry that a text speaks of; empty where it is on no list.

    Of several the one found by the most words counts, then the first.
    """
    said = folded(text)
    return next((name for sought, name in _sought() if sought in said), "")


@cache
def _sought() -> tuple[tuple[str, str], ...]:
    found = [(_pattern(each), one.name) for one in industries() for each in one.names]
    return tuple(sorted(found, key=lambda one: -len(one[0].split())))


def _pattern(name: str) -> str:
    sought = folded(name)
    return sought.rstrip() if name.endswith(GOES_ON) else sought


@cache
def english_titles(language: str) -> dict[str, str]:
    """The English title by the folded one, for titles that belong to any other language than this."""
    written = msgspec.convert(
        tomllib.loads(TITLES_FILE.read_text(encoding="utf-8")), dict[str, dict[str, tuple[str, ...]]]
    )
    elsewhere: Iterable[dict[str, tuple[str, ...]]] = (table for code, table in written.items() if code != language)
    return {folded(each): english for table in elsewhere for english, names in table.items() for each in names}


def shared_bytes() -> bytes:
    """What the files say, for the hash that a template carries."""
    return INDUSTRIES_FILE.read_bytes() + TITLES_FILE.read_bytes()
