"""The OpenAPI document says what is answered: requests are drawn from it, and each answer is held against it."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts.facts import FACTS
from gateway import answers
from gateway.answers import POSITION, TOTAL
from gateway.columns import NEXT, TRUNCATED
from gateway.description import OBJECTS, PAGES
from gateway.examples import UNSAID
from gateway.handbook import handbook
from gateway.problems import PROBLEM
from services.commands.provided import ProviderSignIns
from services.providers.identity.fake import FakeIdentityProvider
from tests import controls
from tests.integration.gateway.office import Lead, Office, page
from tests.integration.gateway.test_access import DOORS, PUBLIC, routes
from tests.unit.projections.stories import ADA, Step

EXAMPLES = int(os.environ.get("SWARM_SCHEMA_EXAMPLES", "3"))
"""Requests per operation and reader; before a release it is run with 200."""
STREAMS = frozenset({"/api/feed"})
"""Their answers have no end but that of the process. What they tell is heard in test_feed.py."""
CHECKS = [content_type_conformance, positive_data_acceptance, response_schema_conformance, status_code_conformance]
SENT = ("method", "url", "headers", "params", "json", "data", "files")
WHO = ("nobody", "reviewer", "admin")
ACCEPTED = ["2xx", "302", "401", "403", "404"]
"""What well-formed data may be answered with."""
ELSEWHERE = "/api/session/oidc"
"""Below it browsers are led away and back; where nobody set up a provider, nothing is there."""
SAID = frozenset(
    {"etag", "retry-after", "set-cookie", "www-authenticate", *map(str.lower, (NEXT, POSITION, TOTAL, TRUNCATED))}
)
"""Headers that mean something to whoever asked."""
STEPS = 8
"""Requests in a row, each with what the one before gave."""
DRAWN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DECIDED = [*ACCEPTED, "409", "422", "428", "429"]
"""Likewise for a command: what a text may say, and that one of two optional things has to be there, no schema tells."""


@cache
def operations() -> tuple[tuple[str, str], ...]:
    """Every operation of the app that the document is about."""
    found = {
        (method, path.replace(":str", "").replace(":uuid", ""))
        for method, path, handler in routes()
        if handler.resolve_include_in_schema() and not path.startswith("/schema")
    }
    return tuple(sorted(found))


async def document(office: Office) -> dict[str, Any]:
    answer = await office.http.get("/schema/openapi.json")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
async def busy(office: Office, leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> Office:
    """Something in every view, and nobody waits for long."""
    monkeypatch.setattr(answers, "AFTER_WITHIN_S", 0.01)
    provided = ProviderSignIns(office.backend.sign_ins, FakeIdentityProvider({}), "sub", "")
    office.app.state.backend = replace(office.backend, provided=provided)
    rejected = controls.email_rejected(**leads[4].seen)
    facts = (controls.run_requested(), controls.lead_refused(), rejected, controls.dead_lettered())
    await office.tell(Step(0, facts, ADA))
    return office


def config_of(method: str) -> SchemathesisConfig:
    accepted = {"expected-statuses": ACCEPTED if method == "GET" else DECIDED}
    ours: dict[str, Any] = {"stateful": {"inference": {"algorithms": []}}}
    return SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": accepted}, "phases": ours})


def narrowed(told: dict[str, Any], leads: list[Lead], head: int) -> None:
    """Give parameters whose values only an earlier answer can give some that one did."""
    ids = {
        "email_id": [lead.email_id for lead in leads],
        "lead_id": [*(lead.lead_id for lead in leads), controls.REFUSED],
        "run_id": [controls.RUN],
        "key": [controls.EXCLUSION],
        "dead_id": [controls.dead_lettered().dead_id],
    }
    for operations_of in told["paths"].values():
        for operation in operations_of.values():
            for parameter in operation.get("parameters", []):
                if known := ids.get(parameter["name"]):
                    parameter["schema"] = {"anyOf": [{"enum": known}, {"type": "string", "minLength": 1}]}
                elif parameter["name"] in ("after", "from"):
                    parameter["schema"] = {"enum": [f"0:{head}", "0:1"]}
                elif parameter["name"] == "cursor":
                    parameter["schema"] = {"enum": [""]}


async def asked(office: Office, case: "Case[Any]", who: str) -> httpx.Response:
    """The answer to a request that was drawn, as somebody."""
    wire = case.as_transport_kwargs(base_url=str(office.http.base_url))
    drawn = requests.Request(**{name: wire[name] for name in SENT if name in wire}).prepare()
    headers: dict[str, Any] = {name: value for name, value in drawn.headers.items() if name.lower() != "authorization"}
    headers |= {} if who == "nobody" else office.headers(who)
    body: Any = drawn.body
    answer = await office.http.request(str(drawn.method), str(drawn.url), content=body, headers=headers)
    assert answer.status_code < 500, answer.text
    return answer


@pytest.mark.parametrize(("method", "path"), operations(), ids=str)
@pytest.mark.timeout(120 + 4 * EXAMPLES)
async def test_what_is_answered_is_documented(busy: Office, leads: list[Lead], method: str, path: str) -> None:
    told, loop = await document(busy), asyncio.get_running_loop()
    narrowed(told, leads, await busy.backend.log.head(0))
    checks = CHECKS
    if path in STREAMS:
        busy.stop()
        # The document calls a stream a text; this check takes it apart into events, and those are none.
        checks = [check for check in CHECKS if check is not response_schema_conformance]
    schema = schemathesis.openapi.from_dict(told, config=config_of(method))
    operation = schema[path][method]
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if told["paths"][path][method.lower()].get("parameters") or "requestBody" in told["paths"][path][method.lower()]:
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    def asking(who: str) -> None:
        """Draws and waits in a thread of its own, while the app works in the loop of the test."""

        @settings(DRAWN)
        @given(case=cases)
        def ask(case: "Case[Any]") -> None:
            answer = asyncio.run_coroutine_threadsafe(asked(busy, case, who), loop).result()
            case.validate_response(answer, checks=checks)
            described = operation.definition.raw["responses"].get(str(answer.status_code), {}).get("headers", {})
            assert SAID & set(answer.headers) <= {name.lower() for name in described}, answer.headers

        ask()

    for who in WHO:
        await asyncio.to_thread(asking, who)


@pytest.mark.parametrize("who", ["reviewer", "admin"])
@pytest.mark.timeout(120 + 4 * EXAMPLES)
async def test_what_an_answer_gives_can_be_asked_next(busy: Office, leads: list[Lead], who: str) -> None:
    """The links of the document are followed, several in a row; what they lead to is documented, too."""
    told, loop = await document(busy), asyncio.get_running_loop()
    for stream in STREAMS:
        del told["paths"][stream]
    narrowed(told, leads, 1)
    schema = schemathesis.openapi.from_dict(told, config=config_of("POST"))
    followed: dict[str, set[int]] = {}
    failures: list[BaseException] = []
    begun = 0

    async def step(case: "Case[Any]") -> httpx.Response:
        answer = await asked(busy, case, who)
        await busy.caught_up()
        return answer

    machine: Any = schema.as_state_machine()

    class Followed(machine):  # type: ignore[misc]
        def setup(self) -> None:
            nonlocal begun
            begun += 1

        def call(self, case: "Case[Any]", **_: Any) -> Response:
            return Response.from_any(asyncio.run_coroutine_threadsafe(step(case), loop).result())

        def validate_response(self, response: Response, case: "Case[Any]", **_: Any) -> None:
            try:
                case.validate_response(response, checks=CHECKS)
            except BaseException as failure:  # noqa: BLE001 - Told below: by then a repeat may find another answer.
                failures.append(failure)

        def step(self, input: Any) -> Any:  # noqa: A002 - The name is theirs.
            output = super().step(input)
            if input.transition is not None and input.is_applied and not input.transition.is_inferred:
                followed.setdefault(input.transition.id, set()).add(output.response.status_code)
            return output

    rows = settings(DRAWN, derandomize=False, stateful_step_count=STEPS)
    while (begun < EXAMPLES or not led(followed)) and not failures:
        # What was answered before changes what is drawn next, which hypothesis takes for a flaw and stops at.
        with suppress(Flaky):
            await asyncio.to_thread(seed(begun)(Followed).run, settings=rows)
    assert not failures, failures[0]


def led(followed: Mapping[str, set[int]]) -> set[str]:
    """The links that led to what is there."""
    return {name for name, statuses in followed.items() if statuses & {200, 201, 204}}


async def test_every_operation_is_described_with_its_refusals(office: Office) -> None:
    told = await document(office)
    described = {(method.upper(), path) for path, found in told["paths"].items() for method in found}
    assert described == set(operations())
    for (method, path), roles in DOORS.items():
        operation = told["paths"].get(path.replace(":str", ""), {}).get(method.lower())
        if operation is None:
            continue  # The page and the document itself.
        assert operation["summary"]
        refusals = {status for status, one in operation["responses"].items() if PROBLEM in one.get("content", {})}
        assert {"401", "403"} <= refusals if roles is not PUBLIC else operation["security"] == []
        may_be_missing = "{" in path or "/find/" in path or path.startswith(ELSEWHERE)
        assert ("404" in refusals) == may_be_missing or method == "POST"
        assert ("302" in operation["responses"]) == path.startswith(ELSEWHERE)
        for status in refusals:
            schema = operation["responses"][status]["content"][PROBLEM]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


async def test_newcomer_is_told_what_to_send_and_what_comes_back(office: Office) -> None:
    """Each parameter is explained, and each body and answer has an example that is one of its type."""
    told = await document(office)
    for method, path in operations():
        operation = told["paths"][path][method.lower()]
        assert all(one["description"] for one in operation.get("parameters", [])), (method, path)
        assert path not in operation["description"].partition("\n")[0]
        contents = [operation.get("requestBody", {}), *operation["responses"].values()]
        for kind, content in [one for each in contents for one in each.get("content", {}).items()]:
            if kind == "multipart/form-data":
                continue  # Its parts are described one by one.
            assert UNSAID not in _texts(content["example"]), (method, path)
            schema = {**content["schema"], "components": told["components"]}
            jsonschema_rs.validate(schema, content["example"])


def _texts(value: Any) -> list[str]:
    """Every text in a document."""
    match value:
        case str(text):
            return [text]
        case dict(values):
            return [text for one in values.values() for text in _texts(one)]
        case list(values):
            return [text for one in values for text in _texts(one)]
        case _:
            return []


@pytest.mark.parametrize(("method", "path"), [one for one in operations() if one[0] == "POST"], ids=str)
async def test_example_of_a_body_is_taken(office: Office, leads: list[Lead], method: str, path: str) -> None:
    """By whoever may, about what is not there: then nothing is left to complain of but that."""
    told = (await document(office))["paths"][path][method.lower()]
    if "application/json" not in told["requestBody"]["content"]:
        return
    example = told["requestBody"]["content"]["application/json"]["example"]
    headers = page(await office.session("admin"))
    answer = await office.http.post(path.replace("{", "").replace("}", ""), json=example, headers=headers)
    assert answer.status_code in (200, 401, 404), answer.text


async def test_types_are_those_of_rows_without_what_never_leaves(office: Office) -> None:
    types = (await document(office))["components"]["schemas"]
    assert {*PAGES.values(), *(name for names in OBJECTS.values() for name in names)} <= set(types)
    assert types["CardContent"]["properties"]["recipient"] == {"$ref": "#/components/schemas/Personal"}
    assert types["Personal"]["type"] == "string"
    assert "salt" not in types["CardContent"]["properties"]
    assert types["Reject"]["additionalProperties"] is False
    assert {"at", "words", "position"} <= set(types["TimelineMoment"]["properties"])


async def test_document_refers_to_nothing_that_is_not_there(office: Office) -> None:
    told = await document(office)
    wanted: list[Any] = [told]
    while wanted:
        match wanted.pop():
            case {"$ref": str(reference)}:
                assert reference.rpartition("/")[2] in told["components"]["schemas"], reference
            case dict(values):
                wanted += values.values()
            case list(values):
                wanted += values


async def test_feed_names_every_type_of_fact(office: Office) -> None:
    told = await document(office)
    (kinds,) = [one for one in told["paths"]["/api/feed"]["get"]["parameters"] if one["name"] == "type"]
    assert kinds["schema"]["items"]["enum"] == sorted(FACTS)


async def test_handbook_has_every_operation_and_no_script(office: Office) -> None:
    shown = await office.http.get("/schema")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    for method, path in operations():
        assert f"<code>{method} {path}</code>" in shown.text
    assert shown.text.count("<details>") > len(operations()) / 2
    assert "&quot;reason&quot;: &quot;It asks for nothing.&quot;" in shown.text
    assert "<script" not in shown.text
    assert "https://" not in shown.text


def test_handbook_shows_what_is_written_as_it_is_written() -> None:
    hostile = "<script>alert(1)</script>'\""
    operation = {
        "description": hostile,
        "parameters": [{"name": hostile, "in": "query", "schema": {"enum": [hostile]}, "description": hostile}],
        "responses": {
            "200": {"description": hostile, "content": {hostile: {"schema": {"type": hostile}, "example": hostile}}}
        },
        "requestBody": {"content": {hostile: {"schema": {"type": hostile}, "example": {hostile: hostile}}}},
    }
    types = {hostile: {"description": hostile, "properties": {hostile: {}}, "examples": [hostile]}}
    shown = handbook(
        {"info": {"title": hostile}, "paths": {f"/{hostile}": {"get": operation}}, "components": {"schemas": types}}
    )
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 10
