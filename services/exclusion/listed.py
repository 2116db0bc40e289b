"""Reads a list of those who are to be left alone: one address or domain a line, or a table with a column of them. Pure."""

import csv
from collections.abc import Sequence
from typing import NamedTuple

from contracts.errors import BadInput, TooLarge
from services.exclusion.decide import Entry, entry_of

LINES_MAX = 10_000
CELL_MAX = 2_000
DELIMITERS = (",", ";", "\t")
HEADERS = (
    frozenset({"email", "e-mail", "e-mail address", "email address", "work email", "address", "mail"}),
    frozenset({"domain", "company domain", "website", "company website", "web site", "url", "account domain"}),
    frozenset({"excluded", "exclude", "who"}),
)
"""What the columns are called in which somebody is looked for, the most certain first."""


class RefusedLine(NamedTuple):
    """A line of the list that names nobody, and what mends it; nothing of its content."""

    line: int
    reason: str
    remedy: str


class Listed(NamedTuple):
    """The entries of a list in order, each once, and the lines that are none; `lines` counts those with anything in them."""

    lines: int
    entries: list[Entry]
    refused: list[RefusedLine]


def read_list(identity_key: bytes, text: str) -> Listed:
    """Everybody whom a list names; an empty line, or one that begins with `#`, names nobody.

    With a header that is known, each row is read in those columns alone: its address, where it has none its domain.
    Without one, the first cell of each line counts.

    Raises:
        TooLarge: it has more lines than are taken.
        BadInput: nothing in it is an address or a domain.
    """
    raw = text.split("\n")
    numbered = [(at, line) for at, line in enumerate(raw, 1) if line.strip() and not line.lstrip().startswith("#")]
    if len(numbered) > LINES_MAX:
        raise TooLarge(f"The list has more than {LINES_MAX:,} lines.", "Split it.", field="file")
    delimiter = _delimiter([line for _, line in numbered[:20]])
    columns = _columns(_cells(numbered[0][1], delimiter)) if numbered else ()
    found: dict[str, Entry] = {}
    refused: list[RefusedLine] = []
    for at, line in numbered[1:] if columns else numbered:
        cells = _cells(line, delimiter)
        given = next((cells[one] for one in columns or (0,) if one < len(cells) and cells[one]), "")
        try:
            entry = entry_of(identity_key, given)
        except BadInput as error:
            refused.append(RefusedLine(at, error.detail, error.remedy))
        else:
            found.setdefault(entry.key, entry)
    if not found:
        raise BadInput(
            "Nothing in this file is an e-mail address or a domain.",
            "Write one a line, or a table with a column `email` or `domain`.",
            field="file",
        )
    return Listed(len(numbered) - bool(columns), list(found.values()), refused)


def _delimiter(lines: Sequence[str]) -> str:
    """The one that most lines have; a comma where none has any."""
    return max(DELIMITERS, key=lambda one: sum(one in line for line in lines))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip()[:CELL_MAX] for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return [""]


def _columns(cells: Sequence[str]) -> tuple[int, ...]:
    """The places of the columns that are known by name; none where the first line is no header."""
    plain = [" ".join(cell.casefold().replace("_", " ").split()) for cell in cells]
    return tuple(at for names in HEADERS for at, name in enumerate(plain) if name in names)
