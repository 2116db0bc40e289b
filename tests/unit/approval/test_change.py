"""What an edit did to a letter: how far it went and which parts it touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.email import Content, EditChange, EditedPart
from services.approval.change import compare, distance
from tests.unit.approval.examples import CLAIM, SUBJECT, TEXT, content

BLOCK = TEXT[TEXT.index("Best,") :]
PLAIN_BLOCK = BLOCK.removeprefix("Best,\n")


def change(after: Content, before: Content | None = None) -> EditChange:
    return compare(before or content(), after, (CLAIM,))


def test_same_text_is_no_edit() -> None:
    assert change(content()) == EditChange(edit_class="none", distance=0, parts=())


def test_white_space_alone_is_no_edit() -> None:
    assert change(content(text=TEXT.replace("\n", "\r\n") + "\n")).edit_class == "none"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("opener", "opened", "launched"),
        ("ask", "suit you", "work"),
        ("facts", " in Leeds", ""),
        ("facts", "3 warehouses", "4 warehouses"),
        ("facts", "by hand", "by hand, as at Acme"),
        ("tone", "a week.", "a week!"),
        ("tone", "Hi Kim", "Dear Kim"),
        ("tone", "off their planners", "off their planners, which they can't do"),
        ("length", "We take", "And " + "really " * 20 + "we take"),
        ("compliance", "1 Example Street", "2 Example Street"),
        ("compliance", 'If you would rather not hear from us, reply "stop".\n', ""),
        ("compliance", "Sam Field\n", ""),
        ("compliance", BLOCK, ""),
    ],
)
def test_part_that_changed_is_named(part: EditedPart, old: str, new: str) -> None:
    assert old in TEXT
    assert part in change(content(text=TEXT.replace(old, new))).parts


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("fifteen minutes", "ten minutes", ("ask",)),
        ("off their planners", "off the planners", ()),
        ("opened", "launched", ("opener",)),
        ("Example Street", "Sample Street", ("compliance",)),
    ],
)
def test_small_edit_is_minor_and_touches_nothing_else(old: str, new: str, parts: tuple[EditedPart, ...]) -> None:
    edit = change(content(text=TEXT.replace(old, new)))

    assert (edit.edit_class, edit.parts) == ("minor", parts)
    assert 0 < edit.distance < 0.1


def test_subject_is_a_part() -> None:
    edit = change(content(subject="Planning shifts at North Wind"))

    assert (edit.edit_class, edit.parts) == ("minor", ("subject",))


def test_deleting_most_of_the_text_is_major() -> None:
    edit = change(content(text=f"Hi Kim,\n\nWould a call suit you?\n\n{BLOCK}"))

    assert edit.edit_class == "major"
    assert {"opener", "ask", "facts", "length"} <= set(edit.parts)


def test_rewriting_a_short_letter_above_a_long_footer_is_major() -> None:
    footer = BLOCK + "Field & Co is registered in England and Wales under a number that is long. " * 6
    before = content(text=f"Hi Kim,\n\nWho plans the shifts?\n\n{footer}")
    edit = change(content(text=f"Hi Kim,\n\nHave you got time on Monday?\n\n{footer}"), before)

    assert edit.distance < 0.25
    assert edit.edit_class == "major"


def test_signature_without_a_closing_line_is_found_below_the_letter() -> None:
    before = content(text=TEXT.replace(BLOCK, PLAIN_BLOCK))

    edit = change(content(text=TEXT.replace(BLOCK, PLAIN_BLOCK).replace("1 Example", "2 Example")), before)
    assert edit.parts == ("compliance",)
    assert change(content(text=TEXT.replace(BLOCK, "")), before).parts == ("compliance",)


def test_last_sentence_is_the_ask_where_nothing_is_asked() -> None:
    before = content(text=TEXT.replace("Would a call of fifteen minutes on Tuesday suit you?", "Call me on Tuesday."))
    after = content(text=TEXT.replace("Would a call of fifteen minutes on Tuesday suit you?", "Ring me on Tuesday."))

    assert change(after, before).parts == ("ask",)


WORDS = st.text(st.sampled_from("ab ,.\nB"), max_size=60)


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    there, back = distance(one, other), distance(other, one)

    assert there.far == back.far
    assert 0 <= there.far <= 1
    assert 0 <= there.kept <= 1
    assert distance(one, one).far == 0


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_distance_agrees_with_the_plain_algorithm(one: list[str], other: list[str]) -> None:
    row = [0] * (len(other) + 1)
    for token in one:
        above = row[:]
        for index, against in enumerate(other, start=1):
            row[index] = above[index - 1] + 1 if token == against else max(above[index], row[index - 1])
    total = len(one) + len(other)
    expected = 1 - 2 * row[-1] / total if total else 0.0

    assert distance(" ".join(one), " ".join(other)).far == pytest.approx(expected)


@given(WORDS, WORDS)
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    edit = compare(content(text=one), content(text=other, subject=SUBJECT), ())

    assert (edit.edit_class == "none") == (edit.distance == 0)


def test_cutting_more_than_a_third_is_major_though_the_distance_is_small() -> None:
    before, cut = content(text="one two three four five " * 20), content(text="one two three four five " * 12)
    edit = compare(before, cut, ())

    assert edit.distance < 0.25
    assert edit.edit_class == "major"


def test_doubling_a_short_letter_above_a_long_footer_is_major_though_every_word_stays() -> None:
    footer = BLOCK + "Field & Co is registered in England and Wales under a number that is long. " * 6
    before = content(text=f"Hi Kim,\n\nWho plans the shifts?\n\n{footer}")
    more = f"Hi Kim,\n\nWho plans the shifts? {'We would like to know more of that. ' * 2}\n\n{footer}"
    edit = compare(before, content(text=more), ())

    assert edit.distance < 0.25
    assert edit.edit_class == "major"
