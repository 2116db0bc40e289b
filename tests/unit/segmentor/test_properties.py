"""What holds of every lead, whatever its fields are."""

import time

from hypothesis import HealthCheck, given, settings, strategies

from contracts.envelope import Personal
from contracts.lead import LeadDisqualified, LeadScored, Value
from services.segmentor.decide import decide, what_would_help
from services.segmentor.wrong import KINDS, SIGNALS
from tests.controls import envelope, lead_enriched
from tests.unit.segmentor.leads import MODEL, enriched, fitting, origin, terms

FIELDS = ("email", "title", "company", "domain", "employees", "industry", "technologies", "revenue_usd", *SIGNALS)
TITLES = ("CEO", "VP Sales", "Director", "Team Lead", "Clerk", "")
INDUSTRIES = ("Marketing Agency", "SaaS", "Construction", "Retail", "")

values: strategies.SearchStrategy[Value] = strategies.one_of(
    strategies.text(max_size=40),
    strategies.integers(min_value=-(2**63), max_value=2**63),
    strategies.lists(strategies.text(max_size=12), max_size=5).map(tuple),
    strategies.binary(max_size=20).map(lambda content: Personal(content=content)),
    strategies.binary(max_size=20).map(lambda content: Personal(key_id="k", algorithm=1, content=content)),
)
odd = strategies.dictionaries(strategies.sampled_from(FIELDS), values)
plausible = strategies.fixed_dictionaries(
    {},
    optional={
        "email": strategies.just("ada@analytical.example"),
        "title": strategies.sampled_from(TITLES),
        "employees": strategies.integers(20, 1000),
        "industry": strategies.sampled_from(INDUSTRIES),
        "technologies": strategies.lists(strategies.sampled_from(("HubSpot", "Gong", "Mailchimp", "Excel"))).map(tuple),
        **{signal: strategies.integers(0, 9) for signal in SIGNALS},
    },
)
HEARD = envelope(lead_enriched())


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # The first text of a machine builds a table.
@given(
    strategies.one_of(odd, plausible),
    strategies.sampled_from(sorted(KINDS | {"other"})),
    strategies.sampled_from(["", "tier_1", "needs_data"]),
    strategies.sampled_from([(), ("tier_4",), ("needs_data", "tier_4")]),
)
def test_every_lead_gets_one_sound_answer(
    fields: dict[str, Value], kind: str, segment: str, draft: tuple[str, ...]
) -> None:
    (fact,) = decide(enriched(run=terms(draft=draft, segment=segment), origin=origin(kind), **fields), HEARD, MODEL)
    if isinstance(fact, LeadDisqualified):
        return
    assert isinstance(fact, LeadScored)
    assert 0 <= fact.score <= fact.could_reach <= 100
    assert 0 <= fact.known <= fact.reachable <= 100
    assert all(part.points is None or 0 <= part.points <= part.most for part in fact.components)
    assert (fact.next == "stop") == (fact.stop_reason is not None)
    assert fact.next == "stop" or "email" not in fact.missing
    assert set(what_would_help(fact)) <= {"email", "employees", "title", "industry", "technologies"}


@given(plausible)
def test_a_signal_never_lowers_a_score(fields: dict[str, Value]) -> None:
    silent = {name: value for name, value in fields.items() if name not in SIGNALS}
    (with_signals,) = decide(enriched(run=terms(), origin=origin("import"), **fields), HEARD, MODEL)
    (without,) = decide(enriched(run=terms(), origin=origin("import"), **silent), HEARD, MODEL)
    assert isinstance(with_signals, LeadScored)
    assert isinstance(without, LeadScored)
    assert with_signals.score >= without.score


def test_one_lead_takes_far_less_than_a_millisecond() -> None:
    lead = fitting(technologies=("HubSpot", "Gong", "Mailchimp"), visits=3)
    started = time.perf_counter()
    for _ in range(200):
        decide(lead, HEARD, MODEL)
    assert (time.perf_counter() - started) / 200 < 0.001
