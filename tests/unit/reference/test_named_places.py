"""What SECURITY and CONTRIBUTING name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACE = re.compile(r"`((?:[a-z_]+/)[A-Za-z0-9_./-]*|[A-Za-z_-]+\.(?:md|yml|toml))`")


@pytest.mark.parametrize("name", ["SECURITY.md", "CONTRIBUTING.md"])
def test_every_place_that_is_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = PLACE.findall(text) + re.findall(r"\]\(([A-Z]+\.md)\)", text)
    assert len(named) > 3
    assert [one for one in named if not (ROOT / one).exists()] == []
    makes = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)\b", text)) <= set(makes)
