"""The OpenAPI document as it is true: what each route answers, refusals among it, in the types that people get.

The framework knows paths, parameters and bodies. It takes every refusal for its own kind of 400 and every row for any
object; both are put right here, from what each route says of itself.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, TypeAlias

import msgspec
from litestar import Litestar, Request
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.routes import HTTPRoute

from contracts.email import RuleResult
from contracts.facts import CATEGORIES, FACTS
from gateway.answers import POSITION
from gateway.auth import ACCESS, PUBLIC, SAFE_METHODS
from gateway.dossier import Dossier
from gateway.export import NEXT, TRUNCATED
from gateway.handbook import handbook
from gateway.links import link
from gateway.outer import ANY_NAME
from gateway.problems import ANSWERS, PROBLEM, RETRY_AFTER_S
from gateway.routes.operations import Dead
from gateway.routes.people import TokenShown
from services.projections import accounts, approval_queue, audit, feedback, leads, runs, timeline

Json: TypeAlias = dict[str, Any]
OWN = "/schema"
"""Where the document itself is."""
REF = "#/components/schemas/"
POSITION_PATTERN = r"^\d{1,4}:\d{1,16}(\.\d{1,4}:\d{1,16})*$"
"""Of `from`, `after` and `Last-Event-ID`; as `gateway.answers.read_position`."""


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
EXAMPLES: Mapping[str, Json] = {
    "Approve": {"expected_version": 1},
    "Edit": {"expected_version": 1, "body": "Hello Ada,\n\nmay I call on Tuesday?\n"},
    "Reject": {"expected_version": 1, "tag": "weak_cta", "reason": "It asks for nothing."},
    "Changes": {"expected_version": 1, "instruction": "Name the one thing they should do."},
    "Revoke": {"expected_version": 1, "reason": "I read it again."},
    "Because": {"reason": "The file was the wrong one."},
    "Problem": {
        "type": "urn:swarm:not-found",
        "title": "not found",
        "status": 404,
        "detail": "There is no such lead.",
        "remedy": "`GET /api/leads` lists them.",
        "values": {},
        "retryable": False,
        "instance": "/api/leads/nobody",
    },
}
MEANING: Mapping[int, str] = {
    400: "The request does not read.",
    401: "Nobody we know.",
    403: "We know who asks, and they may not.",
    404: "There is no such thing here.",
    415: "The body is of another type than it has to be.",
    409: "Somebody else was first, or it is not the time for it.",
    413: "The body is larger than 1 MB.",
    421: "The request is meant for another host.",
    422: "What was sent cannot be used; the field is named.",
    428: "Which version of the text is meant was not said.",
    429: "Too often; `Retry-After` says when again.",
    503: "The store is away, or what was asked to be waited for did not come.",
}


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
    for name, example in EXAMPLES.items():
        components[name] |= {"examples": [example]}
    for schema in components.values():
        if "description" in schema:
            schema["description"] = inspect.cleandoc(schema["description"])
    document["paths"] = {path: found for path, found in document["paths"].items() if not path.startswith(OWN)}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _operation(path, operation, handlers[path, method])
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
        responses[str(status)] = _problem(status)
    if handler.opt.get(ACCESS) == PUBLIC:
        operation["security"] = []
    well = next((responses[status] for status in ("200", "201") if status in responses), None)
    if well is None:
        return
    if schema := _schema(path):
        well["content"]["application/json"]["schema"] = schema
    if "format" in names:
        well["content"]["text/csv"] = {"schema": {"type": "string"}}
        well["headers"] = {
            TRUNCATED: {"schema": {"type": "string", "enum": ["true", "false"]}, "description": "In a file alone."},
            NEXT: {"schema": {"type": "string"}, "description": "The cursor of what a file has no room for."},
        }
    if well.get("headers") or "after" in names:
        well["headers"] = {POSITION: {"schema": {"type": "string"}}, **well.get("headers", {})}


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
    if parameter["in"] == "query":
        if parameter["name"] in ("after", "from"):
            schema["pattern"] = POSITION_PATTERN
        known = {"category": CATEGORIES, "type": FACTS}.get(parameter["name"])
        if known is not None and schema.get("type") == "array":
            schema["items"] = {"type": "string", "enum": sorted(known)}


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
    if where & {"query", "header"} or body:
        yield 422
    if not handler.http_methods <= SAFE_METHODS:
        yield from (409, 422)
    if body:
        yield from (400, 413)
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        yield 428


def _problem(status: int) -> Json:
    answer: Json = {
        "description": MEANING.get(status, HTTPStatus(status).phrase),
        "content": {PROBLEM: {"schema": {"$ref": REF + "Problem"}}},
    }
    if status in (429, 503):
        example = {"example": str(RETRY_AFTER_S)}
        answer["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "In seconds.", **example}}
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
