"""How far an edited text is from the one before, and which parts of the message changed."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from contracts.email import Claim, Content, EditChange, EditClass, EditedPart, canonical
from contracts.envelope import reveal
from services.approval.letter import Letter, read

MINOR_DISTANCE_MAX = 0.25
"""Up to here an edit is minor: about one sentence of six said in another way."""
MINOR_KEPT_MIN = 0.65
"""An edit that keeps fewer of the words than this is major, even if it adds none: cutting is rewriting."""
LENGTH_CHANGE_MIN = 0.25
"""A letter that is longer or shorter by more than this share of its words has another length."""

Kind: TypeAlias = Literal["same", "removed", "added"]

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_SHOWN = re.compile(r"\s+\Z|\S+\s*|\s+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")
_NAME = re.compile(r"(?<![.!?:\n] )(?<=[a-z,;0-9)] )[A-Z][\w&'’-]+")
_NO_NAMES = frozenset({"I", "I'm", "I’m", "I'd", "I’d", "I've", "I’ve", "I'll", "I’ll"})
_CONTRACTION = re.compile(r"\b\w+(?:n['’]t|['’](?:re|ve|ll|d|m))\b", re.IGNORECASE)
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_SHOUTED = re.compile(r"\b[A-Z]{5,}\b")
_FORMAL = re.compile(
    r"\b(dear|sincerely|kindly|regards|respectfully|would you|could you|may i|please|sir|madam)\b", re.IGNORECASE
)
_CASUAL = re.compile(r"\b(hey|cheers|awesome|cool|gonna|wanna|yeah|yep|folks|guys|super|btw|fyi)\b", re.IGNORECASE)


class Distance(NamedTuple):
    """`far` is 0 for the same words and 1 for none in common; `kept` is the share of the old words still there."""

    far: float
    kept: float


def compare(before: Content, after: Content, claims: tuple[Claim, ...]) -> EditChange:
    """What an edit did.

    The class is judged on the letter alone as well, since a signature and an address that nobody touched would make
    every rewrite of a short letter look small.

    Args:
        before: the version that was edited.
        after: the one that takes its place.
        claims: what the old version said about the recipient.
    """
    old, new = _read(before), _read(after)
    whole = distance(f"{old.subject}\n{old.text}", f"{new.subject}\n{new.text}")
    letter = distance(f"{old.subject}\n{old.said}", f"{new.subject}\n{new.said}")
    return EditChange(
        edit_class=_edit_class(whole, letter), distance=round(whole.far, 4), parts=_parts(old, new, claims)
    )


def distance(before: str, after: str) -> Distance:
    """How far two texts are apart, in words and punctuation marks; white space does not count."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    shared = _longest_common(old, new)
    total = len(old) + len(new)
    return Distance(1 - 2 * shared / total if total else 0.0, shared / len(old) if old else 1.0)


def word_diff(before: str, after: str) -> list[tuple[Kind, str]]:
    """The two texts word by word, for the review card.

    Returns:
        Pieces in reading order. "same" and "removed" give the old text, "same" and "added" the new one, to the last
        character; neighbours differ in kind.
    """
    old, new = _SHOWN.findall(before), _SHOWN.findall(after)
    pieces: list[tuple[Kind, str]] = []
    old_at = new_at = 0
    for old_to, new_to in (*_matches(old, new), (len(old), len(new))):
        if old_at < old_to:
            pieces.append(("removed", "".join(old[old_at:old_to])))
        if new_at < new_to:
            pieces.append(("added", "".join(new[new_at:new_to])))
        same = "".join(old[old_to : old_to + 1])
        if pieces and pieces[-1][0] == "same":
            pieces[-1] = ("same", pieces[-1][1] + same)
        elif same:
            pieces.append(("same", same))
        old_at, new_at = old_to + 1, new_to + 1
    return pieces


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[int]:
    """After each new token: an integer whose clear bits tell where the longest common subsequence grows along `old`.

    Bit-parallel: a step per new token over an integer with a bit per old one, so a text made to be slow is not; difflib
    took minutes on one. Source: Hyyrö, "Bit-parallel LCS-length computation revisited", 2004.
    """
    places: dict[str, int] = {}
    for index, token in enumerate(old):
        places[token] = places.get(token, 0) | 1 << index
    row = full = (1 << len(old)) - 1
    yield row
    for token in new:
        hit = row & places.get(token, 0)
        row = ((row + hit) | (row - hit)) & full
        yield row


def _longest_common(old: Sequence[str], new: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    last = 0
    for row in _rows(old, new):
        last = row
    return len(old) - last.bit_count()


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places, in `old` and in `new`, of the tokens of a longest common subsequence."""
    rows = list(_rows(old, new))
    found: list[tuple[int, int]] = []
    old_at, new_at = len(old), len(new)
    while old_at and new_at:
        bit = 1 << (old_at - 1)
        if rows[new_at] & bit:
            old_at -= 1
        else:
            new_at -= 1
            if rows[new_at] & bit:
                old_at -= 1
                found.append((old_at, new_at))
    return found[::-1]


def _read(content: Content) -> Letter:
    return read(canonical(reveal(content.subject)).strip(), canonical(reveal(content.text)))


def _edit_class(whole: Distance, letter: Distance) -> EditClass:
    if whole.far == 0:
        return "none"
    minor = max(whole.far, letter.far) <= MINOR_DISTANCE_MAX and min(whole.kept, letter.kept) >= MINOR_KEPT_MIN
    return "minor" if minor else "major"


def _parts(old: Letter, new: Letter, claims: tuple[Claim, ...]) -> tuple[EditedPart, ...]:
    changed: dict[EditedPart, bool] = {
        "subject": old.subject != new.subject,
        "opener": _words(old.opener) != _words(new.opener),
        "ask": _words(old.ask) != _words(new.ask),
        "facts": _facts_changed(old, new, claims),
        "tone": _tone(old) != _tone(new),
        "length": _length_changed(old, new),
        "compliance": _words(old.block) != _words(new.block),
    }
    return tuple(part for part, has_changed in changed.items() if has_changed)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _facts_changed(old: Letter, new: Letter, claims: tuple[Claim, ...]) -> bool:
    """A claim's words came or went, or a number or a name did that the other text does not have at all."""
    before, after = f"{old.subject}\n{old.said}", f"{new.subject}\n{new.said}"
    plain_before, plain_after = _plain(before), _plain(after)
    if any((_plain(claim.words) in plain_before) != (_plain(claim.words) in plain_after) for claim in claims):
        return True
    if sorted(_NUMBER.findall(before)) != sorted(_NUMBER.findall(after)):
        return True
    here, there = set(_words(before)), set(_words(after))
    return bool((_names(before) - there) | (_names(after) - here))


def _names(text: str) -> set[str]:
    """Capitalised words within a sentence, each token of them."""
    return {token for name in _NAME.findall(text) if name not in _NO_NAMES for token in _words(name)}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _tone(letter: Letter) -> tuple[object, ...]:
    """What makes a text sound louder, stiffer or looser."""
    text = f"{letter.subject}\n{letter.greeting}\n{letter.said}\n{letter.sign_off}"
    return (
        text.count("!"),
        sorted({word.casefold() for word in _FORMAL.findall(text)}),
        sorted({word.casefold() for word in _CASUAL.findall(text)}),
        bool(_CONTRACTION.search(text)),
        bool(_EMOJI.search(text)),
        sorted(set(_SHOUTED.findall(text))),
    )


def _length_changed(old: Letter, new: Letter) -> bool:
    before, after = len(old.said.split()), len(new.said.split())
    return abs(after - before) > LENGTH_CHANGE_MIN * before
