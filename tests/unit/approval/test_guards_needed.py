"""Each check of the decision stops something that would go through without it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import services.approval.decide as decision
from contracts.email import EmailApproved
from contracts.errors import SwarmError
from tests.unit.approval.examples import AGENT, ANN, BOB, NOW, POLICY, Desk, drafted, failed

Case = Callable[[], list[object]]


def _bad_subject() -> list[object]:
    desk = Desk()
    return [*desk.decide(desk.approve(subject="Shifts\r\nBcc: all@x.example"))]


def _agent_approves() -> list[object]:
    desk = Desk(drafted(mode="sandbox"), synthetic=True)
    return [*desk.decide(desk.approve(), AGENT)]


def _approve_after_rejection() -> list[object]:
    desk = Desk()
    desk.answer(desk.reject(), BOB)
    return [*desk.decide(desk.approve(), ANN)]


def _approve_what_was_edited_since() -> list[object]:
    desk = Desk()
    seen = desk.approve()
    desk.answer(desk.edit(subject="Shifts"), BOB)
    return [*desk.decide(seen, ANN)]


def _approve_too_late() -> list[object]:
    desk = Desk()
    return [*desk.decide(desk.approve(), at=NOW + timedelta(hours=72))]


def _approve_what_the_guard_stopped() -> list[object]:
    desk = Desk(drafted(verdict=failed()))
    return [*desk.decide(desk.approve(), verdict=failed())]


def _nothing(*_: object, **__: object) -> tuple[str, ...]:
    return ()


@pytest.mark.parametrize(
    ("check", "case"),
    [
        ("check_form", _bad_subject),
        ("check_actor", _agent_approves),
        ("check_takes", _approve_after_rejection),
        ("check_seen", _approve_what_was_edited_since),
        ("check_in_time", _approve_too_late),
        ("_overridden", _approve_what_the_guard_stopped),
    ],
)
def test_without_this_check_the_answer_would_go_through(
    check: str, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SwarmError):
        case()
    monkeypatch.setattr(decision, check, _nothing)

    assert any(isinstance(fact, EmailApproved) for fact in case())


def test_without_the_look_at_what_stands_a_repeat_would_be_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.answer(desk.reject())
    assert desk.decide(desk.reject()) == []
    monkeypatch.setattr(decision, "standing", lambda *_: None)

    with pytest.raises(SwarmError):
        desk.decide(desk.reject())


def test_a_policy_is_held_back_by_mode_and_by_mark_each_alone() -> None:
    for desk in (Desk(drafted(mode="production"), synthetic=True), Desk(drafted(mode="sandbox"), synthetic=False)):
        with pytest.raises(SwarmError):
            desk.decide(desk.approve(), POLICY)


@pytest.mark.parametrize("part", ["version", "hash"])
def test_version_and_hash_are_each_looked_at(part: str) -> None:
    desk = Desk()
    desk.answer(desk.edit(subject="Shifts"), BOB)
    seen = desk.approve(version=1) if part == "version" else desk.approve()
    other = type(seen)(
        email_id=seen.email_id,
        draft_version=seen.draft_version,
        content_hash=desk.hash_of(2) if part == "version" else desk.hash_of(1),
    )

    with pytest.raises(SwarmError, match=r"stands"):
        desk.decide(other, ANN)
