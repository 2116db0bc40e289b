"""The same answer by the same person again is no new fact: the first one is its receipt."""

from collections.abc import Callable

import msgspec
import pytest

from contracts.commands import DraftCommand
from contracts.email import Status
from contracts.errors import AlreadyDecided
from services.approval.standing import standing
from tests.unit.approval.examples import AGENT, ANN, BOB, TEXT, Desk, content, drafted

OTHER = TEXT.replace("fifteen", "ten")
ANSWERS: dict[str, Callable[[Desk], DraftCommand]] = {
    "approve": lambda desk: desk.approve(version=1),
    "approve with an edit": lambda desk: desk.approve(version=1, body=OTHER),
    "edit": lambda desk: desk.edit(version=1, subject="Shifts", body=OTHER),
    "reject": lambda desk: desk.reject(version=1),
    "request changes": lambda desk: desk.changes(version=1),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_repeated_answer_adds_nothing_and_points_to_the_first(name: str) -> None:
    desk = Desk()
    desk.answer(ANSWERS[name](desk))
    first = desk.state.decision
    again = ANSWERS[name](desk)

    assert desk.answer(again) == []
    assert first is not None
    assert standing(desk.state, again, ANN, desk.text) == first
    assert first.fact == desk.facts[-1].event_id


def test_repeated_revocation_adds_nothing() -> None:
    desk = Desk()
    desk.answer(desk.approve())
    desk.answer(desk.revoke())

    assert desk.answer(desk.revoke(reason="Clicked twice.")) == []


@pytest.mark.parametrize(
    "status",
    ["send_requested", "send_reserved", "send_blocked", "send_started", "sent", "unresolved", "failed"],
)
def test_approval_repeated_while_the_message_moves_on_adds_nothing(status: Status) -> None:
    desk = Desk()
    desk.answer(desk.approve())
    desk.state = msgspec.structs.replace(desk.state, status=status)

    assert desk.decide(desk.approve(feedback="I said so before.")) == []


def test_approval_of_the_edited_version_repeats_the_approval_that_made_it() -> None:
    desk = Desk()
    desk.answer(desk.approve(body=OTHER))

    assert desk.decide(desk.approve(version=2)) == []


def test_instruction_repeated_after_the_rewrite_adds_nothing() -> None:
    desk = Desk()
    asked = desk.changes()
    desk.answer(asked)
    desk.record([drafted(version=2, text=content(subject="Shifts", salt="aa" * 16))], AGENT)

    assert desk.decide(asked) == []


@pytest.mark.parametrize("name", ANSWERS)
def test_same_answer_of_another_person_is_no_repeat(name: str) -> None:
    desk = Desk()
    desk.answer(ANSWERS[name](desk), ANN)

    assert standing(desk.state, ANSWERS[name](desk), BOB, desk.text) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda desk: desk.reject(), lambda desk: desk.reject(tag="other")),
        (lambda desk: desk.changes(), lambda desk: desk.changes(instruction="Longer, please.")),
        (lambda desk: desk.approve(body=OTHER), lambda desk: desk.approve(version=1, body=TEXT.replace("a day", "2"))),
        (lambda desk: desk.approve(), lambda desk: desk.approve(body=OTHER)),
        (lambda desk: desk.approve(), lambda desk: desk.reject()),
    ],
    ids=["tag", "instruction", "edited text", "approved with an edit", "kind"],
)
def test_another_answer_of_the_same_person_is_no_repeat(
    first: Callable[[Desk], DraftCommand], second: Callable[[Desk], DraftCommand]
) -> None:
    desk = Desk()
    desk.answer(first(desk))

    with pytest.raises(AlreadyDecided, match="ann@local"):
        desk.decide(second(desk))


def test_rejection_for_another_reason_is_told_apart_where_the_state_keeps_the_reason() -> None:
    desk = Desk()
    desk.answer(desk.reject())
    assert desk.state.decision is not None
    kept = msgspec.structs.replace(desk.state.decision, detail="weak_cta: It asks for nothing.")
    desk.state = msgspec.structs.replace(desk.state, decision=kept)

    assert desk.decide(desk.reject()) == []
    with pytest.raises(AlreadyDecided, match=r"rejected it \(weak_cta\) at"):
        desk.decide(desk.reject(reason="No question at the end."))


def test_repeated_edit_is_recognised_only_with_the_text_that_stands() -> None:
    desk = Desk()
    desk.answer(desk.edit(subject="Shifts"))
    again = desk.edit(version=1, subject="Shifts")

    assert standing(desk.state, again, ANN) is None
    assert standing(desk.state, again, ANN, content(subject="Shifts")) is None
    assert standing(desk.state, again, ANN, desk.text) is not None
