"""One page of a list: rows that fit, from a cursor on, and the cursor of what comes after them."""

import base64
import math
from collections.abc import Callable
from typing import TypeVar

import msgspec
from litestar import Response

from contracts.errors import BadInput
from gateway.answers import POSITION, Page
from gateway.query import LIMIT_MAX, Paging
from services.runtime.view_pages import Place, Read

R = TypeVar("R", bound=msgspec.Struct)
LOOK_MAX = 1_000
"""Rows that one page looks at; where too few of them fit, its cursor goes on from there."""

_encode, _decoder = msgspec.msgpack.encode, msgspec.msgpack.Decoder(tuple[str, float, str])


async def page(
    title: str,
    paging: Paging,
    read: Read[R],
    *,
    fits: Callable[[R], bool],
    show: Callable[[R], dict[str, object]],
    position: str,
) -> Response[Page]:
    """The next rows that fit, at most `paging.limit`.

    Args:
        title: names the list; a cursor of another one is refused.
        read: gives rows in the order of the list.
        position: where the view stood before the first read.

    Raises:
        BadInput: the cursor is none of this list.
    """
    place = read_cursor(title, paging.cursor) if paging.cursor else None
    items: list[dict[str, object]] = []
    looked, count, more = 0, paging.limit + 1, True
    while more and looked < LOOK_MAX and len(items) < paging.limit:
        found = await read(place, count)
        more = len(found) == count
        for number, one in enumerate(found, start=1):
            place, looked = one.place, looked + 1
            if one.row is not None and fits(one.row):
                items.append(show(one.row))
            if len(items) == paging.limit:
                more = more or number < len(found)
                break
        count = min(2 * count, 2 * LIMIT_MAX)
    following = cursor(title, place) if more and place else ""
    return Response(Page(items=items, next=following, position=position), headers={POSITION: position})


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
