"""Editing a draft in the person's own editor: what it leaves behind becomes a version, or nothing has happened."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.console import SAMPLES, command, on_terminal, swarm

DEMO = ("--namespace", "demo")
PLAIN = {"TERM": "dumb"}
POLITE = 'sed -i -e "s/^Subject: .*/Subject: A short question/" -e "s/Best regards/Kind regards/" "$2"'


@pytest.fixture(scope="module")
def drafts(shared_home: Path) -> list[str]:
    """E-mail ids; each test takes its own."""
    told = swarm(shared_home, "run", "--mode", "staging", *DEMO, "--input", str(SAMPLES / "demo.csv"), "--limit", "12")
    assert (told.code, told.err) == (0, "")
    return [one["email_id"] for one in swarm(shared_home, "queue", "--json", *DEMO).json["drafts"]]


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A program to write with; it gets the file's name as its last argument."""
    return tmp_path / "an editor"


def write(editor: Path, *lines: str) -> str:
    """Make the editor, and name it as EDITOR does."""
    editor.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    editor.chmod(0o700)
    return f"'{editor}' --wait"


def shown(home: Path, draft: str) -> dict[str, Any]:
    return swarm(home, "show", draft, "--json", *DEMO).json


def edit(home: Path, draft: str, **env: str) -> tuple[int, str]:
    """Exit code and screen of `swarm edit` at a terminal."""
    with on_terminal(home, "edit", draft, *DEMO, env=PLAIN | env) as terminal:
        screen = terminal.rest()
        return terminal.ended(), screen


def test_what_the_editor_leaves_is_the_next_version(shared_home: Path, drafts: list[str], editor: Path) -> None:
    draft, before = drafts[0], shown(shared_home, drafts[0])["content"]
    code, screen = edit(shared_home, draft, EDITOR=write(editor, POLITE))
    assert code == 0
    assert "[-Best -]{+Kind +}regards" in screen
    assert "Version 2 waits for an answer now." in screen
    after = shown(shared_home, draft)
    assert (after["status"], after["draft_version"]) == ("drafted", 2)
    assert after["content"]["subject"] == "A short question"
    assert after["content"]["text"] == before["text"].replace("Best regards", "Kind regards")


def test_a_review_goes_on_with_the_edited_text(shared_home: Path, drafts: list[str], editor: Path) -> None:
    _ = drafts
    other = write(editor, 'sed -i "s/^Subject: .*/Subject: Another question/" "$2"')
    with on_terminal(shared_home, "review", *DEMO, env=PLAIN | {"VISUAL": other, "EDITOR": "false"}) as terminal:
        terminal.until("[q]uit")
        terminal.type("e")
        terminal.until("waits for an answer now.")
        assert "Subject:  Another question" in terminal.until("[q]uit")
        terminal.type("a")
        email_id = terminal.until(" approved.").split()[-2]
        terminal.type("q")
        assert "2 answers given." in terminal.until("given.")
        assert terminal.ended() == 0
    after = shown(shared_home, email_id)
    assert (after["status"], after["content"]["subject"]) == ("approved", "Another question")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("true", 0, "Nothing was changed."),
        ('echo >> "$2"', 0, "Nothing was changed."),
        ("exit 3", 2, "The editor ended with 3, so nothing was changed. Edit it again."),
        ('rm "$2"', 2, "The editor took the file away, so nothing was changed. Edit it again."),
    ],
    ids=["unchanged", "a-line-end-more", "failed", "gone"],
)
def test_otherwise_the_draft_stands(
    shared_home: Path, drafts: list[str], editor: Path, line: str, code: int, words: str
) -> None:
    told, screen = edit(shared_home, drafts[-1], EDITOR=write(editor, line))
    assert (told, screen.strip()) == (code, f"error: {words}" if code else words)
    after = shown(shared_home, drafts[-1])
    assert (after["status"], after["draft_version"]) == ("drafted", 1)


def kept(screen: str) -> Path:
    """The file that an error names on whatever line the terminal put it."""
    return Path("".join(screen.partition("is kept in ")[2].split()).removesuffix("."))


def test_a_text_that_does_not_read_is_kept(shared_home: Path, drafts: list[str], editor: Path) -> None:
    told, screen = edit(shared_home, drafts[-1], EDITOR=write(editor, 'sed -i 1d "$2"'), TMPDIR=str(editor.parent))
    assert told == 2
    assert "error: The first line has to begin with `Subject:`. Edit it again. What you typed is kept in " in screen
    text = shown(shared_home, drafts[-1])["content"]["text"]
    assert kept(screen).read_text(encoding="utf-8").strip() == text.strip()
    assert kept(screen).parent.stat().st_mode & 0o077 == 0


def test_a_text_that_comes_too_late_is_kept(shared_home: Path, drafts: list[str], editor: Path) -> None:
    meanwhile = command("reject", drafts[1], "--tag", "weak_cta", "--reason", "It asks for nothing.", *DEMO)
    late = write(editor, f"{shlex.join(meanwhile)} > /dev/null", POLITE)
    told, screen = edit(shared_home, drafts[1], EDITOR=late, TMPDIR=str(editor.parent))
    assert (told, "rejected it" in " ".join(screen.split())) == (4, True)
    assert "Kind regards" in kept(screen).read_text(encoding="utf-8")
    assert shown(shared_home, drafts[1])["status"] == "rejected"


@pytest.mark.parametrize("name", ["/no/such/editor", "vi 'half a quotation", "/"])
def test_an_editor_that_cannot_be_started_is_named(shared_home: Path, drafts: list[str], name: str) -> None:
    told, screen = edit(shared_home, drafts[-1], EDITOR=name)
    assert (told, screen.count("\n")) == (2, 1)
    assert "cannot be started. Set EDITOR to one that is there." in screen


def test_where_there_is_no_editor_at_all_two_ways_are_named(shared_home: Path, drafts: list[str]) -> None:
    told, screen = edit(shared_home, drafts[-1], EDITOR=" ", VISUAL="", PATH="/nowhere")
    assert told == 2
    assert "error: There is no editor. Set EDITOR, or give --subject and --body-file." in screen
