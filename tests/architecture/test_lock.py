"""The lock installs the same packages from anywhere: every one hashed, none tied to a registry."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# An address of any kind, or an option that would choose where packages come from.
REGISTRY = re.compile(r"://|\bfile:|--(?:extra-)?index-url|--find-links|--trusted-host|^-[if]\b", re.MULTILINE)
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    ["--index-url https://packages.example/simple", "-i packages.example", "name @ file:/wheels/name.whl", "-f wheels"],
)
def test_registry_is_recognised(line: str) -> None:
    assert REGISTRY.search(f"aiohttp==3.14.5 \\\n{line}\n")


def test_lock_names_no_registry() -> None:
    assert REGISTRY.findall(LOCK) == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_locks_that_write_addresses_are_not_here(name: str) -> None:
    assert not (ROOT / name).exists()


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_holds_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=;~! ]", each)[0].lower().replace("_", "-") for each in asked}
    assert names - {name for name, _ in PIN.findall(LOCK)} == set()
