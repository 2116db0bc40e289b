"""A person's answers on the command line: receipts, repeats, conflicts, and what each exit code means."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.console import SAMPLES, Told, on_terminal, swarm

DEMO = ("--namespace", "demo")


@pytest.fixture(scope="module")
def drafts(shared_home: Path) -> list[dict[str, Any]]:
    """Drafts of twenty rows, each test takes its own."""
    told = swarm(
        shared_home, "run", "--mode", "staging", *DEMO, "--input", str(SAMPLES / "demo.csv"), "--limit", "20", "--json"
    )
    assert (told.code, told.err) == (0, "")
    assert told.json["rows"]["not_taken"] == 180
    found: list[dict[str, Any]] = swarm(shared_home, "queue", "--json", "--limit", "50", *DEMO).json["drafts"]
    return found


def answer(home: Path, name: str, draft: dict[str, Any], *more: str) -> Told:
    return swarm(home, name, draft["email_id"], *DEMO, *more)


def test_approve_is_repeated_refused_to_others_and_revoked(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    draft = drafts[0]
    first = answer(shared_home, "approve", draft, "--json", "--as", "ann")
    assert (first.code, first.err) == (0, "")
    assert (first.json["receipt"]["status"], first.json["receipt"]["by"]) == ("recorded", "person:ann@local")
    again = answer(shared_home, "approve", draft, "--json", "--as", "ann")
    assert (again.code, again.json["receipt"]["fact"]) == (0, first.json["receipt"]["fact"])
    late = answer(shared_home, "reject", draft, "--tag", "weak_cta", "--reason", "It asks for nothing.", "--as", "bob")
    late.failed_with(4, "ann@local", "approved it", "UTC")
    back = answer(shared_home, "revoke", draft, "--as", "ann")
    assert (back.code, back.err) == (0, "")
    assert (
        swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["drafts"][0]["email_id"] == draft["email_id"]
    )


def test_reject_leaves_the_queue_and_stands(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    draft = drafts[1]
    told = answer(shared_home, "reject", draft, "--tag", "weak_subject", "--reason", "Says nothing.", "--as", "ann")
    assert (told.code, told.err) == (0, "")
    assert "rejected" in told.out
    answer(shared_home, "approve", draft, "--as", "bob").failed_with(4, "ann@local rejected it (weak_subject)")
    shown = answer(shared_home, "show", draft, "--json").json
    assert (shown["status"], shown["feedback"]["tag"]) == ("rejected", "weak_subject")


def test_edit_makes_a_version_and_voids_the_old_one(
    shared_home: Path, drafts: list[dict[str, Any]], tmp_path: Path
) -> None:
    draft = drafts[2]
    told = answer(shared_home, "edit", draft, "--subject", "A question about your onboarding")
    assert (told.code, told.err) == (0, "")
    answer(shared_home, "approve", draft, "--version", "1", "--as", "bob").failed_with(4, "version 2 stands")
    body = tmp_path / "body.txt"
    shown = answer(shared_home, "show", draft, "--json").json
    body.write_text(shown["content"]["text"].replace("Best regards", "Kind regards"), encoding="utf-8")
    told = answer(shared_home, "approve", draft, "--body-file", str(body), "--feedback", "Warmer.", "--json")
    assert (told.code, told.err) == (0, "")
    shown = answer(shared_home, "show", draft, "--json").json
    assert (shown["status"], shown["draft_version"]) == ("approved", 3)
    assert "Kind regards" in shown["content"]["text"]


def test_a_text_that_the_guard_stops_needs_a_reason(
    shared_home: Path, drafts: list[dict[str, Any]], tmp_path: Path
) -> None:
    draft = drafts[3]
    body = tmp_path / "body.txt"
    body.write_text("Hi {name},\n\nACT NOW!!! 100% guaranteed.\n", encoding="utf-8")
    told = answer(shared_home, "approve", draft, "--body-file", str(body))
    told.failed_with(3, "guard")
    override = ("--override", "It is only a test.")
    assert answer(shared_home, "approve", draft, "--body-file", str(body), *override).code == 0


def test_changes_come_back_as_a_new_version(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    draft = drafts[4]
    told = answer(shared_home, "changes", draft, "--instruction", "Shorter, please.")
    assert (told.code, told.err) == (0, "")
    shown = answer(shared_home, "show", draft, "--json").json
    assert (shown["status"], shown["draft_version"]) == ("drafted", 2)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("approve", "zz"), 2, "no lead or e-mail 'zz'"),
        (("approve", "ffffffffffffffff"), 2, "no lead or e-mail"),
        (("show", "-"), 2, "no lead or e-mail"),
        (("queue", "--tier", "tier_9"), 2, "tier_1, tier_2"),
        (("edit", "ID"), 2, "--subject, --body-file"),
        (("reject", "ID", "--tag", "bad", "--reason", "No."), 2, "weak_cta"),
        (("reject", "ID", "--tag", "other", "--reason", "x"), 2, "reason has 1 characters"),
        (("revoke", "ID"), 3, "not approved"),
        (("review",), 2, "needs a terminal"),
        (("runs", "resume", "run_2"), 3, "not stopped"),
    ],
    ids=lambda value: "-".join(value)[:24] if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_one_line(
    shared_home: Path, drafts: list[dict[str, Any]], arguments: tuple[str, ...], code: int, words: str
) -> None:
    filled = [drafts[5]["email_id"] if one == "ID" else one for one in arguments]
    swarm(shared_home, *filled, *DEMO).failed_with(code, words)


def test_a_failure_is_one_document_for_a_program(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    _ = drafts
    told = swarm(shared_home, "show", "", "--json", *DEMO)
    assert (told.code, told.json["error"]["slug"]) == (2, "not-found")


def test_review_walks_the_queue_on_a_terminal(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    _ = drafts
    before = swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["total"]
    with on_terminal(shared_home, "review", *DEMO, env={"EDITOR": "false"}) as terminal:
        assert "Subject:" in terminal.until("[q]uit")
        for pressed, answered in (("a", "approved"), ("u", "waits again"), ("s", "left"), ("a", "approved")):
            terminal.type(pressed)
            terminal.until(answered)
            terminal.until("[q]uit")
        terminal.type("e")
        terminal.until("nothing was changed")
        terminal.until("[q]uit")
        terminal.type("r")
        terminal.until("Which?")
        terminal.type("6\n")
        terminal.until("Why")
        terminal.type("It says nothing.\n")
        terminal.until("rejected.")
        terminal.until("[q]uit")
        terminal.type("q")
        assert "4 answers given" in terminal.until("given")
        assert terminal.ended() == 0
    assert swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["total"] == before - 2


def test_review_counts_what_is_left_to_show(shared_home: Path, drafts: list[dict[str, Any]]) -> None:
    """Neither what another tier has nor what was skipped."""
    _ = drafts
    found = swarm(shared_home, "queue", "--json", "--tier", "tier_2", *DEMO).json
    waiting, everything = found["total"], swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["total"]
    assert 2 < waiting < everything
    with on_terminal(shared_home, "review", "--tier", "tier_2", *DEMO) as terminal:
        assert f"{waiting} drafts left" in terminal.until("[q]uit")
        terminal.type("s")
        assert f"{waiting - 1} drafts left" in terminal.until("[q]uit")
        terminal.type("q")
        terminal.until("given")
        assert terminal.ended() == 0
