"""Whoever comes too late is told who was first, when, and with what."""

import pytest

from contracts.errors import AlreadyDecided, StaleVersion
from tests.unit.approval.examples import AGENT, ANN, BOB, TEXT, Desk, content, drafted

WHO = {"who": "person:ann@local", "when": "2026-11-22T10:04:00+00:00"}


@pytest.mark.parametrize("late", ["approve", "edit", "reject", "request changes"])
@pytest.mark.parametrize(
    ("first", "words", "what"),
    [
        ("approve", "approved it", "approved"),
        ("reject", r"rejected it \(weak_cta\)", "rejected"),
    ],
)
def test_late_answer_is_told_who_when_and_what(first: str, words: str, what: str, late: str) -> None:
    desk = Desk()
    commands = desk.answers()
    desk.answer(commands[first], ANN)

    with pytest.raises(AlreadyDecided, match=rf"^ann@local {words} at 2026-11-22 10:04 UTC\.$") as caught:
        desk.decide(commands[late], BOB)
    assert caught.value.values.items() >= (WHO | {"what": what, "draft_version": 1}).items()


@pytest.mark.parametrize("late", ["approve", "edit", "request changes"])
def test_answer_to_a_draft_that_is_being_rewritten_is_told_who_asked(late: str) -> None:
    desk = Desk()
    commands = desk.answers()
    desk.answer(desk.changes(instruction="Longer."), ANN)

    with pytest.raises(AlreadyDecided, match=r"ann@local asked for changes at"):
        desk.decide(commands[late], BOB)


@pytest.mark.parametrize("late", ["approve", "edit", "reject", "request changes"])
def test_answer_to_an_edited_draft_is_told_the_version_and_who_edited(late: str) -> None:
    desk = Desk()
    commands = desk.answers()
    desk.answer(desk.edit(subject="Shifts"), ANN)

    with pytest.raises(StaleVersion, match=r"ann@local edited it at .* version 2 stands") as caught:
        desk.decide(commands[late], BOB)
    assert caught.value.values.items() >= (WHO | {"what": "edited", "current_version": 2, "draft_version": 1}).items()


def test_answer_to_a_draft_approved_with_an_edit_is_told_of_the_approval() -> None:
    desk = Desk()
    late = desk.reject()
    desk.answer(desk.approve(body=TEXT.replace("fifteen", "ten")), ANN)

    with pytest.raises(AlreadyDecided, match="ann@local approved it with an edit"):
        desk.decide(late, BOB)


def test_second_revocation_by_another_person_is_told_of_the_first() -> None:
    desk = Desk()
    desk.answer(desk.approve(), BOB)
    desk.answer(desk.revoke(), ANN)

    with pytest.raises(AlreadyDecided, match="ann@local revoked the approval"):
        desk.decide(desk.revoke(), BOB)


def test_answer_to_the_text_before_a_rewrite_is_stale() -> None:
    desk = Desk()
    seen = desk.approve()
    desk.answer(desk.changes(), ANN)
    desk.record([drafted(version=2, text=content(subject="Shifts", salt="aa" * 16))], AGENT)

    with pytest.raises(StaleVersion) as caught:
        desk.decide(seen, BOB)
    assert caught.value.values["current_version"] == 2


def test_right_version_with_another_hash_is_stale_and_never_binds() -> None:
    desk = Desk()
    other = Desk(drafted(text=content(subject="Another text")))

    with pytest.raises(StaleVersion, match="another text"):
        desk.decide(other.approve(), BOB)


def test_revocation_of_another_version_than_the_approved_is_stale() -> None:
    desk = Desk()
    seen = desk.revoke()
    desk.answer(desk.approve(subject="Shifts"), ANN)

    with pytest.raises(StaleVersion):
        desk.decide(seen, ANN)
