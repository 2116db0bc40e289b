"""The rows of a run that became no lead: as the view tells them, and as a file to mend."""

import csv
from collections.abc import Sequence
from pathlib import Path

from contracts.errors import BadInput
from services.cli.report import Refusal
from services.cli.store import Store
from services.cli.words import cell
from services.projections.views import LEADS
from services.reading.encoding import text_of
from services.reading.sheet import Row, Sheet

EXTRA = ("row", "field", "reason", "remedy", "as_it_came")


async def refusals_of(store: Store, run_id: str) -> list[Refusal]:
    """Every refused row of a run, in order."""
    found = []
    async for _, lead in store.views.all(LEADS):
        if lead.status == "refused" and lead.run_id == run_id and lead.origin is not None:
            field, _, reason = lead.why.partition(": ")
            found.append(Refusal(row=lead.origin.row, field=field, reason=reason, remedy=lead.remedy))
    return sorted(found, key=lambda one: one.row)


def check_writable(path: Path) -> None:
    """Find out before the run whether the refused rows can be written afterwards.

    Raises:
        BadInput: they cannot.
    """
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise BadInput(
            f"--refused {path} cannot be written.", "Name a file in a folder that is there.", field="refused"
        )


def write_refused(path: Path, sheet: Sheet, content: bytes, refusals: Sequence[Refusal]) -> None:
    """Write the refused rows as they came, each with its number and what mends it, as CSV that no formula hides in.

    A row that could not be divided into cells is in the column `as_it_came`.

    Raises:
        BadInput: the file cannot be written.
    """
    lines = text_of(content).text.split("\n")
    rows = {row.number: row for row in sheet.rows}
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([cell(column) for column in sheet.header] + list(EXTRA))
            for one in refusals:
                cells, raw = _as_it_came(rows.get(one.row), sheet, lines)
                extra = [str(one.row), one.field, one.reason, one.remedy, raw]
                writer.writerow([_safe(value) for value in [*cells, *extra]])
    except OSError as error:
        raise BadInput(f"--refused {path} cannot be written: {error.strerror}.", "Name another file.") from error


def _as_it_came(row: Row | None, sheet: Sheet, lines: Sequence[str]) -> tuple[list[str], str]:
    empty = [""] * len(sheet.header)
    if row is None:
        return empty, ""
    if row.cells:
        return list(row.cells), ""
    known = sheet.format == "csv" and 0 < row.line <= len(lines)
    return empty, lines[row.line - 1] if known else ""


def _safe(value: str) -> str:
    """What a spreadsheet reads as a text, and a file can hold: half characters and NULs are shown as replaced."""
    return cell(value).replace("\0", "\ufffd").encode(errors="replace").decode()
