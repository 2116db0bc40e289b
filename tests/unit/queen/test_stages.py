"""When stages and runs are over, whether they passed, and what the report says of them."""

from datetime import timedelta

import pytest

from contracts.envelope import Event
from contracts.run import STAGES, RunStopped, RunWaitingForReview, Stage
from services.queen.decide import judge
from tests.controls import (
    FILE,
    RUN,
    email_approved,
    email_drafted,
    email_rejected,
    email_revoked,
    email_sent,
    envelope,
    lead_held,
    lead_released,
    run_cancelled,
    run_chunk_read,
    run_completed,
    run_requested,
    run_resumed,
    run_source_blocked,
)
from tests.unit.queen.ways import (
    APPROVED,
    DRAFTED,
    ENDS,
    ENRICHED,
    SCORED,
    SENT,
    SOURCED,
    Watch,
    died,
    of_lead,
    retried,
)

BROKEN: dict[Stage, list[Event]] = {
    "enrich": [*SOURCED, died("enricher", "lead.sourced.v1")],
    "segment": [*ENRICHED, died("segmentor", "lead.enriched.v1")],
    "craft": [*SCORED, died("crafter", "lead.scored.v1")],
    "approve": [*DRAFTED, died("operator", "email.drafted.v1")],
    "send": [*APPROVED, died("operator", "email.approved.v1")],
}


def many(way: list[Event], leads: int) -> list[Event]:
    return [event for number in range(leads) for event in of_lead(number, way)]


def passed(watch: Watch) -> dict[str, bool | None]:
    return {stage: one.passed for stage, one in watch.run.results.items()}


def test_sandbox_run_passes_six_of_six_stages() -> None:
    watch = Watch().start(file=None, limit=5)
    watch.read(5)
    watch.hear(*many(SENT, 5), batch=3)
    assert watch.said_names() == ["stage_completed"] * 6 + ["completed"]
    assert watch.status == "completed"
    assert passed(watch) == dict.fromkeys(STAGES, True)
    assert watch.numbers() == dict.fromkeys(STAGES, (5, 5, 0))


def test_stages_overlap_and_none_is_over_before_the_one_before_it() -> None:
    watch = Watch().start()
    watch.hear(*many(SENT, 3))
    assert watch.said_names() == []
    watch.read(3)
    assert watch.status == "completed"


def test_run_without_leads_is_complete() -> None:
    watch = Watch("staging").start()
    watch.read(0)
    assert watch.status == "completed"


@pytest.mark.parametrize("mode", ["staging", "production"])
def test_run_that_people_review_waits_for_them(mode: str) -> None:
    watch = Watch(mode).start()
    watch.read(3)
    watch.hear(*many(DRAFTED, 3))
    assert watch.said_names() == ["stage_completed"] * 4 + ["waiting_for_review"]
    assert [one.waiting for one in watch.said if isinstance(one, RunWaitingForReview)] == [3]
    assert watch.status == "waiting_for_review"
    assert "approve" not in watch.run.results
    watch.hear(email_approved(), email_sent(), email_approved(), email_sent(), email_rejected(), batch=1)
    assert watch.said_names().count("waiting_for_review") == 1
    assert watch.status == "completed"
    assert watch.numbers()["send"] == (2, 2, 0)
    assert watch.tally("approve").ended == {"rejected": 1}


@pytest.mark.parametrize("stage", list(BROKEN))
def test_broken_stage_fails_alone_and_is_named(stage: Stage) -> None:
    watch = Watch().start()
    watch.read(5)
    watch.hear(*many(BROKEN[stage], 5))
    assert [name for name, well in passed(watch).items() if well is False] == [stage]
    assert len(passed(watch)) == 6
    assert (watch.status, watch.run.failed_stage) == ("failed", stage)
    assert "5 of 5 leads" in watch.run.failure


def test_blocked_source_fails_scraping_alone_and_is_named() -> None:
    watch = Watch().start()
    blocked = run_source_blocked(reason="The file is gone.")
    watch.take(blocked)
    watch.hear(blocked)
    assert [name for name, well in passed(watch).items() if well is False] == ["scrape"]
    assert (watch.status, watch.run.failed_stage, watch.run.failure) == ("failed", "scrape", "The file is gone.")
    assert watch.run.results["scrape"].errors == 1


@pytest.mark.parametrize(
    ("leads", "errors", "fails"),
    [(10, 2, False), (10, 3, True), (5, 2, False), (5, 3, True), (1, 1, False), (100, 20, False), (100, 21, True)],
)
def test_share_of_errors_is_of_at_least_ten_leads(leads: int, errors: int, fails: bool) -> None:
    watch = Watch().start()
    watch.read(leads)
    watch.hear(*many(BROKEN["segment"], errors), *many(SENT, leads - errors))
    assert watch.status == ("failed" if fails else "completed")


def test_stage_of_many_leads_is_given_up_before_it_is_over() -> None:
    watch = Watch().start()
    watch.hear(*many(SOURCED, 60), *[died("enricher", "lead.sourced.v1")] * 12)
    assert watch.said_names() == []
    watch.hear(died("enricher", "lead.sourced.v1"))
    assert watch.said_names() == ["stage_failed"]
    assert watch.status == "running"


