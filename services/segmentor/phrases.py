"""Words and phrases of names people type: compared token by token, never by substring."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Generic, TypeVar

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
LONGEST_NAME = 200
_FILLERS = frozenset({"and", "the"})


def fold(text: str) -> str:
    """Case-folded, without accents, with a plain apostrophe: `Gérant` and `GERANT` are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return plain if plain.isascii() else "".join(each for each in plain if not unicodedata.combining(each))


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, folded; a possessive (`owner's`) is a word of its own.

    Kept for a while: the titles and industries of a list are the same few texts.
    """
    return tuple(_WORD.findall(fold(text)))


def _telling(text: str) -> tuple[str, ...]:
    return tuple(word for word in words(text) if word not in _FILLERS)


class PhraseBook(Generic[T]):
    """Finds which of many things a name speaks of.

    Args:
        entries: for each thing the names that must be the whole text, and the phrases that may stand anywhere in it.
            A whole name goes before any phrase, a longer phrase before a shorter, the first listed of equally long.
    """

    def __init__(self, entries: Iterable[tuple[T, Sequence[str], Sequence[str]]]) -> None:
        self._whole: dict[tuple[str, ...], T] = {}
        self._phrases: dict[tuple[str, ...], tuple[int, T]] = {}
        for place, (thing, names, phrases) in enumerate(entries):
            for name in names:
                self._whole.setdefault(_telling(name), thing)
            for phrase in phrases:
                self._phrases.setdefault(_telling(phrase), (place, thing))
        self._lengths = sorted({len(phrase) for phrase in self._phrases}, reverse=True)
        self._remembered = lru_cache(maxsize=4096)(self._search)

    def find(self, text: str) -> T | None:
        """The thing that the text names; None where it names none of them. Only the first 200 characters are read."""
        return self._remembered(text[:LONGEST_NAME])

    def _search(self, text: str) -> T | None:
        tokens = _telling(text)
        if (whole := self._whole.get(tokens)) is not None:
            return whole
        for length in self._lengths:
            starts = range(len(tokens) - length + 1)
            found = [hit for at in starts if (hit := self._phrases.get(tokens[at : at + length])) is not None]
            if found:
                return min(found, key=itemgetter(0))[1]
        return None
