"""What a gateway tells comes back as what it was."""

import msgspec
import pytest

from contracts.codec import hidden, outward
from contracts.envelope import Personal, reveal
from contracts.errors import StoreUnavailable
from contracts.facts import FACTS
from gateway.answers import redacted
from services.cli.remote.inward import inward
from services.projections.accounts import Token
from tests import controls
from tests.unit.contracts.catalogue import by_tag


def wire(value: msgspec.Struct, *, personal: bool = True) -> object:
    return msgspec.json.decode(msgspec.json.encode(redacted(value, personal=personal)))


@pytest.mark.parametrize("tag", sorted(FACTS))
@pytest.mark.parametrize("personal", [True, False])
def test_every_fact_comes_back_as_it_was_told(tag: str, personal: bool) -> None:
    told = wire(by_tag()[tag], personal=personal)
    again = inward(FACTS[tag], told)
    assert wire(again) == told


def test_what_may_be_personal_or_not_is_taken_as_text() -> None:
    sourced = controls.lead_sourced()
    again = inward(type(sourced), wire(sourced))
    assert again.fields["full_name"] == reveal(controls.FIELDS["full_name"])  # type: ignore[arg-type]


def test_personal_values_are_personal_again_and_untold_ones_are_empty() -> None:
    drafted = controls.email_drafted()
    content = inward(type(drafted), wire(drafted)).content
    assert (content.subject, content.salt) == (drafted.content.subject, Personal())
    assert reveal(inward(type(drafted), wire(drafted, personal=False)).content.subject) == hidden(Personal())


@pytest.mark.parametrize("told", [{}, [], None, {"token_id": 3}])
def test_what_does_not_read_is_a_gateway_of_another_version(told: object) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        inward(Token, told)
    assert refused.value.remedy == "Use programs of one version."


def test_unknown_fields_of_a_newer_gateway_are_passed_over() -> None:
    drafted = controls.email_drafted()
    told = outward(drafted)
    assert inward(type(drafted), told | {"news": 1}) == inward(type(drafted), told)
