"""A rejection stops the draft and says why."""

import pytest

from contracts.email import EmailRejected, RejectionTag
from services.approval.form import TAGS
from tests.unit.approval.examples import BOB, Desk


def rejected(tag: RejectionTag = "weak_cta", reason: str = "It asks for nothing.") -> EmailRejected:
    return EmailRejected(email_id="email-1", lead_id="lead-1", run_id="run-1", draft_version=1, tag=tag, reason=reason)


def test_rejection_names_tag_and_reason() -> None:
    desk = Desk()

    assert desk.answer(desk.reject(reason="  It asks for nothing. ")) == [rejected()]
    assert desk.state.status == "rejected"


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_is_taken(tag: RejectionTag) -> None:
    desk = Desk()

    assert desk.decide(desk.reject(tag=tag)) == [rejected(tag)]


def test_there_are_twelve_tags() -> None:
    assert len(TAGS) == 12


@pytest.mark.parametrize("reason", ["abc", "x" * 2000])
def test_reason_has_3_to_2000_characters(reason: str) -> None:
    desk = Desk()

    assert desk.decide(desk.reject(reason=reason)) == [rejected(reason=reason)]


def test_draft_that_is_being_rewritten_can_be_stopped() -> None:
    desk = Desk()
    desk.answer(desk.changes(), BOB)

    assert desk.answer(desk.reject()) == [rejected()]
    assert desk.state.status == "rejected"
