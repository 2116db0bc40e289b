"""An approval binds exactly one text and leaves time to take it back."""

from datetime import timedelta

from contracts.email import EmailApproved, EmailEdited, content_hash
from contracts.envelope import Personal, reveal
from tests.unit.approval.examples import (
    ANN,
    BOB,
    NOW,
    POLICY,
    SUBJECT,
    TEXT,
    UNDO_WINDOW_S,
    Desk,
    content,
    drafted,
    failed,
    passed,
)


def test_approval_names_version_and_hash_and_waits_for_the_undo_window() -> None:
    desk = Desk()

    assert desk.answer(desk.approve(feedback=" Nice. ")) == [
        EmailApproved(
            email_id="email-1",
            lead_id="lead-1",
            run_id="run-1",
            draft_version=1,
            content_hash=content_hash(content()),
            send_due_at=NOW + timedelta(seconds=UNDO_WINDOW_S),
            feedback="Nice.",
        )
    ]
    assert desk.state.status == "approved"
    assert desk.state.decision is not None
    assert desk.state.decision.by == ANN


def test_approval_with_another_text_records_the_version_and_its_approval() -> None:
    desk = Desk()

    edited, approved = desk.answer(desk.approve(body=TEXT.replace("fifteen", "ten")))

    assert isinstance(edited, EmailEdited)
    assert isinstance(approved, EmailApproved)
    assert (edited.draft_version, approved.draft_version, approved.edited) == (2, 2, True)
    assert approved.content_hash == edited.content_hash == content_hash(edited.content)
    assert desk.state.content_hash == edited.content_hash
    assert reveal(edited.content.subject) == SUBJECT


def test_approval_with_the_text_that_stands_is_no_edit() -> None:
    desk = Desk()

    (approved,) = desk.decide(desk.approve(subject=f" {SUBJECT}", body=TEXT.replace("\n", "\r\n") + "\n"))

    assert isinstance(approved, EmailApproved)
    assert (approved.edited, approved.draft_version) == (False, 1)


def test_approval_after_the_edit_of_another_person_binds_the_new_version() -> None:
    desk = Desk()
    (edited,) = desk.answer(desk.edit(subject="Shifts at North Wind"), BOB)
    assert isinstance(edited, EmailEdited)

    (approved,) = desk.answer(desk.approve(), ANN)

    assert isinstance(approved, EmailApproved)
    assert (approved.draft_version, approved.content_hash) == (2, edited.content_hash)
    assert approved.edited is False


def test_html_made_from_the_old_body_does_not_go_out_with_the_new_one() -> None:
    desk = Desk(drafted(text=content(html="<p>Hi Kim</p>")))

    edited, _ = desk.decide(desk.approve(body=TEXT.replace("fifteen", "ten")))
    renamed, _ = desk.decide(desk.approve(subject="Shifts"))

    assert isinstance(edited, EmailEdited)
    assert isinstance(renamed, EmailEdited)
    assert (edited.content.html, renamed.content.html) == ("", "<p>Hi Kim</p>")


def test_edited_text_gets_a_salt_of_its_own() -> None:
    desk = Desk()

    edited, _ = desk.decide(desk.approve(subject="Shifts"))

    assert isinstance(edited, EmailEdited)
    assert edited.content.salt not in {desk.text.salt, Personal.plain("")}


def test_override_names_the_rules_and_the_reason() -> None:
    desk = Desk(drafted(verdict=failed("banned_opener", "evidence")))

    (approved,) = desk.decide(
        desk.approve(override_reason=" Kim asked for it. "), verdict=failed("banned_opener", "evidence")
    )

    assert isinstance(approved, EmailApproved)
    assert approved.overridden == ("banned_opener", "evidence")
    assert approved.override_reason == "Kim asked for it."


def test_override_of_an_edited_text_names_the_rules_that_the_edited_text_breaks() -> None:
    desk = Desk()

    _, approved = desk.decide(desk.approve(subject="FREE", override_reason="A joke of ours."), verdict=failed("spam"))

    assert isinstance(approved, EmailApproved)
    assert approved.overridden == ("spam",)


def test_an_edit_that_mends_the_text_needs_no_override() -> None:
    desk = Desk(drafted(verdict=failed()))

    _, approved = desk.decide(desk.approve(subject="Shifts", override_reason="Not needed."), verdict=passed())

    assert isinstance(approved, EmailApproved)
    assert (approved.overridden, approved.override_reason) == ((), "")


def test_policy_approves_a_synthetic_draft_in_the_sandbox() -> None:
    desk = Desk(drafted(mode="sandbox"), synthetic=True)

    assert [type(fact) for fact in desk.answer(desk.approve(), POLICY)] == [EmailApproved]
    assert desk.state.decision is not None
    assert desk.state.decision.by == POLICY
