"""What no state allows, what this actor may not do, and what the draft cannot take any more."""

import msgspec
import pytest

from contracts.commands import DraftCommand
from contracts.email import NONE, Status
from contracts.envelope import Actor
from contracts.errors import BadInput, DecisionRefused, GuardRefused, NotFound, SwarmError
from services.approval.decide import decide
from tests.unit.approval.examples import (
    AGENT,
    ANN,
    CLOCK,
    EMAIL_ID,
    NOW,
    POLICY,
    SUBJECT,
    TEXT,
    UNDO_WINDOW_S,
    Desk,
    content,
    drafted,
    expire,
    failed,
)

desk = Desk()
NAMES = tuple(desk.answers())


@pytest.mark.parametrize(
    ("field", "command"),
    [
        ("reason", desk.reject(reason="  ab ")),
        ("reason", desk.reject(reason="x" * 2001)),
        ("tag", msgspec.structs.replace(desk.reject(), tag="tone")),
        ("instruction", desk.changes(instruction="  ")),
        ("instruction", desk.changes(instruction="x" * 2001)),
        ("override_reason", desk.approve(override_reason="ok")),
        ("override_reason", desk.approve(override_reason="x" * 2001)),
        ("feedback", desk.approve(feedback="x" * 2001)),
        ("reason", desk.revoke(reason="x" * 2001)),
        ("subject", desk.approve(subject="  ")),
        ("subject", desk.edit(subject="x" * 251)),
        ("body", desk.edit(body=" \n ")),
        ("body", desk.edit(body="x" * 20_001)),
        ("body", desk.approve(body="Hi\x00")),
        ("body", desk.edit()),
        ("body", desk.approve(body="Hi \ud800 Kim")),
    ],
)
def test_bad_input_names_the_field(field: str, command: DraftCommand) -> None:
    with pytest.raises(BadInput) as caught:
        desk.decide(command)
    assert caught.value.values["field"] == field


@pytest.mark.parametrize("mark", ["\r\nBcc: all@x.example", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\u2029"])
def test_subject_cannot_start_another_header(mark: str) -> None:
    for command in (desk.approve(subject=f"Shifts{mark}"), desk.edit(subject=f"{mark}Shifts at North")):
        with pytest.raises(BadInput) as caught:
            desk.decide(command)
        assert caught.value.values["field"] == "subject"


@pytest.mark.parametrize("name", NAMES)
def test_answer_without_a_content_hash_is_refused(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        desk.decide(msgspec.structs.replace(desk.answers()[name], content_hash=""))
    assert caught.value.values["field"] == "content_hash"


@pytest.mark.parametrize("name", NAMES)
def test_unknown_email_takes_no_answer(name: str) -> None:
    with pytest.raises(NotFound):
        decide(
            NONE,
            desk.answers()[name],
            actor=ANN,
            now=NOW,
            undo_window_s=UNDO_WINDOW_S,
            current=None,
            verdict=None,
            salt="",
        )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("status", "word"), [("blocked", "guard"), ("expired", "expired"), ("withdrawn", "withdrawn")])
def test_closed_draft_says_why_it_takes_no_answer(name: str, status: Status, word: str) -> None:
    closed = Desk()
    command = closed.answers()[name]
    closed.state = msgspec.structs.replace(closed.state, status=status)

    with pytest.raises(DecisionRefused, match=word):
        closed.decide(command)


def test_repeat_of_an_approval_that_was_withdrawn_since_is_refused() -> None:
    withdrawn = Desk()
    withdrawn.answer(withdrawn.approve())
    withdrawn.state = msgspec.structs.replace(withdrawn.state, status="withdrawn")

    with pytest.raises(DecisionRefused, match="withdrawn"):
        withdrawn.decide(withdrawn.approve())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("actor", [AGENT, CLOCK])
def test_machine_gives_no_answer(name: str, actor: Actor) -> None:
    sandbox = Desk(drafted(mode="sandbox"), synthetic=True)

    with pytest.raises(DecisionRefused, match=f"kind {actor.kind}"):
        sandbox.decide(sandbox.answers()[name], actor)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "approve"])
def test_policy_only_approves(name: str) -> None:
    sandbox = Desk(drafted(mode="sandbox"), synthetic=True)

    with pytest.raises(DecisionRefused, match="kind policy"):
        sandbox.decide(sandbox.answers()[name], POLICY)


