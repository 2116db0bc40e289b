"""The same file twice, and an older file after a newer one: what comes of it is said, before and after."""

import os
from pathlib import Path

import pytest

from tests.e2e.console import swarm

HEADER = "First Name,Last Name,Title,Company,Email,Employees,Industry\n"
NOW, BEFORE = 1_767_700_000, 1_767_000_000
STAGING, DRY_RUN = ("run", "--mode", "staging", "--synthetic", "--input"), ("run", "--mode", "dry_run", "--input")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A newer export and an older one of the same two people."""
    folder = tmp_path_factory.mktemp("exports")
    found = []
    for name, title, at in (("new.csv", "Chief Executive Officer", NOW), ("old.csv", "Trainee", BEFORE)):
        path = folder / name
        rows = "".join(
            f"{n},Vale,{title},Umberford,{n.lower()}@umberford.example,120,Software\n" for n in ("Ada", "Ben")
        )
        path.write_text(HEADER + rows)
        os.utime(path, (at, at))
        found.append(path)
    return found[0], found[1]


@pytest.fixture(scope="module")
def first(shared_home: Path, files: tuple[Path, Path]) -> str:
    told = swarm(shared_home, *STAGING, str(files[0]), "--json")
    assert told.code == 0, told
    return str(told.json["run_id"])


def test_the_same_file_twice_is_told_with_the_run_that_brought_it(
    shared_home: Path, files: tuple[Path, Path], first: str
) -> None:
    tried = swarm(shared_home, *DRY_RUN, str(files[0]))
    assert f"known:     this very file came before, in {first}." in tried.out
    assert "known:     every row came before with nothing new; nobody is written to twice." in tried.out
    ran = swarm(shared_home, *STAGING, str(files[0]))
    assert "every row came before with nothing new; nobody is written to twice." in ran.out


def test_an_older_file_after_a_newer_one_takes_nothing_and_says_so(
    shared_home: Path, files: tuple[Path, Path], first: str
) -> None:
    _ = first
    words = "older:     2 rows have older values than is known, and the newer stays."
    tried = swarm(shared_home, *DRY_RUN, str(files[1]))
    assert words in tried.out
    assert "run it with --as-of now." in tried.out
    told = swarm(shared_home, *STAGING, str(files[1]), "--json").json
    assert (told["rows"]["duplicate"], told["rows"]["updated"], told["older"]) == (2, 0, 2)
    cards = swarm(shared_home, "queue", "--json").json["drafts"]
    assert {one["title"] for one in cards} == {"Chief Executive Officer"}


def test_whoever_says_that_it_is_right_after_all_is_believed(
    shared_home: Path, files: tuple[Path, Path], first: str
) -> None:
    _ = first
    told = swarm(shared_home, *DRY_RUN, str(files[1]), "--as-of", "now", "--json").json
    assert told["older"] == 0
    swarm(shared_home, *DRY_RUN, str(files[1]), "--as-of", "tomorrow").failed_with(2, "--as-of tomorrow is no time")
