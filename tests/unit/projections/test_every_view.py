"""What holds for each view, over an example of every fact."""

import inspect

import msgspec
import pytest

from contracts.codec import encode_state
from contracts.envelope import Event, Unknown
from contracts.facts import FACTS
from contracts.lead import LeadRefused
from services.projections import words
from services.projections.views import TIMELINE, VIEWS, AnyView
from tests import controls
from tests.unit.projections.folds import said

EXAMPLES: list[Event] = [
    made
    for name, make in sorted(vars(controls).items())
    if inspect.isfunction(make)
    and not name.startswith("_")
    and list(inspect.signature(make).parameters) == ["overrides"]
    and isinstance(made := make(), Event)
]
ALL = list(VIEWS.values())


def test_there_is_an_example_of_every_fact() -> None:
    assert {type(one).type_tag() for one in EXAMPLES} == set(FACTS)


@pytest.mark.parametrize("view", ALL, ids=lambda view: view.title)
def test_only_facts_that_are_heard_touch_a_row(view: AnyView) -> None:
    touching = {type(one) for one in EXAMPLES if view.keys(said(one, 1))}
    assert touching == set(view.hears)


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda one: one.type_tag())
def test_fact_about_a_lead_says_what_happened_and_no_other_does(event: Event) -> None:
    assert bool(words.of(event)) == (type(event) in TIMELINE.hears or isinstance(event, LeadRefused))


@pytest.mark.parametrize("view", ALL, ids=lambda view: view.title)
def test_unknown_fact_touches_nothing(view: AnyView) -> None:
    assert view.keys(said(Unknown(name="lead.cloned.v9", aggregate_id=controls.LEAD), 1)) == ()


@pytest.mark.parametrize("view", ALL, ids=lambda view: view.title)
@pytest.mark.parametrize("before", [None, *EXAMPLES], ids=lambda one: "nothing" if one is None else one.type_tag())
def test_folding_never_refuses_a_fact_and_rows_survive_the_way_through_bytes(
    view: AnyView, before: Event | None
) -> None:
    rows: dict[str, msgspec.Struct | None] = {}
    for seq, one in enumerate([before, *EXAMPLES] if before else EXAMPLES, start=1):
        fact = said(one, seq)
        for key in view.keys(fact):
            rows[key] = row = view.project(rows.get(key), fact)
            if row is not None:
                blob = encode_state(row)
                assert encode_state(view.decode(blob)) == blob
                assert view.rank is None or isinstance(view.rank(row), float | None)
