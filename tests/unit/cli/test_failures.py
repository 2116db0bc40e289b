"""Each class of failure has its exit code, one line, and for a program one document."""

import json
import re
from datetime import datetime

import pytest
from redis.exceptions import ResponseError

from contracts import errors
from services.cli.app import main
from services.cli.failures import UNEXPECTED, exit_code, named, tell
from services.runs.decide import run_id


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadInput("x"), 2),
        (errors.Ambiguous("x"), 2),
        (errors.KeyReused("x"), 2),
        (errors.NotFound("x"), 2),
        (errors.DecisionRefused("x"), 3),
        (errors.GuardRefused("x"), 3),
        (errors.AlreadyDecided("x"), 4),
        (errors.StaleVersion("x"), 4),
        (errors.VersionConflict("x"), 4),
        (errors.StoreUnavailable("x"), 5),
        (errors.UnsafeStore("x"), 5),
        (errors.DamagedEntry("x"), 1),
        (named(ZeroDivisionError("secret")), UNEXPECTED),
    ],
)
def test_the_class_says_the_exit_code(error: errors.SwarmError, code: int) -> None:
    assert exit_code(error) == code


def test_a_failure_is_one_line_also_where_its_words_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(errors.StoreUnavailable("It ended:\nlast\x1b[2J words", "See the log."), json=False) == 5
    assert capsys.readouterr() == ("", "error: It ended: last words See the log.\n")


def test_a_program_gets_one_document_with_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(errors.AlreadyDecided("Ann was first.", who="person:ann@local"), json=True) == 4
    told = json.loads(capsys.readouterr().out)
    assert told["error"] == {
        "slug": "already-decided",
        "detail": "Ann was first.",
        "remedy": "",
        "values": {"who": "person:ann@local"},
    }


def test_what_nobody_thought_of_names_its_type_and_no_content() -> None:
    error = named(ValueError("ada@example.com"))
    assert "ValueError" in error.detail
    assert "ada" not in error.sentence()
    assert "SWARM_DEBUG=1" in error.remedy


def test_what_nobody_thought_of_says_where_it_came_from() -> None:
    with pytest.raises(ValueError, match="zone") as caught:
        run_id(datetime(2026, 7, 1), "abc123")  # noqa: DTZ001 - that is what it refuses
    detail = named(caught.value).detail
    assert re.search(r"failed with ValueError in services\.runs\.decide, line \d+;", detail)


def test_of_what_the_store_answered_only_its_own_word_is_told() -> None:
    error = named(ResponseError("NOGROUP No such key ada@example.com"))
    assert "ResponseError (NOGROUP)" in error.detail
    assert "ada" not in error.sentence()
    assert "ada" not in named(ResponseError("ada@example.com is no command")).sentence()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    names = (
        "run runs up serve queue show review approve edit reject changes revoke tail replay verify dead doctor schema "
        "bench"
    )
    assert [name for name in names.split() if f" {name} " not in told] == []
