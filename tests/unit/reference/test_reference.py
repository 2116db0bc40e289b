"""docs/reference is what the code makes of it."""

import os
from pathlib import Path

import pytest

from contracts.facts import FACTS
from services.runtime.setting_words import MEANING, OTHERS
from services.runtime.settings import OTHER_VARIABLES
from tests.unit.reference.pages import PAGES

FOLDER = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_what_the_code_makes(name: str) -> None:
    made, file = PAGES[name](), FOLDER / f"{name}.md"
    if os.environ.get("SWARM_WRITE_DOCS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made, (
        f"{name}.md is stale: SWARM_WRITE_DOCS=1 pytest tests/unit/reference"
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_is_the_same_on_every_machine(name: str) -> None:
    made = PAGES[name]()
    assert str(Path.home()) not in made
    assert str(FOLDER.parents[1]) not in made
    assert " object at 0x" not in made


def test_every_fact_is_told_with_its_fields() -> None:
    page = PAGES["facts"]()
    assert [tag for tag in FACTS if f"### {tag}\n" not in page] == []


def test_variables_without_a_setting_are_explained() -> None:
    assert set(OTHERS) == set(OTHER_VARIABLES)
    assert all(text.endswith(".") for text in [*MEANING.values(), *OTHERS.values()])
