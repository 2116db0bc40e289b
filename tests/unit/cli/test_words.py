"""Texts on their way to a terminal or a spreadsheet."""

import pytest

from services.cli.words import clean, cut, joined, line, many, short, took


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("title\x1b]0;owned\x07!", "title!"),
        ("a\u202ecod.exe", "acod.exe"),
        ("x\x00\x08\x9by", "xy"),
        ("one\r\ntwo\tthree", "one\ntwo    three"),
        ("a\rb", "ab"),
        ("Łucja Çelikkan", "Łucja Çelikkan"),
    ],
)
def test_nothing_moves_the_cursor_or_turns_the_direction(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_line_is_one_line() -> None:
    assert line("a\n  b\u2028c") == "a bc"
    assert cut("Customer onboarding for all", 12) == "Customer on…"
    assert cut("short", 12) == "short"


def test_numbers_and_names_for_people() -> None:
    assert [many(1, "draft"), many(2000, "draft"), many(2, "entry", "entries")] == [
        "1 draft",
        "2,000 drafts",
        "2 entries",
    ]
    assert [took(12), took(1_240)] == ["12 ms", "1.2 s"]
    assert [joined([]), joined(["a"]), joined(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [short("54e2e7cf-315c"), short("run_20260302_090000_abc123")] == ["54e2e7cf", "run_20260302_090000_abc123"]
