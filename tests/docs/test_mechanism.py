"""The check of the pages finds what it is there to find, and passes what differs each time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.docs.pages import BadPageError, blocks, changed, steps
from tests.docs.test_pages import broken_links
from tests.docs.volatile import renewed, same
from tests.docs.walking import Printed, Reader

RAN, AGAIN = "run_20260302_090000_aaaaaa", "run_20261123_101500_bbbbbb"


def session(*lines: str) -> str:
    return "\n".join(("```console", *lines, "```", ""))


class Console:
    """Prints what it was told to, and keeps what was typed."""

    def __init__(self, prints: Mapping[str, Printed]) -> None:
        self._prints = prints
        self.typed: list[str] = []

    def __call__(self, words: Sequence[str], folder: Path) -> Printed:
        self.typed.append(" ".join(words))
        return self._prints[self.typed[-1]]

    def changed(self) -> None: ...


def wrong(page: str, folder: Path, prints: Mapping[str, Printed]) -> list[str]:
    return Reader(page, folder, Console(prints)).follow()


def test_page_that_shows_what_is_printed_is_right(tmp_path: Path) -> None:
    assert wrong(session("$ swarm queue", "2 drafts"), tmp_path, {"swarm queue": Printed(0, "2 drafts\n")}) == []


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["2 drafts"], Printed(0, "3 drafts\n")),
        ([], Printed(0, "3 drafts\n")),
        (["2 drafts"], Printed(0, "")),
        (["2 drafts"], Printed(0, "2 drafts\none more line\n")),
        (["2 drafts"], Printed(1, "2 drafts\n")),
        (["error: No."], Printed(0, "error: No.\n")),
        (["one", "…", "two"], Printed(0, "one\n")),
    ],
)
def test_page_that_shows_something_else_is_wrong(shown: list[str], printed: Printed, tmp_path: Path) -> None:
    [problem] = wrong(session("$ swarm queue", *shown), tmp_path, {"swarm queue": printed})
    assert problem.startswith("line 2: `swarm queue`")


def test_refusal_that_the_page_shows_is_right(tmp_path: Path) -> None:
    assert wrong(session("$ swarm x", "error: No."), tmp_path, {"swarm x": Printed(2, "error: No.\n")}) == []


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("took 31 ms", "took 1.2 s"),
        ("until 11-26 11:40", "until 12-01 09:05"),
        ("at 2026-11-23 11:40:23 UTC", "at 2027-01-01 00:00:00 UTC"),
        ("0:17  drafted", "0:1234  drafted"),
        (f"{RAN} waits", f"{AGAIN} waits"),
        ("a   b\n─────", "a b\n──"),
        ("first\n…\nlast", "first\n2\n3\nlast"),
        ("first\n…\nlast", "first\nlast"),
    ],
)
def test_what_differs_each_time_or_is_left_out_makes_no_page_wrong(shown: str, printed: str) -> None:
    assert same(shown.splitlines(), printed.splitlines())


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("31 drafts", "32 drafts"),
        ("2a54ecec is approved", "2a54eced is approved"),
        ("66 points", "67 points"),
        ("until 11-26", "until Friday"),
    ],
)
def test_what_does_not_differ_by_itself_is_compared(shown: str, printed: str) -> None:
    assert not same([shown], [printed])


@pytest.mark.parametrize(
    ("shown", "printed", "after"),
    [
        ("a\nb", "a\nc", "a\nc"),
        ("a\n…\nb", "a\n1\n2\nnew\nb", "a\n…\nb"),
        ("a\n…\nb", "new\na\n1\nb", "new\na\n…\nb"),
        ("a\nold\n…\nb", "a\nnew\n1\n2\nb", "a\nnew\n…\nb"),
        ("a\n…\nold\nb", "a\n1\n2\nnew\nb", "a\n…\nnew\nb"),
        ("a\n…", "a\n1\n2", "a\n…"),
    ],
)
def test_what_a_page_leaves_out_is_left_out_when_it_is_written_anew(shown: str, printed: str, after: str) -> None:
    assert renewed(shown.splitlines(), printed.splitlines()) == after.splitlines()


def test_faults_that_the_page_shows_are_right(tmp_path: Path) -> None:
    found = {"swarm templates lint": Printed(1, "a.j2:6: no\n")}
    assert wrong(session("$ swarm templates lint", "a.j2:6: no"), tmp_path, found) == []
    assert len(wrong(session("$ swarm templates lint", "all is well"), tmp_path, found)) == 1


def test_id_of_the_run_that_the_page_shows_stands_for_the_one_of_this_time(tmp_path: Path) -> None:
    page = session("$ swarm run", f"{RAN} waits", f"$ swarm runs {RAN}", "fine")
    console = Console({"swarm run": Printed(0, f"{AGAIN} waits\n"), f"swarm runs {AGAIN}": Printed(0, f"bad {AGAIN}")})
    reader = Reader(page, tmp_path, console)
    assert len(reader.follow()) == 1
    assert console.typed == ["swarm run", f"swarm runs {AGAIN}"]
    assert reader.corrected() == session("$ swarm run", f"{RAN} waits", f"$ swarm runs {RAN}", f"bad {RAN}")


def test_file_is_written_and_changed_as_the_page_says(tmp_path: Path) -> None:
    page = "```csv deep/a.csv\none\ntwo\n```\n\n```diff deep/a.csv\n one\n-two\n+three\n```\n"
    assert wrong(page, tmp_path, {}) == []
    assert (tmp_path / "deep" / "a.csv").read_text() == "one\nthree\n"


@pytest.mark.parametrize("hunk", ["-four", "-one\n+1", "?one"])
def test_change_that_does_not_fit_is_a_bad_page(hunk: str) -> None:
    [change] = blocks(f"```diff a.csv\n{hunk}\n```\n")
    with pytest.raises(BadPageError):
        changed("one\ntwo\none\n", change)


@pytest.mark.parametrize("page", ["```\nwhat is this?\n```\n", "```python\nprint()\n```\n", "```console\n$ x\n"])
def test_block_that_nobody_could_follow_is_a_bad_page(page: str, tmp_path: Path) -> None:
    with pytest.raises(BadPageError):
        wrong(page, tmp_path, {"x": Printed(0, "")})


def test_what_a_command_prints_can_go_into_a_file(tmp_path: Path) -> None:
    assert wrong(session("$ swarm tail > facts.txt"), tmp_path, {"swarm tail": Printed(0, "one\ntwo\n")}) == []
    assert (tmp_path / "facts.txt").read_text() == "one\ntwo\n"


def test_long_command_goes_on_behind_a_backslash() -> None:
    [block] = blocks(session("$ swarm run \\", ">   --input a.csv", "fine"))
    [step] = steps(block)
    assert (step.command, list(step.shown)) == ("swarm run --input a.csv", ["fine"])


def test_link_to_nowhere_is_found_and_one_inside_a_block_is_none(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# One heading: here\n[a](a.md#one-heading-here) [b](b.md) [c](#two) [d](https://x.example)\n```text\n[e](e.md)\n```\n"
    )
    assert broken_links(page) == ["b.md", "#two"]
