"""A cell that a spreadsheet shows and never runs, and a row that it reads back as it was."""

import csv
import io

import pytest

from gateway.columns import COLUMNS, line, plain
from gateway.csv_cells import FORMULA_STARTS, cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (82, "82"),
        (0.25, "0.25"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        (["punch cards", "steam"], "punch cards; steam"),
        ([], ""),
        ({}, ""),
        ({"rows": 3, "bad": 1}, '{"bad":1,"rows":3}'),
        ([{"by": "x"}], '[{"by":"x"}]'),
        ({"kind": "person", "id": "ada"}, "person:ada"),
        ({"partition": 0, "seq": 12}, "0:12"),
    ],
)
def test_value_as_a_cell(value: object, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize("first", FORMULA_STARTS)
def test_cell_that_would_be_run_is_made_text(first: str) -> None:
    shown = first.replace("\0", "\ufffd")
    assert cell(f"{first}cmd|' /C calc'!A0") == f"'{shown}cmd|' /C calc'!A0"
    (row,) = csv.reader(io.StringIO(line("leads", {"missing": [f"{first}1", "b"]}), newline=""))
    assert row[list(COLUMNS["leads"]).index("missing")] == f"'{shown}1; b"


def test_row_survives_quotes_commas_and_lines() -> None:
    said = 'She said "no", twice,\nand left.\r\nÄ \u2028 end'
    written = line("audit", {"at": "2026", "words": said, "by": {"kind": "person", "id": "=1+1"}})
    assert written.endswith("\r\n")
    (row,) = csv.reader(io.StringIO(written, newline=""))
    found = dict(zip(COLUMNS["audit"], row, strict=True))
    assert (found["at"], found["words"], found["by"], found["tag"]) == ("2026", said, "person:=1+1", "")


@pytest.mark.parametrize("title", COLUMNS)
def test_headings_are_words_and_each_comes_once(title: str) -> None:
    headings = list(COLUMNS[title].values())
    assert len(set(headings)) == len(headings)
    assert all(heading[0].isupper() and "_" not in heading for heading in headings)
