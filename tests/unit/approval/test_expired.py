"""Silence is never consent: a draft that nobody answers in time is over."""

from datetime import timedelta

import pytest

from contracts.commands import DraftCommand
from contracts.email import NONE, EmailExpired
from contracts.errors import DecisionRefused, NotFound
from services.approval.decide import decide
from tests.unit.approval.examples import AGENT, ANN, CLOCK, NOW, UNDO_WINDOW_S, Desk, expire

DUE = NOW + timedelta(hours=72)
TICK = timedelta(microseconds=1)
EXPIRED = EmailExpired(email_id="email-1", lead_id="lead-1", run_id="run-1", draft_version=1)


@pytest.mark.parametrize("actor", [CLOCK, AGENT])
def test_unanswered_draft_expires(actor: object) -> None:
    assert Desk().decide(expire(), CLOCK if actor is CLOCK else AGENT, at=DUE) == [EXPIRED]


def test_draft_that_waits_for_a_rewrite_expires_too() -> None:
    desk = Desk()
    desk.answer(desk.changes())

    assert desk.decide(expire(), CLOCK, at=DUE) == [EXPIRED]


def test_nothing_expires_early() -> None:
    assert Desk().decide(expire(), CLOCK, at=DUE - TICK) == []


@pytest.mark.parametrize("name", ["approve", "reject"])
def test_answered_draft_does_not_expire(name: str) -> None:
    desk = Desk()
    desk.answer(desk.answers()[name])

    assert desk.decide(expire(), CLOCK, at=DUE) == []


def test_expiry_heard_again_is_ignored() -> None:
    desk = Desk()
    desk.answer(expire(), CLOCK, at=DUE)

    assert desk.decide(expire(), CLOCK, at=DUE) == []


def test_unknown_email_cannot_expire() -> None:
    with pytest.raises(NotFound):
        decide(NONE, expire(), actor=CLOCK, now=NOW, undo_window_s=UNDO_WINDOW_S, current=None, verdict=None, salt="")


@pytest.mark.parametrize("name", ["approve", "edit", "reject", "request changes"])
@pytest.mark.parametrize("marked", [True, False])
def test_answer_after_the_time_is_refused_whether_the_clock_has_said_so_or_not(name: str, *, marked: bool) -> None:
    desk = Desk()
    command: DraftCommand = desk.answers()[name]
    if marked:
        desk.answer(expire(), CLOCK, at=DUE)

    with pytest.raises(DecisionRefused, match="expired"):
        desk.decide(command, ANN, at=DUE)


@pytest.mark.parametrize("name", ["approve", "edit", "reject", "request changes"])
def test_answer_in_the_last_moment_counts(name: str) -> None:
    desk = Desk()

    assert desk.decide(desk.answers()[name], at=DUE - TICK) != []
