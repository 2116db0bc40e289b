"""People and tokens on the command line: what is told, once or as JSON, and what each exit code means."""

from pathlib import Path

from tests.e2e.console import Told, swarm


def told(home: Path, *arguments: str) -> Told:
    """A command that goes well."""
    done = swarm(home, *arguments)
    assert (done.code, done.err) == (0, ""), done
    return done


def test_empty_namespace_says_why_and_what_next(shared_home: Path) -> None:
    out = told(shared_home, "user", "list").out
    assert "Nobody has an account in namespace main yet, so the gateway lets nobody in." in out
    assert "user add LOGIN --role admin" in out
    assert told(shared_home, "user", "list", "--json").json == {"users": []}
    assert told(shared_home, "token", "list", "--json").json == {"tokens": []}


def test_people_come_and_change_and_go(shared_home: Path) -> None:
    added = told(shared_home, "user", "add", "Ann", "--role", "admin", "--name", "Ann B", "--json").json
    assert (added["login"], added["receipt"]["status"]) == ("ann", "recorded")
    assert "nothing changed" in told(shared_home, "user", "add", "ann", "--role", "admin").out
    swarm(shared_home, "user", "close", "ann").failed_with(3, "ann is the last admin")
    swarm(shared_home, "user", "roles", "ann", "--role", "auditor").failed_with(3, "ann is the last admin")
    assert "token create bob" in told(shared_home, "user", "add", "bob", "--role", "reviewer").out
    told(shared_home, "user", "roles", "bob", "--role", "operator", "--role", "admin")
    told(shared_home, "user", "close", "ann", "--reason", "Gone sailing.")
    users = told(shared_home, "user", "list", "--json").json["users"]
    assert [(one["login"], one["name"], one["roles"], one["open"]) for one in users] == [
        ("ann", "Ann B", ["admin"], False),
        ("bob", "", ["operator", "admin"], True),
    ]
    out = told(shared_home, "user", "list").out
    assert all(word in out for word in ("ann", "Ann B", "closed", "bob", "operator, admin"))


def test_token_is_shown_once_listed_and_ended(shared_home: Path) -> None:
    told(shared_home, "user", "add", "eve", "--role", "reviewer")
    out = told(shared_home, "token", "create", "eve", "--label", "laptop", "--expires", "12h").out
    text, sentence = out.splitlines()
    assert (text[:6], len(text)) == ("swarm_", 81)
    assert "It is not shown again; send it as `Authorization: Bearer …`." in sentence
    made = told(shared_home, "token", "create", "eve", "--scope", "read", "--json").json
    assert made["person"]["permissions"] == ["read"]
    listed = told(shared_home, "token", "list", "eve", "--json")
    assert [(one["label"], one["state"]) for one in listed.json["tokens"]] == [("laptop", "lives"), ("", "lives")]
    revoked = told(shared_home, "token", "revoke", listed.json["tokens"][0]["token_id"][:8], "--json").json
    assert revoked["receipt"]["status"] == "recorded"
    again = told(shared_home, "token", "list")
    assert "revoked" in again.out
    everything = told(shared_home, "tail", "--json").out + listed.out + again.out
    assert text not in everything
    assert made["token"] not in everything


def test_what_cannot_be_is_told_by_exit_code(shared_home: Path) -> None:
    told(shared_home, "user", "add", "max", "--role", "reviewer")
    for code, words, arguments in (
        (2, "There is no `user foo`", ("user", "foo", "ann")),
        (2, "user add LOGIN", ("user", "add")),
        (2, "at least one role", ("user", "add", "kim")),
        (2, "no role 'king'", ("user", "add", "kim", "--role", "king")),
        (2, "1 to 64", ("user", "add", "k im", "--role", "reviewer")),
        (2, "half a character", ("user", "add", "kim", "--role", "reviewer", "--name", "\udcff")),
        (2, "no such account", ("user", "close", "nobody")),
        (2, "no such account", ("token", "list", "nobody")),
        (2, "is no time", ("token", "create", "max", "--expires", "soon")),
        (2, "1 hour to 366 days", ("token", "create", "max", "--expires", "367d")),
        (2, "no scope 'fly'", ("token", "create", "max", "--scope", "fly")),
        (3, "do not give run", ("token", "create", "max", "--scope", "run")),
        (2, "There is no token 'zz'", ("token", "revoke", "zz")),
    ):
        swarm(shared_home, *arguments).failed_with(code, words)


def test_log_and_views_stand_as_they_should(shared_home: Path) -> None:
    told(shared_home, "replay", "--view", "accounts")
    told(shared_home, "verify")
