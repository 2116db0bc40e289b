"""A run's id says in UTC when it was asked for."""

from datetime import datetime, timedelta, timezone

import pytest

from services.runs.decide import run_id
from tests.unit.runs.examples import NOW, RUN_ID


def test_id_is_in_utc_whatever_the_zone() -> None:
    assert run_id(NOW, "00ff17") == RUN_ID
    assert run_id(NOW.astimezone(timezone(timedelta(hours=9))), "00ff17") == RUN_ID


@pytest.mark.parametrize("six", ["", "00FF17", "00ff1", "00ff177", "00ff1g", "00ff1\n"])
def test_other_digits_are_a_programming_error(six: str) -> None:
    with pytest.raises(ValueError, match="six"):
        run_id(NOW, six)


def test_time_without_a_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="zone"):
        run_id(datetime(2026, 1, 1), "00ff17")  # noqa: DTZ001 - That is the point.
