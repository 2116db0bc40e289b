"""Folding is total: whatever was recorded is taken in whatever state, and what comes out can be kept."""

import pytest

from contracts.codec import decode_state, encode_state
from contracts.envelope import Event, Unknown
from contracts.facts import CATEGORIES, FACTS, KINDS, SPREAD, State, ref_of
from tests.controls import envelope, given, lead_held
from tests.unit.contracts.catalogue import by_tag

STRANGE = Unknown(name="lead.vanished.v9", aggregate_id="l1")


def facts() -> list[Event]:
    return [*by_tag().values(), STRANGE]


def states(category: str) -> list[State | None]:
    """Nothing at all, and what one or two facts of the category lead to."""
    own = [fact for fact in by_tag().values() if fact.type_category() == category]
    pairs = [given(category, one, other) for one in own for other in own]
    return [None, *(given(category, one) for one in own), *pairs]


@pytest.mark.parametrize("category", KINDS)
def test_every_state_takes_every_fact(category: str) -> None:
    evolve = KINDS[category].evolve
    for state in states(category):
        for fact in facts():
            after = evolve(state, envelope(fact, 9))
            assert evolve(state, envelope(fact, 9)) == after


@pytest.mark.parametrize("category", KINDS)
def test_every_state_can_be_kept(category: str) -> None:
    for state in states(category):
        if state is not None:
            blob = encode_state(state)
            assert decode_state(category, blob) == state
            assert encode_state(decode_state(category, blob)) == blob


@pytest.mark.parametrize("category", KINDS)
def test_facts_of_other_categories_change_nothing(category: str) -> None:
    evolve = KINDS[category].evolve
    for state in states(category)[1:30]:
        for fact in facts():
            if fact.type_category() != category:
                assert evolve(state, envelope(fact, 9)) == state


def test_every_fact_belongs_to_a_category_that_folds() -> None:
    assert {tag.partition(".")[0] for tag in FACTS} == set(KINDS) <= set(CATEGORIES)
    assert set(KINDS) >= SPREAD
    for tag, fact in by_tag().items():
        assert ref_of(fact) == (tag.partition(".")[0], fact.about())


def test_marked_facts_are_facts_of_their_category() -> None:
    for kind in KINDS.values():
        assert {fact.type_category() for fact in kind.marked} <= {kind.category}


def test_given_takes_a_fact_in_an_envelope_as_it_is() -> None:
    held = envelope(lead_held(stage="craft"), 40)
    assert given("lead", held).held_at == "craft"
