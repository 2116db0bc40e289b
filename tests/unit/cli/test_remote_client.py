"""What a gateway answers, and does not answer, as a command hears it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from contracts import errors
from gateway.problems import document_of, status_of
from services.cli.failures import Unexpected, exit_code
from services.cli.remote.address import Address
from services.cli.remote.client import ATTEMPTS, Gateway
from services.cli.remote.problems import error_of

Answers = Callable[[web.Request], web.Response | None]


def every(root: type[errors.SwarmError]) -> Iterator[type[errors.SwarmError]]:
    yield root
    for one in root.__subclasses__():
        if one.__module__ == root.__module__:
            yield from every(one)


class Heard(list[tuple[str, str, str]]):
    """Method with path, credentials and key of each request; `pauses` between them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@asynccontextmanager
async def answering(*answers: Answers) -> AsyncIterator[tuple[Gateway, Heard]]:
    """A gateway that gives these answers one after another, the last for ever; None hangs up."""
    heard = Heard()

    async def handle(request: web.Request) -> web.StreamResponse:
        await request.read()
        told = request.headers
        heard.append(
            (f"{request.method} {request.path_qs}", told.get("Authorization", ""), told.get("Idempotency-Key", ""))
        )
        answer = answers[min(len(heard), len(answers)) - 1](request)
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return answer

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    address = Address(f"http://127.0.0.1:{port}", "secret-one")
    try:
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {address.token}"}) as session:
            yield Gateway(address, session, heard.pause), heard
    finally:
        await runner.cleanup()


def fine(_: web.Request) -> web.Response:
    return web.json_response({"done": True})


def nothing(_: web.Request) -> None:
    return None


def problem(error: errors.SwarmError) -> Answers:
    body = msgspec.json.encode(document_of(error))
    return lambda _: web.Response(body=body, status=status_of(error), content_type="application/problem+json")


@pytest.mark.parametrize("kind", list(every(errors.SwarmError)))
def test_a_problem_is_the_error_that_it_was(kind: type[errors.SwarmError]) -> None:
    error = kind("It is so.", "Do this.", field="x", count=3)
    again = error_of(int(status_of(error)), msgspec.json.decode(msgspec.json.encode(document_of(error))))
    assert type(again) is kind
    assert (again.detail, again.remedy, again.values) == (error.detail, error.remedy, error.values)
    assert exit_code(again) == exit_code(error)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.Unauthenticated),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.BadInput),
        (409, errors.Conflict),
        (413, errors.TooLarge),
        (500, Unexpected),
        (502, errors.StoreUnavailable),
    ],
)
def test_a_problem_of_somebody_else_goes_by_its_status(status: int, kind: type[errors.SwarmError]) -> None:
    documents: list[object] = [None, [], {"type": "about:blank", "detail": "No."}, {"type": "urn:swarm:x", "values": 3}]
    for document in documents:
        assert type(error_of(status, document)) is kind


async def test_a_command_without_an_answer_is_said_again_under_its_key() -> None:
    away = problem(errors.StoreUnavailable("Not known."))
    async with answering(nothing, away, fine) as (gateway, heard):
        assert (await gateway.post("/api/runs", {"a": 1})).document == {"done": True}
        assert len(heard) == 3
        assert len(set(heard)) == 1
        assert heard[0][1] == "Bearer secret-one"
        assert len(heard[0][2]) == 32
        await gateway.post("/api/runs", {"a": 1})
        assert heard[3][2] not in {"", heard[0][2]}
        assert heard.pauses == sorted(heard.pauses) != []


async def test_a_command_that_is_never_answered_is_of_unknown_outcome() -> None:
    async with answering(nothing) as (gateway, heard):
        with pytest.raises(errors.StoreUnavailable, match="whether this was recorded is not known"):
            await gateway.post("/api/runs", {})
        assert len(heard) == ATTEMPTS
        with pytest.raises(errors.StoreUnavailable, match="does not answer"):
            await gateway.get("/api/runs")


@pytest.mark.parametrize("error", [errors.AlreadyDecided("Done."), errors.Forbidden("No."), errors.UnsafeStore("No.")])
async def test_a_refusal_is_final(error: errors.SwarmError) -> None:
    async with answering(problem(error), fine) as (gateway, heard):
        with pytest.raises(type(error)):
            await gateway.post("/api/runs", {})
        assert len(heard) == 1


async def test_what_has_no_key_is_said_once() -> None:
    async with answering(nothing, fine) as (gateway, heard):
        with pytest.raises(errors.StoreUnavailable):
            await gateway.say_once("/api/users/ada/link", {})
        assert [one[2] for one in heard] == [""]


async def test_a_gateway_that_is_not_there_is_asked_once(unused_tcp_port: int) -> None:
    heard = Heard()
    async with aiohttp.ClientSession() as session:
        gateway = Gateway(Address(f"http://127.0.0.1:{unused_tcp_port}", "secret-one"), session, heard.pause)
        with pytest.raises(errors.StoreUnavailable, match="cannot be reached") as away:
            await gateway.post("/api/runs", {})
    assert heard.pauses == []
    assert "secret-one" not in away.value.sentence()


async def test_the_token_follows_nobody_elsewhere() -> None:
    async with answering(lambda _: web.Response(status=307, headers={"Location": "/there"}), fine) as (gateway, heard):
        with pytest.raises(errors.BadInput, match="sends elsewhere"):
            await gateway.get("/api/runs")
        assert len(heard) == 1


async def test_a_page_of_somebody_else_is_no_answer() -> None:
    async with answering(lambda _: web.Response(text="<html>Welcome</html>")) as (gateway, heard):
        with pytest.raises(errors.StoreUnavailable, match="no gateway of a swarm"):
            await gateway.get("/api/runs")
        assert len(heard) == 1


async def test_a_list_is_read_to_its_end_or_as_far_as_asked() -> None:
    def page(request: web.Request) -> web.Response:
        first, count = int(request.query.get("cursor", "0")), int(request.query["limit"])
        last = min(first + count, 300)
        return web.json_response({"items": list(range(first, last)), "next": str(last) if last < 300 else ""})

    async with answering(page) as (gateway, heard):
        assert [one async for one in gateway.pages("/api/leads", 1_000, tier="")] == list(range(300))
        assert heard[0][0] == "GET /api/leads?limit=25"
        assert [one async for one in gateway.pages("/api/leads", 40)] == list(range(40))


async def test_what_is_not_shown_is_called_hidden() -> None:
    told: Any = {"name": "[redacted]", "rows": [{"a": "[redacted]", "b": "so [redacted]"}]}
    async with answering(lambda _: web.json_response(told)) as (gateway, _):
        assert (await gateway.get("/api/x")).document == {
            "name": "hidden",
            "rows": [{"a": "hidden", "b": "so [redacted]"}],
        }


async def test_a_feed_is_heard_message_by_message() -> None:
    feed = ": here\nid: 0:4\n\nevent: lead.sourced.v1\r\nid: 0:5\r\ndata: {}\r\n\r\ndata: a\ndata: b\n\nevent: cut\ndata: x"
    async with answering(lambda _: web.Response(text=feed, content_type="text/event-stream")) as (gateway, heard):
        found = [one async for one in gateway.listen("/api/feed", {"type": ["a", "b"]}, "0:3")]
    assert found == [("lead.sourced.v1", "0:5", "{}"), ("", "", "a\nb")]
    assert heard[0][0] == "GET /api/feed?type=a&type=b"
