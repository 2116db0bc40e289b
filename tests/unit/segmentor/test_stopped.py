"""Which scored leads are written to, and what stops the others."""

import pytest

from contracts.envelope import Personal
from tests.unit.segmentor.leads import enriched, fitting, scored, terms

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