def test_policy_does_not_edit_by_approving() -> None:
    sandbox = Desk(drafted(mode="sandbox"), synthetic=True)

    for command in (sandbox.approve(subject="Shifts"), sandbox.approve(body=TEXT), sandbox.approve(subject=SUBJECT)):
        with pytest.raises(DecisionRefused, match="may not edit"):
            sandbox.decide(command, POLICY)


@pytest.mark.parametrize(
    "waiting",
    [
        Desk(drafted(mode="sandbox"), synthetic=False),
        Desk(drafted(mode="staging"), synthetic=True),
        Desk(drafted(mode="production"), synthetic=True),
        Desk(drafted(mode="production"), synthetic=False),
    ],
)
def test_policy_approves_nothing_outside_the_rehearsal(waiting: Desk) -> None:
    with pytest.raises(DecisionRefused, match="waits for a person"):
        waiting.decide(waiting.approve(), POLICY)


def test_person_does_not_play_the_clock() -> None:
    for actor in (ANN, POLICY):
        with pytest.raises(DecisionRefused, match="may not expire"):
            Desk().decide(expire(), actor)


def test_text_that_fails_the_guard_does_not_go_out() -> None:
    bad = Desk(drafted(verdict=failed()))

    with pytest.raises(GuardRefused, match="banned_opener") as caught:
        bad.decide(bad.approve(), verdict=failed())
    assert caught.value.values["rules"] == "banned_opener"


def test_verdict_in_force_counts_not_the_one_handed_in() -> None:
    bad = Desk(drafted(verdict=failed()))

    with pytest.raises(GuardRefused):
        bad.decide(bad.approve())


def test_edited_text_that_fails_the_guard_does_not_go_out() -> None:
    with pytest.raises(GuardRefused, match="spam"):
        desk.decide(desk.approve(subject="FREE"), verdict=failed("spam"))


def test_policy_lets_no_rule_pass() -> None:
    sandbox = Desk(drafted(mode="sandbox", verdict=failed()), synthetic=True)

    with pytest.raises(GuardRefused):
        sandbox.decide(sandbox.approve(override_reason="It is only a test."), POLICY, verdict=failed())


def test_edited_text_without_a_verdict_counts_as_failed() -> None:
    for command in (desk.approve(subject="Shifts", override_reason="Never mind."), desk.edit(subject="Shifts")):
        with pytest.raises(GuardRefused, match="no verdict"):
            decide(
                desk.state,
                command,
                actor=ANN,
                now=NOW,
                undo_window_s=UNDO_WINDOW_S,
                current=desk.text,
                verdict=None,
                salt="11" * 16,
            )


def test_edit_that_changes_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="already reads so"):
        desk.decide(desk.edit(subject=SUBJECT, body=TEXT + "\n\n"))


def test_edit_of_a_text_that_is_not_the_hashed_one_is_refused() -> None:
    lost = Desk()
    lost.text = content(salt="[erased]")

    with pytest.raises(DecisionRefused, match="stored text"):
        lost.decide(lost.edit(subject="Shifts"))


def test_approval_of_an_unedited_text_needs_no_text() -> None:
    assert decide(
        desk.state,
        desk.approve(),
        actor=ANN,
        now=NOW,
        undo_window_s=UNDO_WINDOW_S,
        current=None,
        verdict=None,
        salt="",
    )


@pytest.mark.parametrize(("text", "salt"), [(None, "11" * 16), (content(), ""), (content(), "00" * 16)])
def test_caller_that_forgets_text_or_salt_is_wrong(text: object, salt: str) -> None:
    with pytest.raises(ValueError, match=r"text|salt"):
        decide(
            desk.state,
            desk.edit(subject="Shifts"),
            actor=ANN,
            now=NOW,
            undo_window_s=UNDO_WINDOW_S,
            current=None if text is None else content(),
            verdict=failed(),
            salt=salt,
        )


def test_form_is_refused_before_anything_about_the_email_is_told() -> None:
    unknown = msgspec.structs.replace(desk.reject(), reason="", email_id=f"{EMAIL_ID}-unknown")

    for state in (NONE, desk.state):
        with pytest.raises(SwarmError) as caught:
            decide(
                state, unknown, actor=AGENT, now=NOW, undo_window_s=UNDO_WINDOW_S, current=None, verdict=None, salt=""
            )
        assert caught.value.slug == "bad-input"
