"""A run in which nothing moves fails where its leads are; waiting is not a stall."""

from datetime import timedelta

import pytest

from contracts.envelope import Event
from contracts.run import RunStageFailed, Stage
from services.queen.decide import stalled
from tests.controls import AT, RUN
from tests.unit.queen.test_stages import many
from tests.unit.queen.ways import APPROVED, DRAFTED, ENRICHED, SCORED, SOURCED, Watch, died

LATER = AT + timedelta(days=1)


def test_run_that_moves_is_left_alone() -> None:
    watch = Watch().start()
    assert stalled(watch.run, RUN, AT + timedelta(seconds=301)) == []


@pytest.mark.parametrize(("way", "stage"), [(SOURCED, "enrich"), (ENRICHED, "segment"), (SCORED, "craft")])
def test_run_fails_where_its_leads_are(way: list[Event], stage: Stage) -> None:
    watch = Watch().start()
    watch.read(2)
    watch.hear(*many(way, 2))
    failure, end = stalled(watch.run, RUN, LATER)
    assert isinstance(failure, RunStageFailed)
    assert (failure.stage, end.type_tag()) == (stage, "run.failed.v1")


def test_source_that_is_never_read_fails_scraping() -> None:
    failure, _ = stalled(Watch().start().run, RUN, LATER)
    assert isinstance(failure, RunStageFailed)
    assert failure.stage == "scrape"


def test_production_run_is_stopped() -> None:
    watch = Watch("production").start()
    assert stalled(watch.run, RUN, LATER)[-1].type_tag() == "run.stopped.v1"


def test_waiting_for_a_person_is_not_a_stall() -> None:
    watch = Watch("staging").start()
    watch.read(1)
    watch.hear(*DRAFTED)
    assert stalled(watch.run, RUN, LATER) == []


def test_open_undo_window_is_not_a_stall() -> None:
    watch = Watch().start()
    watch.read(1)
    watch.hear(*APPROVED)
    assert stalled(watch.run, RUN, LATER) == []


def test_stage_that_had_failed_before_ends_the_run_all_the_same() -> None:
    watch = Watch("staging").start()
    watch.read(60)
    watch.hear(*many(SOURCED, 60), *[died("enricher", "lead.sourced.v1")] * 13)
    assert watch.status == "running"
    (end,) = stalled(watch.run, RUN, LATER)
    assert end.type_tag() == "run.failed.v1"
