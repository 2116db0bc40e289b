"""The numbers by which a text is known again."""

import os
import subprocess
import sys

import pytest

from services.guard.evidence import surviving
from services.guard.text import (
    SKETCH,
    fingerprint,
    first_sentence,
    likeness,
    normal,
    opener,
    personal_part,
    sentences,
    shingles,
)
from tests.unit.guard.controls import BODY, CLAIMS, CLOSING, SUBJECT


def test_fingerprint_overlooks_case_punctuation_and_spelling_of_characters() -> None:
    assert fingerprint("Café, today?", "One  two.\r\nThree") == fingerprint("CAFE\u0301 today", "one two three!")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s “Order_handling” – 3 days, e-mail!", " it s order handling 3 days e mail "),
        ("A\u00a0line\x1cand\tanother\n", " a line and another "),
        ("Łódź’s CAFE\u0301 ﬁrm", " łódź s café firm "),
        ("", "  "),
    ],
)
def test_normal_form_is_words_alone(text: str, words: str) -> None:
    assert normal(text) == words


def test_fingerprint_sees_another_word() -> None:
    assert fingerprint(SUBJECT, BODY) != fingerprint(SUBJECT, BODY.replace("curious", "wondering"))


def test_fingerprint_reads_500_characters() -> None:
    start = "word " * 100
    assert fingerprint("s", start + "one") == fingerprint("s", start + "other")


def test_sketch_is_bounded_and_sorted() -> None:
    sketch = shingles(" ".join(str(number) for number in range(1000)))
    assert len(sketch) == SKETCH
    assert list(sketch) == sorted(set(sketch))


def test_likeness_is_one_for_the_same_and_nought_for_another_text() -> None:
    assert likeness(shingles(BODY), shingles(BODY)) == 1.0
    assert likeness(shingles(BODY), shingles("nothing of this was ever said before")) == 0.0
    assert likeness((), ()) == 0.0


def test_sketch_estimates_the_share_of_long_texts() -> None:
    one = [f"w{number}" for number in range(600)]
    other = [*one[:450], *(f"v{number}" for number in range(150))]
    assert likeness(shingles(" ".join(one)), shingles(" ".join(other))) == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hi Dana,\n\nFirst one. Second.", "First one."),
        ("Hi Dana, first one. Second.", "first one."),
        ("Hello,\nFirst one?\nSecond.", "First one?"),
        ("Highways are long. Yes.", "Highways are long."),
        ("", ""),
    ],
)
def test_first_sentence_comes_after_the_greeting(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_personal_part_leaves_out_greeting_and_signature() -> None:
    part = personal_part(BODY + CLOSING, "Mara Lindqvist")
    assert part.startswith("I am curious")
    assert "Harbour Lane" not in part


def test_claims_that_an_edit_removed_are_dropped() -> None:
    assert surviving(SUBJECT, BODY.replace("Head of Operations", "you"), CLAIMS) == CLAIMS[:2]


def test_same_numbers_in_every_process() -> None:
    program = (
        f"from services.guard.text import *; print(shingles({BODY!r}), opener({BODY!r}), fingerprint('s', {BODY!r}))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert opener(BODY).encode() in answers.pop()


def test_sentences_end_at_marks_and_lines_but_not_inside_of_numbers_and_names() -> None:
    text = "It is 12.5 at Acme.io today. Really?! Yes\nNo"
    assert sentences(text) == ("It is 12.5 at Acme.io today.", "Really?!", "Yes", "No")
