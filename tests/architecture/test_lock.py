"""The lock installs the same packages from anywhere: every one hashed, none tied to a registry."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
OF_IMAGE = {name: (ROOT / "deploy" / f"{name}.lock").read_text(encoding="utf-8") for name in ("runtime", "build")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# An address of any kind, or an option that would choose where packages come from.
REGISTRY = re.compile(r"://|\bfile:|--(?:extra-)?index-url|--find-links|--trusted-host|^-[if]\b", re.MULTILINE)
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    ["--index-url https://packages.example/simple", "-i packages.example", "name @ file:/wheels/name.whl", "-f wheels"],
)
def test_registry_is_recognised(line: str) -> None:
    assert REGISTRY.search(f"aiohttp==3.14.5 \\\n{line}\n")


@pytest.mark.parametrize("lock", [LOCK, *OF_IMAGE.values()], ids=["all", *OF_IMAGE])
def test_lock_names_no_registry(lock: str) -> None:
    assert REGISTRY.findall(lock) == []


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_locks_that_write_addresses_are_not_here(name: str) -> None:
    assert not (ROOT / name).exists()


def entries(lock: str) -> dict[str, str]:
    """By package its version and hashes; on which systems it is wanted depends on who else wants it."""
    found = (re.sub(r" ;[^\n]*", " \\\\", entry) for entry in re.split(r"\n(?=\S)", lock.strip()))
    return {entry.split("==")[0].split("[")[0]: entry.split("==", 1)[1] for entry in found}


def asked(requirements: list[str]) -> set[str]:
    """The names of what is asked for."""
    return {re.split(r"[\[<>=;~! ]", each)[0].lower().replace("_", "-") for each in requirements}


@pytest.mark.parametrize("lock", [LOCK, *OF_IMAGE.values()], ids=["all", *OF_IMAGE])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    assert [name for name, entry in entries(lock).items() if "--hash=sha256:" not in entry] == []


def test_lock_holds_everything_the_project_asks_for() -> None:
    project = PROJECT["project"]
    wanted = asked([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert wanted - {name for name, _ in PIN.findall(LOCK)} == set()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("runtime", PROJECT["project"]["dependencies"]), ("build", PROJECT["build-system"]["requires"])],
    ids=OF_IMAGE,
)
def test_image_installs_what_the_tests_ran_with_and_no_tool_of_theirs(name: str, wanted: list[str]) -> None:
    ours, all_of_them = entries(OF_IMAGE[name]), entries(LOCK)
    assert asked(wanted) - ours.keys() == set()
    assert {package for package, entry in ours.items() if entry != all_of_them.get(package)} == set()
    assert ours.keys() & {"mypy", "playwright", "pytest", "ruff", "schemathesis", "testcontainers"} == set()
