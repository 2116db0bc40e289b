"""What ENRICHER records of a lead, when it asks whom, and when it records nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest

from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, Personal
from contracts.errors import ProviderRefused, ProviderUnavailable, SwarmError
from contracts.facts import Ref
from contracts.lead import (
    Lead,
    LeadEnriched,
    LeadEnrichmentFailed,
    LeadReleased,
    LeadSourced,
    LeadUpdated,
    Origin,
    RunTerms,
    Value,
    evolve,
)
from services.enricher.decide import decide
from services.enricher.row_values import row_values
from services.enricher.service import build
from services.providers.company_directory.fake import FakeCompanyDirectory
from services.providers.company_directory.port import Company
from services.runtime.service import States

AT = datetime(2026, 4, 1, tzinfo=UTC)
LATER = datetime(2026, 4, 2, tzinfo=UTC)
RUN = RunTerms(run_id="run_a", mode="staging")
ORIGIN = Origin(source="leads.csv", kind="import", row=1, file_sha256="f1")
FULL: dict[str, Value] = {
    "email": Personal.plain("anna@shop.acme.example"),
    "company": "Acme",
    "domain": "www.acme.example",
    "industry": "Legal",
    "employees": "51-200",
    "technologies": "HubSpot; Gong",
    "revenue_usd": "$5M",
}
ACME = Company(
    name="Acme", domain="acme.example", employees=120, industry="Law", technologies=("Zoho CRM",), country="France"
)


def heard(event: Event) -> AnyEnvelope:
    return Envelope(
        event_id="e1",
        version=1,
        recorded_at=AT,
        actor=Actor(kind="agent", id="hunter"),
        correlation_id="run_a",
        causation_id="",
        event=event,
    )


def sourced(**fields: Value) -> LeadSourced:
    return LeadSourced(lead_id="l1", account_id="a1", run=RUN, origin=ORIGIN, fields=fields)


def lead_with(**fields: Value) -> Lead:
    return evolve(None, heard(sourced(**fields)))


async def answer(
    lead: Lead | None, directory: FakeCompanyDirectory | None = None, event: Event | None = None
) -> Sequence[Event]:
    service = build(directory=directory or FakeCompanyDirectory(), clock=lambda: LATER)
    fact = heard(event or sourced())
    hears = service.hears[type(fact.event)]
    [ref] = hears.loads(fact)
    return await hears.handler(fact, States({ref: lead}))


async def enriched(lead: Lead, directory: FakeCompanyDirectory | None = None) -> LeadEnriched:
    [fact] = await answer(lead, directory)
    assert isinstance(fact, LeadEnriched)
    return fact


async def test_what_came_with_the_row_is_typed_and_nobody_is_asked() -> None:
    directory = FakeCompanyDirectory([ACME])
    fact = await enriched(lead_with(**FULL), directory)
    assert {name: one.value for name, one in fact.fields.items()} == {
        "employees": 125,
        "technologies": ("HubSpot", "Gong"),
        "revenue_usd": 5_000_000,
        "domain": "acme.example",
    }
    assert {one.source for one in fact.fields.values()} == {"row"}
    assert fact.fields["employees"].confidence == 0.7
    assert fact.fields["employees"].observed_at == AT
    assert (fact.lead_id, fact.run_id, fact.missing) == ("l1", "run_a", ())
    assert directory.asked == []


async def test_the_directory_fills_only_what_the_row_lacks() -> None:
    directory = FakeCompanyDirectory([ACME])
    fact = await enriched(lead_with(email=FULL["email"], industry="Legal", technologies="many {things}"), directory)
    assert directory.asked == [("acme.example", "")]
    given = {name: (one.value, one.source) for name, one in fact.fields.items()}
    assert given == {
        "domain": ("acme.example", "row"),
        "company": ("Acme", "directory"),
        "employees": (120, "directory"),
        "technologies": (("Zoho CRM",), "directory"),
        "country": ("France", "directory"),
    }
    assert fact.fields["employees"].observed_at == LATER
    assert fact.missing == ()


async def test_what_nobody_knows_is_named_and_never_invented() -> None:
    fact = await enriched(lead_with(full_name=Personal.plain("Anna Vale"), company="Acme"))
    assert fact.fields == {}
    assert fact.missing == ("domain", "employees", "industry", "technologies")


async def test_a_match_by_name_is_believed_less() -> None:
    fact = await enriched(lead_with(company="Acme"), FakeCompanyDirectory([ACME]))
    assert fact.fields["employees"].confidence == 0.6
    assert fact.fields["domain"].value == "acme.example"


async def test_a_free_mail_address_says_nothing_of_the_company() -> None:
    directory = FakeCompanyDirectory([ACME])
    fact = await enriched(lead_with(email=Personal.plain("a-b@gmail.com")), directory)
    assert "domain" in fact.missing
    assert directory.asked == []


async def test_an_address_that_was_not_verified_is_believed_half() -> None:
    unverified = await enriched(lead_with(**FULL, email_status="Unverified"))
    assert unverified.fields["email"].confidence == 0.5
    assert unverified.fields["email"].value == FULL["email"]
    assert "email" not in (await enriched(lead_with(**FULL, email_status="Verified"))).fields


async def test_signals_become_numbers() -> None:
    lead = lead_with(**FULL, visits="5", pricing_visits="2", downloads="some", demo_requested="yes")
    fields = (await enriched(lead)).fields
    assert (fields["visits"].value, fields["pricing_visits"].value, fields["demo_requested"].value) == (5, 2, 1)
    assert "downloads" not in fields


async def test_a_directory_that_gives_no_answer_is_left_to_the_loop() -> None:
    directory = FakeCompanyDirectory([ACME], [ProviderUnavailable("No answer.")])
    lead = lead_with(email=FULL["email"])
    with pytest.raises(ProviderUnavailable):
        await answer(lead, directory)
    assert len(await answer(lead, directory)) == 1


@pytest.mark.parametrize("error", [ProviderRefused("Gone."), ProviderRefused("No key.", "Give one.", provider="acme")])
async def test_a_directory_that_refuses_is_a_fact(error: SwarmError) -> None:
    [fact] = await answer(lead_with(email=FULL["email"]), FakeCompanyDirectory([ACME], [error]))
    assert isinstance(fact, LeadEnrichmentFailed)
    assert fact.provider == error.values.get("provider", "fake_directory")
    assert fact.reason == error.sentence()


async def test_a_refusing_directory_that_is_not_needed_is_not_asked() -> None:
    await enriched(lead_with(**FULL), FakeCompanyDirectory([], [ProviderRefused("Gone.")]))


async def test_a_fact_heard_again_changes_nothing() -> None:
    lead = lead_with(**FULL)
    fact = await enriched(lead)
    assert await answer(evolve(lead, heard(fact))) == []
    assert await answer(None) == []
    assert decide("l1", msgspec.structs.replace(lead, status="withdrawn"), {}) == []


def updated(*, reopened: bool) -> LeadUpdated:
    return LeadUpdated(
        lead_id="l1",
        run=msgspec.structs.replace(RUN, run_id="run_b"),
        origin=ORIGIN,
        fields={"employees": "80"},
        reopened=reopened,
    )


async def test_a_reopened_lead_is_enriched_again_for_the_run_that_reopened_it() -> None:
    waiting = msgspec.structs.replace(lead_with(company="Acme", technologies=("Gong",)), status="needs_data")
    event = updated(reopened=True)
    [fact] = await answer(evolve(waiting, heard(event)), event=event)
    assert isinstance(fact, LeadEnriched)
    assert (fact.run_id, fact.fields["employees"].value) == ("run_b", 80)
    assert "technologies" not in fact.fields
    assert "technologies" not in fact.missing


async def test_other_news_is_not_enriched() -> None:
    event = updated(reopened=False)
    assert await answer(evolve(lead_with(), heard(event)), event=event) == []


async def test_a_released_lead_goes_on_where_it_was_held() -> None:
    lead = lead_with(**FULL)
    assert (
        len(await answer(lead, event=LeadReleased(lead_id="l1", account_id="a1", run_id="run_a", stage="enrich"))) == 1
    )
    assert await answer(lead, event=LeadReleased(lead_id="l1", account_id="a1", run_id="run_a", stage="craft")) == []


def test_a_value_of_no_sense_is_left_out() -> None:
    found = row_values(
        lead_with(employees="lots", technologies="{}", domain="gmail.com", demo_requested="no", industry=" , ")
    )
    assert found == {}


def test_each_fact_is_heard_on_its_lead() -> None:
    service = build(directory=FakeCompanyDirectory(), clock=lambda: LATER)
    assert service.name == "enricher"
    assert all(hears.loads(heard(sourced())) == (Ref("lead", "l1"),) for hears in service.hears.values())
