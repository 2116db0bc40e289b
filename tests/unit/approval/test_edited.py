"""An edit is a new version that waits for an answer of its own."""

from contracts.email import EmailEdited
from contracts.envelope import reveal
from tests.unit.approval.examples import SUBJECT, TEXT, Desk, failed


def test_edit_puts_a_new_version_in_the_drafts_place() -> None:
    desk = Desk()
    body = TEXT.replace("fifteen minutes", "ten minutes")

    (edited,) = desk.answer(desk.edit(body=body))

    assert isinstance(edited, EmailEdited)
    assert (edited.draft_version, reveal(edited.content.text), reveal(edited.content.subject)) == (2, body, SUBJECT)
    assert (edited.change.edit_class, edited.change.parts) == ("minor", ("ask",))
    assert (desk.state.status, desk.state.draft_version) == ("drafted", 2)


def test_edit_that_the_guard_does_not_like_is_kept_with_its_verdict() -> None:
    desk = Desk()

    (edited,) = desk.answer(desk.edit(subject="FREE"), verdict=failed("spam"))

    assert isinstance(edited, EmailEdited)
    assert edited.verdict == failed("spam")
    assert desk.state.verdict_passed is False


def test_everything_but_the_text_stays() -> None:
    desk = Desk()
    before = desk.text

    desk.answer(desk.edit(subject="Shifts"))

    after = desk.text
    assert (after.recipient, after.sender, after.reply_to, after.headers, after.attachments) == (
        before.recipient,
        before.sender,
        before.reply_to,
        before.headers,
        before.attachments,
    )
