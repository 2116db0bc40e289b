"""JSON values laid out as YAML, so that a person reads them: short things on one line, texts as they are written."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

WIDTH = 112


def laid_out(value: dict[str, Any]) -> str:
    """The value as a YAML document."""
    return "".join(f"{line}\n" for line in _mapping(value, ""))


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, one in value.items():
        yield from _entry(f"{indent}{key}:", one, indent + "  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    short = f"{head} {_flow(value)}"
    if isinstance(value, str) and "\n" in value:
        yield f"{head} |" if value.endswith("\n") else f"{head} |-"
        yield from (f"{indent}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
    elif len(short) <= WIDTH or not value or not isinstance(value, dict | list):
        yield short
    elif isinstance(value, dict):
        yield head
        yield from _mapping(value, indent)
    elif all(isinstance(one, dict) for one in value):
        yield head
        for one in value:
            lines = [f"{indent}- {_flow(one)}"]
            if len(lines[0]) > WIDTH:
                lines = list(_mapping(one, indent + "  "))
                lines[0] = f"{indent}- {lines[0].lstrip()}"
            yield from lines
    else:
        yield f"{head} ["
        items = ", ".join(_flow(one).replace(" ", "\0") for one in value)
        yield from (
            f"{indent}{line}".replace("\0", " ")
            for line in textwrap.wrap(items, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
        )
        yield f"{indent}]"


def _flow(value: Any) -> str:
    """On one line. A plain word needs no quotes; whatever YAML could take for something else has them."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}" if value else "{}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str() if value.replace("_", "").isalpha() and value.lower() not in _WORDS:
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
