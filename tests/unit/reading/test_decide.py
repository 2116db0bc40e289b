"""Every row ends as one thing, and a repeat ends it the same way without a fact."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.envelope import Actor, Envelope, Personal
from contracts.identity import refusal_id
from contracts.lead import (
    Found,
    Lead,
    LeadDuplicate,
    LeadEnriched,
    LeadEvent,
    LeadRefused,
    LeadSourced,
    LeadUpdated,
    LeadWithdrawn,
    Origin,
    RunTerms,
    Status,
    Tier,
    Value,
    evolve,
)
from services.reading.decide import Counts, Item, Outcome, aggregates, decide
from services.reading.rows import Candidate, Refused, candidate_of

AT = datetime(2026, 4, 1, tzinfo=UTC)
RUN = RunTerms(run_id="run_a", mode="staging")
NEXT = RunTerms(run_id="run_b", mode="staging")
ORIGIN = Origin(source="leads.csv", kind="import", row=0, file_sha256="f1")
States = dict[str, Lead | None]


def row(number: int, person: str = "anna", **values: str) -> Item:
    return candidate_of(number, {"email": f"{person}@acme.example", "company": "Acme"} | values, b"key")


def refusal(number: int) -> Refused:
    return Refused(row=number, field="email", reason="There is none.", remedy="Give one.")


def recorded(lead: Lead | None, event: LeadEvent) -> Lead:
    envelope = Envelope(
        event_id="e",
        version=1,
        recorded_at=AT,
        actor=Actor(kind="agent", id="hunter"),
        correlation_id="",
        causation_id="",
        event=event,
    )
    return evolve(lead, envelope)


def commit(states: States, outcome: Outcome) -> States:
    after = dict(states)
    for about, events in outcome.leads:
        for event in events:
            assert event.about() == about
            after[about] = recorded(after.get(about), event)
    return after


def go(
    items: list[Item], states: States | None = None, run: RunTerms = RUN, limit: int | None = None, sha: str = "f1"
) -> Outcome:
    origin = msgspec.structs.replace(ORIGIN, file_sha256=sha)
    return decide(items, states or {}, run=run, origin=origin, limit=limit)


def facts(outcome: Outcome) -> list[LeadEvent]:
    return [event for _, events in outcome.leads for event in events]


def withdrawn(answered: str = "") -> States:
    """One lead, sourced by the first run and withdrawn with it."""
    states = commit({}, go([row(1)]))
    about, lead = next(iter(states.items()))
    return {about: recorded(lead, LeadWithdrawn(lead_id=about, run_id="run_a", answered=answered))}


def test_a_new_person_is_sourced_with_its_row() -> None:
    outcome = go([row(3, title="CEO")])
    [fact] = facts(outcome)
    assert isinstance(fact, LeadSourced)
    assert fact.fields["title"] == "CEO"
    assert (fact.origin.row, fact.origin.file_sha256, fact.run) == (3, "f1", RUN)
    assert outcome.counts == Counts(rows=1, sourced=1)


def test_a_row_that_makes_no_lead_is_refused_under_an_id_of_its_own() -> None:
    outcome = go([refusal(4)])
    [fact] = facts(outcome)
    assert isinstance(fact, LeadRefused)
    assert (fact.refusal_id, fact.field, fact.origin.row) == (refusal_id("run_a", 4), "email", 4)
    assert outcome.counts == Counts(rows=1, refused=1)


def test_the_same_person_with_nothing_new_is_a_duplicate_that_names_the_first() -> None:
    outcome = go([row(1, title="CEO"), row(2, "bo"), row(3, title="ceo"), row(4)])
    assert [[type(event) for event in events] for _, events in outcome.leads] == [
        [LeadSourced, LeadDuplicate, LeadDuplicate],
        [LeadSourced],
    ]
    [duplicate, _] = [fact for fact in facts(outcome) if isinstance(fact, LeadDuplicate)]
    assert (duplicate.first_run_id, duplicate.first_row, duplicate.origin.row) == ("run_a", 1, 3)
    assert outcome.counts == Counts(rows=4, sourced=2, duplicate=2)


def test_only_new_and_changed_values_are_carried() -> None:
    outcome = go([row(1, title="CEO", industry="Legal"), row(2, title="Chair", industry="LEGAL", phone="1")])
    update = facts(outcome)[1]
    assert isinstance(update, LeadUpdated)
    assert update.fields == {"title": "Chair", "phone": Personal.plain("1")}
    assert not update.reopened


def test_a_second_run_of_a_file_names_its_rows_duplicates() -> None:
    items = [row(1), row(2, "bo")]
    states = commit({}, go(items))
    outcome = go(items, states, NEXT)
    assert outcome.counts == Counts(rows=2, duplicate=2)
    assert {fact.run_id for fact in facts(outcome) if isinstance(fact, LeadDuplicate)} == {"run_b"}


def test_a_repeat_after_a_crash_counts_the_same_and_records_nothing() -> None:
    items = [row(1), refusal(2), row(3, title="CEO"), row(4), row(5, "bo")]
    first = go(items)
    again = go(items, commit({}, first))
    assert again.counts == first.counts
    assert again.leads == ()


def test_a_repeat_still_counts_as_sourced_where_another_run_came_between() -> None:
    states = commit({}, go([row(1)]))
    states = commit(states, go([row(1)], states, NEXT))
    assert go([row(1)], states).counts == Counts(rows=1, sourced=1)


def test_news_for_a_lead_that_waits_for_data_reopens_it() -> None:
    states = commit({}, go([row(1)]))
    waiting: States = {
        about: msgspec.structs.replace(lead, status="needs_data") for about, lead in states.items() if lead
    }
    outcome = go([row(9, industry="Legal"), row(10, industry="Law")], waiting, NEXT, sha="f2")
    first, second = facts(outcome)
    assert isinstance(first, LeadUpdated)
    assert first.reopened
    assert isinstance(second, LeadUpdated)
    assert not second.reopened
    assert outcome.counts == Counts(rows=2, updated=2, reopened=1)
    assert go([row(9, industry="Legal"), row(10, industry="Law")], commit(waiting, outcome), NEXT, sha="f2") == Outcome(
        leads=(), counts=outcome.counts
    )


@pytest.mark.parametrize("status", ["sourced", "enriched", "scored", "disqualified"])
def test_news_for_any_other_lead_reopens_nothing(status: str) -> None:
    states = commit({}, go([row(1)]))
    other: States = {about: msgspec.structs.replace(lead, status=status) for about, lead in states.items() if lead}
    assert go([row(9, industry="Legal")], other, NEXT).counts == Counts(rows=1, updated=1)


def scored(outcome: str, tier: Tier = "tier_4", *, run: RunTerms | None = None) -> States:
    """As SEGMENTOR leaves a lead that came with `row(1)`."""
    after: States = {}
    for about, lead in commit({}, go([row(1)])).items():
        assert lead
        status: Status = "needs_data" if outcome == "needs_data" else "scored"
        after[about] = msgspec.structs.replace(lead, status=status, outcome=outcome, tier=tier, run=run or lead.run)
    return after


def asking(**terms: Any) -> RunTerms:
    return msgspec.structs.replace(NEXT, **terms)


@pytest.mark.parametrize("outcome", ["tier_not_drafted", "not_in_segment", "not_in_audience"])
def test_news_for_a_lead_that_another_run_stopped_reopens_it(outcome: str) -> None:
    states = scored(outcome)
    update = go([row(9, industry="Legal")], states, NEXT, sha="f2")
    assert update.counts == Counts(rows=1, updated=1, reopened=1)
    [lead] = commit(states, update).values()
    assert lead is not None
    assert (lead.status, lead.run) == ("sourced", NEXT)
    [first] = states.values()
    assert first is not None
    assert first.run is not None
    assert go([row(9, industry="Legal")], states, first.run).counts == Counts(rows=1, updated=1)


@pytest.mark.parametrize(
    ("outcome", "tier", "before", "now", "goes_on"),
    [
        ("tier_not_drafted", "tier_4", {}, {"draft": ("tier_4",)}, True),
        ("tier_not_drafted", "tier_4", {}, {"draft": ("needs_data",)}, False),
        ("tier_not_drafted", "tier_4", {}, {}, False),
        ("needs_data", "needs_data", {}, {"draft": ("tier_4", "needs_data")}, True),
        ("needs_data", "needs_data", {}, {"draft": ("tier_4",)}, False),
        ("needs_data", "needs_data", {"draft": ("needs_data",)}, {"draft": ("needs_data",)}, False),
        ("needs_data", "tier_2", {}, {"draft": ("tier_2",)}, False),
        ("not_in_segment", "tier_2", {"segment": "tier_1"}, {"segment": "tier_2"}, True),
        ("not_in_segment", "tier_2", {"segment": "tier_1"}, {}, True),
        ("not_in_segment", "tier_2", {"segment": "tier_1"}, {"segment": "tier_3"}, False),
        ("not_in_audience", "tier_2", {"campaign": "spring"}, {}, True),
        ("not_in_audience", "tier_2", {"campaign": "spring"}, {"campaign": "autumn"}, True),
        ("not_in_audience", "tier_2", {"campaign": "spring"}, {"campaign": "spring"}, False),
        ("", "tier_2", {}, {"campaign": "spring", "draft": ("tier_2",)}, False),
        ("already_drafted", "tier_2", {}, {"campaign": "spring"}, False),
    ],
)
def test_a_run_that_asks_for_a_lead_which_another_one_stopped_takes_it_on(
    outcome: str, tier: Tier, before: dict[str, Any], now: dict[str, Any], goes_on: bool
) -> None:
    states = scored(outcome, tier, run=RunTerms(run_id="run_a", mode="production", **before))
    found = go([row(1)], states, asking(**now))
    assert found.counts == (Counts(rows=1, updated=1, reopened=1) if goes_on else Counts(rows=1, duplicate=1))
    assert go([row(1)], commit(states, found), asking(**now)) == Outcome(leads=(), counts=found.counts)


def test_same_file_again_is_all_duplicates_even_where_one_row_corrects_another() -> None:
    rows = [row(1, title="CFO"), row(2, title="CEO")]
    states = commit({}, go(rows))
    assert go(rows, states, NEXT).counts == Counts(rows=2, duplicate=2)


def enriched(states: States) -> States:
    """As ENRICHER leaves a lead: figures and lists typed, the registered domain."""
    after: States = {}
    for about, lead in states.items():
        values: dict[str, Value] = {
            "employees": 125,
            "technologies": ("HubSpot", "Gong"),
            "revenue_usd": 5_000_000,
            "domain": "acme.example",
        }
        found = {
            name: Found(value=value, source="row", confidence=0.7, observed_at=AT) for name, value in values.items()
        }
        after[about] = recorded(lead, LeadEnriched(lead_id=about, run_id="run_a", fields=found))
    return after


FIRST = {"employees": "51-200", "technologies": "HubSpot, Gong", "revenue_usd": "$5M", "domain": "shop.acme.example"}


def test_words_that_say_what_enrichment_made_of_them_are_nothing_new() -> None:
    states = enriched(commit({}, go([row(1, **FIRST)])))
    assert go([row(2, **FIRST)], states, NEXT).counts == Counts(rows=1, duplicate=1)
    assert go([row(2, **FIRST | {"technologies": "gong"})], states, NEXT).counts == Counts(rows=1, duplicate=1)


def test_news_of_a_typed_value_is_typed_and_unreadable_words_are_no_news() -> None:
    states = enriched(commit({}, go([row(1, **FIRST)])))
    news = {"employees": "480", "technologies": "HubSpot; Intercom", "revenue_usd": "a lot", "domain": "acme.example"}
    [update] = facts(go([row(2, **news)], states, NEXT))
    assert isinstance(update, LeadUpdated)
    assert update.fields == {"employees": 480, "technologies": ("HubSpot", "Intercom")}


def test_what_is_sealed_or_erased_is_not_brought_back() -> None:
    states = commit({}, go([row(1, full_name="Anna Vale")]))
    about, lead = next(iter(states.items()))
    assert lead
    sealed = Personal(key_id="k1", algorithm=1, content=b"?")
    fields = {
        name: msgspec.structs.replace(known, value=sealed) if isinstance(known.value, Personal) else known
        for name, known in lead.fields.items()
    }
    gone: States = {about: msgspec.structs.replace(lead, fields=fields)}
    assert go([row(1, full_name="Anna Vale")], gone, NEXT).counts == Counts(rows=1, duplicate=1)


@pytest.mark.parametrize("answered", ["rejected", "sent", "expired", "unresolved"])
def test_a_withdrawn_lead_that_was_answered_is_never_sourced_again(answered: str) -> None:
    assert go([row(1)], withdrawn(answered), NEXT).counts == Counts(rows=1, duplicate=1)


def test_a_withdrawn_lead_goes_on_with_the_next_run_that_brings_it() -> None:
    states = withdrawn()
    outcome = go([row(1)], states, NEXT)
    assert outcome.counts == Counts(rows=1, updated=1, reopened=1)
    [update] = facts(outcome)
    assert isinstance(update, LeadUpdated)
    assert (update.fields, update.reopened, update.run) == ({}, True, NEXT)
    [lead] = commit(states, outcome).values()
    assert lead is not None
    assert (lead.status, lead.run) == ("sourced", NEXT)
    assert go([row(1)], commit(states, outcome), NEXT) == Outcome(leads=(), counts=outcome.counts)


def test_the_same_file_read_in_another_way_is_news_of_a_lead_that_was_taken_back() -> None:
    [update] = facts(go([row(1, title="CEO")], withdrawn(), NEXT))
    assert isinstance(update, LeadUpdated)
    assert update.fields == {"title": "CEO"}


def test_the_run_that_was_withdrawn_brings_nothing_back() -> None:
    assert go([row(2)], withdrawn()).counts == Counts(rows=1, duplicate=1)


def test_rows_beyond_the_limit_are_not_taken() -> None:
    items = [row(1), row(2, "bo"), refusal(3), row(4, "cy")]
    outcome = go(items, limit=2)
    assert outcome.counts == Counts(rows=4, sourced=2, not_taken=2)
    assert len(aggregates(items, "run_a", 2)) == 2
    assert len(aggregates([*items, row(5)], "run_a", None)) == 4


ITEM = st.one_of(
    st.builds(
        lambda person, title, phone: (person, title, phone),
        st.sampled_from("abc"),
        st.sampled_from(["", "CEO", "Chair"]),
        st.sampled_from(["", "1"]),
    ),
    st.none(),
)


# A busy machine is slow; that is no finding.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(
    chosen=st.lists(ITEM, min_size=1, max_size=20),
    size=st.integers(1, 7),
    limit=st.one_of(st.none(), st.integers(0, 20)),
    repeats=st.lists(st.booleans(), min_size=20, max_size=20),
    lost=st.lists(st.booleans(), min_size=20, max_size=20),
    known=st.booleans(),
)
def test_every_row_is_counted_once_however_often_a_chunk_comes(
    chosen: list[tuple[str, str, str] | None],
    size: int,
    limit: int | None,
    repeats: list[bool],
    lost: list[bool],
    known: bool,
) -> None:
    items: list[Item] = [
        refusal(number) if one is None else row(number, one[0], title=one[1], phone=one[2])
        for number, one in enumerate(chosen, start=1)
    ]
    states = commit({}, go([row(1, "a"), row(2, "b")], run=NEXT, sha="f0")) if known else {}
    recorded_rows: list[int] = []
    for start in range(0, len(items), size):
        chunk = items[start : start + size]
        first = go(chunk, states, limit=limit)
        counts = first.counts
        total = counts.sourced + counts.updated + counts.duplicate + counts.refused + counts.not_taken
        assert total == counts.rows == len(chunk)
        assert {about for about, _ in first.leads} <= set(aggregates(chunk, "run_a", limit))
        if repeats[start]:
            # Some aggregates were committed before the crash, the others were not.
            kept = tuple(one for one, gone in zip(first.leads, lost, strict=False) if not gone)
            states = commit(states, Outcome(leads=kept, counts=counts))
            recorded_rows += [event.origin.row for _, events in kept for event in events]  # type: ignore[union-attr]
            first = go(chunk, states, limit=limit)
            assert first.counts == counts
        states = commit(states, first)
        recorded_rows += [event.origin.row for event in facts(first)]  # type: ignore[union-attr]
    taken = [item.row for item in items if limit is None or item.row <= limit]
    assert sorted(recorded_rows) == taken
    people = {item.lead_id for item in items if isinstance(item, Candidate)}
    assert {about for about, lead in states.items() if lead and lead.status == "sourced"} >= {
        about for about in people if about in states
    }


OLD, NEW, NEWEST = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 8, 15))


def made(at: datetime | None, items: list[Item], states: States, run: RunTerms = NEXT, sha: str = "f2") -> Outcome:
    origin = msgspec.structs.replace(ORIGIN, file_sha256=sha, as_of=at)
    return decide(items, states, run=run, origin=origin, limit=None)


def test_an_older_file_does_not_take_the_place_of_newer_values_and_says_so() -> None:
    states = commit({}, made(NEW, [row(1, title="CEO")], {}, RUN, "f1"))
    outcome = made(OLD, [row(1, title="Trainee", industry="Legal"), row(2, "anna", title="Trainee")], states)
    first, second = facts(outcome)
    assert isinstance(first, LeadUpdated)
    assert (first.fields, first.older) == ({"industry": "Legal"}, ("title",))
    assert isinstance(second, LeadDuplicate)
    assert second.older == ("title",)
    assert outcome.counts == Counts(rows=2, updated=1, duplicate=1, older=2)
    after = commit(states, outcome)
    [lead] = after.values()
    assert lead is not None
    assert lead.fields["title"].value == "CEO"
    again = made(OLD, [row(1, title="Trainee", industry="Legal"), row(2, "anna", title="Trainee")], after)
    assert (again.leads, again.counts) == ((), outcome.counts)


def test_a_newer_file_takes_the_place_of_older_values() -> None:
    states = commit({}, made(NEW, [row(1, title="CEO")], {}, RUN, "f1"))
    outcome = made(NEWEST, [row(1, title="Chair")], states)
    assert outcome.counts == Counts(rows=1, updated=1)
    assert commit(states, outcome) != states
    assert made(OLD, [row(1, title="CEO")], commit(states, outcome), RUN, "f3").counts.older == 1


def test_a_file_of_which_nobody_knows_its_time_is_taken_as_it_comes() -> None:
    states = commit({}, made(NEW, [row(1, title="CEO")], {}, RUN, "f1"))
    assert made(None, [row(1, title="Chair")], states).counts == Counts(rows=1, updated=1)


def test_what_a_provider_told_gives_way_to_any_row() -> None:
    states = commit({}, made(NEW, [row(1)], {}, RUN, "f1"))
    about, lead = next(iter(states.items()))
    told = {"industry": Found(value="Law", source="directory", confidence=0.8, observed_at=NEWEST)}
    states = {about: recorded(lead, LeadEnriched(lead_id=about, run_id="run_a", fields=told))}
    assert made(OLD, [row(1, industry="Legal")], states).counts == Counts(rows=1, updated=1)


def test_a_figure_that_was_read_from_a_newer_row_stays() -> None:
    states = commit({}, made(NEW, [row(1, employees="120")], {}, RUN, "f1"))
    about, lead = next(iter(states.items()))
    told = {"employees": Found(value=120, source="row", confidence=0.9, observed_at=NEW)}
    states = {about: recorded(lead, LeadEnriched(lead_id=about, run_id="run_a", fields=told))}
    assert made(OLD, [row(1, employees="90")], states).counts == Counts(rows=1, duplicate=1, older=1)


def test_the_same_file_again_is_known_and_not_older() -> None:
    states = commit({}, made(OLD, [row(1, title="CEO")], {}, RUN, "f1"))
    states = commit(states, made(NEW, [row(1, title="Chair")], states))
    assert made(OLD, [row(1, title="CEO")], states, RunTerms(run_id="run_c", mode="staging"), "f1").counts == Counts(
        rows=1, duplicate=1
    )
