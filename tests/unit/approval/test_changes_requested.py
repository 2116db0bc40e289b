"""A person can ask CRAFTER for another text."""

from contracts.email import EmailChangesRequested
from tests.unit.approval.examples import AGENT, ANN, Desk, content, drafted


def test_instruction_is_recorded_for_the_crafter() -> None:
    desk = Desk()

    assert desk.answer(desk.changes(instruction=" Shorter, please. ")) == [
        EmailChangesRequested(
            email_id="email-1",
            lead_id="lead-1",
            account_id="account-1",
            run_id="run-1",
            draft_version=1,
            instruction="Shorter, please.",
        )
    ]
    assert (desk.state.status, desk.state.instruction) == ("changes_requested", "Shorter, please.")


def test_rewritten_draft_takes_an_answer_again() -> None:
    desk = Desk()
    desk.answer(desk.changes())
    desk.record([drafted(version=2, text=content(subject="Shifts", salt="aa" * 16))], AGENT)

    assert desk.answer(desk.changes(instruction="Shorter still."), ANN) != []
    assert desk.state.decision is not None
    assert desk.state.decision.draft_version == 2
