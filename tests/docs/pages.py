"""A page of docs/ as what its reader does with it: files to write, files to change, and commands to type."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FENCE = "```"
PROMPT, CONTINUED = "$ ", "> "
SKIPPED = "…"
"""A line of its own among what a command prints: any number of lines are left out here."""


class Block(NamedTuple):
    """What stands between two fences.

    `line` is that of the opening fence, counted from 1. `language` and `name` are the words behind it: a block with a
    name is a file, or with the language `diff` a change to one.
    """

    line: int
    language: str
    name: str
    lines: Sequence[str]

    @property
    def text(self) -> str:
        return "".join(f"{one}\n" for one in self.lines)


class Step(NamedTuple):
    """One command of a session and what it prints; `first` and `last` are the lines of the page that show that."""

    first: int
    last: int
    command: str
    shown: Sequence[str]


class BadPageError(Exception):
    """A page that nobody could follow; names the line."""


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order.

    Raises:
        BadPageError: one is not closed.
    """
    found: list[Block] = []
    opened, inside = None, list[str]()
    for number, line in enumerate(page.splitlines(), start=1):
        if opened is None and line.startswith(FENCE):
            opened, inside = (number, line.removeprefix(FENCE).strip()), []
        elif opened is not None and line == FENCE:
            language, _, name = opened[1].partition(" ")
            found.append(Block(opened[0], language, name.strip(), inside))
            opened = None
        elif opened is not None:
            inside.append(line)
    if opened is not None:
        raise BadPageError(f"line {opened[0]}: this block is not closed")
    return found


def steps(block: Block) -> Iterator[Step]:
    """The commands of a session; a command goes on behind a backslash, on a line that begins with `> `.

    Raises:
        BadPageError: it does not begin with a command.
    """
    at, lines = 0, block.lines
    while at < len(lines):
        if not lines[at].startswith(PROMPT):
            raise BadPageError(f"line {block.line + 1 + at}: a session begins with `{PROMPT}` and a command")
        command = lines[at].removeprefix(PROMPT)
        at += 1
        while command.endswith("\\") and at < len(lines):
            command = command[:-1] + lines[at].removeprefix(CONTINUED).lstrip()
            at += 1
        first = at
        while at < len(lines) and not lines[at].startswith(PROMPT):
            at += 1
        shown = lines[first:at]
        while shown and not shown[-1].strip():
            shown = shown[:-1]
        yield Step(block.line + 1 + first, block.line + 1 + first + len(shown), command, shown)


def changed(text: str, change: Block) -> str:
    """The text of a file after a change: the kept and removed lines of each hunk stand together in it, once.

    Hunks are parted by a line that begins with `@@`; what stands behind that is for the reader alone.

    Raises:
        BadPageError: a hunk does not fit.
    """
    hunk: list[str] = []
    for number, line in enumerate((*change.lines, "@@"), start=change.line + 1):
        if not line.startswith("@@"):
            hunk.append(line or " ")
            continue
        if not hunk:
            continue
        if strange := [one for one in hunk if one[0] not in " +-"]:
            raise BadPageError(f"line {number}: {strange[0]!r} is neither kept, removed nor added")
        before = "".join(f"{one[1:]}\n" for one in hunk if one[0] in " -")
        after = "".join(f"{one[1:]}\n" for one in hunk if one[0] in " +")
        places = [match.start() for match in re.finditer("^" + re.escape(before), text, re.MULTILINE)]
        if len(places) != 1:
            raise BadPageError(f"line {number}: the hunk before this stands {len(places)} times in {change.name}")
        text = text[: places[0]] + after + text[places[0] + len(before) :]
        hunk = []
    return text
