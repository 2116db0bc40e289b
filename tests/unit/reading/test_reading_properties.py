"""What was written comes back, whatever it holds, and chunks lose nothing."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import BadInput
from services.reading import rows
from services.reading.chunks import CHUNK_BYTES_MAX, CHUNK_ROWS, chunks, read_chunk
from services.reading.file import read_file
from services.reading.sheet import Row, Sheet
from tests.samples.make_leads import make_with_key

# Controls that a file cannot carry through its own line ends, and halves of characters, are left out.
CELL = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=20)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12)


# A busy machine is slow; that is no finding.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(rows=ROWS, delimiter=st.sampled_from(",;\t"))
def test_what_a_csv_writer_wrote_comes_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["Email", "Full Name", "Company"])
    writer.writerows(rows)
    sheet = read_file("x.csv", text.getvalue().encode("utf-8-sig"))
    assert [row.cells for row in sheet.rows] == rows
    assert all(row.error is None for row in sheet.rows)


@CALM
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_stops_a_file(text: str) -> None:
    head, tail = "Email,Full Name,Company\n", "\nlast@acme.example,Last,Acme\n"
    sheet = read_file("x.csv", (head + text + tail).encode("utf-8-sig"))
    assert [row.number for row in sheet.rows] == list(range(1, len(sheet.rows) + 1))
    # An open quote can take the last row in only where it closes, which this text does not.
    assert sheet.rows[-1].cells == ("last@acme.example", "Last", "Acme")


@CALM
@given(content=st.binary(max_size=300))
def test_bytes_end_in_rows_or_in_one_sentence(content: bytes) -> None:
    ended: bool
    try:
        ended = bool(read_file("x.csv", content).rows)
    except BadInput as refused:
        ended = bool(refused.remedy)
    assert ended


def sheet_of(rows: list[Row]) -> Sheet:
    return Sheet(
        sha256="",
        name="x.csv",
        encoding="utf-8",
        delimiter=",",
        format="csv",
        preset="home_made",
        header=("Email",),
        mapping={"email": "Email"},
        unmatched=(),
        rows=rows,
    )


@CALM
@given(lengths=st.lists(st.integers(0, 200_000), max_size=30), size=st.integers(1, 8))
def test_chunks_are_bounded_and_lose_no_row(lengths: list[int], size: int) -> None:
    rows = [Row(number, number + 1, ("ü" * (length // 2),)) for number, length in enumerate(lengths, start=1)]
    blobs = chunks(sheet_of(rows), size)
    read = [read_chunk(blob) for blob in blobs]
    assert [row for chunk in read for row in chunk.rows] == rows
    assert all(1 <= len(chunk.rows) <= size for chunk in read)
    assert all(chunk.first_row == chunk.rows[0].number for chunk in read)
    assert all(len(blob) <= CHUNK_BYTES_MAX + 10_000 for blob in blobs)


def test_ten_thousand_rows_with_dirt_are_all_there() -> None:
    made = make_with_key(10_000, 7, 0.03)
    sheet = read_file("big.csv", made.content)
    assert len(sheet.rows) == len(made.key) == 10_000
    unreadable = {row.number for row in sheet.rows if row.error}
    assert unreadable
    assert all(made.key[number - 1] == "refused" for number in unreadable)
    assert [len(read_chunk(blob).rows) for blob in chunks(sheet)] == [CHUNK_ROWS] * 50


LABELS = st.text("ab9-.", min_size=1, max_size=70)
ENDS = st.sampled_from(["com", "example", "test", "local", "onion", "c", "9a", "a9", "x" * 63, "x" * 64, ""])


@given(st.lists(LABELS, min_size=1, max_size=4), ENDS)
def test_plain_domain_is_judged_as_the_library_does(labels: list[str], end: str) -> None:
    domain = ".".join([*labels, end])
    checked = rows._valid(f"x@{domain}")
    assert rows.address_of(f"x@{domain}") == checked