def test_failure_is_the_run_s_when_the_rest_is_over() -> None:
    watch = Watch("staging").start()
    watch.hear(*many(SOURCED, 60), *[died("enricher", "lead.sourced.v1")] * 13)
    watch.read(60)
    watch.hear(*SENT[1:] * 47)
    assert (watch.status, watch.run.failed_stage) == ("failed", "enrich")
    assert watch.said_names().count("stage_failed") == 1


def test_production_run_stops_and_goes_on_when_a_person_resumes_it() -> None:
    watch = Watch("production").start()
    watch.read(60)
    watch.hear(*many(SOURCED, 60), *[died("enricher", "lead.sourced.v1")] * 13)
    assert watch.said_names() == ["stage_completed", "stage_failed", "stopped"]
    assert isinstance(watch.said[-1], RunStopped)
    assert watch.status == "stopped"
    watch.hear(*[lead_held(stage="enrich")] * 47)
    assert watch.status == "stopped"
    watch.take(run_resumed())
    watch.hear(run_resumed(), *[retried("enricher", "lead.sourced.v1")] * 13, *[lead_released(stage="enrich")] * 47)
    assert watch.status == "running"
    watch.hear(*SENT[1:] * 60)
    assert watch.status == "completed"
    assert passed(watch) == dict.fromkeys(STAGES, True)
    assert watch.numbers() == dict.fromkeys(STAGES, (60, 60, 0))


def test_resumed_run_whose_errors_stay_goes_on_and_ends_as_failed() -> None:
    watch = Watch("production").start()
    watch.read(60)
    watch.hear(*many(SOURCED, 60), *[died("enricher", "lead.sourced.v1")] * 13)
    watch.take(run_resumed())
    watch.hear(run_resumed())
    assert watch.status == "running"
    watch.hear(*SENT[1:] * 47)
    assert watch.said_names().count("stopped") == 1
    assert (watch.status, passed(watch)["enrich"]) == ("failed", False)


def test_revoked_approval_moves_the_counts_back() -> None:
    watch = Watch("staging").start()
    watch.read(2)
    watch.hear(*many(APPROVED, 2))
    assert watch.numbers()["send"] == (2, 0, 0)
    watch.hear(email_revoked())
    assert watch.numbers()["approve"] == (2, 1, 0)
    assert watch.numbers()["send"] == (1, 0, 0)
    watch.hear(email_rejected(), email_sent())
    assert watch.status == "completed"
    reported = watch.run.results["approve"]
    assert (reported.out, reported.ended) == (1, {"rejected": 1})


def test_dead_letter_counts_as_an_error_until_it_is_sent_back() -> None:
    watch = Watch().start()
    watch.read(1)
    watch.hear(*ENDS["dead in craft"])
    assert watch.numbers()["craft"] == (1, 0, 1)
    late = Watch().start()
    late.read(1)
    late.hear(*ENDS["dead and back"], batch=1)
    assert late.numbers() == dict.fromkeys(STAGES, (1, 1, 0))


def test_report_of_a_stage_is_corrected_when_a_dead_letter_comes_back() -> None:
    watch = Watch("staging").start()
    watch.read(2)
    watch.hear(*many(DRAFTED, 1), *of_lead(1, ENDS["dead in craft"]))
    assert watch.run.results["craft"].errors == 1
    watch.hear(retried("crafter", "lead.scored.v1"), email_drafted())
    assert (watch.run.results["craft"].errors, watch.run.results["craft"].out) == (0, 2)


@pytest.mark.parametrize("over", [run_cancelled(), run_completed()])
def test_run_that_is_over_is_judged_no_more(over: Event) -> None:
    watch = Watch().start()
    watch.take(over)
    assert judge(watch.run, RUN) == []
    watch.read(1)
    watch.hear(*SENT)
    assert watch.said_names() == []


def test_fact_of_a_run_that_was_never_requested_is_passed() -> None:
    watch = Watch()
    watch.hear(*SENT)
    assert watch.said == []


def test_lead_held_at_an_unknown_stage_does_not_stop_queen() -> None:
    watch = Watch().start()
    watch.hear(*SOURCED, lead_held(stage="polish"), lead_released(stage="polish"))
    assert watch.numbers()["enrich"] == (1, 0, 0)


def test_time_of_a_stage_is_from_its_first_lead_in_to_its_last_out() -> None:
    watch = Watch().start()
    watch.read(1)
    facts = watch.hear(*SENT)
    took = facts[1].recorded_at - facts[0].recorded_at
    assert watch.run.results["enrich"].duration_ms == took / timedelta(milliseconds=1)


def test_rows_of_a_source_reconcile() -> None:
    watch = Watch("staging").start(file=FILE)
    chunk = run_chunk_read(rows=10, sourced=2, updated=3, reopened=1, duplicate=1, refused=2, not_taken=2)
    watch.take(chunk)
    watch.hear(*many(SOURCED, 3))
    scrape = watch.tally("scrape")
    assert (scrape.entered, scrape.out) == (8, 3)
    assert scrape.ended == {"duplicate": 1, "updated": 2, "refused": 2}
    assert scrape.entered == scrape.settled()
    assert envelope(run_requested()).event.file == FILE
