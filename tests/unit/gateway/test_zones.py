"""A zone is guessed where country and city tell it, and not where they do not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.zones import LARGE_CITIES, OTHER_NAMES, TABLE, zone_of

ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("location", "city", "zone"),
    [
        ("Norway", "", "Europe/Oslo"),
        ("  NORWAY ", "Bergen", "Europe/Oslo"),
        ("no", "", "Europe/Oslo"),
        ("Germany", "", "Europe/Berlin"),
        ("Deutschland", "München", "Europe/Berlin"),
        ("UK", "", "Europe/London"),
        ("Leeds, England", "", "Europe/London"),
        ("United States", "New York", "America/New_York"),
        ("Austin, Texas, USA", "", "America/Chicago"),
        ("San Francisco, United States of America", "", "America/Los_Angeles"),
        ("Brazil", "São Paulo", "America/Sao_Paulo"),
        ("Canada", "St. John's", "America/St_Johns"),
        ("Oslo", "", "Europe/Oslo"),
        ("", "Oslo", "Europe/Oslo"),
        ("Georgia", "Tbilisi", "Asia/Tbilisi"),
        ("DE", "Berlin", "Europe/Berlin"),
    ],
)
def test_place_that_is_known_has_its_zone(location: str, city: str, zone: str) -> None:
    assert zone_of(location, city) == zone


@pytest.mark.parametrize(
    ("location", "city"),
    [
        ("", ""),
        ("United States", ""),
        ("United States", "Portland"),
        ("US", "Paris"),
        ("Spain", ""),
        ("Georgia", "Atlanta"),
        ("Georgia", ""),
        ("Wilmington, DE", ""),
        ("Paris, TX", ""),
        ("Atlantis", ""),
        ("Atlantis", "Oslo"),
        ("Greater Oslo Region", ""),
        (",", ""),
        ("Oslo,", ""),
    ],
)
def test_place_that_is_not_known_or_has_several_clocks_has_none(location: str, city: str) -> None:
    assert zone_of(location, city) == ""


@given(st.text(max_size=40), st.text(max_size=20))
def test_whatever_somebody_wrote_is_a_known_zone_or_none(location: str, city: str) -> None:
    assert zone_of(location, city) in {"", *(zone for row in ROWS for zone in row[3].split())}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_country_has_one_zone_exactly_where_its_clocks_agree(row: list[str]) -> None:
    code, _, several, zones = row
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(0, 365, 5)]
    clocks = {tuple(day.astimezone(ZoneInfo(zone)).utcoffset() for day in days) for zone in zones.split()}
    assert (len(clocks) > 1) == bool(several)
    assert zone_of(code) == ("" if several else zones.split()[0])


def test_cities_and_other_names_are_of_countries_and_zones_that_there_are() -> None:
    known = {row[0]: row[3].split() for row in ROWS}
    for code, cities in LARGE_CITIES.items():
        assert set(cities.values()) <= set(known[code])
    for other in OTHER_NAMES:
        assert zone_of(other) or other in {"usa", "united states of america"}
