"""What a process is told: the command line before the environment, the environment before the file."""

import multiprocessing
from pathlib import Path

import pytest
from pydantic import ValidationError

from contracts.errors import BadInput
from services.runtime.identity_key import FILE_NAME, KEY_BYTES, kept_key, parse_key
from services.runtime.settings import HOME_NAME, Settings, default_home


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the machine's own settings is seen."""
    import os

    for name in os.environ:
        if name.startswith("SWARM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_environment_goes_before_the_file_and_the_command_line_before_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "swarm.toml").write_text('namespace = "file"\npartitions = 4\n')
    assert Settings().namespace == "file"
    monkeypatch.setenv("SWARM_NAMESPACE", "environment")
    assert (Settings().namespace, Settings().partitions) == ("environment", 4)
    assert Settings(namespace="line").namespace == "line"


def test_nested_values_of_environment_and_file_meet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "swarm.toml").write_text("[review]\nexpires_h = 24\nundo_window_s = 5\n[run]\nstall_s = 7\n")
    monkeypatch.setenv("SWARM_REVIEW__UNDO_WINDOW_S", "0")
    monkeypatch.setenv("SWARM_RUN__MAX_ERROR_SHARE", "0.5")
    settings = Settings()
    assert (settings.review.undo_window_s, settings.review.expires_h) == (0, 24)
    assert (settings.run.max_error_share, settings.run.stall_s) == (0.5, 7)


def test_defaults_are_the_documented_ones() -> None:
    settings = Settings()
    assert (settings.review.undo_window_s, settings.review.expires_h) == (30, 72)
    assert (settings.run.max_error_share, settings.run.stall_s, settings.partitions) == (0.2, 300, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SWARM_PARTITIONS", "0"),
        ("SWARM_PARTITIONS", "65"),
        ("SWARM_LEASE_MS", "10"),
        ("SWARM_REVIEW__UNDO_WINDOW_S", "-1"),
        ("SWARM_REVIEW__UNDO", "1"),
        ("SWARM_RUN__MAX_ERROR_SHARE", "2"),
    ],
)
def test_value_out_of_bounds_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_REDIS_URL", "redis://:canary@host")
    monkeypatch.setenv("SWARM_IDENTITY_KEY", "canary")
    assert "canary" not in repr(Settings())


def test_home_lies_beside_the_project_from_anywhere_inside_it(folder: Path) -> None:
    inside = folder / "project" / "a" / "b"
    inside.mkdir(parents=True)
    (folder / "project" / "pyproject.toml").write_text('[project]\nname = "alpha-swarm"\n')
    (folder / "project" / "a" / "pyproject.toml").write_text('[project]\nname = "another"\n')
    assert default_home(inside) == folder / "project" / HOME_NAME
    assert default_home(folder) == Path.home() / HOME_NAME


def _make(home: str, start: "multiprocessing.synchronize.Barrier", out: "multiprocessing.SimpleQueue[bytes]") -> None:
    start.wait()
    out.put(kept_key(Path(home)))


def test_of_processes_that_make_the_identity_key_at_once_one_wins(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    home, start = folder / "home", context.Barrier(4)
    out: multiprocessing.SimpleQueue[bytes] = context.SimpleQueue()
    processes = [context.Process(target=_make, args=(str(home), start, out)) for _ in range(4)]
    for process in processes:
        process.start()
    keys = {out.get() for _ in processes}
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert keys == {kept_key(home)}
    assert len(keys.pop()) == KEY_BYTES
    assert [one.name for one in home.iterdir()] == [FILE_NAME]
    assert (home / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("text", ["", "ab", "zz" * KEY_BYTES, "ab" * (KEY_BYTES + 1)])
def test_identity_key_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="is not 64 hex digits"):
        parse_key(text, "SWARM_IDENTITY_KEY")


def test_damaged_identity_file_is_refused_in_a_sentence_and_not_replaced(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"Restore it from the backup|is not 64 hex digits"):
        kept_key(folder)
    assert (folder / FILE_NAME).read_bytes() == b"\xff\xfe"
