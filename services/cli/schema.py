"""The vocabulary as documents for others: JSON Schema of every fact and command, and AsyncAPI 3 over the streams."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from contracts import commands
from contracts.codec import Body
from contracts.envelope import Event
from contracts.errors import BadInput
from contracts.facts import CATEGORIES, FACTS
from services.cli.given import Given
from services.cli.printing import document, say
from services.cli.words import many

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFS = "#/$defs/{name}"
FOLDER = Path("schema")
VERSION = "1.0.0"
COMMANDS: tuple[type[commands.Command], ...] = (*get_args(commands.DraftCommand), *get_args(commands.RunCommand))


PERSONAL = {
    "title": "Personal",
    "description": "A value that belongs to a person: its text, or `[erased]` where the key is gone or not here.",
    "type": "string",
}
"""How a sealed or plain personal value reads outward; on the wire it is an object."""


def facts_schema() -> dict[str, Any]:
    """Every fact by its type tag, as it reads outward: `$defs` holds what they share."""
    return _collected("Facts of the swarm", {tag: FACTS[tag] for tag in sorted(FACTS)})


def commands_schema() -> dict[str, Any]:
    """Every command by its tag; unknown fields are refused."""
    named: dict[str, type[msgspec.Struct]] = {str(one.__struct_config__.tag): one for one in COMMANDS}
    return _collected("Commands of the swarm", {tag: named[tag] for tag in sorted(named)})


def _collected(title: str, kinds: Mapping[str, type[msgspec.Struct]]) -> dict[str, Any]:
    schemas, parts = msgspec.json.schema_components(list(kinds.values()), ref_template=REFS)
    return {
        "$schema": DIALECT,
        "title": title,
        "oneOf": [
            schema | {"title": tag} if "$ref" not in schema else schema
            for tag, schema in zip(kinds, schemas, strict=True)
        ],
        "$defs": _outward(parts),
    }


def _outward(parts: dict[str, Any]) -> dict[str, Any]:
    """The shared parts as they read outward: personal values are texts, what lies as an array is an object, and what a
    fact keeps to itself is not there.
    """
    fields = {one.__name__: one.__struct_fields__ for one in _structs(msgspec.Struct)}
    read = {name: _named(part, fields[name]) if "prefixItems" in part else part for name, part in parts.items()}
    for fact in FACTS.values():
        if fact.unshown and fact.__name__ in read:
            read[fact.__name__] = _without(read[fact.__name__], fact.unshown)
    if "Personal" in read:
        read["Personal"] = PERSONAL
    return dict(sorted(read.items()))


def _without(part: dict[str, Any], unshown: frozenset[str]) -> dict[str, Any]:
    properties = {name: one for name, one in part["properties"].items() if name not in unshown}
    return part | {"properties": properties, "required": [one for one in part["required"] if one not in unshown]}


def _structs(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Every kind of struct that the vocabulary knows."""
    for one in base.__subclasses__():
        if one.__module__.startswith("contracts."):
            yield one
        yield from _structs(one)


def _named(part: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    kept = {name: part[name] for name in ("title", "description") if name in part}
    properties = dict(zip(fields, part["prefixItems"], strict=True))
    required = list(fields[: part.get("minItems", 0)])
    return kept | {"type": "object", "properties": properties, "required": required}


def async_api() -> dict[str, Any]:
    """The streams as channels, with each fact in its envelope as a message."""
    bodies = [Body[fact] for fact in FACTS.values()]  # type: ignore[valid-type]
    schemas, parts = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    messages = {
        tag: {
            "name": tag,
            "title": fact.__name__,
            "summary": (fact.__doc__ or "").strip().split("\n")[0],
            "contentType": "application/json",
            "payload": schema,
        }
        for (tag, fact), schema in zip(FACTS.items(), schemas, strict=True)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Alpha Swarm",
            "version": VERSION,
            "description": "Facts that agents share. On the wire a body is msgpack; a reader outside gets the same as JSON.",
        },
        "defaultContentType": "application/json",
        "channels": {one: _channel(one) for one in CATEGORIES if _tags(one)},
        "operations": {
            f"hear-{one}": {"action": "receive", "channel": {"$ref": f"#/channels/{one}"}}
            for one in CATEGORIES
            if _tags(one)
        },
        "components": {"messages": dict(sorted(messages.items())), "schemas": _outward(parts)},
    }


def _tags(category: str) -> list[str]:
    return sorted(tag for tag, fact in FACTS.items() if _category(fact) == category)


def _category(fact: type[Event]) -> str:
    return fact.type_category()


def _channel(category: str) -> dict[str, Any]:
    return {
        "address": f"{{{{namespace}}:{{partition}}}}:log:{category}",
        "description": f"The stream of category {category}: all facts of one aggregate in order.",
        "parameters": {
            "namespace": {"description": "One tenant."},
            "partition": {"description": "0, or the partition of the lead."},
        },
        "messages": {tag: {"$ref": f"#/components/messages/{tag}"} for tag in _tags(category)},
    }


def write(given: Given, out: Path | None) -> int:
    """Write the three documents to a folder; for a program, without one, print them as one document instead.

    Raises:
        BadInput: the folder cannot be written to.
    """
    documents = {"facts": facts_schema(), "commands": commands_schema(), "asyncapi": async_api()}
    if given.json and out is None:
        document(documents)
        return 0
    folder = out or FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in documents.items():
            text = msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=2)
            (folder / f"{name}.json").write_bytes(text + b"\n")
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be written to: {error.strerror}.", "Name another folder with --out."
        ) from error
    if given.json:
        document({"folder": str(folder), "facts": len(FACTS), "commands": len(COMMANDS)})
    else:
        say(f"{many(len(FACTS), 'fact')} and {many(len(COMMANDS), 'command')} written to {folder}/.")
    return 0
