"""The view `days`: given answers, then how many of each there were on that day."""

import msgspec

from contracts.envelope import AnyEnvelope, Event, Position
from services.projections.days import Row
from services.projections.views import DAYS
from tests import controls
from tests.unit.projections.folds import rows_of, said

DAY = f"{controls.AT:%Y-%m-%d}"


def at(event: Event, *, days: int = 0, partition: int = 0) -> AnyEnvelope:
    fact = said(event, 1)
    later = fact.recorded_at + days * controls.DAY
    return msgspec.structs.replace(fact, recorded_at=later, position=Position(partition, 1))


def test_day_counts_answers_and_what_became_of_approvals() -> None:
    told = (
        controls.email_approved(),
        controls.email_revoked(),
        controls.email_approved(edited=True),
        controls.email_edited(),
        controls.email_rejected(),
        controls.email_changes_requested(),
        controls.email_expired(),
        controls.email_withdrawn(was="approved"),
    )
    assert rows_of(DAYS, *told) == {
        f"{DAY}:0": Row(
            day=DAY, approved=2, revoked=1, edited=1, rejected=1, changes_requested=1, expired=1, withdrawn=1
        )
    }


def test_withdrawn_before_an_answer_is_no_answer() -> None:
    assert rows_of(DAYS, controls.email_withdrawn(was="drafted")) == {}
    assert rows_of(DAYS, controls.email_rejected(), controls.email_withdrawn(was="changes_requested")) == {
        f"{DAY}:0": Row(day=DAY, rejected=1)
    }


def test_another_day_and_another_partition_are_other_rows() -> None:
    rejected = controls.email_rejected()
    rows = rows_of(DAYS, at(rejected), at(rejected, days=1), at(rejected, partition=2), at(rejected))
    assert {key: row.rejected for key, row in rows.items()} == {f"{DAY}:0": 2, "2026-03-03:0": 1, f"{DAY}:2": 1}
