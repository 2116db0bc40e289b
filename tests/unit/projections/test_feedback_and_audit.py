"""The views `feedback` and `audit`: given facts, then this row."""

from typing import get_args

import pytest

from contracts.access import PersonalRead, ReadingPlace
from contracts.envelope import Personal, Position, reveal
from services.projections.views import AUDIT, FEEDBACK
from tests import controls
from tests.unit.projections.folds import row_of, rows_of, said

BY = controls.REVIEWER


def test_row_is_born_undecided_at_drafting() -> None:
    row = row_of(FEEDBACK, controls.email_drafted())
    assert (row.outcome, row.reviewer, row.decided_at, row.edited_text) == ("undecided", "", None, None)
    assert (row.tier, row.angle, row.template) == ("tier_1", "waiting_cards", "waiting_cards/2")
    assert FEEDBACK.rank
    assert FEEDBACK.rank(row) is None


def test_edit_and_approval_keep_both_texts_and_what_changed() -> None:
    row = row_of(
        FEEDBACK,
        controls.email_drafted(),
        said(controls.email_edited(), 2, BY),
        said(controls.email_approved(draft_version=2, feedback="Shorter."), 3, BY),
    )
    assert (row.original_text, row.edited_text) == (controls.CONTENT.text, controls.EDITED_CONTENT.text)
    assert (row.edit_class, row.distance, row.parts) == ("minor", 0.2, ("ask",))
    assert (row.outcome, row.reviewer, row.reason) == ("approved", str(BY), "Shorter.")
    assert [one.outcome for one in row.history] == ["edited", "approved"]


def test_rejection_keeps_tag_and_reason() -> None:
    row = row_of(FEEDBACK, controls.email_drafted(), said(controls.email_rejected(), 2, BY))
    assert (row.outcome, row.tag, row.reason) == ("rejected", "weak_cta", "It asks for nothing.")
    assert row.decided_at == said(controls.email_rejected(), 2).recorded_at


def test_new_draft_is_undecided_and_remembers_the_answers() -> None:
    row = row_of(
        FEEDBACK,
        controls.email_drafted(),
        controls.email_edited(),
        said(controls.email_changes_requested(), 3, BY),
        controls.email_drafted(draft_version=3),
    )
    assert (row.outcome, row.edited_text, row.distance) == ("undecided", None, 0.0)
    assert [one.words for one in row.history] == ["minor", "Name a day."]


def test_comments_are_kept_through_answers_and_new_drafts_and_are_none() -> None:
    row = row_of(
        FEEDBACK,
        controls.email_drafted(),
        said(controls.email_commented(), 2, BY),
        said(controls.email_changes_requested(), 3, BY),
        controls.email_drafted(draft_version=2),
        said(controls.email_rejected(draft_version=2), 5, BY),
        said(controls.email_commented(text=Personal.plain("She called.")), 6, controls.AGENT),
    )
    assert [(one.by, reveal(one.text)) for one in row.comments] == [
        (str(BY), "Ada spoke to us in Turin."),
        (str(controls.AGENT), "She called."),
    ]
    assert (row.outcome, row.decided_at) == ("rejected", said(controls.email_rejected(), 5).recorded_at)


def test_what_was_typed_about_a_prospect_is_personal_in_the_record_of_acts_and_what_we_say_is_not() -> None:
    typed = [
        controls.email_approved(feedback="Ada is a friend."),
        controls.email_rejected(),
        controls.email_changes_requested(),
        controls.email_revoked(),
        controls.email_commented(),
    ]
    ours = [controls.email_edited(), controls.email_claimed(), controls.email_snoozed(), controls.outbound_halted()]
    for one in (*typed, *ours):
        words = row_of(AUDIT, one).words
        assert words
        assert isinstance(words, Personal) == (one in typed), one
    assert row_of(AUDIT, controls.email_revoked(reason="")).words == ""


def test_expired_is_nobodys_answer() -> None:
    row = row_of(FEEDBACK, controls.email_drafted(), controls.email_expired())
    assert (row.outcome, row.reviewer, row.history) == ("expired", "", ())


def test_blocked_without_a_text_has_no_row() -> None:
    assert rows_of(FEEDBACK, controls.email_blocked()) == {}


def test_act_says_who_what_when_about_what_and_where() -> None:
    fact = said(controls.email_rejected(), 7, BY)
    row = row_of(AUDIT, fact)
    assert (row.event_id, row.act, row.by, row.at) == (fact.event_id, "email.rejected", BY, fact.recorded_at)
    assert (row.category, row.about, row.lead_id, row.position) == (
        "email",
        controls.EMAIL,
        controls.LEAD,
        Position(0, 7),
    )
    assert (row.tag, row.words) == ("weak_cta", Personal.plain("It asks for nothing."))


def test_every_act_is_a_row_and_what_the_swarm_does_by_itself_is_none() -> None:
    acts = (
        controls.run_requested(),
        controls.email_edited(),
        controls.email_approved(),
        controls.email_revoked(),
        controls.email_claimed(),
        controls.email_snoozed(),
        controls.email_released(),
        controls.email_commented(),
        controls.outbound_halted(),
        controls.dead_dropped(),
    )
    rows = rows_of(AUDIT, controls.email_drafted(), *acts, controls.email_expired(), controls.email_sent())
    assert [row.act for row in rows.values()] == [one.type_tag().removesuffix(".v1") for one in acts]


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (controls.personal_read(count=12), "read what belongs to 12 people in the queue"),
        (controls.personal_read(where="email"), "read what belongs to 1 person in a letter"),
        (controls.personal_read(where="leads", count=4_000, exported=True), "exported what belongs to 4,000 people"),
        (controls.personal_read(where="feed", people=(), count=0), "read in the live feed"),
    ],
)
def test_read_of_personal_data_is_an_act(read: PersonalRead, words: str) -> None:
    row = row_of(AUDIT, said(read, 3, BY))
    assert (row.act, row.about) == ("access.personal_read", controls.PERSON)
    assert str(row.words).startswith(words)


@pytest.mark.parametrize("place", get_args(ReadingPlace))
def test_every_place_of_reading_has_words(place: ReadingPlace) -> None:
    words = row_of(AUDIT, said(controls.personal_read(where=place), 3, BY)).words
    assert str(words).startswith("read ")
