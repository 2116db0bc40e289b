"""The rows of a run that became no lead: as the view tells them, and as a file to mend."""

import csv
from collections.abc import Sequence
from pathlib import Path

from contracts.errors import BadInput
from gateway.csv_cells import cell
from services.cli.report import Refusal
from services.cli.store import Store
from services.projections.views import LEADS
from services.reading.as_it_came import Refusal as RefusedRow
from services.reading.as_it_came import returned
from services.reading.sheet import Sheet


async def refusals_of(store: Store, run_id: str) -> list[Refusal]:
    """Every refused row of a run, in order."""
    found = []
    async for _, lead in store.views.all(LEADS):
        if lead.status == "refused" and lead.run_id == run_id and lead.origin is not None:
            field, _, reason = lead.why.partition(": ")
            found.append(Refusal(row=lead.origin.row, field=field, reason=reason, remedy=lead.remedy))
    return sorted(found, key=lambda one: one.row)


def check_writable(path: Path, source: Path | None) -> None:
    """Find out before the run whether the refused rows can be written afterwards, and over nothing that is needed.

    Args:
        source: the file that is worked through.

    Raises:
        BadInput: they cannot.
    """
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise BadInput(
            f"--refused {path} cannot be written.", "Name a file in a folder that is there.", field="refused"
        )

    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise BadInput(
            f"--refused {path} is the file that is read; it would be written over.",
            "Name another file.",
            field="refused",
        )


def write_refused(path: Path, sheet: Sheet, content: bytes, refusals: Sequence[RefusedRow]) -> None:
    """Write the refused rows as they came, each with its number and what mends it, as CSV that no formula hides in.

    Raises:
        BadInput: the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([cell(one) for one in row] for row in returned(sheet, content, refusals))
    except OSError as error:
        raise BadInput(f"--refused {path} cannot be written: {error.strerror}.", "Name another file.") from error
