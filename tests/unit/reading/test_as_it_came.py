"""A refused row comes back as it was, with what mends it."""

from services.reading.as_it_came import returned
from services.reading.chunks import chunks, read_chunk
from services.reading.file import read_file
from services.reading.rows import Refused, candidates


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
