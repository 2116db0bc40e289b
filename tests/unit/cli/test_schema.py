"""The documents for others are valid, and say of every fact and command what it is."""

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from contracts.codec import outward
from contracts.envelope import Event
from contracts.facts import FACTS
from services.cli.schema import COMMANDS, async_api, commands_schema, facts_schema
from tests import controls

FACT_EXAMPLES: dict[str, Callable[[], Event]] = {
    tag: getattr(controls, re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()) for tag, fact in FACTS.items()
}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set[str]().union(*map(references, value)) if isinstance(value, list) else set()


def resolves(document: Any, reference: str) -> bool:
    at = document
    for part in reference.removeprefix("#/").split("/"):
        if part not in at:
            return False
        at = at[part]
    return True


@pytest.mark.parametrize("schema", [facts_schema(), commands_schema()], ids=["facts", "commands"])
def test_the_schema_is_one_and_holds_what_it_names(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)
    assert [one for one in references(schema) if not resolves(schema, one)] == []


@pytest.mark.parametrize("tag", sorted(FACTS))
def test_each_fact_fits_its_schema_as_it_goes_outward(tag: str) -> None:
    fact = FACT_EXAMPLES[tag]()
    jsonschema_rs.validator_for(facts_schema()).validate(json.loads(msgspec.json.encode(outward(fact))))


def test_an_invented_fact_fits_no_schema() -> None:
    assert not jsonschema_rs.validator_for(facts_schema()).is_valid({"type": "lead.invented.v1"})


def test_a_command_with_an_unknown_field_fits_no_schema() -> None:
    validator = jsonschema_rs.validator_for(commands_schema())
    known = {"type": "cancel_run", "run_id": "run_20260302_090000_abc123"}
    assert validator.is_valid(known)
    assert not validator.is_valid(known | {"extra": 1})


def test_every_fact_and_command_is_there() -> None:
    document = async_api()
    assert set(document["components"]["messages"]) == set(FACTS)
    assert {tag for channel in document["channels"].values() for tag in channel["messages"]} == set(FACTS)
    assert len(commands_schema()["oneOf"]) == len(COMMANDS) == 14


def test_the_async_api_document_resolves() -> None:
    document = async_api()
    assert document["asyncapi"].startswith("3.")
    assert [one for one in references(document) if not resolves(document, one)] == []
