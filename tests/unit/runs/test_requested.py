"""A run starts when mode, source and amount fit together."""

import pytest

from contracts.commands import RequestRun
from contracts.run import NONE, RunRequested
from services.runs.decide import SYNTHETIC_SOURCES, decide, is_synthetic
from tests.unit.runs.examples import ANN, CLOCK, NOW, RUN_ID, ask, asked, file

REAL, TEST = file(synthetic=False), file(synthetic=True)


@pytest.mark.parametrize(
    "command",
    [
        *(asked("sandbox", source, limit=20) for source in SYNTHETIC_SOURCES),
        asked("staging", "file", given=TEST, limit=None),
        asked("staging", "file", given=TEST, limit=10_000),
        asked("production", "file", given=REAL, limit=None),
        asked(segment="tier_4", draft=("tier_4", "needs_data")),
    ],
)
def test_run_is_requested_as_asked(command: RequestRun) -> None:
    assert ask(NONE, command) == [
        RunRequested(run_id=RUN_ID, terms=command.terms, source=command.source, file=command.file, limit=command.limit)
    ]


def test_schedule_may_request_a_run() -> None:
    assert ask(NONE, asked(), CLOCK) != []


def test_settings_travel_with_the_request() -> None:
    (fact,) = decide(NONE, asked(), actor=ANN, now=NOW, max_error_share=0.5, stall_s=60)

    assert isinstance(fact, RunRequested)
    assert (fact.max_error_share, fact.stall_s) == (0.5, 60)


def test_invented_and_marked_leads_are_synthetic() -> None:
    assert is_synthetic(asked())
    assert is_synthetic(asked("staging", "file", given=TEST))
    assert not is_synthetic(asked("production", "file", given=REAL))
