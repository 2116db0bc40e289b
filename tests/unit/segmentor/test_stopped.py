"""Which scored leads are written to, and what stops the others."""

import msgspec
import pytest

from contracts.campaign import Audience
from contracts.envelope import Personal
from contracts.lead import LeadScored
from services.segmentor.decide import decide
from tests.controls import envelope, lead_enriched
from tests.unit.segmentor.leads import MODEL, enriched, fitting, scored, terms

TIER_4 = {"title": "Clerk", "industry": "Retail"}
NO_TIER = {"employees": None, "industry": None}


@pytest.mark.parametrize(
    ("changes", "draft", "segment", "stop"),
    [
        ({}, (), "", None),
        ({"title": "Director"}, (), "", None),
        ({}, (), "tier_1", None),
        ({}, (), "tier_2", "not_in_segment"),
        (TIER_4, (), "", "tier_not_drafted"),
        (TIER_4, ("tier_4",), "", None),
        (TIER_4, ("needs_data",), "", "tier_not_drafted"),
        (TIER_4, (), "tier_1", "not_in_segment"),
        (NO_TIER, (), "", "needs_data"),
        (NO_TIER, ("tier_4",), "", "needs_data"),
        (NO_TIER, ("tier_4", "needs_data"), "", None),
        (NO_TIER, (), "tier_1", "needs_data"),
        (NO_TIER, ("needs_data",), "tier_1", "not_in_segment"),
        (NO_TIER, ("needs_data",), "needs_data", None),
        ({"email": None}, (), "", "needs_data"),
        ({"email": None}, (), "tier_2", "needs_data"),
        ({"email": None} | NO_TIER, ("needs_data",), "", "needs_data"),
        ({"email": "not an address"}, (), "", "needs_data"),
        ({"email": "@analytical.example"}, (), "", "needs_data"),
    ],
)
def test_lead_goes_on_only_where_the_run_wants_it(
    changes: dict[str, str | None], draft: tuple[str, ...], segment: str, stop: str | None
) -> None:
    fact = scored(fitting(run=terms(draft=draft, segment=segment), **changes))
    assert (fact.next, fact.stop_reason) == ("stop" if stop else "draft", stop)


def test_lead_without_an_address_keeps_its_tier_and_names_the_address() -> None:
    fact = scored(fitting(email=None))
    assert (fact.tier, fact.missing) == ("tier_1", ("email",))
    assert "no e-mail address is known: nothing can be written" in fact.reasons


def test_lead_without_a_tier_names_every_field_it_waits_for() -> None:
    assert scored(fitting(email=None, **NO_TIER)).missing == ("employees", "industry", "email")


def test_erased_address_is_no_address() -> None:
    lead = enriched(
        email=Personal(key_id="k1", algorithm=1, content=b"\x00"), title="CEO", employees=90, industry="SaaS"
    )
    assert scored(lead).stop_reason == "needs_data"


@pytest.mark.parametrize(
    ("changes", "audience", "stop"),
    [
        ({}, Audience(), None),
        ({}, Audience(tiers=("tier_1",), industries=("agency",), titles=("CEO",)), None),
        ({}, Audience(tiers=("tier_2",)), "not_in_audience"),
        ({}, Audience(industries=("software",)), "not_in_audience"),
        ({"title": "Director"}, Audience(titles=("CTO",)), "not_in_audience"),
        (TIER_4, Audience(), "tier_not_drafted"),
        (TIER_4, Audience(tiers=("tier_4",)), None),
        ({"email": None}, Audience(titles=("CFO",)), "needs_data"),
        (NO_TIER, Audience(titles=("CEO",)), "needs_data"),
    ],
)
def test_a_campaign_takes_its_audience_alone_and_all_are_named_after_it(
    changes: dict[str, str | None], audience: Audience, stop: str | None
) -> None:
    lead = fitting(run=msgspec.structs.replace(terms(), campaign="founders"), **changes)
    [fact] = decide(lead, envelope(lead_enriched()), MODEL, audience)
    assert isinstance(fact, LeadScored)
    assert (fact.next, fact.stop_reason, fact.campaign) == ("stop" if stop else "draft", stop, "founders")
