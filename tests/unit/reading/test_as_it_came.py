"""A refused row comes back as it was, with what mends it."""

import csv
import io

import pytest

from gateway.csv_cells import FORMULA_STARTS, document
from services.reading.as_it_came import returned
from services.reading.chunks import chunks, read_chunk
from services.reading.file import read_file
from services.reading.rows import Refused, candidates
from services.reading.sheet import Sheet


def test_refused_rows_come_back_with_their_cells_or_their_line() -> None:
    content = b'Email,Company\nnobody,Acme\nanna@acme.example,Acme\n"broken,Acme\n'
    sheet = read_file("leads.csv", content)
    refused = [
        one for blob in chunks(sheet) for one in candidates(read_chunk(blob), b"key") if isinstance(one, Refused)
    ]
    header, first, last = returned(sheet, content, refused)
    assert header == ["Email", "Company", "row", "field", "reason", "remedy", "as_it_came"]
    assert (first[:4], first[-1]) == (["nobody", "Acme", "1", "email"], "")
    assert (last[:4], last[-1]) == (["", "", "3", "row"], '"broken,Acme')
    assert all(first[4:6]) and all(last[4:6])  # noqa: PT018 - Both have a reason and a remedy.


def test_a_row_of_json_that_is_no_object_comes_back_without_its_text() -> None:
    sheet = read_file("leads.json", b'[{"email": "a@acme.example"}, 7]')
    refused = Refused(row=2, field="row", reason="why", remedy="how")
    assert list(returned(sheet, b"", [refused]))[1] == ["", "2", "row", "why", "how", ""]


def refused_of(sheet: Sheet) -> list[Refused]:
    return [one for blob in chunks(sheet) for one in candidates(read_chunk(blob), b"key") if isinstance(one, Refused)]


def sent_back(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The file of refused rows as it is written: its header and its rows."""
    sheet = read_file("leads.csv", content)
    written = document(returned(sheet, content, refused_of(sheet))).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(written, newline=""))
    return header, rows


def saved(header: list[str], rows: list[list[str]], delimiter: str = ",", codec: str = "utf-8") -> bytes:
    """The same as a spreadsheet saves it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(codec)


@pytest.mark.parametrize(("delimiter", "codec"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16")])
def test_mended_rows_are_read_as_rows_of_their_file(delimiter: str, codec: str) -> None:
    header, rows = sent_back("Email;Prénom;Société\nnobody;Zoé;Brûlé\nanna@acme.example;Anna;Acme\n".encode("cp1252"))
    rows[0][0] = "zoe@brule.example"
    sheet = read_file("refused.csv", saved(header, rows, delimiter, codec))
    assert sheet.came_back
    assert (sheet.header, sheet.unmatched) == (("Email", "Prénom", "Société"), ())
    assert [row.cells for row in sheet.rows] == [("zoe@brule.example", "Zoé", "Brûlé")]
    assert refused_of(sheet) == []


def test_rows_that_nobody_mended_are_refused_for_the_same_reason() -> None:
    content = b'Email,Company\nnobody,Acme\n,\n"broken,Acme\n'
    first = refused_of(read_file("leads.csv", content))
    header, rows = sent_back(content)
    again = refused_of(read_file("refused.csv", saved(header, rows)))
    assert [(one.field, bool(one.remedy)) for one in again] == [(one.field, True) for one in first]


def test_a_broken_line_is_mended_where_it_stands_or_in_its_cells() -> None:
    header, rows = sent_back(b'Email;Company\n"a@acme.example;Acme\n"b@acme.example;Acme\n')
    rows[0][-1] = "a@acme.example;Acme"
    rows[1][:2] = ["b@acme.example", "Beta"]
    sheet = read_file("refused.csv", saved(header, rows))
    assert [row.cells for row in sheet.rows] == [("a@acme.example", "Acme"), ("b@acme.example", "Beta")]


@pytest.mark.parametrize("start", sorted(set(FORMULA_STARTS) - {"\0"}))
def test_what_was_done_to_a_cell_for_a_spreadsheet_is_undone(start: str) -> None:
    header, rows = sent_back(f'Email,Phone\nnobody,"{start}49 30"\n'.encode())
    start = start.replace("\r", "\n")
    assert rows[0][1] == f"'{start}49 30"
    [row] = read_file("refused.csv", saved(header, rows)).rows
    assert row.cells[1] == f"{start}49 30"


def test_columns_of_a_user_that_have_such_names_stay() -> None:
    sheet = read_file("leads.csv", b"Email,row,reason\nanna@acme.example,1,none\n")
    assert (sheet.came_back, sheet.header) == (False, ("Email", "row", "reason"))
