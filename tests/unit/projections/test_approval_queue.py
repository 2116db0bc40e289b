"""The view `queue`: given facts, then this card."""

from contracts.email import Card
from contracts.envelope import Event
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
