"""A list of the console as a file for a spreadsheet: the same columns and the same safe cells as over HTTP."""

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from contracts.codec import outward
from contracts.errors import BadInput
from gateway import columns, csv_cells
from services.cli.given import Given
from services.cli.printing import document, say, warn
from services.cli.words import many

STDOUT = "-"


@dataclass(frozen=True)
class Table:
    """Rows of a file, each as it will stand there, under their headings; `more`: there are others that fit."""

    head: str
    rows: Sequence[str]
    more: bool

    @classmethod
    def of(cls, title: str, items: Sequence[Mapping[str, object]], *, more: bool) -> "Table":
        """A list of this title, from the objects that HTTP would answer."""
        return cls(columns.head(title), [columns.line(title, item) for item in items], more)

    @classmethod
    def read(cls, content: bytes, limit: int, *, more: bool) -> "Table":
        """What a gateway sent: its first rows, at most so many. Its cells are safe already."""
        head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        return cls(csv_cells.BOM + _line(head), [_line(row) for row in rows[:limit]], more or len(rows) > limit)


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


def whole(title: str, rows: Sequence[msgspec.Struct]) -> Table:
    """A list that is at hand as it is, whether it came from the store or from a gateway."""
    return Table.of(title, [outward(row) for row in rows], more=False)


def check(path: Path | None) -> None:
    """Find out before anything is opened whether the file can be written.

    Raises:
        BadInput: it cannot.
    """
    if path is None or str(path) == STDOUT:
        return
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise BadInput(f"--csv {path} cannot be written.", "Name a file in a folder that is there.", field="csv")


def write(given: Given, path: Path, table: Table) -> int:
    """Write a list to a file, or to stdout for `-`, and say how much of it there is.

    Raises:
        BadInput: the file cannot be written.
    """
    content = "".join((table.head, *table.rows)).encode()
    if str(path) == STDOUT:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        try:
            path.write_bytes(content)
        except OSError as error:
            raise BadInput(f"--csv {path} cannot be written: {error.strerror}.", "Name another file.") from error
        if given.json:
            document({"file": str(path), "rows": len(table.rows), "more": table.more})
        else:
            say(f"{many(len(table.rows), 'row')} written to {path}.")
    if table.more:
        warn(f"There are more than these {len(table.rows):,} rows; narrow the list, or set --limit.")
    return 0
