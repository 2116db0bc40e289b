"""The OpenAPI document as it is true: what each route answers, refusals among it, in the types that people get.

The framework knows paths, parameters and bodies. It takes every refusal for its own kind of 400 and every row for any
object; both are put right here, from what each route says of itself.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, TypeAlias, get_args

import msgspec
from litestar import Litestar, Request
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.routes import HTTPRoute

from contracts.email import RuleResult
from contracts.envelope import ActorKind
from contracts.errors import SwarmError
from contracts.facts import CATEGORIES, FACTS
from gateway import csv_cells
from gateway.answers import POSITION, TOTAL
from gateway.auth import ACCESS, PUBLIC, SAFE_METHODS
from gateway.columns import NEXT, TRUNCATED
from gateway.dossier import Dossier
from gateway.examples import BODIES, PROBLEMS, STREAM, TABLE, example_of
from gateway.handbook import handbook
from gateway.links import link
from gateway.outer import ANY_NAME
from gateway.problems import ANSWERS, PROBLEM, RETRY_AFTER_S, document_of, document_of_http
from gateway.query import only_known
from gateway.routes.operations import Dead
from gateway.routes.people import TokenShown
from gateway.wording import MEANING, PARAMETERS
from services.projections import accounts, approval_queue, audit, feedback, leads, runs, timeline

Json: TypeAlias = dict[str, Any]
OWN = "/schema"
"""Where the document itself is."""
REF = "#/components/schemas/"
POSITION_PATTERN = r"^\d{1,4}:\d{1,16}(\.\d{1,4}:\d{1,16})*$"
"""Of `from`, `after` and `Last-Event-ID`; as `gateway.answers.read_position`."""
ACTOR_PATTERN = f"^({'|'.join(get_args(ActorKind))}):."
"""As `gateway.feed.wish_of`."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the log. `data` is what it says, as `type` has it; `about` names the lead, e-mail, run or account."""

    position: str
    event_id: str
    type: str
    at: str
    actor: str
    about: str
    version: int
    lead_id: str
    email_id: str
    correlation_id: str
    causation_id: str
    traceparent: str
    synthetic: bool
    data: dict[str, Any]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why not (RFC 9457): `type` is for a program, `detail` and `remedy` for a person, `values` for both."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str
    values: dict[str, Any]
    retryable: bool
    instance: str


ROWS: Mapping[str, type[msgspec.Struct]] = {
    "Card": approval_queue.Row,
    "AnsweredDraft": feedback.Row,
    "Lead": leads.Row,
    "Dossier": Dossier,
    "Timeline": timeline.Row,
    "Run": runs.Row,
    "Act": audit.Row,
    "Fact": Fact,
    "DeadLetter": Dead,
    "Account": accounts.Row,
    "TokenShown": TokenShown,
    "Problem": Problem,
}
"""By the name in the document: the types of rows. A `Personal` in them is shown as text."""
PAGES: Mapping[str, str] = {
    "/api/pending-emails": "Card",
    "/api/leads": "Lead",
    "/api/runs": "Run",
    "/api/feedback": "AnsweredDraft",
    "/api/audit": "Act",
    "/api/events": "Fact",
    "/api/dead-letters": "DeadLetter",
    "/api/users": "Account",
    "/api/tokens": "TokenShown",
}
OBJECTS: Mapping[str, Sequence[str]] = {
    "/api/emails/{email_id}": ("Card", "AnsweredDraft"),
    "/api/leads/{lead_id}": ("Lead",),
    "/api/leads/{lead_id}/dossier": ("Dossier",),
    "/api/leads/{lead_id}/timeline": ("Timeline",),
    "/api/runs/{run_id}": ("Run",),
}
ADDED: Mapping[str, Json] = {
    "Card": {
        "checks": {"type": "object", "description": "By rule: whether it passed, and what it found."},
        "can_approve": {"type": "boolean", "description": "Whether a plain approval would pass as things stand."},
        "etag": {"type": "string", "description": "What `If-Match` takes."},
        "others": {"type": "array", "description": "Other people at that company; in the answer about one card."},
        "zone": {"type": "string", "description": "A guess at the recipient's time zone, or empty; likewise."},
        "evidence": {"type": "object", "description": "What is known of the fields that claims name; likewise."},
    },
    "Account": {
        "tokens": {"type": "integer", "description": "How many of them live."},
        "sessions": {"type": "integer", "description": "Likewise."},
    },
}
"""What an answer has beside the row, or in place of a part of it."""
WITHHELD = {"salt": "Content"}
"""Fields that never leave, by the type that has them."""
LISTED = (timeline.Moment, RuleResult)
"""Types that are stored as a list of values, and shown with their names."""
POSITIONED = frozenset(
    {"Receipt", "Results", "Told", "Started", "Standing", "IdealsTold", "VersionTold", "Moves", "Explained", "SetUp"}
)
"""Answers to what has no view to wait for, and that say all the same where the log stood, or what they created."""
TOTALLED = frozenset({"/api/pending-emails", "/api/runs"})
STREAMS = frozenset({"/api/feed"})
SESSIONS = frozenset({"/api/session", "/api/session/link"})
"""Where a browser gets a session, or loses it."""
ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "/api/session/oidc": (
        "To the identity provider, or to the sign-in page.",
        "What the browser has to come back with.",
    ),
    "/api/session/oidc/callback": ("To the page, or to the sign-in page.", "The session, or none."),
}
"""Where nothing is answered but another address: which, and what the cookie is for."""


