"""An approval can be taken back until the message may leave."""

from datetime import timedelta

import pytest

from contracts.email import EmailRevoked, EmailSendRequested
from contracts.errors import DecisionRefused
from tests.unit.approval.examples import AGENT, ANN, BOB, NOW, UNDO_WINDOW_S, Desk

WINDOW = timedelta(seconds=UNDO_WINDOW_S)
TICK = timedelta(microseconds=1)


def test_approval_is_taken_back_until_the_last_moment_and_by_anybody() -> None:
    desk = Desk()
    desk.answer(desk.approve(), ANN)

    assert desk.answer(desk.revoke(reason=" Too soon. "), BOB, at=NOW + WINDOW - TICK) == [
        EmailRevoked(email_id="email-1", lead_id="lead-1", run_id="run-1", draft_version=1, reason="Too soon.")
    ]
    assert (desk.state.status, desk.state.send_due_at, desk.state.approval) == ("drafted", None, "")


def test_revoked_draft_takes_every_answer_again() -> None:
    desk = Desk()
    desk.answer(desk.approve())
    desk.answer(desk.revoke())

    assert desk.decide(desk.approve(), ANN) != []
    assert desk.decide(desk.reject(), BOB) != []


def test_approval_can_be_revoked_a_second_time() -> None:
    desk = Desk()
    for _ in range(2):
        desk.answer(desk.approve())
        assert desk.answer(desk.revoke()) != []


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
def test_closed_window_is_named(late: timedelta) -> None:
    desk = Desk()
    desk.answer(desk.approve())

    with pytest.raises(DecisionRefused, match="undo window has closed at 2026-11-22 10:04 UTC"):
        desk.decide(desk.revoke(), at=NOW + WINDOW + late)


def test_message_on_its_way_is_not_called_back() -> None:
    desk = Desk()
    desk.answer(desk.approve())
    desk.record(
        [
            EmailSendRequested(
                email_id="email-1",
                lead_id="lead-1",
                run_id="run-1",
                draft_version=1,
                content_hash=desk.state.content_hash,
                approved_by=ANN,
                approval=desk.state.approval,
                recipient_key="k",
                recipient_domain="northwind.example",
            )
        ],
        AGENT,
    )

    with pytest.raises(DecisionRefused, match="send_requested"):
        desk.decide(desk.revoke())


def test_draft_that_is_not_approved_has_nothing_to_revoke() -> None:
    desk = Desk()

    with pytest.raises(DecisionRefused, match="not approved"):
        desk.decide(desk.revoke())
