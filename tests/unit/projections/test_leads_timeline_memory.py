"""The views `leads`, `timeline` and `memory`: given facts, then this row."""

import pytest

from contracts.email import EmailEvent
from contracts.envelope import Personal
from contracts.lead import LeadEvent, StopReason
from services.projections import memory, timeline
from services.projections.views import LEADS, MEMORY, TIMELINE
from tests import controls
from tests.unit.projections.folds import row_of, rows_of, said


@pytest.mark.parametrize(
    ("fact", "status", "stands"),
    [
        (controls.lead_enriched(), "enriched", "enriched"),
        (controls.lead_enrichment_failed(), "needs_data", "needs data"),
        (controls.lead_scored(), "scored", "waits for its draft"),
        (controls.lead_scored(next="stop", stop_reason="needs_data"), "needs_data", "needs data"),
        (controls.lead_scored(next="stop", stop_reason="tier_not_drafted"), "scored", "its tier is not drafted"),
        (controls.lead_disqualified(), "disqualified", "disqualified"),
        (controls.lead_held(), "sourced", "held before enrich: its run is stopped"),
        (controls.lead_released(), "sourced", "goes on at enrich"),
        (controls.lead_withdrawn(), "withdrawn", "withdrawn"),
        (controls.email_drafted(), "sourced", "a draft waits for a person"),
        (controls.email_sent(), "sourced", "sent, simulated"),
        (controls.email_sent(simulated=False), "sourced", "sent"),
    ],
)
def test_lead_stands_where_its_last_fact_put_it(fact: LeadEvent | EmailEvent, status: str, stands: str) -> None:
    row = row_of(LEADS, controls.lead_sourced(), fact)
    assert (row.status, row.stands) == (status, stands)


def test_sourced_lead_is_named_and_its_name_stays_personal() -> None:
    row = row_of(LEADS, controls.lead_sourced())
    assert (row.name, row.company, row.title) == (
        Personal.plain("Ada Lovelace"),
        "Analytical Engines",
        "Head of Engines",
    )
    assert (row.account_id, row.run_id, row.origin) == (controls.ACCOUNT, controls.RUN, controls.ORIGIN)


def test_refused_row_is_there_with_its_remedy() -> None:
    row = row_of(LEADS, controls.lead_refused())
    assert (row.id, row.status, row.why, row.remedy) == (
        controls.REFUSED,
        "refused",
        "email: It has no @.",
        "Add the domain.",
    )


def test_duplicates_are_counted_and_move_nothing() -> None:
    row = row_of(LEADS, controls.lead_sourced(), controls.lead_duplicate(), controls.lead_duplicate())
    assert (row.duplicates, row.status) == (2, "sourced")


def test_lead_that_needs_data_goes_on_when_reopened() -> None:
    row = row_of(
        LEADS,
        controls.lead_sourced(),
        controls.lead_scored(next="stop", stop_reason="needs_data", missing=("employees",)),
        controls.lead_updated(reopened=True),
    )
    assert (row.status, row.title) == ("sourced", "Countess of Engines")


@pytest.mark.parametrize(
    ("stopped", "way"),
    [
        ("tier_not_drafted", "--draft"),
        ("not_in_segment", "--segment"),
        ("not_in_audience", "--campaign"),
    ],
)
def test_lead_that_a_run_did_not_ask_for_says_which_one_takes_it_on(stopped: StopReason, way: str) -> None:
    stands = (controls.lead_sourced(), controls.lead_scored(tier="tier_4", next="stop", stop_reason=stopped))
    assert way in row_of(LEADS, *stands).remedy
    again = row_of(LEADS, *stands, controls.lead_updated(fields={}, reopened=True))
    assert (again.status, again.stands, again.remedy) == ("sourced", "goes on in another run", "")
    for after in (controls.lead_withdrawn(), controls.lead_excluded(), controls.lead_disqualified()):
        assert row_of(LEADS, *stands, after).remedy == ""
    assert row_of(LEADS, *stands, controls.lead_scored(stop_reason="needs_data")).remedy == ""


def test_lead_stands_where_it_stood_whatever_people_do_with_its_draft_short_of_an_answer() -> None:
    told = (controls.lead_sourced(), controls.email_drafted())
    handled = (
        controls.email_claimed(),
        controls.email_released(),
        controls.email_snoozed(),
        controls.email_commented(),
    )
    assert row_of(LEADS, *told, *handled) == row_of(LEADS, *told)
    moments = row_of(TIMELINE, *told, *handled).moments
    assert [one.words for one in moments[2:]] == [
        "claimed until 09:15 UTC",
        "left to the others",
        "put off until 2026-03-03 09:00 UTC",
        "commented on",
    ]


def test_timeline_tells_lead_email_and_company_in_order() -> None:
    row = row_of(
        TIMELINE,
        controls.lead_sourced(),
        controls.email_drafted(),
        controls.account_approached(),
        said(controls.email_approved(), 4, controls.REVIEWER),
    )
    assert [(one.position, one.type) for one in row.moments] == [
        ("0:1", "lead.sourced.v1"),
        ("0:2", "email.drafted.v1"),
        ("0:3", "deal.approached.v1"),
        ("0:4", "email.approved.v1"),
    ]
    assert (row.moments[3].words, row.moments[3].actor) == ("version 1 approved", controls.REVIEWER.id)
    assert all(one.words for one in row.moments)


def test_timeline_keeps_the_newest_and_counts_the_rest() -> None:
    facts = [controls.lead_duplicate()] * (timeline.MOMENTS_MAX + 3)
    row = row_of(TIMELINE, *facts)
    assert (len(row.moments), row.dropped, row.moments[0].position) == (timeline.MOMENTS_MAX, 3, "0:4")


def test_rejection_remembers_the_text_that_stood() -> None:
    edited = controls.email_edited(
        verdict=controls.email_edited().verdict.__class__(
            guard="guard/1", passed=True, results=(), fingerprint="e2" * 16
        )
    )
    row = row_of(MEMORY, controls.email_drafted(), edited, controls.email_rejected())
    [rejection] = row.rejections
    assert (rejection.fingerprint, rejection.template, rejection.tag) == ("e2" * 16, "waiting_cards/2", "weak_cta")
    assert (row.rejected, row.standing) == (1, {})


def test_memory_is_bounded_and_counts_on() -> None:
    facts = [controls.email_drafted(), controls.email_rejected()] * (memory.REJECTIONS_MAX + 2)
    row = row_of(MEMORY, *facts)
    assert (len(row.rejections), row.rejected) == (memory.REJECTIONS_MAX, memory.REJECTIONS_MAX + 2)


def test_nothing_is_remembered_of_what_was_sent() -> None:
    assert rows_of(MEMORY, controls.email_drafted(), controls.email_approved(), controls.email_send_reserved()) == {}