class Description:
    """The document of one app, made once."""

    def __init__(self) -> None:
        self._made: Json | None = None

    def of(self, app: Litestar, raw: Json) -> Json:
        """The document, from what the framework makes of it."""
        if self._made is None:
            self._made = _corrected(app, msgspec.json.decode(msgspec.json.encode(raw)))
        return self._made


class DocumentPlugin(JsonRenderPlugin):
    """The document as JSON."""

    def __init__(self, description: Description) -> None:
        super().__init__(path="/openapi.json")
        self._description = description

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        return msgspec.json.encode(self._description.of(request.app, openapi_schema))


class HandbookPlugin(OpenAPIRenderPlugin):
    """The document as a page for people: no script, nothing from elsewhere."""

    def __init__(self, description: Description) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)
        self._description = description

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        return handbook(self._description.of(request.app, openapi_schema)).encode()


def _corrected(app: Litestar, document: Json) -> Json:
    components: Json = document["components"]["schemas"]
    handlers = dict(_handlers(app))
    own = _components(_structs(handlers.values()))
    components |= {name: schema for name, schema in own.items() if name in components}
    for name, kind in ROWS.items():
        components |= _row(name, kind)
    for name, example in BODIES.items():
        components[name] |= {"examples": [example]}
    for schema in components.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    document["paths"] = {path: found for path, found in document["paths"].items() if not path.startswith(OWN)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _operation(path, operation, handlers[path, method])
            _illustrate(operation, components)
    link(document["paths"])
    return document


def _handlers(app: Litestar) -> Iterator[tuple[tuple[str, str], HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield from (((route.path_format, method.lower()), handler) for method in handler.http_methods)


def _structs(handlers: Iterable[HTTPRouteHandler]) -> set[type[msgspec.Struct]]:
    """The types of all bodies and answers."""
    found: set[type[msgspec.Struct]] = set()
    for handler in handlers:
        fields = [handler.parsed_return_field, *filter(None, [handler.parsed_data_field])]
        while fields:
            field = fields.pop()
            if isinstance(field.annotation, type) and issubclass(field.annotation, msgspec.Struct):
                found.add(field.annotation)
            fields += field.inner_types
    return found


def _components(kinds: Iterable[type[msgspec.Struct]]) -> Json:
    _, components = msgspec.json.schema_components(kinds, ref_template=REF + "{name}", schema_hook=_anything)
    return components


def _anything(kind: type) -> Json:
    if kind is object:
        return {"description": "Whatever JSON can say."}
    raise NotImplementedError


def _row(name: str, kind: type[msgspec.Struct]) -> Json:
    """A row and the types in it, each under a name of its own."""
    components = _components([kind])
    renamed = {one: name if one == kind.__name__ else f"{name}{_plain(one)}" for one in components}
    if "Personal" in renamed:
        components["Personal"] = {
            "type": "string",
            "description": "What belongs to a person: `[redacted]` for readers who may not see it, `[erased]` for all.",
        }
        renamed["Personal"] = "Personal"
    for one in LISTED:
        if parts := components.get(one.__name__):
            fields = dict(zip(one.__struct_fields__, parts.pop("prefixItems"), strict=True))
            parts.pop("minItems")
            parts |= {"type": "object", "properties": fields, "required": list(fields)}
    for withheld, of in WITHHELD.items():
        if of in components:
            components[of]["properties"].pop(withheld)
            components[of]["required"].remove(withheld)
    if added := ADDED.get(name):
        components[kind.__name__]["properties"] |= added
    references = {REF + old: REF + new for old, new in renamed.items()}
    return {renamed[one]: _referring(schema, references) for one, schema in components.items()}


def _plain(one: str) -> str:
    """A type's name; where several have the same one, that of the module instead, `ApprovalQueue` for its row."""
    module, dot, _ = one.rpartition(".")
    return module.rpartition(".")[2].title().replace("_", "") if dot else one


def _referring(schema: Any, references: Mapping[str, str]) -> Any:
    if isinstance(schema, dict):
        return {
            key: references[value] if key == "$ref" else _referring(value, references) for key, value in schema.items()
        }
    return [_referring(one, references) for one in schema] if isinstance(schema, list) else schema


def _operation(path: str, operation: Json, handler: HTTPRouteHandler) -> None:
    operation["description"] = _said(handler)
    operation["summary"] = operation["description"].partition("\n")[0]
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        _parameter(parameter)
    responses: Json = operation["responses"]
    responses.pop("400", None)
    names = {parameter["name"] for parameter in parameters}
    for status in sorted({*_statuses(handler, parameters, body="requestBody" in operation)}):
        responses[str(status)] = _problem(status, path)
    if handler.opt.get(ACCESS) == PUBLIC:
        operation["security"] = []
    if path in ELSEWHERE:
        responses["302"] = _elsewhere(*ELSEWHERE[path])
        return
    well = next(answer for status, answer in responses.items() if status.startswith("2"))
    if handler.http_methods <= SAFE_METHODS and (schema := _schema(path)):
        well["content"]["application/json"]["schema"] = schema
    elif kinds := well.get("content", {}).get("application/json", {}).get("schema", {}).pop("oneOf", None):
        # An object of one of them may fit another, which needs fewer fields.
        well["content"]["application/json"]["schema"]["anyOf"] = kinds
    if "204" in responses:
        well.pop("content", None)
    if path in STREAMS:
        well["content"] = {"text/event-stream": {"schema": {"type": "string"}, "example": STREAM}}
    if "format" in names:
        well["content"]["text/csv"] = {}
    headers = dict(_headers(path, names, _name_of(well)))
    if path in SESSIONS and not handler.http_methods <= SAFE_METHODS:
        headers["Set-Cookie"] = "The session, or none any more."
    if headers:
        well["headers"] = {
            name: {"schema": {"type": "string"}, "description": words} for name, words in headers.items()
        }


def _elsewhere(where: str, cookie: str) -> Json:
    headers = {"Location": where, "Set-Cookie": cookie}
    told = {name: {"schema": {"type": "string"}, "description": words} for name, words in headers.items()}
    return {"description": where, "headers": told}


def _headers(path: str, names: set[str], name: str) -> Iterator[tuple[str, str]]:
    """The headers of an answer that went well, and what they mean."""
    if names & {"after", "format"} or name in POSITIONED:
        yield POSITION, "The position that it reflects, or that it created; `after` takes it."
    if "format" in names:
        yield TRUNCATED, "In a file alone: `true` where it has no room for all rows."
        yield NEXT, "In a file alone: the cursor of what it has no room for."
    if path in TOTALLED and "format" in names:
        yield TOTAL, "How many rows there are, filters aside that no order keeps."
    if path == "/api/emails/{email_id}":
        yield "ETag", "What `If-Match` takes, while an answer can be given."


def _name_of(answer: Json) -> str:
    """The type of an answer in JSON; empty where it is none with a name."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).removeprefix(REF)


def _illustrate(operation: Json, components: Json) -> None:
    """Give bodies and answers an example, and say what an answer is."""
    parts = [operation.get("requestBody", {}), *operation["responses"].values()]
    for part in parts:
        for kind, content in part.get("content", {}).items():
            if kind == "application/json":
                content["example"] = example_of(content["schema"], components)
            elif kind == csv_cells.MEDIA_TYPE:
                content |= {"schema": {"type": "string"}, "example": TABLE}
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer["description"] = _words_of(answer, components)


def _words_of(answer: Json, components: Json) -> str:
    """What an answer is, from its type."""
    kinds = answer.get("content", {})
    if not kinds:
        return "It is done."
    name = _name_of(answer) or ("Page" if len(kinds) > 1 else "")
    said = components[name]["description"] if name else "What was asked for."
    return " ".join(said.partition("\n\n")[0].split())


def _said(handler: HTTPRouteHandler) -> str:
    return inspect.getdoc(handler.fn) or ""


def _parameter(parameter: Json) -> None:
    """What a URL or header holds is a text, never null; what only an earlier answer can give looks like it."""
    schema: Json = parameter["schema"]
    if kinds := [one for one in schema.get("oneOf", []) if one.get("type") != "null"]:
        others = {key: value for key, value in schema.items() if key not in ("oneOf", "default")}
        schema = parameter["schema"] = {**(kinds[0] if len(kinds) == 1 else {"oneOf": kinds}), **others}
    if isinstance(schema.get("type"), list):
        (schema["type"],) = (one for one in schema["type"] if one != "null")
    if isinstance(schema.get("enum"), list):
        schema["enum"] = [one for one in schema["enum"] if one is not None]
    words, example = PARAMETERS.get(parameter["name"], ("", None))
    parameter.setdefault("description", words)
    if example is not None:
        parameter["example"] = example
    if parameter["name"] in ("after", "from", "Last-Event-ID"):
        schema["pattern"] = POSITION_PATTERN
    if parameter["in"] == "query":
        known = {"category": CATEGORIES, "type": FACTS}.get(parameter["name"])
        if known is not None and schema.get("type") == "array":
            schema["items"] = {"type": "string", "enum": sorted(known)}
        if parameter["name"] == "actor":
            schema["items"] = {"type": "string", "pattern": ACTOR_PATTERN}


def _statuses(handler: HTTPRouteHandler, parameters: Sequence[Json], *, body: bool) -> Iterator[int]:
    """The refusals that follow from who may ask, and from what is taken."""
    yield from handler.opt.get(ANSWERS, ())
    where = {parameter["in"] for parameter in parameters}
    if not handler.paths <= ANY_NAME:
        yield 421
    if handler.opt.get(ACCESS) != PUBLIC:
        yield from (401, 403)
    if handler.paths != {"/api/health/live"}:
        yield 503
    if "path" in where:
        yield 404
    if where & {"query", "header"} or body or only_known in (handler.guards or ()):
        yield 422
    if not handler.http_methods <= SAFE_METHODS:
        yield from (409, 422)
    if body:
        yield from (400, 413)
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        yield 428


def _problem(status: int, path: str) -> Json:
    error = PROBLEMS[status]
    told = document_of(error) if isinstance(error, SwarmError) else document_of_http(error, HTTPStatus(status))
    instance = path.format_map({name: example for name, (_, example) in PARAMETERS.items()})
    content = {"schema": {"$ref": REF + "Problem"}, "example": {**told, "status": status, "instance": instance}}
    answer: Json = {"description": MEANING[status], "content": {PROBLEM: content}}
    if status in (429, 503):
        after = {"schema": {"type": "string"}, "description": "In seconds.", "example": str(RETRY_AFTER_S)}
        answer["headers"] = {"Retry-After": after}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer


def _schema(path: str) -> Json | None:
    refer = partial("{}{}".format, REF)
    if name := PAGES.get(path):
        items = {"type": "array", "items": {"$ref": refer(name)}}
        return {"allOf": [{"$ref": refer("Page")}, {"type": "object", "properties": {"items": items}}]}
    found = [{"$ref": refer(name)} for name in OBJECTS.get(path, ())]
    return {"anyOf": found} if len(found) > 1 else found[0] if found else None
