"""The rows of a file that became no lead: out as they came, each with what mends it; and in again once they are mended."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from services.reading.delimited import DELIMITERS, divided
from services.reading.encoding import text_of
from services.reading.sheet import Row, RowError, Sheet

WHY = ("row", "field", "reason", "remedy")
RAW = "as_it_came"
STILL_BROKEN = RowError(
    "row",
    "The line in `as_it_came` still does not divide into the columns of the header.",
    "Mend that line, or fill in the cells of the row and leave it.",
)
_MADE_SAFE = re.compile("'[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that was kept from being a formula when it was written."""


class Refusal(Protocol):
    """Which row, and why it is none."""

    @property
    def row(self) -> int: ...

    @property
    def field(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def remedy(self) -> str: ...


def why(refusal: Refusal) -> list[str]:
    """The values of the columns `WHY`."""
    return [str(refusal.row), refusal.field, refusal.reason, refusal.remedy]


def returned(sheet: Sheet, content: bytes, refusals: Sequence[Refusal]) -> Iterator[list[str]]:
    """A header, then the refused rows: their own cells, number, field, reason and remedy.

    A row that could not be divided into cells is in the last column. Nothing is made safe for a spreadsheet here.
    """
    lines = text_of(content).text.split("\n")
    rows = {row.number: row for row in sheet.rows}
    yield [*sheet.header, *WHY, RAW]
    for one in refusals:
        cells, raw = _as_it_came(rows.get(one.row), sheet, lines)
        yield [*cells, *why(one), raw]


def _as_it_came(row: Row | None, sheet: Sheet, lines: Sequence[str]) -> tuple[list[str], str]:
    empty = [""] * len(sheet.header)
    if row is None:
        return empty, ""
    if row.cells:
        return list(row.cells), ""
    known = sheet.format == "csv" and 0 < row.line <= len(lines)
    return empty, lines[row.line - 1] if known else ""


def comes_back(header: Sequence[str]) -> bool:
    """Whether these are the columns of a file of refused rows."""
    return tuple(header[-len(WHY) - 1 :]) == (*WHY, RAW)


def mended(rows: Sequence[Row]) -> list[Row]:
    """The rows of a file of refused rows, as those of the file that they came from.

    What was added is left out, and what was done to a cell for a spreadsheet is undone. A row that could not be divided
    is read from its line, which a person may have mended, unless they filled in its cells.
    """
    return [row if row.error else _mended(row) for row in rows]


def _mended(row: Row) -> Row:
    cells = [cell[1:] if _MADE_SAFE.match(cell) else cell for cell in row.cells]
    own, raw = tuple(cells[: -len(WHY) - 1]), cells[-1]
    if not raw.strip() or any(cell.strip() for cell in own):
        return msgspec.structs.replace(row, cells=own)
    for delimiter in DELIMITERS:
        found = divided(raw, delimiter)
        if len(found) == len(own) > 1:
            return msgspec.structs.replace(row, cells=tuple(found))
    return msgspec.structs.replace(row, cells=(), error=STILL_BROKEN)
