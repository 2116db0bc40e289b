"""Delimited text as spreadsheets write it, read so that one broken row costs that row and no other."""

import bisect
import csv
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from contracts.errors import BadInput
from services.reading.columns import recognised
from services.reading.sheet import CELL_CHARS_MAX, ROW_CHARS_MAX, ROWS_MAX, Row, RowError

DELIMITERS = (",", ";", "\t", "|")
PREAMBLE_LINES_MAX = 20

QUOTES = RowError("row", "The quotation marks of this row do not pair up.", 'Write a quote inside a cell twice: "".')
TOO_LONG = RowError("row", f"A cell has more than {CELL_CHARS_MAX:,} characters.", "Shorten the cell.")
TOO_LARGE = RowError("row", f"The row has more than {ROW_CHARS_MAX:,} characters.", "Shorten its cells.")
NULS = RowError("row", "The row holds NUL characters.", "Save the file again as CSV UTF-8.")
BYTES = RowError("row", "The row holds bytes that are not of the file's encoding.", "Save the file again as CSV UTF-8.")


class Start(NamedTuple):
    """Where the data begins and how it is divided; the header stands in line `at`, from 0."""

    delimiter: str
    header: tuple[str, ...]
    next_line: int
    at: int = 0


class Lines:
    """The lines of a text, and the records that lie in them.

    A record that cannot be closed where its quotation marks say is one broken line; reading goes on behind it.
    """

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        # Only in these lines can a cell that runs over several lines begin or end.
        self._odd = [number for number, line in enumerate(self.lines) if line.count('"') % 2]

    def record(self, at: int, delimiter: str, columns: int | None) -> tuple[list[str] | RowError, int]:
        """The record that begins in line `at` (from 0), and the line after it.

        Args:
            columns: how many cells the record should have; None where that is not known yet.
        """
        line = self.lines[at]
        if '"' not in line:
            return _bounded(line.split(delimiter) if len(line) <= ROW_CHARS_MAX else TOO_LARGE), at + 1
        alone = _cells(line, delimiter)
        if isinstance(alone, list) and (columns is None or len(alone) == columns):
            return _bounded(alone), at + 1
        place = bisect.bisect_right(self._odd, at)
        if line.count('"') % 2 and place < len(self._odd):
            end = self._odd[place] + 1
            joined = self._joined(at, end, delimiter, columns)
            if joined is not None:
                return _bounded(joined), end
        return (QUOTES if isinstance(alone, list) and line.count('"') % 2 else _bounded(alone)), at + 1

    def _joined(self, at: int, end: int, delimiter: str, columns: int | None) -> list[str] | RowError | None:
        """The record in several lines, where they are one; None where the first is broken instead.

        One too large to be taken is told from a stray quotation mark by the lines inside, which are no rows.
        """
        if sum(map(len, self.lines[at:end])) <= ROW_CHARS_MAX:
            cells = _cells("\n".join(self.lines[at:end]), delimiter)
            return cells if isinstance(cells, list) and (columns is None or len(cells) == columns) else None
        if not _closes(self.lines[end - 1], delimiter):
            return None
        inside = self.lines[at + 1 : end - 1]
        rows_inside = columns is not None and any(line.count(delimiter) == columns - 1 for line in inside)
        return None if rows_inside else TOO_LARGE


def divided(text: str, delimiter: str) -> list[str]:
    """The cells of one line; none where it cannot be divided."""
    cells = _bounded(_cells(text, delimiter))
    return cells if isinstance(cells, list) and damage(cells) is None else []


def _cells(text: str, delimiter: str) -> list[str] | RowError:
    if len(text) > ROW_CHARS_MAX:
        return TOO_LARGE
    try:
        # Split as the reader wants it, and at no other kind of line end; a cell keeps its own.
        lines = [line + "\n" for line in text.split("\n")]
        return next(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return TOO_LONG if "field larger" in str(error) else QUOTES


def _bounded(cells: list[str] | RowError) -> list[str] | RowError:
    if isinstance(cells, list) and max(map(len, cells)) > CELL_CHARS_MAX:
        return TOO_LONG
    return cells


def _closes(line: str, delimiter: str) -> bool:
    """Whether the first single quotation mark of a line can be the end of a cell."""
    after = line.replace('""', "").partition('"')[2].lstrip(" ")
    return not after or after.startswith(delimiter)


def start(lines: Lines, mapping: Mapping[str, str]) -> Start:
    """Delimiter and header: of the first lines, the one in which most names of columns are recognised.

    Raises:
        BadInput: there is no line at all.
    """
    told, first = _told(lines.lines)
    best, best_score = None, 0
    fallback: Start | None = None
    seen = 0
    for at in range(first, len(lines.lines)):
        if not lines.lines[at].strip():
            continue
        seen += 1
        if seen > PREAMBLE_LINES_MAX:
            break
        for delimiter in (told,) if told else DELIMITERS:
            cells, after = lines.record(at, delimiter, None)
            if isinstance(cells, RowError):
                continue
            found = Start(delimiter, tuple(cell.strip() for cell in cells), after, at)
            score = recognised(found.header, mapping)
            if score > best_score:
                best, best_score = found, score
            if seen == 1 and (fallback is None or len(found.header) > len(fallback.header)):
                fallback = found
    if best is None and fallback is None:
        raise BadInput(
            "The file has no header that can be read." if seen else "The file is empty.",
            "Export it again with the names of the columns in the first line.",
            field="header" if seen else "file",
        )
    return best or fallback or Start(",", (), 0)


def _told(lines: list[str]) -> tuple[str, int]:
    """The delimiter that Excel's `sep=;` line names."""
    first = lines[0].strip('"') if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    return "", 0


def rows(lines: Lines, begin: Start) -> Iterator[Row]:
    """Every data row; blank lines are none.

    Raises:
        BadInput: there are more rows than may be.
    """
    at, number, columns = begin.next_line, 0, len(begin.header)
    while at < len(lines.lines):
        if not lines.lines[at].strip():
            at += 1
            continue
        number += 1
        if number > ROWS_MAX:
            raise BadInput(f"The file has more than {ROWS_MAX:,} rows.", "Split it into several files.", field="file")
        cells, after = lines.record(at, begin.delimiter, columns)
        yield _row(number, at + 1, cells, columns)
        at = after


def _row(number: int, line: int, cells: list[str] | RowError, columns: int) -> Row:
    if isinstance(cells, RowError):
        return Row(number, line, error=cells)
    if len(cells) > columns and not any(cell.strip() for cell in cells[columns:]):
        del cells[columns:]
    if len(cells) != columns:
        return Row(number, line, error=_wrong_columns(len(cells), columns))
    return Row(number, line, error=error) if (error := damage(cells)) else Row(number, line, tuple(cells))


def damage(cells: list[str]) -> RowError | None:
    """What makes the text of these cells unusable."""
    text = "".join(cells)
    if "\0" in text:
        return NULS
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return BYTES
    return None


def _wrong_columns(given: int, wanted: int) -> RowError:
    return RowError(
        "row",
        f"The row has {given} cells, the header {wanted}.",
        "Put a cell that holds the delimiter into quotation marks, and keep empty cells.",
    )
