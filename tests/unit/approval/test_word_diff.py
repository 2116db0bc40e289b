"""The review card shows both texts, to the last character."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.approval.change import compare, word_diff
from tests.unit.approval.examples import content

TEXTS = st.text(st.sampled_from("ab c.\n\t"), max_size=80)


def test_changed_word_is_shown_between_what_stayed() -> None:
    assert word_diff("a call of fifteen minutes?", "a call of ten minutes?") == [
        ("same", "a call of "),
        ("removed", "fifteen "),
        ("added", "ten "),
        ("same", "minutes?"),
    ]


def test_equal_texts_are_one_piece_and_empty_ones_none() -> None:
    assert word_diff("a b", "a b") == [("same", "a b")]
    assert word_diff("", "") == []


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_and_neighbours_differ(before: str, after: str) -> None:
    pieces = word_diff(before, after)

    assert "".join(text for kind, text in pieces if kind != "added") == before
    assert "".join(text for kind, text in pieces if kind != "removed") == after
    assert all(one[0] != other[0] for one, other in pairwise(pieces))
    assert all(text for _, text in pieces)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("old", ["a ", "a b ", "\n \n", "x'", "1,", "Best\n", "<", "hi "])
def test_text_made_to_be_slow_is_compared_at_once(old: str) -> None:
    before, after = old * (20_000 // len(old)), "b a " * 5_000

    assert word_diff(before, after)
    assert compare(content(text=before), content(text=after), ()).distance > 0
