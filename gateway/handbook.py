"""The OpenAPI document as one plain page: every path with what it takes and answers, readable without any script."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import msgspec

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.5rem;border:1px solid}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem;"
    "border-bottom:1px solid}section{border-top:2px solid;margin-top:2rem}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of the page: its own style and nothing else."""
Json = Mapping[str, Any]


def handbook(document: Json) -> str:
    """The page."""
    title = escape(document["info"]["title"])
    operations = [
        (path, method, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in methods.items()
    ]
    return "".join(
        (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}: the interface</title>",
            "<meta name=viewport content='width=device-width'>",
            f"<style>{STYLE}</style><h1>{title}</h1>",
            *(f"<p>{escape(part)}</p>" for part in document["info"].get("description", "").split("\n\n")),
            (
                "<p>Every path with what it takes and answers. Programs read <a href='/schema/openapi.json'>the OpenAPI "
                "document</a>. Send the token as <code>Authorization: Bearer …</code>.</p><nav><ul>"
            ),
            *(
                f"<li><a href='#{_anchor(path, method)}'>{_name(path, method)}</a></li>"
                for path, method, _ in operations
            ),
            "</ul></nav>",
            *(part for path, method, operation in operations for part in _section(path, method, operation)),
            "<section><h2>Types</h2>",
            *(
                part
                for name, schema in sorted(document["components"]["schemas"].items())
                for part in _type(name, schema)
            ),
            "</section></html>",
        )
    )


def _anchor(path: str, method: str) -> str:
    return escape(f"{method}{path}".replace("/", "-").replace("{", "").replace("}", ""), quote=True)


def _name(path: str, method: str) -> str:
    return f"<code>{escape(method.upper())} {escape(path)}</code>"


def _section(path: str, method: str, operation: Json) -> Iterator[str]:
    yield f"<section id='{_anchor(path, method)}'><h2>{_name(path, method)}</h2>"
    yield "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n"))
    if operation.get("parameters"):
        rows = [
            (
                one["name"],
                one["in"],
                "yes" if one.get("required") else "",
                _kind(one["schema"]),
                one.get("description", ""),
            )
            for one in operation["parameters"]
        ]
        yield _table(("parameter", "in", "needed", "value", "meaning"), rows)
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Body: {escape(kind)}, {_linked(content['schema'])}</p>{_example(content)}"
    yield "<table><tr><th>answer<th>meaning<th>content"
    for status, answer in sorted(operation["responses"].items()):
        found = answer.get("content", {})
        contents = "; ".join(f"{escape(kind)}: {_linked(one.get('schema', {}))}" for kind, one in found.items())
        yield f"<tr><td>{escape(status)}<td>{escape(answer['description'])}<td>{contents}"
    yield "</table>"
    for status, answer in operation["responses"].items():
        for one in answer.get("content", {}).values() if status.startswith("2") else ():
            yield f"<details><summary>Such an answer</summary>{_example(one)}</details>" if "example" in one else ""
    yield "</section>"


def _example(content: Json) -> str:
    """What is sent or answered, as it reads; nothing where nobody gave an example."""
    example = content.get("example")
    if example is None:
        return ""
    text = example if isinstance(example, str) else msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
    return f"<pre>{escape(text)}</pre>"


def _type(name: str, schema: Json) -> Iterator[str]:
    yield f"<h3 id='type-{escape(name, quote=True)}'>{escape(name)}</h3><p>{escape(schema.get('description', ''))}</p>"
    needed = schema.get("required", ())
    rows = [(one, "yes" if one in needed else "", _kind(of)) for one, of in schema.get("properties", {}).items()]
    if rows:
        yield _table(("field", "always", "value"), rows)
    yield from (_example({"example": one}) for one in schema.get("examples", ()))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(one)}" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in rows)
    return f"<table><tr>{head}{body}</table>"


def _linked(schema: Json) -> str:
    """A schema by the names of its types, each leading to where it is told."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        return f"<a href='#type-{escape(name, quote=True)}'>{escape(name)}</a>"
    parts = [*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    of = [*filter(None, [schema.get("items")]), *schema.get("properties", {}).values()]
    named = ", ".join(filter(None, (_linked(part) for part in [*parts, *of])))
    return named or escape(_kind(schema))


def _kind(schema: Json) -> str:
    """A schema in a few words."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return str(name)
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if parts := [*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        return " or ".join(filter(None, map(_kind, parts)))
    if "items" in schema:
        return f"any number of: {_kind(schema['items'])}" if isinstance(schema["items"], dict) else "list"
    kind = schema.get("format") or schema.get("type", "")
    bounds = [
        f"{word} {schema[name]:g}"
        for name, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"), ("minLength", "at least"))
        if name in schema
    ]
    return " ".join([str(kind) if isinstance(kind, str) else " or ".join(kind), *bounds])
