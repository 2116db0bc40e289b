"""The ideal customer as a file: written once, never over another, and checked by line."""

import json
from pathlib import Path

import pytest

from services.cli.app import main
from services.segmentor.model import load_model, own_text


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SWARM_MODEL", raising=False)
    return tmp_path


def test_file_to_begin_with_is_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["icp", "init"]) == 0
    assert "icp.toml is written" in capsys.readouterr().out
    assert load_model(folder / "icp.toml").id == "my-icp-1"
    assert main(["icp", "check"]) == 0
    assert "icp.toml is in order: my-icp-1" in capsys.readouterr().out


def test_file_that_is_there_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "icp.toml").write_text("mine")
    assert main(["icp", "init"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / "icp.toml").read_text() == "mine"


def test_faults_are_listed_with_their_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = own_text().replace("tier_2 = 60", "tier_2 = 90").replace("vp = { points = 22", "vp = { points = 32")
    (folder / "mine.toml").write_text(text)
    assert main(["icp", "check", "mine.toml", "--json"]) == 1
    told = capsys.readouterr()
    problems = json.loads(told.out)["problems"]
    assert [one["field"] for one in problems] == ["tiers", "title.most"]
    lines = text.splitlines()
    assert "tier_2" in lines[problems[0]["line"] - 1]
    assert lines[problems[1]["line"] - 1] == "most = 25"
    assert told.err == "error: mine.toml has 2 faults, the first at tiers, line 17. Mend what is named.\n"


def test_file_of_the_settings_goes_before_the_one_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "icp.toml").write_text("no TOML")
    (folder / "set.toml").write_text(own_text())
    monkeypatch.setenv("SWARM_MODEL", str(folder / "set.toml"))
    assert main(["icp", "check"]) == 0
    assert "set.toml is in order" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "There is no icp.toml in this folder. `swarm icp init` writes one"),
        (["check", "none.toml"], "none.toml cannot be read"),
        (["chek"], "There is no `icp chek`."),
        (["edit"], "An edit needs a terminal."),
    ],
)
def test_mistake_gets_the_sentence_that_mends_it(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["icp", *arguments]) == 2
    assert said in capsys.readouterr().err
