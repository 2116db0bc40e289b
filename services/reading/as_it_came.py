"""The rows of a file that became no lead, as they came, each with what mends it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from services.reading.encoding import text_of
from services.reading.sheet import Row, Sheet

WHY = ("row", "field", "reason", "remedy")
RAW = "as_it_came"


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
