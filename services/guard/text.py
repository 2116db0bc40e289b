"""How the guard reads a text: its parts, its sentences, and the short numbers by which it knows a text again."""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Sequence

SKETCH = 64
"""How many shingle hashes a sketch keeps; a first touch has about a hundred, so the estimate is off by 0.06."""

FINGERPRINT_CHARACTERS = 500

_WORD = re.compile(r"[^\W_]+")
_QUOTES = "“”‘’–—"  # Often the only characters of a text that are not ASCII; dashes count, too.
_GAPS = {code: " " for code in range(128) if not chr(code).isalnum()}
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+(?=[^\s.!?])[^.!?\n]*)*[.!?]*")
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|grüß gott"
    r"|sehr geehrte[rs]?|liebe[rs]?|bonjour|bonsoir|madame, monsieur|madame|monsieur|chère?)\b[^\n,.!?:]{0,60}(?:[,!:.]\s*|\n|$)",
    re.IGNORECASE,
)


def normal(text: str) -> str:
    """Words alone, case-folded, one space between, and one at each end so that ` a phrase ` finds whole words."""
    if not text.isascii():
        for mark in _QUOTES:
            text = text.replace(mark, " ")
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Both find the same words; the table is three times as fast and knows ASCII only.
    words = folded.translate(_GAPS).split() if folded.isascii() else _WORD.findall(folded)
    return f" {' '.join(words)} "


def ungreeted(text: str) -> str:
    """The text without its greeting."""
    greeting = _GREETING.match(text)
    return (text[greeting.end() :] if greeting else text).lstrip()


def personal_part(text: str, signature: str) -> str:
    """What is said to this recipient: the text after the greeting and before the last line that is the signature.

    Args:
        text: the whole message.
        signature: the sender's name as it stands on its own line; without such a line the whole text counts.
    """
    head, found, _ = f"\n{text}\n".rpartition(f"\n{signature}\n") if signature else ("", "", "")
    return ungreeted(head if found else text).rstrip()


def sentences(text: str) -> tuple[str, ...]:
    """The sentences, in order; a line end ends one, too."""
    return tuple(one for one in map(str.strip, _SENTENCE.findall(text)) if one)


def first_sentence(text: str) -> str:
    """The sentence after the greeting; empty where there is none."""
    found = _SENTENCE.match(ungreeted(text))
    return found[0].strip() if found else ""


def opener(text: str) -> str:
    """The fingerprint of the first sentence after the greeting, 16 hex digits."""
    return mark_of(normal(first_sentence(text)))


def mark_of(words: str) -> str:
    """As `opener`, of a sentence in normal form."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def fingerprint(subject: str, text: str) -> str:
    """SHA-256, in hex, of the normalised subject and the first 500 characters of the normalised text.

    Case, punctuation, white space and the spelling of one character in several ways make no difference.
    """
    return fingerprint_of(normal(subject), text)


def fingerprint_of(plain_subject: str, text: str) -> str:
    """As `fingerprint`, of a subject in normal form."""
    body = normal(text[: 2 * FINGERPRINT_CHARACTERS])[: FINGERPRINT_CHARACTERS + 1]
    return hashlib.sha256(f"{plain_subject}\n{body}".encode()).hexdigest()


def shingles(text: str) -> tuple[int, ...]:
    """The sketch of a text: the smallest 64 hashes of its three-word runs, sorted; the same in every process."""
    return sketch(normal(text))


def sketch(words: str) -> tuple[int, ...]:
    """As `shingles`, of a text in normal form."""
    one = words.encode().split()
    runs = map(b" ".join, zip(one, one[1:], one[2:], strict=False))
    return tuple(sorted(set(map(zlib.crc32, runs)))[:SKETCH])


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated share of three-word runs that two texts have in common, 0 to 1, from their sketches."""
    mine, theirs = set(one), set(other)
    together = sorted(mine | theirs)[:SKETCH]
    shared = mine & theirs
    return len(shared.intersection(together)) / len(together) if shared else 0.0
