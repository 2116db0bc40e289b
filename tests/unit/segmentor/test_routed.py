"""Which campaign a lead is meant for."""

import pytest

from contracts.lead import Value
from tests.unit.segmentor.leads import fitting, origin, scored

T1: dict[str, Value] = {}
T2: dict[str, Value] = {"title": "VP", "industry": "SaaS"}
T3: dict[str, Value] = {"title": "Manager"}
T4: dict[str, Value] = {"title": "Clerk", "industry": "Retail"}


@pytest.mark.parametrize(
    ("kind", "changes", "campaign"),
    [
        ("import", T1, "tier1_priority_outreach"),
        ("import", T2, "tier2_standard_sequence"),
        ("import", T3, "nurture_sequence"),
        ("import", T4, "nurture_sequence"),
        ("something new", T1, "tier1_priority_outreach"),
        ("demo_requester", T3, "sales_qualified_fasttrack"),
        ("import", T3 | {"demo_requested": 1}, "sales_qualified_fasttrack"),
        ("website_visitor", T1 | {"demo_requested": 1}, "sales_qualified_fasttrack"),
        ("website_visitor", T1 | {"pricing_visits": 2}, "high_intent_pricing"),
        ("import", T1 | {"pricing_visits": 1}, "tier1_priority_outreach"),
        ("event_attendee", T1, "event_followup"),
        ("webinar_registrant", T1, "webinar_followup"),
        ("website_visitor", T1, "intent_based_tier1"),
        ("website_visitor", T2, "intent_based_tier2"),
        ("website_visitor", T3, "intent_based_nurture"),
        ("content_downloader", T3 | {"downloads": 3}, "content_engaged_sequence"),
        ("content_downloader", T3 | {"downloads": 2}, "content_nurture"),
        ("content_downloader", T3, "content_nurture"),
        ("post_commenter", T1, "thought_leadership_response"),
        ("group_member", T1, "community_outreach"),
        ("post_liker", T1, "social_engagement_qualified"),
        ("post_liker", T2, "social_engagement_qualified"),
        ("post_liker", T3, "social_nurture"),
    ],
)
def test_campaign_follows_source_signals_and_tier(kind: str, changes: dict[str, Value], campaign: str) -> None:
    assert scored(fitting(origin=origin(kind), **changes)).campaign == campaign


@pytest.mark.parametrize(
    ("source", "campaign"),
    [
        ("competitor_gong", "gong_displacement"),
        ("synthetic:competitor_gong", "gong_displacement"),
        ("Competitor - Big Rival.csv", "big_rival_csv_displacement"),
        ("followers.csv", "competitor_displacement"),
        ("competitor_", "competitor_displacement"),
    ],
)
def test_follower_of_a_competitor_is_won_from_that_one(source: str, campaign: str) -> None:
    assert scored(fitting(origin=origin("competitor_follower", source))).campaign == campaign
