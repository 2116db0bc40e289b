"""One page of a list: rows that fit, from a cursor on, and the cursor of what comes after them."""

import base64
import math
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

import msgspec
from litestar import Response

from contracts.errors import BadInput
from gateway.answers import POSITION, TOTAL, Page
from gateway.columns import line
from gateway.export import table
from gateway.personal import exporting
from gateway.query import LIMIT_MAX, Paging
from services.runtime.view_pages import Place, Read

R = TypeVar("R", bound=msgspec.Struct)
LOOK_MAX = 1_000
"""Rows that one page looks at; where too few of them fit, its cursor goes on from there."""
EXPORT_ROWS_MAX = 10_000
EXPORT_LOOKS_MAX = 200
"""Pages that a file looks at; where too few rows fit, it ends there and says so."""

_encode, _decoder = msgspec.msgpack.encode, msgspec.msgpack.Decoder(tuple[str, float, str])


Fetch: TypeAlias = Callable[[str, int, int], Awaitable[Page]]
"""Gives the rows past a cursor: at most so many, looking at no more than so many."""


async def page(
    title: str,
    paging: Paging,
    read: Read[R],
    *,
    fits: Callable[[R], bool],
    show: Callable[[R], dict[str, object]],
    position: str,
    total: int | None = None,
) -> Response[Any]:
    """The next rows that fit, at most `paging.limit`; or all of them as a file.

    Args:
        title: names the list, and after a blank its order; a cursor of another one is refused.
        read: gives rows in the order of the list.
        position: where the view stood before the first read.
        total: how many rows the list has, for who shows the first of them; None where nobody counts.

    Raises:
        BadInput: the cursor is none of this list.
    """

    async def fetch(text: str, limit: int, look: int) -> Page:
        place = read_cursor(title, text) if text else None
        items: list[dict[str, object]] = []
        looked, count, more = 0, limit + 1, True
        while more and looked < look and len(items) < limit:
            found = await read(place, count)
            more = len(found) == count
            for number, one in enumerate(found, start=1):
                place, looked = one.place, looked + 1
                if one.row is not None and fits(one.row):
                    items.append(show(one.row))
                if len(items) == limit:
                    more = more or number < len(found)
                    break
            count = min(2 * count, 2 * LIMIT_MAX)
        return Page(items=items, next=cursor(title, place) if more and place else "", position=position)

    found = await answer(title.partition(" ")[0], paging, fetch)
    if total is not None:
        found.headers[TOTAL] = str(total)
    return found


async def answer(title: str, paging: Paging, fetch: Fetch) -> Response[Any]:
    """One page as JSON, or as many as a file takes."""
    if paging.format == "json":
        found = await fetch(paging.cursor, paging.limit, LOOK_MAX)
        return Response(found, headers={POSITION: found.position})
    rows: list[str] = []
    looks, following = EXPORT_LOOKS_MAX, paging.cursor
    while looks:
        found = await fetch(following, min(LIMIT_MAX, EXPORT_ROWS_MAX - len(rows)), LOOK_MAX)
        rows += [line(title, item) for item in found.items]
        looks, following = looks - 1, found.next
        if not following or len(rows) == EXPORT_ROWS_MAX:
            break
    exporting()
    return table(title, rows, following=following, position=found.position)


def cursor(title: str, place: Place) -> str:
    """A place as text that means nothing to anybody else."""
    return base64.urlsafe_b64encode(_encode((title, *place))).rstrip(b"=").decode()


def read_cursor(title: str, text: str) -> Place:
    """The place.

    Raises:
        BadInput: the text is no cursor, or one of another list.
    """
    try:
        of, rank, key = _decoder.decode(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, msgspec.MsgspecError):
        of, rank, key = "", math.nan, ""
    if of != title or not math.isfinite(rank):
        raise BadInput(
            "This is no cursor of this list.", "Send `next` of the page before, or none.", field="cursor"
        ) from None
    return Place(rank, key)
