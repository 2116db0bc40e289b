"""A list can be had as a file. Where something else is asked for, naming a file for it is a mistake, and is told as one."""

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
