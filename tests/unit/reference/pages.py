"""The pages of reference, each made from the code that it speaks of."""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from pydantic import BaseModel, SecretStr
from typer.main import get_command

from contracts.envelope import FREE_TEXT, Event, Personal
from contracts.errors import SwarmError
from contracts.facts import CATEGORIES, FACTS, KINDS
from gateway.problems import status_of
from services.cli.app import app
from services.cli.failures import (
    AWAY,
    CONFLICT,
    DONE,
    FOUND,
    INTERRUPTED,
    REFUSED,
    TERMINATED,
    UNEXPECTED,
    USAGE,
    exit_code,
)
from services.cli.remote.problems import BY_SLUG
from services.runtime.setting_words import MEANING, OTHERS
from services.runtime.settings import OTHER_VARIABLES, Values, known, variable

MADE = "Made from the code by `SWARM_WRITE_DOCS=1 pytest tests/unit/reference`; a test fails when this page is stale."
SHARED = {"json_", "namespace_", "login_"}
CODES: Mapping[int, str] = {
    DONE: "Done.",
    FOUND: "A check found something, or a run failed.",
    USAGE: "What was said cannot be used; the field is named.",
    REFUSED: "It is not allowed, or not as things stand. Nothing was recorded.",
    CONFLICT: "Somebody else was first.",
    AWAY: "The store or a provider is away; the same again later may work.",
    UNEXPECTED: "A fault of the program.",
    INTERRUPTED: "Ctrl-C.",
    TERMINATED: "SIGTERM.",
}
PLAIN: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    bytes: "bytes",
    datetime: "time",
    timedelta: "duration",
    Personal: "personal",
    NoneType: "none",
    Any: "anything",
    object: "anything",
}


def commands() -> str:
    """Every command with what it takes."""
    parts = [
        "# Commands",
        MADE,
        (
            "Each command prints for a person, and with `--json` one document for a program; a failure is then a document "
            "with `error`, and always one line on stderr. With `SWARM_URL` set, commands work over a gateway."
        ),
        "Every command also takes `--json` and `--namespace NAME`.",
        "## Exit codes",
        _table(("code", "meaning"), [(str(code), words) for code, words in CODES.items()]),
    ]
    for name, one in _commands(get_command(app), "swarm"):
        arguments = [p for p in one.params if p.param_type_name == "argument" and not p.hidden]
        usage = " ".join([name, *(_called(p) for p in arguments), *_required(one.params)])
        parts += [f"## {name}", inspect.cleandoc(one.help or ""), f"```\n{usage}\n```"]
        rows = [
            (
                f"`{' '.join([', '.join(p.opts), *([p.metavar] if p.metavar else [])])}`",
                _ending(p.help),
                _preset(p.default),
            )
            for p in one.params
            if p.param_type_name == "option" and not p.hidden and p.name not in SHARED
        ]
        rows = [(f"`{_called(p)}`", _ending(p.help), "") for p in arguments if p.help] + rows
        parts += [_table(("takes", "meaning", "else"), rows)] if rows else []
    return _page(parts)


