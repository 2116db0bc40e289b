"""No cell of a CSV is a formula, and what was written is read back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.csv_cells import BOM, FORMULA_STARTS, cell, document

ANY_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_is_no_formula(formula: str) -> None:
    assert cell(formula) == f"'{formula}"


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert [cell(""), cell("a=b"), cell("7")] == ["", "a=b", "7"]


def test_what_no_file_can_hold_is_shown_as_replaced() -> None:
    assert (cell("\0x"), cell("a\0b"), cell("a\udc80b")) == ("'\ufffdx", "a\ufffdb", "a?b")


@given(st.lists(st.lists(ANY_CELL, min_size=2, max_size=4)))
def test_rows_are_read_back_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    text = document(rows).decode()
    assert text[:1] == BOM
    found = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert [[one.removeprefix("'") for one in row] for row in found] == [
        [one.removeprefix("'") for one in row] for row in rows
    ]
    assert not any(one.startswith(FORMULA_STARTS) for row in found for one in row)
