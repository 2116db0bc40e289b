"""The log itself, a page at a time."""

from typing import Annotated

from litestar import Response, get
from litestar.params import FromQuery, QueryParameter

from contracts.errors import BadInput, Forbidden
from gateway.answers import Page, position_text, read_position
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.events import Reader
from gateway.feed import Actors, wish_of
from gateway.pages import answer
from gateway.query import LIMIT, LIMIT_MAX, AsFormat, Asking, Paging, only_known
from services.projections.service import partitions

From = Annotated[
    str | None,
    QueryParameter(name="from", description="The place to go on from, such as `next` or `position` of a page."),
]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)]
Newest = Annotated[bool, QueryParameter(description="The last facts instead of the first; as a file at most 200.")]


@get("/api/events", opt=needs("read"), guards=[only_known])
async def events(
    request: Asking,
    backend: Behind,
    category: FromQuery[tuple[str, ...]] = (),
    type: FromQuery[tuple[str, ...]] = (),  # noqa: A002 - What the fact calls it.
    actor: Actors = (),
    lead_id: FromQuery[str] = "",
    run_id: FromQuery[str] = "",
    from_: From = None,
    newest: Newest = False,
    limit: Limit = LIMIT,
    format: AsFormat = "json",  # noqa: A002 - What people call it.
) -> Response[Page]:
    """Facts as the feed tells them, oldest first; those that came first from a place on, or those that came last.

    `next` is the place of what comes after, empty at the end. `position` is up to where the log was read: `from` it one
    hears what came since, here or in the feed. A page looks at a bounded part of the log, so it may hold fewer facts
    than fit the filter, or none, and still have a `next`. `category=access` needs the permission `audit`.
    """
    if "access" in category and not request.user.may("audit"):
        raise Forbidden("Facts about people's access need the permission 'audit'.", "An auditor may read them.")
    wish = wish_of(category, type, actor, lead_id, run_id)
    reader = Reader(backend.log, wish, request.user)

    async def fetch(place: str, limit: int, look: int) -> Page:
        places = await _places(backend, place)
        return await (reader.newest if newest else reader.forward)(places, limit, look)

    return await answer("events", Paging(limit=limit, cursor=from_ or "", format=format), fetch)


async def _places(backend: Backend, text: str) -> dict[int, int]:
    """By partition, where to go on; the beginning where nothing is said.

    Raises:
        BadInput: this log has no such place.
    """
    asked = read_position(text, "from") if text else {}
    heads = {partition: await backend.log.head(partition) for partition in partitions(backend.log)}
    if any(partition not in heads or seq > heads[partition] for partition, seq in asked.items()):
        raise BadInput("This place is not in the log.", f"The log ends at {position_text(heads)}.", field="from")
    return {partition: asked.get(partition, 0) for partition in heads}


ROUTES = (events,)
