"""What a process is told: the command line before the environment, the environment before the file."""

import multiprocessing
import os
from pathlib import Path

import pytest

from contracts.errors import BadInput
from services.runtime.identity_key import FILE_NAME, KEY_BYTES, kept_key, parse_key
from services.runtime.settings import HOME_NAME, Settings, default_home, known, load, misspelt, variable


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the machine's own settings is seen."""
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
    assert load("line").namespace == "line"


def test_nested_values_of_environment_and_file_meet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "swarm.toml").write_text("[review]\nexpires_h = 24\nundo_window_s = 5\n[run]\nstall_s = 7\n")
    monkeypatch.setenv("SWARM_REVIEW__UNDO_WINDOW_S", "0")
    monkeypatch.setenv("SWARM_RUN__MAX_ERROR_SHARE", "0.5")
    settings = Settings()
    assert (settings.review.undo_window_s, settings.review.expires_h) == (0, 24)
    assert (settings.run.max_error_share, settings.run.stall_s) == (0.5, 7)


def test_defaults_are_the_documented_ones() -> None:
    settings = Settings()
    assert (settings.listen, settings.origin, settings.port) == ("127.0.0.1", "", 8080)
    assert (settings.review.undo_window_s, settings.review.expires_h) == (30, 72)
    assert (settings.run.max_error_share, settings.run.stall_s, settings.partitions) == (0.2, 300, 1)


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("SWARM_PARTITIONS", "0", "Mend it, or unset it."),
        ("SWARM_PARTITIONS", "65", "Mend it, or unset it."),
        ("SWARM_LEASE_MS", "10", "Mend it, or unset it."),
        ("SWARM_ORIGIN", "swarm.example.com", "Mend it, or unset it."),
        ("SWARM_ORIGIN", "https://swarm.example.com/page", "Mend it, or unset it."),
        ("SWARM_ORIGIN", "https://ann@swarm.example.com", "Mend it, or unset it."),
        ("SWARM_ORIGIN", "http://swarm.example.com", "Mend it, or unset it."),
        ("SWARM_ORIGIN", "https://", "Mend it, or unset it."),
        ("SWARM_OFFER", "~nobody-of-this-name/offer.toml", "Mend it, or unset it."),
        ("SWARM_REVIEW__UNDO_WINDOW_S", "-1", "Mend it, or unset it."),
        ("SWARM_REVIEW__UNDO_WINDOW", "1", "Perhaps SWARM_REVIEW__UNDO_WINDOW_S is meant."),
        ("SWARM_RUN__MAX_ERROR_SHARE", "2", "Mend it, or unset it."),
        ("SWARM_RUN", "5", "Use SWARM_RUN__MAX_ERROR_SHARE, SWARM_RUN__STALL_S."),
    ],
)
def test_variable_that_cannot_be_used_is_named(
    name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput) as refused:
        load()
    assert refused.value.detail.startswith(f"{name} ")
    assert (refused.value.remedy, refused.value.values["field"]) == (remedy, name)


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ('namespce = "a"', "namespce", "Perhaps namespace is meant."),
        ('redis-url = ""', "redis-url", "Perhaps redis_url is meant."),
        ("stall_s = 7", "stall_s", "Perhaps run.stall_s is meant."),
        ("[review]\nundo_window = 5", "review.undo_window", "Perhaps review.undo_window_s is meant."),
        ("[reviews]\nexpires_h = 24", "reviews", "Perhaps review is meant."),
        ('colour = "red"', "colour", f"Use one of {', '.join(known())}."),
        ("review = 5", "review", "Use review.undo_window_s, review.expires_h."),
        ('partitions = "4"', "partitions", "Mend it, or take it out."),
        ("partitions = true", "partitions", "Mend it, or take it out."),
        ("namespace = 2026-01-01", "namespace", "Mend it, or take it out."),
        ("[run]\nstall_s = 0", "run.stall_s", "Mend it, or take it out."),
        ('home = "~nobody-of-this-name"', "home", "Mend it, or take it out."),
    ],
)
def test_what_the_file_says_in_vain_is_refused_with_key_file_and_remedy(
    folder: Path, text: str, key: str, remedy: str
) -> None:
    (folder / "swarm.toml").write_text(text)
    with pytest.raises(BadInput) as refused:
        load()
    assert refused.value.detail.startswith(f"{key} in {folder / 'swarm.toml'} ")
    assert (refused.value.remedy, refused.value.values["field"]) == (remedy, key)


def test_a_good_variable_does_not_hide_a_bad_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "swarm.toml").write_text('partitions = "many"')
    monkeypatch.setenv("SWARM_PARTITIONS", "4")
    with pytest.raises(BadInput, match="partitions in"):
        load()


@pytest.mark.parametrize("content", [b"partitions =", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused_in_a_sentence(folder: Path, content: bytes) -> None:
    (folder / "swarm.toml").write_bytes(content)
    with pytest.raises(BadInput, match=r"swarm\.toml is no TOML: "):
        load()


def test_variables_of_other_programs_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load()
    others = ("TEST_REDIS_URL", "WRITE_DOCS", "NEW_GOLDEN", "STORM_LEADS", "CRASH_LOG", "MANAGER_TOKEN", "A__B", "")
    for name in others:
        monkeypatch.setenv(f"SWARM_{name}", "1")
    assert load() == before
    assert misspelt(os.environ) == {}


@pytest.mark.parametrize(("said", "port"), [("tcp://10.0.0.1:80", 8080), ("8090", 8090)])
def test_port_that_kubernetes_says_is_not_ours(said: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_PORT", said)
    assert load().port == port


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ("https://Swarm.Example.com/", "https://swarm.example.com"),
        ("https://swarm.example.com:8443", "https://swarm.example.com:8443"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("", ""),
    ],
)
def test_origin_is_what_a_browser_calls_it(said: str, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_ORIGIN", said)
    assert Settings().origin == origin


def test_a_variable_that_looks_misspelt_is_named_with_the_one_that_is_meant() -> None:
    right = [*map(variable, known()), "SWARM_DEBUG", "SWARM_LOG_LEVEL", "swarm_home", "PATH", "HOME", "NAMESPCE"]
    wrong = {
        "SWARM_NAMESPCE": "SWARM_NAMESPACE",
        "SWARM_LOGLEVEL": "SWARM_LOG_LEVEL",
        "SWARM_REVIEW_EXPIRES_H": "SWARM_REVIEW__EXPIRES_H",
    }
    assert misspelt([*right, *wrong]) == wrong


@pytest.mark.parametrize("name", ["home", "offer", "model", "company_directory"])
def test_a_path_may_begin_with_somebodys_home(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder / "user"))
    (folder / "swarm.toml").write_text(f'{name} = "~/of the file"')
    assert getattr(load(), name) == folder / "user" / "of the file"
    monkeypatch.setenv(variable(name), "~/of the environment")
    assert getattr(load(), name) == folder / "user" / "of the environment"
    assert getattr(Settings.model_validate({name: "~/given"}), name) == folder / "user" / "given"


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
