"""An option that would say nothing where it is given is a mistake, and is told as one; so is a file for what is no list."""

import json
from pathlib import Path

import pytest

from services.cli.app import main

NO_LISTS = [
    ("user", "add", "ann"),
    ("token", "revoke", "abc"),
    ("exclude", "add", "ann@example.com"),
    ("exclude", "list", "--check", "ann@example.com"),
    ("icp", "show"),
    ("icp", "activate", "icp.toml"),
    ("dead", "retry", "abc"),
    ("runs", "run_1"),
    ("runs", "cancel", "run_1"),
    ("templates", "lint"),
    ("campaigns", "check"),
    ("mappings", "drop", "crm"),
]


ELSEWHERE = [
    ("user list --name Ann", "name", "list", "It is for add."),
    ("user close ann --role admin", "role", "close", "It is for add or roles."),
    ("user add ann --reason left", "reason", "add", "It is for close."),
    ("user add ann --address https://swarm.example", "address", "add", "It is for link."),
    ("token --label x", "label", "list", "It is for create."),
    ("token revoke abc --scope read", "scope", "revoke", "It is for create."),
    ("token revoke abc --expires 90d", "expires", "revoke", "It is for create."),
    ("token create ann --reason x", "reason", "create", "It is for revoke."),
    ("exclude add ann@example.com --check ann@example.com", "check", "add", "It is for list."),
    ("exclude remove ann@example.com --reason x", "reason", "remove", "It is for add or import."),
    ("icp show --reason x", "reason", "show", "It is for activate."),
    ("icp compare --text", "text", "compare", "It is for show."),
    ("icp show --limit 3", "limit", "show", "It is for compare."),
    ("dead retry abc --reason x", "reason", "retry", "It is for drop."),
    ("runs --reason x", "reason", "the list", "It is for cancel or withdraw."),
    ("runs run_1 --limit 3", "limit", "run_1", "It is for the list."),
    ("runs cancel run_1 --campaign x", "campaign", "cancel", "It is for the list."),
    ("templates list --lead abc", "lead", "list", "It is for preview."),
    ("templates copy early --opener 2", "opener", "copy", "It is for preview."),
]


@pytest.mark.parametrize(("asked", "option", "use", "remedy"), ELSEWHERE, ids=[one[0] for one in ELSEWHERE])
def test_an_option_for_something_else_is_refused(
    asked: str,
    option: str,
    use: str,
    remedy: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SWARM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert main([*asked.split(), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["detail"], told["remedy"]) == (f"--{option} does not go with {use}.", remedy)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", NO_LISTS, ids=" ".join)
def test_a_file_for_what_is_no_list_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWARM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "--csv", "out.csv", "--json"]) == 2
    told = json.loads(capsys.readouterr().out)["error"]
    asked = "--check" if "--check" in arguments else arguments[1]
    assert told["detail"] == f"--csv does not go with {asked}."
    assert told["remedy"]
    assert list(tmp_path.iterdir()) == []
