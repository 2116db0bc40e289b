"""From one's own list to reviewed drafts in five commands, as docs/own-list shows them for four kinds of file.

`SWARM_WRITE_DOCS=1 pytest tests/e2e/test_own_list.py` writes the pages; a test fails when one is not what happens.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from shlex import quote, split
from typing import NamedTuple

import pytest

from tests.conftest import short_directory
from tests.e2e.console import ROOT, TIMEOUT_S, Terminal, on_terminal, swarm
from tests.own_offer import OWN_OFFER

LISTS = ROOT / "tests" / "samples" / "lists"
PAGES = ROOT / "docs" / "own-list"
KEY = {"SWARM_IDENTITY_KEY": "07" * 32, "LOGNAME": "ada"}
"""Ids of leads are derived from the key of a namespace; with the same one they are the same."""
HEAD = """# {title}

{about} The people and companies are invented; the file is `tests/samples/lists/{file}`.

Made by `SWARM_WRITE_DOCS=1 pytest tests/e2e/test_own_list.py`; a test fails when this page is not what happens.
"""
FILL_IN = "Then `offer.toml` is filled in: who you are, what may be said of you, and what shows that it is true."
DRY_RUN = "What does the file say? Nothing is recorded yet."
RUN = "It is right, so its people come in; what cannot be used is written to a file of its own, ready to mend."
SHOW = "The best draft, with the fact behind each claim."
REVIEW = "A person answers one draft after another, with single keys."
YES = "The key `a`: the draft may go out. The next one comes."
NO = "The key `r`: this one may not, and the next draft learns why."
ENOUGH = "The key `q`: enough for today; the rest waits."
KEYS = "[q]uit"
WEAK_CTA = "7"


class Kind(NamedTuple):
    """One kind of list: its file, what the page says of it, what the run is told beside the file, and what it comes to."""

    page: str
    title: str
    about: str
    file: str
    options: str
    preset: str
    drafts: int


KINDS = (
    Kind(
        "apollo",
        "A list from Apollo",
        "An export of contacts, as Apollo writes it.",
        "apollo.csv",
        "",
        "apollo",
        3,
    ),
    Kind(
        "hubspot",
        "A list from HubSpot",
        "An export of contacts, as HubSpot writes it.",
        "hubspot.csv",
        "",
        "hubspot",
        2,
    ),
    Kind(
        "linkedin",
        "Connections from LinkedIn",
        "LinkedIn gives name, position and company, and few addresses; so the run is told to draft also for leads of "
        "which too little is known for a tier.",
        "Connections.csv",
        "--draft needs_data",
        "linkedin connections",
        2,
    ),
    Kind(
        "home-made",
        "A list of one's own",
        "A French spreadsheet, saved by Excel with semicolons in cp1252. One of its columns has a name that nobody "
        "knows; what it holds tells what it is, and what is said of it is kept for the next file of this kind.",
        "contacts.csv",
        "--map 'email=Adr. pro' --save-map contacts --draft tier_4",
        "home made",
        2,
    ),
)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN = (
    (re.compile(r"run_\d{8}_\d{6}_[0-9a-f]{6}"), "run_20260302_091500_4f2a9c"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"), "2026-03-02 09:15:00"),
    (re.compile(r"\b\d\d:\d\d:\d\d UTC"), "09:15:00 UTC"),
    (re.compile(r"\b[0-9a-f]{8} +\d+:\d+\b"), "4f2a9c01 0:1"),
    (re.compile(r"\b\d+(\.\d)? m?s\b"), "9 ms"),
)
"""What is another each time, and what stands for it."""


def plain(text: str) -> str:
    """What a transcript says, whatever the time and however wide that made a column."""
    for pattern, instead in _SHOWN:
        text = pattern.sub(instead, text)
    return "\n".join(" ".join(re.sub("─+", "─", line).split()) for line in text.splitlines())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to start in, with all lists in it."""
    with short_directory() as directory:
        shutil.copytree(LISTS, directory / "sales")
        yield directory / "sales"


def reviewed(person: Terminal, drafts: int) -> Iterator[tuple[str, str]]:
    """Approve the first draft, reject the second, and leave; with what is done, what is seen of it."""

    def seen(until: str) -> str:
        return as_printed(person.until(until, TIMEOUT_S))

    yield REVIEW, f"$ swarm review\n{seen(KEYS)}"
    person.type("a")
    yield YES, seen(KEYS)
    person.type("r")
    asked = seen("empty: none) ")
    person.type(f"{WEAK_CTA}\n")
    why = seen("few words? ")
    person.type("It asks for nothing.\n")
    if drafts > 2:
        yield NO, f"{asked} {why} {seen(KEYS)}"
        person.type("q")
        yield ENOUGH, as_printed(person.rest())
    else:
        yield NO, f"{asked} {why} {as_printed(person.rest())}"


def as_printed(text: str) -> str:
    """What a terminal was given, without colours, blank lines around it and blanks behind."""
    return "\n".join(line.rstrip() for line in _COLOURS.sub("", text).strip("\r\n").splitlines())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.page)
def test_five_commands_lead_from_a_file_to_a_reviewed_draft(folder: Path, kept_home: Path, kind: Kind) -> None:
    parts = [HEAD.format(title=kind.title, about=kind.about, file=kind.file)]

    def step(words: str, arguments: str) -> str:
        told = swarm(kept_home, *split(arguments), cwd=folder, env=KEY)
        assert (told.code, told.err) == (0, ""), told
        out = told.out.replace(f"{folder}", "~/sales")
        lines = "\n".join(line.rstrip() for line in out.strip().splitlines())
        parts.append(f"\n{words}\n\n```console\n$ swarm {arguments}\n{lines}\n```\n")
        return out

    step("Who writes, and what for: two files, to be filled in.", "init")
    shutil.copy(OWN_OFFER, folder / "offer.toml")
    parts.append(f"\n{FILL_IN}\n")
    shown = step(DRY_RUN, f"run --mode dry_run --input {quote(kind.file)}")
    assert re.search(rf"preset: +{kind.preset}\n", shown)
    options = f" {kind.options}" if kind.options else ""
    ran = step(RUN, f"run --mode production --input {kind.file}{options} --refused refused.csv --yes")
    assert (folder / "refused.csv").exists()
    first = re.findall(r"swarm show (\w+)", ran)[-1]
    letter = step(SHOW, f"show {first}")
    assert "Tidewater Calibration" in letter
    assert "Fieldnote" not in letter
    with on_terminal(kept_home, "review", env=KEY, cwd=folder) as person:
        parts += [f"\n{words}\n\n```console\n{shown}\n```\n" for words, shown in reviewed(person, kind.drafts)]
        assert person.ended() == 0
    left = swarm(kept_home, "queue", "--json", cwd=folder, env=KEY).json["drafts"]
    assert len(left) == kind.drafts - 2
    page, path = "".join(parts), PAGES / f"{kind.page}.md"
    if os.environ.get("SWARM_WRITE_DOCS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    assert plain(path.read_text(encoding="utf-8")) == plain(page), f"{path.name} is stale: see its third paragraph"
