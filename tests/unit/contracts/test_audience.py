"""Whom a campaign is for."""

import pytest

from contracts.campaign import EVERYBODY, Audience
from contracts.lead import Tier

ANY: Tier = "tier_2"


def test_what_asks_for_nothing_takes_everybody() -> None:
    assert EVERYBODY.takes(tier="needs_data", industry="", title="")


@pytest.mark.parametrize(
    ("wanted", "title", "takes"),
    [
        ("CTO", "CTO", True),
        ("cto", "CTO & Co-Founder", True),
        ("CTO", "Director", False),
        ("COO", "Coordinator", False),
        ("president", "Vice-President", True),
        ("head of sales", "Head of Sales, EMEA", True),
        ("head of sales", "Head of Inside Sales", False),
        ("Geschäftsführer", "GESCHÄFTSFÜHRER", True),
        ("CEO", "", False),
    ],
)
def test_a_title_is_told_by_whole_words(wanted: str, title: str, takes: bool) -> None:
    assert Audience(titles=(wanted,)).takes(tier=ANY, industry="", title=title) is takes


def test_every_part_has_to_fit_and_in_each_one_is_enough() -> None:
    audience = Audience(tiers=("tier_1", "tier_2"), industries=("staffing", "software"), titles=("CEO",))
    assert audience.takes(tier="tier_2", industry="Computer Software", title="Founder & CEO")
    assert not audience.takes(tier="tier_3", industry="Computer Software", title="CEO")
    assert not audience.takes(tier="tier_1", industry="Retail", title="CEO")
    assert not audience.takes(tier="tier_1", industry="Staffing and Recruiting", title="CFO")
