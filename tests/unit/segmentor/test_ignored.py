"""Where no answer is due, none is given."""

import pytest

from contracts.envelope import Event
from contracts.facts import Ref
from contracts.lead import Lead, LeadEnriched, LeadScored
from services.runtime.service import States
from services.segmentor.active import Always
from services.segmentor.decide import decide
from services.segmentor.service import build
from tests.controls import (
    LEAD,
    envelope,
    given,
    lead_disqualified,
    lead_enriched,
    lead_enrichment_failed,
    lead_scored,
    lead_sourced,
    lead_withdrawn,
)
from tests.unit.segmentor.leads import MODEL, answer, fitting


@pytest.mark.parametrize(
    "after",
    [
        lead_scored(),
        lead_scored(stop_reason="needs_data"),
        lead_disqualified(),
        lead_withdrawn(),
        lead_enrichment_failed(),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_answer_that_stands_is_not_given_again(after: Event) -> None:
    lead = given("lead", lead_sourced(), lead_enriched(), after)
    assert decide(lead, envelope(lead_enriched()), MODEL) == []


def test_own_answer_heard_again_is_ignored() -> None:
    for lead in (fitting(), fitting(employees=5)):
        fact = answer(lead)
        settled = Lead(status="scored" if isinstance(fact, LeadScored) else "disqualified", fields=lead.fields)
        assert decide(settled, envelope(lead_enriched()), MODEL) == []


def test_same_lead_gets_the_same_answer() -> None:
    assert answer(fitting()) == answer(fitting())


async def test_service_scores_what_enricher_found() -> None:
    service = build(models=Always(MODEL))
    heard = envelope(lead_enriched())
    hears = service.hears[LeadEnriched]
    (ref,) = hears.loads(heard)
    assert (service.name, service.categories(), ref) == ("segmentor", ("lead",), Ref("lead", LEAD))
    (fact,) = await hears.handler(heard, States({ref: fitting()}))
    assert isinstance(fact, LeadScored)


async def test_service_ignores_a_lead_nobody_knows() -> None:
    hears = build(models=Always(MODEL)).hears[LeadEnriched]
    assert await hears.handler(envelope(lead_enriched()), States({Ref("lead", LEAD): None})) == []
