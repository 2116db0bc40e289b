"""What a file is once it was read, and the bounds it has to keep."""

from typing import Literal, TypeAlias

import msgspec

FILE_BYTES_MAX = 64_000_000
ROWS_MAX = 100_000
COLUMNS_MAX = 256
COLUMN_NAME_CHARS_MAX = 500
CELL_CHARS_MAX = 64_000
ROW_CHARS_MAX = 256_000

Format: TypeAlias = Literal["csv", "json", "jsonl"]
Preset: TypeAlias = Literal["apollo", "hubspot", "linkedin_connections", "lead_gen", "sales_navigator", "home_made"]


class RowError(msgspec.Struct, frozen=True, array_like=True):
    """Why a row could not be read; never any of its content."""

    field: str
    reason: str
    remedy: str


class Row(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One data row, counted from 1; `line` counts the lines of the file from 1 and is 0 where it is not known.

    Either `error` says why it could not be read, or it has a cell for each column.
    """

    number: int
    line: int
    cells: tuple[str, ...] = ()
    error: RowError | None = None


class Unmatched(msgspec.Struct, frozen=True):
    """A column that nothing is taken from; the field that it probably is, how to say so, and why. Empty for none."""

    column: str
    field: str = ""
    proposal: str = ""
    because: str = ""


class Doubt(msgspec.Struct, frozen=True):
    """A column whose values do not look like the field that is taken from it; never any of the values.

    `better` is the column that looks like the field; empty where none does.
    """

    field: str
    column: str
    detail: str
    remedy: str
    better: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: what was recognised, and every data row of it.

    `mapping` maps our field names to columns of `header`, which holds them as they are written in the file; `skipped`
    counts the lines before it. `came_back`: these are rows that were refused before.
    """

    sha256: str
    name: str
    encoding: str
    delimiter: str
    format: Format
    preset: Preset
    header: tuple[str, ...]
    mapping: dict[str, str]
    unmatched: tuple[Unmatched, ...]
    rows: list[Row]
    doubts: tuple[Doubt, ...] = ()
    skipped: int = 0
    came_back: bool = False

    @property
    def dialect(self) -> str:
        """Preset, format, encoding and delimiter in one line, for a person."""
        delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(self.delimiter, self.delimiter)
        return " ".join(part for part in (self.preset, self.format, self.encoding, delimiter) if part)
