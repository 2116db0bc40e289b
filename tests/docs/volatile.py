"""What differs each time a command is run, and the one place that knows it."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from tests.docs.pages import SKIPPED

RUN = re.compile(r"run_\d{8}_\d{6}_[0-9a-f]{6}")
"""A run's id; the pages go on to type it, so it is translated rather than masked."""

DOTS = re.compile(r"\.+ +\[ *\d+%\]$")
MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (RUN, "run_…"),
    # Ids of facts come from the id of a command, which is drawn.
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "an-id"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+00:00| UTC)?)?"), "a-time"),
    (re.compile(r"\b\d{2}-\d{2} \d{2}:\d{2}\b"), "a-time"),
    (re.compile(r"\b\d{2}:\d{2}:\d{2}(?: UTC)?\b"), "a-time"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:ms|s)\b"), "so-long"),
    (re.compile(r"\b\d+(?:\.\d+)? [kMG]B free\b"), "so-much free"),
    (re.compile(r"\b[0-9a-f]{8}(?= +\d+:\d+\b)"), "an-id"),
    # How often QUEEN counts depends on how busy the machine is, and with it how many facts there are.
    (re.compile(r"\b\d+:\d+\b"), "a-place"),
    (re.compile(r"\b\d+ (facts|aggregates|rows compared)\b"), r"some \1"),
    # How many tests there are is not what a page is about; that they pass is.
    (re.compile(r"\b\d+ (passed|deselected)\b"), r"some \1"),
    # A table is as wide as its widest cell, and the cells above differ in width.
    (re.compile(r"─+"), "─"),
    (re.compile(r"[ \t]+"), " "),
)


def masked(line: str) -> str:
    """The line without what differs each time."""
    for pattern, word in MASKS:
        line = pattern.sub(word, line)
    return line.strip()


def same(shown: Iterable[str], printed: Iterable[str]) -> bool:
    """Whether a command printed what a page shows, apart from what differs each time and what the page leaves out."""
    wanted = "".join(
        r"(?:.*\n)*?" if one.strip() == SKIPPED else re.escape(masked(one)) + "\n" for one in _framed(shown)
    )
    return re.fullmatch(wanted, "".join(f"{masked(one)}\n" for one in _framed(printed))) is not None


def renewed(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """What a page should show in the place of this: what was printed, with the same parts left out as far as they can be told."""
    if not any(one.strip() == SKIPPED for one in shown):
        return list(printed)
    found: list[str] = []
    told, real = [masked(one) for one in shown], [masked(one) for one in printed]
    for kind, begin, end, first, last in SequenceMatcher(None, told, real, autojunk=False).get_opcodes():
        part, lines = told[begin:end], printed[first:last]
        if kind == "equal" or SKIPPED not in part:
            found += lines
            continue
        # Changed lines beside the gap: as many of what was printed as there were before it, and behind it.
        before, behind = part.index(SKIPPED), len(part) - 1 - part[::-1].index(SKIPPED)
        rest = len(part) - 1 - behind
        found += [*lines[:before], SKIPPED, *(lines[max(before, len(lines) - rest) :] if rest else [])]
    return found


def _framed(lines: Iterable[str]) -> list[str]:
    """Without empty lines before the first and behind the last one, and without the dots of tests."""
    return "\n".join(one.rstrip() for one in lines if not DOTS.match(one)).strip("\n").splitlines()
