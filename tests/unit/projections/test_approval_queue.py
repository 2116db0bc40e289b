"""The view `queue`: given facts, then this card."""

from datetime import timedelta

import pytest

from contracts.email import Card
from contracts.envelope import Actor, Event, Personal, reveal
from contracts.lead import Tier
from services.projections import approval_queue
from services.projections.views import QUEUE
from tests import controls
from tests.unit.projections.folds import row_of, rows_of, said


def test_drafted_waits_with_all_that_a_card_shows() -> None:
    row = row_of(QUEUE, controls.email_drafted())
    assert (row.status, row.draft_version, row.content_hash) == ("drafted", 1, controls.email_drafted().content_hash)
    assert (row.content, row.card, row.claims) == (controls.CONTENT, controls.CARD, (controls.CLAIM,))
    assert [one.version for one in row.versions] == [1]


def test_decided_ones_leave_the_queue() -> None:
    over: list[Event] = [
        controls.email_rejected(),
        controls.email_expired(),
        controls.email_withdrawn(),
        controls.email_blocked(),
        controls.email_send_reserved(),
        controls.email_send_blocked(),
    ]
    for one in over:
        assert rows_of(QUEUE, controls.email_drafted(), one) == {}


def test_blocked_never_enters_it() -> None:
    assert rows_of(QUEUE, controls.email_blocked()) == {}


def test_approved_is_kept_but_not_listed() -> None:
    row = row_of(QUEUE, controls.email_drafted(), controls.email_approved())
    assert row.status == "approved"
    assert row.send_due_at == controls.email_approved().send_due_at
    assert approval_queue.rank(row) is None


def test_revoked_is_back_with_its_text_and_place() -> None:
    before = row_of(QUEUE, controls.email_drafted())
    back = row_of(QUEUE, controls.email_drafted(), controls.email_approved(), controls.email_revoked())
    assert back == before


def test_edited_shows_the_new_text_and_both_versions() -> None:
    row = row_of(QUEUE, controls.email_drafted(), said(controls.email_edited(), 2, controls.REVIEWER))
    assert (row.draft_version, row.content, row.status) == (2, controls.EDITED_CONTENT, "drafted")
    assert [(one.version, one.by, one.why) for one in row.versions] == [
        (1, str(controls.AGENT), ""),
        (2, str(controls.REVIEWER), "minor edit"),
    ]


def test_edited_shows_only_the_claims_that_still_stand() -> None:
    assert row_of(QUEUE, controls.email_drafted(), controls.email_edited(claims=())).claims == ()
    kept = controls.email_edited(claims=(controls.CLAIM,))
    assert row_of(QUEUE, controls.email_drafted(), kept).claims == (controls.CLAIM,)


def test_changes_requested_is_marked_until_the_new_draft_comes() -> None:
    asked = (controls.email_drafted(), controls.email_changes_requested())
    waiting = row_of(QUEUE, *asked)
    assert (waiting.status, waiting.instruction) == ("changes_requested", "Name a day.")
    assert approval_queue.rank(waiting) is not None
    again = row_of(QUEUE, *asked, controls.email_drafted(draft_version=2))
    assert (again.status, again.draft_version, again.drafted_at) == ("drafted", 2, waiting.drafted_at)
    assert [one.why for one in again.versions] == ["", "Name a day."]


ANN = Actor(kind="person", id="ann@swarm")
BOB = Actor(kind="person", id="bob@swarm")
CLAIM = controls.email_claimed()
ENDS: list[Event] = [
    controls.email_edited(),
    controls.email_changes_requested(),
    controls.email_drafted(draft_version=2),
    controls.email_approved(),
]


def test_claimed_names_who_and_until_when_and_is_free_again_when_released_or_put_off() -> None:
    before = row_of(QUEUE, controls.email_drafted())
    row = row_of(QUEUE, controls.email_drafted(), said(CLAIM, 2, ANN))
    assert (row.claimed_by, row.claimed_until) == (str(ANN), CLAIM.until)
    assert row_of(QUEUE, controls.email_drafted(), said(CLAIM, 2, ANN), controls.email_released()) == before
    put_off = row_of(QUEUE, controls.email_drafted(), said(CLAIM, 2, ANN), controls.email_snoozed())
    assert (put_off.claimed_by, put_off.snoozed_until) == ("", controls.email_snoozed().until)
    assert approval_queue.rank(put_off) == approval_queue.rank(before)


def test_claim_and_putting_off_are_over_by_themselves() -> None:
    row = row_of(QUEUE, controls.email_drafted(), controls.email_snoozed(), said(CLAIM, 3, ANN))
    second = timedelta(seconds=1)
    for until, gone in ((CLAIM.until, "claimed_until"), (controls.email_snoozed().until, "snoozed_until")):
        assert getattr(approval_queue.as_of(row, until - second), gone) == until
        assert getattr(approval_queue.as_of(row, until), gone) is None
    assert approval_queue.as_of(row, CLAIM.until).claimed_by == ""
    assert approval_queue.as_of(row, CLAIM.until - second) == row


@pytest.mark.parametrize("end", ENDS, ids=lambda one: one.type_tag())
def test_answer_or_new_draft_ends_claim_and_putting_off_whosever_it_is(end: Event) -> None:
    row = row_of(QUEUE, controls.email_drafted(), controls.email_snoozed(), said(CLAIM, 3, ANN), said(end, 4, BOB))
    assert (row.claimed_by, row.claimed_until, row.snoozed_until) == ("", None, None)


def test_comments_stay_with_the_card_the_newest_of_them() -> None:
    many = [said(controls.email_commented(text=Personal.plain(f"{n}")), n, ANN) for n in range(2, 24)]
    row = row_of(QUEUE, controls.email_drafted(), *many, controls.email_drafted(draft_version=2))
    assert [reveal(one.text) for one in row.comments] == [f"{n}" for n in range(4, 24)]
    assert (row.comments[0].by, row.comments[0].at) == (str(ANN), many[2].recorded_at)


def test_better_tiers_come_first_then_whoever_waits_longest() -> None:
    def ranked(tier: Tier, seq: int) -> float:
        row = approval_queue.project(None, said(controls.email_drafted(card=card(tier)), seq))
        assert row is not None
        rank = approval_queue.rank(row)
        assert rank is not None
        lowest, highest = approval_queue.bounds(tier)
        assert lowest <= rank <= highest
        return rank

    ranks = [ranked("tier_1", 5), ranked("tier_1", 6), ranked("tier_2", 1), ranked("tier_3", 1)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def card(tier: Tier) -> Card:
    return Card(name=controls.CARD.name, title="", company="", tier=tier, score=1, headline="", reasons=())
