"""The live feed as server-sent events, resumable from any place."""

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from contracts.access import Person
from contracts.errors import SwarmError
from contracts.facts import CATEGORIES, FACTS
from gateway.answers import position_text, read_position
from gateway.auth import known, needs
from gateway.backend import Backend
from gateway.feed import Told, Wish, follow
from gateway.query import Asking, among, only_known

QUIET_S = 15.0
SLOW_S = 30.0
"""Who takes longer for one message is let go, with the place to come back to."""

LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", description="The place to go on from.")]
From = Annotated[
    str | None, QueryParameter(name="from", description="Likewise, for a first request; `0:0` is the beginning.")
]


@get("/api/feed", opt=needs("read"), guards=[only_known], media_type="text/event-stream")
async def feed(
    request: Asking,
    backend: NamedDependency[Backend],
    category: FromQuery[tuple[str, ...]] = (),
    type: FromQuery[tuple[str, ...]] = (),  # noqa: A002 - What the fact calls it.
    lead_id: FromQuery[str] = "",
    run_id: FromQuery[str] = "",
    from_: From = None,
    last_event_id: LastEventId = None,
) -> ServerSentEvent:
    """Everything from a place on, first from the log, then as it comes; without a place, from now on.

    Each message has the type of its fact as event and the place as id. `reset` comes first where the place is not in
    this log: what is told from there on begins where it says.
    """
    wish = Wish(
        categories=among("category", category, CATEGORIES),
        types=among("type", type, FACTS),
        lead_id=lead_id,
        run_id=run_id,
    )
    heads = {partition: await backend.log.head(partition) for partition in _partitions(backend)}
    asked = read_position(place) if (place := last_event_id or from_) else heads
    lost = any(partition not in heads or seq > heads[partition] for partition, seq in asked.items())
    places = heads if lost else {partition: asked.get(partition, 0) for partition in heads}
    return ServerSentEvent(_messages(request, backend, wish, places, lost=lost))


async def _messages(
    request: Asking, backend: Backend, wish: Wish, places: dict[int, int], *, lost: bool
) -> AsyncIterator[ServerSentEventMessage]:
    person, stopping = request.user, request.app.state.stopping
    if lost:
        yield ServerSentEventMessage(event="reset", id=position_text(places), data="The place is not in this log.")
    try:
        async with aclosing(follow(backend.log, places, wish, person, stopping, quiet_s=QUIET_S)) as feeding:
            async for told in feeding:
                if _to_be_asked(told, person) and not await _still(request):
                    return
                if backend.clock() >= person.expires_at:
                    return
                asked_at = time.monotonic()
                yield _message(told)
                if time.monotonic() - asked_at > SLOW_S:
                    return
    except SwarmError as error:
        yield ServerSentEventMessage(event="failed", data=error.sentence())


def _to_be_asked(told: Told, person: Person) -> bool:
    """Whether to look again who reads: something happened to their account, or nothing for a while."""
    return told.account_id == person.account_id or not (told.type or told.account_id)


async def _still(request: Asking) -> bool:
    """Whether what the reader came with opens the same doors as when the feed began."""
    try:
        person = await known(request)
    except SwarmError:
        return False
    return person.permissions == request.user.permissions


def _message(told: Told) -> ServerSentEventMessage:
    if told.type:
        return ServerSentEventMessage(event=told.type, id=told.place, data=told.data)
    return ServerSentEventMessage(id=told.place, data=None, comment="here")


def _partitions(backend: Backend) -> range:
    return range(1 if backend.log.partitions == 1 else backend.log.partitions + 1)


ROUTES = (feed,)
