"""A list as a file: the same whether it was made here or came from a gateway."""

from pathlib import Path

import pytest

from contracts.errors import BadInput
from gateway.columns import COLUMNS
from services.cli.csv_file import Table, check, write
from services.cli.given import Given

ITEMS = [{"company": '=cmd|"x"', "name": "Ada, of Works", "id": "1"}, {"company": "two\nlines", "id": "2"}]


def test_what_a_gateway_sent_is_what_is_made_here() -> None:
    made = Table.of("leads", ITEMS, more=False)
    sent = "".join((made.head, *made.rows)).encode()
    assert Table.read(sent, 10, more=False) == made
    cut = Table.read(sent, 1, more=False)
    assert (list(cut.rows), cut.more) == (list(made.rows[:1]), True)
    assert Table.read(sent, 2, more=True).more


def test_no_cell_is_run() -> None:
    (first, _) = Table.of("leads", ITEMS, more=False).rows
    assert "\"'=cmd|" in first


def test_file_is_written_and_its_length_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "leads.csv"
    table = Table.of("leads", ITEMS, more=True)
    assert write(Given(), file, table) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf" + next(iter(COLUMNS["leads"].values())).encode())
    told = capsys.readouterr()
    assert told.out == f"2 rows written to {file}.\n"
    assert told.err.startswith("There are more than these 2 rows")


def test_place_that_cannot_be_written_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    check(None)
    check(Path("-"))
    check(tmp_path / "new.csv")
    for wrong in (tmp_path, tmp_path / "no" / "where.csv"):
        with pytest.raises(BadInput, match="cannot be written"):
            check(wrong)
