"""Coming in for the first time: the first admin, one-time links and passwords, as the command line gives them."""

import json
import re
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.console import on_terminal, start, swarm

PASSWORD = "correct horse battery"
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/#sign-in=([A-Za-z0-9_-]{43})")
LOGIN = "jo"


def post(address: str, path: str, body: object) -> tuple[int, Any]:
    request = urllib.request.Request(address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_first_start_lets_the_person_at_the_terminal_in_and_later_ones_say_how(home: Path) -> None:
    with on_terminal(home, "--as", "Jo Än", "serve", "gateway") as terminal:
        shown = terminal.until("It is good for ten minutes, and once.")
        [(address, secret)] = LINK.findall(shown)
        assert "jo-n is the first admin. Sign in by opening this:" in shown
        status, session = post(address, "/api/session/link", {"secret": secret})
        assert (status, session["login"], session["roles"]) == (200, "jo-n", ["admin"])
        assert post(address, "/api/session/link", {"secret": secret})[0] == 401
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ended() == 0
    with on_terminal(home, "--as", LOGIN, "serve", "gateway") as terminal:
        shown = terminal.until("user link LOGIN")
        assert "#sign-in=" not in shown
        assert "first admin" not in shown
    with on_terminal(home, "--as", "Jo Än", "up", "--link") as terminal:
        shown = terminal.until("It is good for ten minutes, and once.")
        assert "first admin" not in shown
        [(address, another)] = LINK.findall(shown)
        assert post(address, "/api/session/link", {"secret": another})[0] == 200
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ended() == 0
    with on_terminal(home, "--as", LOGIN, "up", "--link") as terminal:
        assert "#sign-in=" not in terminal.until("user link LOGIN")  # Nobody is let in who has no account.
    assert [one["login"] for one in swarm(home, "user", "list", "--json").json["users"]] == ["jo-n"]
    assert secret not in swarm(home, "tail", "--json").out


@pytest.mark.parametrize("arguments", [(), ("--json",)], ids=["text", "json"])
def test_first_start_without_a_terminal_shows_no_link(home: Path, arguments: tuple[str, ...]) -> None:
    """Whatever reads it then may keep it: a log of a container, a unit's journal."""
    process = start(home, "--as", LOGIN, "up", *arguments)
    assert process.stdout
    try:
        heard = process.stdout.readline()
        if not arguments:
            heard += "".join(process.stdout.readline() for _ in range(2))
            assert "jo is the first admin. Who signs in needs a one-time link:" in heard
            assert "user link jo" in heard
        else:
            assert json.loads(heard)["first_admin"] == LOGIN
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert "#sign-in=" not in heard + out + err
    assert err == ""
    assert [one["login"] for one in swarm(home, "user", "list", "--json").json["users"]] == [LOGIN]


def test_who_was_let_in_before_is_the_first_and_nobody_is_added(home: Path) -> None:
    swarm(home, "user", "add", "ann", "--role", "reviewer")
    process = start(home, "--as", LOGIN, "up", "--json")
    assert process.stdout
    assert "first_admin" not in json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert [one["login"] for one in swarm(home, "user", "list", "--json").json["users"]] == ["ann"]


def test_link_is_printed_for_the_address_that_people_type(shared_home: Path) -> None:
    swarm(shared_home, "user", "add", "ann", "--role", "admin")
    first, sentence = swarm(shared_home, "user", "link", "ANN").out.splitlines()
    assert LINK.fullmatch(first)
    assert sentence == "Whoever opens it is ann there. It is good for ten minutes, and once."
    told = swarm(shared_home, "user", "link", "ann", "--json")
    assert (told.err, sorted(told.json)) == ("", ["expires_at", "link", "login"])
    public = {"SWARM_ORIGIN": "https://swarm.example.com", "SWARM_LISTEN": "0.0.0.0"}
    for arguments, env, begins in (
        ((), public, "https://swarm.example.com/#sign-in="),
        ((), {"SWARM_LISTEN": "0.0.0.0", "SWARM_PORT": "9000"}, "http://127.0.0.1:9000/#sign-in="),
        (("--address", "http://localhost:8081/"), public, "http://localhost:8081/#sign-in="),
    ):
        assert swarm(shared_home, "user", "link", "ann", *arguments, env=env).out.startswith(begins)


def test_password_comes_by_the_input_and_is_shown_nowhere(shared_home: Path) -> None:
    swarm(shared_home, "user", "add", "eve", "--role", "reviewer")
    told = swarm(shared_home, "user", "password", "eve", stdin=f"{PASSWORD}\n")
    assert (told.code, told.err) == (0, "")
    assert "eve signs in with that password from now on." in told.out
    shown = told.out + swarm(shared_home, "tail", "--json").out + swarm(shared_home, "user", "list", "--json").out
    assert not any(one in shown for one in (PASSWORD, "argon2", "hash"))
    process = start(shared_home, "serve", "gateway", "--json")
    assert process.stdout
    address = json.loads(process.stdout.readline())["address"]
    try:
        assert post(address, "/api/session", {"login": "eve", "password": PASSWORD})[0] == 200
        assert post(address, "/api/session", {"login": "eve", "password": PASSWORD + "!"})[0] == 401
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert '"event": "sign-in refused"' in err
    assert PASSWORD not in err


def test_password_is_typed_twice_at_a_terminal_and_not_shown(shared_home: Path) -> None:
    swarm(shared_home, "user", "add", "kim", "--role", "reviewer")
    for second, code, words in ((PASSWORD, 0, "kim signs in with that password"), ("another one!", 2, "two different")):
        with on_terminal(shared_home, "user", "password", "kim") as terminal:
            terminal.until("New password: ")
            terminal.type(f"{PASSWORD}\n")
            terminal.until("Once more: ")
            terminal.type(f"{second}\n")
            shown = terminal.rest()
            assert words in shown
            assert PASSWORD not in shown
            assert terminal.ended() == code


def test_what_cannot_be_is_told_by_exit_code(shared_home: Path) -> None:
    swarm(shared_home, "user", "add", "max", "--role", "reviewer")
    swarm(shared_home, "user", "add", "left", "--role", "reviewer")
    swarm(shared_home, "user", "close", "left")
    for code, words, arguments, typed in (
        (2, "no such account", ("user", "link", "nobody"), ""),
        (2, "1 to 64", ("user", "link", "no body"), ""),
        (2, "--address", ("user", "link", "max", "--address", "javascript:alert(1)"), ""),
        (3, "is closed", ("user", "link", "left"), ""),
        (3, "is closed", ("user", "password", "left"), PASSWORD),
        (2, "no such account", ("user", "password", "nobody"), PASSWORD),
        (2, "12 to 200", ("user", "password", "max"), "short"),
        (2, "12 to 200", ("user", "password", "max"), ""),
    ):
        swarm(shared_home, *arguments, stdin=typed).failed_with(code, words)


def test_nobody_can_listen_where_this_machine_is_not(shared_home: Path) -> None:
    swarm(shared_home, "serve", "gateway", env={"SWARM_LISTEN": "192.0.2.7"}).failed_with(2, "192.0.2.7")
