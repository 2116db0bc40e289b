"""What a command is told from outside, before it opens anything."""

from pathlib import Path

import pytest

from services.cli.app import main


@pytest.mark.parametrize("command", ["queue", "doctor", "dead", "verify"])
def test_an_unknown_key_of_the_file_is_one_line_and_bad_input(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWARM_HOME", str(tmp_path / "home"))
    file = tmp_path / "swarm.toml"
    file.write_text("[review]\nundo_window = 5\n")
    assert main([command]) == 2
    told = f"error: review.undo_window in {file} is no setting. Perhaps review.undo_window_s is meant.\n"
    assert capsys.readouterr() == ("", told)
    assert not (tmp_path / "home").exists()
