"""Every page of docs/ can be followed word for word: what its commands print is what it shows."""

import os
import re
from pathlib import Path

import pytest

from tests.docs.pages import FENCE, blocks
from tests.docs.walking import ROOT, Here, InSources, Reader, Typed, apart

DOCS = ROOT / "docs"
MADE = frozenset({"a-leads-way.md", "drafts.md"})
"""Pages that tests of their own make from the code."""
FOR_DEVELOPERS = frozenset({"adding-a-provider.md", "adding-a-view.md"})
FOLLOWED = sorted({path.name for path in DOCS.glob("*.md")} - MADE)
LINKING = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")
WRITES = bool(os.environ.get("SWARM_WRITE_DOCS"))
"""Looked up before a page is followed in the environment of its reader."""
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


@pytest.mark.parametrize("name", sorted(set(FOLLOWED) - FOR_DEVELOPERS))
def test_page_can_be_followed_at_a_desk(name: str, desk: Path) -> None:
    follow(name, desk, Here())


@pytest.mark.parametrize("name", sorted(FOR_DEVELOPERS & set(FOLLOWED)))
def test_page_can_be_followed_in_the_sources(name: str, sources: Path) -> None:
    typed = InSources()
    try:
        follow(name, sources, typed)
    finally:
        typed.changed()
    code, told = apart(["ruff", "format", "--check", *written(name)], sources)
    assert code == 0, told


@pytest.mark.parametrize("name", LINKING)
def test_every_link_leads_somewhere(name: str) -> None:
    assert not broken_links(ROOT / name)


def follow(name: str, folder: Path, typed: Typed) -> None:
    """Follow a page; with SWARM_WRITE_DOCS put what its commands print in the place of what it shows."""
    path = DOCS / name
    reader = Reader(path.read_text(encoding="utf-8"), folder, typed)
    wrong = reader.follow()
    if WRITES:
        path.write_text(reader.corrected(), encoding="utf-8")
        wrong = reader.failed
    assert not wrong, f"docs/{name}\n" + "\n".join(wrong)


def written(name: str) -> list[str]:
    """The Python files that a page writes."""
    page = (DOCS / name).read_text(encoding="utf-8")
    return [block.name for block in blocks(page) if block.name.endswith(".py")]


def broken_links(page: Path) -> list[str]:
    """The links of a page to files, and to headings in them, that are not there; other places are not asked."""
    broken = []
    for link in LINK.findall(_prose(page)):
        place, _, heading = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (heading and heading not in _anchors(target)):
            broken.append(link)
    return broken


def _prose(page: Path) -> str:
    """The page without its blocks."""
    inside, kept = False, list[str]()
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith(FENCE):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _anchors(page: Path) -> set[str]:
    """The names under which the headings of a page are found, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in HEADING.findall(_prose(page))}