def _commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Commands by their whole name, those of families within families, too."""
    for word, one in group.commands.items():
        if one.hidden:
            continue
        if hasattr(one, "commands"):
            yield from _commands(one, f"{name} {word}")
        else:
            yield f"{name} {word}", one


def _called(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _required(parameters: Sequence[Any]) -> Iterator[str]:
    for one in parameters:
        if one.param_type_name == "option" and one.required:
            yield f"{one.opts[0]} {one.metavar}"


def _preset(value: object) -> str:
    return f"`{value}`" if value not in (None, "", False, ()) and not isinstance(value, list) else ""


def configuration() -> str:
    """Every setting, and the variables that are none."""
    rows = []
    for name in known():
        section, _, field = name.rpartition(".")
        of: type[BaseModel] = Values if not section else Values.model_fields[section].annotation  # type: ignore[assignment]
        found = of.model_fields[field]
        default = "" if found.default_factory else found.get_default()
        meaning = MEANING.get(name) or found.description or ""
        rows.append((f"`{name}`", f"`{variable(name)}`", _kind(found.annotation), _shown(default), _ending(meaning)))
    others = [(f"`{variable(name)}`", _ending(OTHERS.get(name, ""))) for name in OTHER_VARIABLES]
    return _page(
        [
            "# Configuration",
            MADE,
            (
                "Settings are read once at the start of a process: an option of the command line first, then the environment, "
                "then `swarm.toml` in the current folder. In the file a name with a dot is a key in a section: `[review]`, "
                "`expires_h = 48`. An unknown name is refused and the one that is probably meant is named."
            ),
            _table(("in swarm.toml", "in the environment", "is a", "else", "meaning"), rows),
            "## Of the environment alone",
            _table(("variable", "meaning"), others),
        ]
    )


def _shown(value: object) -> str:
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def facts() -> str:
    """Every fact by category, and the parts that facts are made of."""
    parts = [
        "# Facts",
        MADE,
        (
            "What is recorded, in the past tense, for ever. The tag carries the version: a new field has a default, and a "
            "changed meaning is a new tag. `personal` fields belong to a prospect and `free text` is what somebody of the "
            "team typed: readers without the permission `read_personal` see neither. Every fact travels in an envelope with "
            "its id, time, actor, cause and position. `swarm schema` writes the same as JSON Schema."
        ),
    ]
    told: dict[str, type[msgspec.Struct]] = {}
    for category in CATEGORIES:
        kind = KINDS[category]
        parts += [f"## {category}", f"Folded into `{_name(kind.state)}`, fold {kind.fold}."]
        for tag, fact in FACTS.items():
            if fact.type_category() == category:
                parts += [f"### {tag}", inspect.cleandoc(fact.__doc__ or ""), _fields(fact)]
                told |= _parts_of(fact)
    parts += ["## Parts", "What fields of facts hold."]
    for name in sorted(told):
        parts += [f"### {name}", inspect.cleandoc(told[name].__doc__ or ""), _fields(told[name])]
    return _page(parts)


def _fields(kind: type[msgspec.Struct]) -> str:
    unshown = kind.unshown if issubclass(kind, Event) else frozenset()
    rows = [
        (
            f"`{one.name}`",
            _kind(one.type) + (", told to nobody" if one.name in unshown else ""),
            "" if one.required else _default(one),
        )
        for one in msgspec.structs.fields(kind)
    ]
    return _table(("field", "is", "else"), rows) if rows else "It has no fields."


def _default(field: Any) -> str:
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return f"`{value!r}`" if not isinstance(value, msgspec.Struct) else f"an empty {type(value).__name__}"


def _kind(kind: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return "free text" if FREE_TEXT in inner else _kind(inner[0])
    if origin is Literal:
        return " or ".join(f"`{one}`" for one in inner) if inner != ("",) else "empty"
    if origin in {Union, UnionType}:
        return " or ".join(dict.fromkeys(_kind(one) for one in inner))
    if origin in {list, tuple, set, frozenset} and inner:
        return f"list of {_kind(inner[0])}"
    if origin is not None and len(inner) > 1 and issubclass(origin, Mapping):
        return f"by {_kind(inner[0])}: {_kind(inner[1])}"
    return PLAIN.get(kind) or {"Path": "path", "SecretStr": "secret"}.get(_name(kind), _name(kind))


def _parts_of(kind: Any) -> dict[str, type[msgspec.Struct]]:
    """Every struct that a type holds, however deep, by name."""
    found: dict[str, type[msgspec.Struct]] = {}
    todo = [one.type for one in msgspec.structs.fields(kind)]
    while todo:
        one = todo.pop()
        todo += get_args(one)
        if (
            isinstance(one, type)
            and issubclass(one, msgspec.Struct)
            and one is not Personal
            and one.__name__ not in found
        ):
            found[one.__name__] = one
            todo += [field.type for field in msgspec.structs.fields(one)]
    return found


def _name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))


def errors() -> str:
    """Every failure that has a name."""
    rows = []
    for slug, kind in BY_SLUG.items():
        if kind is SwarmError:
            continue
        one = kind("")
        status = status_of(one)
        meaning = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
        again = "yes" if kind.retryable else ""
        rows.append((f"`{slug}`", f"{int(status)}", f"{exit_code(one)}", again, meaning, kind.default_remedy))
    return _page(
        [
            "# Errors",
            MADE,
            (
                "Over HTTP a failure is a problem document (RFC 9457) whose `type` is `urn:swarm:` and the slug; at the "
                "console it is one line and an exit code, with `--json` also a document with the slug. Both say what "
                "happened, what to do about it, and the values. `again`: the same request may work later."
            ),
            _table(("slug", "HTTP", "exit", "again", "meaning", "remedy, unless a better one is known"), sorted(rows)),
        ]
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _ending(text: str | None) -> str:
    said = " ".join((text or "").split())
    return said if not said or said.endswith((".", "!", "?", "`")) else f"{said}."


def _page(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


PAGES = {"commands": commands, "configuration": configuration, "facts": facts, "errors": errors}
