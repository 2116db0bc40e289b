"""The live feed, resumable from any place: as server-sent events, and over a WebSocket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, NamedTuple, TypeAlias

from litestar import WebSocket, get, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromQuery, HeaderParameter, QueryParameter
from litestar.response import Stream

from contracts.access import Person
from contracts.errors import SwarmError, Unauthenticated
from gateway.answers import position_text, read_position
from gateway.auth import known, needs
from gateway.backend import Backend, Behind
from gateway.feed import EVENTS, MESSAGES, Actors, Ear, Form, Wish, wish_of
from gateway.handshake import (
    FAILURE,
    GOING_AWAY,
    NOT_ADMITTED,
    NOT_SIGNED_IN,
    TOO_SLOW,
    TOO_TALKATIVE,
)
from gateway.hub import hub_of
from gateway.personal import feed_opened
from gateway.query import Asking, only_known
from gateway.server import wire_of
from services.projections.service import partitions

LOST = "The place is not in this log."
SAID_MAX, SAID_BYTES_MAX = 64, 4_096
"""What a client may send over a WebSocket that only tells; nothing of it is read."""

LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", description="The place to go on from.")]
From = Annotated[
    str | None, QueryParameter(name="from", description="Likewise, for a first request; `0:0` is the beginning.")
]
Socket: TypeAlias = WebSocket[Person, str, State]
Listener: TypeAlias = Asking | Socket
GONE = (0, "")


class Asked(NamedTuple):
    """What a reader asked for, as far as this log has it."""

    wish: Wish
    places: dict[int, int]
    lost: bool


@get("/api/feed", opt=needs("read"), guards=[only_known], media_type="text/event-stream")
async def feed(
    request: Asking,
    backend: Behind,
    category: FromQuery[tuple[str, ...]] = (),
    type: FromQuery[tuple[str, ...]] = (),  # noqa: A002 - What the fact calls it.
    actor: Actors = (),
    lead_id: FromQuery[str] = "",
    run_id: FromQuery[str] = "",
    from_: From = None,
    last_event_id: LastEventId = None,
) -> Stream:
    """Everything from a place on, first from the log, then as it comes; without a place, from now on.

    Each message has the type of its fact as event and the place as id. `reset` comes where what follows the place is
    not in this log: what is told from there on begins where it says. `slow` is the last event of who does not read.
    """
    asked = await _asked(backend, wish_of(category, type, actor, lead_id, run_id), last_event_id or from_)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(_events(request, backend, asked), media_type="text/event-stream", headers=headers)


async def _events(request: Asking, backend: Backend, asked: Asked) -> AsyncIterator[bytes]:
    with suppress(_Over):
        async for message in _told(request, backend, asked, EVENTS):
            yield message


@websocket("/api/feed/ws", opt=needs("read"), guards=[only_known])
async def feed_socket(
    socket: Socket,
    backend: Behind,
    category: FromQuery[tuple[str, ...]] = (),
    type: FromQuery[tuple[str, ...]] = (),  # noqa: A002 - What the fact calls it.
    actor: Actors = (),
    lead_id: FromQuery[str] = "",
    run_id: FromQuery[str] = "",
    from_: From = None,
) -> None:
    """As the feed, each message a JSON object: `event`, `id`, `data`. It is closed with a code that says why."""
    asked = await _asked(backend, wish_of(category, type, actor, lead_id, run_id), from_)
    await feed_opened(backend, socket.user)
    await socket.accept()
    hearing = asyncio.create_task(_disregarded(socket))
    telling = asyncio.create_task(_telling(socket, backend, asked))
    try:
        await asyncio.wait({hearing, telling}, return_when=asyncio.FIRST_COMPLETED)
        code, reason = telling.result() if telling.done() else hearing.result()
        if code:
            with suppress(OSError, WebSocketDisconnect):
                await socket.close(code, reason)
    finally:
        for task in (hearing, telling):
            task.cancel()
        await asyncio.gather(hearing, telling, return_exceptions=True)


class _Over(Exception):
    """The feed ends, for a reason that a WebSocket's close has a code for."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


async def _telling(socket: Socket, backend: Backend, asked: Asked) -> tuple[int, str]:
    """Tell until there is a reason to close: its code and words; 0 where the client is gone."""
    try:
        async for message in _told(socket, backend, asked, MESSAGES):
            await socket.send_text(message)
    except _Over as over:
        return over.code, str(over)
    except (OSError, WebSocketDisconnect):
        return GONE
    return GOING_AWAY, "the server ends"


async def _disregarded(socket: Socket) -> tuple[int, str]:
    """Take what the client says and drop it; ends when it leaves or says too much."""
    said = 0
    with suppress(WebSocketDisconnect):
        for _ in range(SAID_MAX):
            said += len(await socket.receive_data("text"))
            if said > SAID_BYTES_MAX:
                break
        return TOO_TALKATIVE, "this socket only tells"
    return GONE


async def _told(connection: Listener, backend: Backend, asked: Asked, form: Form) -> AsyncIterator[bytes]:
    """Messages until there is a reason to end; without one, the process ends.

    Raises:
        _Over: for that reason.
    """
    person, hub = connection.user, hub_of(connection)
    place = position_text(asked.places)
    if asked.lost:
        yield form.word("reset", place, LOST)
    ear = Ear.of(person, asked.wish, form)
    async with hub.reader(person, ear, asked.places, wire_of(connection.scope)) as reader:
        try:
            while told := await reader.next():
                place = told.place
                if told.account or told.what == "here":
                    await _still(connection)
                if backend.clock() >= person.expires_at:
                    raise _Over(NOT_SIGNED_IN, "the token has expired")
                for message in told.messages:
                    yield message
                match told.what:
                    case "here":
                        yield form.here(place)
                    case "reset":
                        yield form.word("reset", place, LOST)
                    case "slow":
                        yield form.word("slow", place, "Come back with this place.")
                        raise _Over(TOO_SLOW, "slow")
        except SwarmError as error:
            yield form.word("failed", place, error.sentence())
            raise _Over(FAILURE, error.slug) from error


async def _still(connection: Listener) -> None:
    """Look again who listens.

    Raises:
        _Over: their token does not open the same doors as when the feed began.
    """
    try:
        person = await known(connection)
    except Unauthenticated as error:
        raise _Over(NOT_SIGNED_IN, "not signed in any more") from error
    if person.permissions != connection.user.permissions:
        raise _Over(NOT_ADMITTED, "the roles have changed")


async def _asked(backend: Backend, wish: Wish, place: str | None) -> Asked:
    heads = {partition: await backend.log.head(partition) for partition in partitions(backend.log)}
    asked = read_position(place) if place else heads
    lost = any(partition not in heads or seq > heads[partition] for partition, seq in asked.items())
    return Asked(wish, heads if lost else {partition: asked.get(partition, 0) for partition in heads}, lost)


ROUTES = (feed, feed_socket)
