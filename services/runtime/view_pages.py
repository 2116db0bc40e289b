"""Rows of a view page by page: each page begins past a place, so that rows which come or go move no other one."""

from bisect import bisect_right
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from services.runtime import keys
from services.runtime.redis_client import ask, named_failures
from services.runtime.view_store import PAGE, ROW_PREFIX, Rows, ViewStore

R = TypeVar("R")
MORE = 4
"""So many times as many names are read where too many rows of one rank lie before the place."""


class Place(NamedTuple):
    """Where a row stands in the order of a view: by rank, and among equals by key."""

    rank: float
    key: str


class Placed(NamedTuple, Generic[R]):
    """A row with its place. None: it was removed between two reads, or another process changed the generation."""

    place: Place
    row: R | None


Read: TypeAlias = Callable[[Place | None, int], Awaitable[list[Placed[R]]]]
"""The rows past a place, from the first one where none is named; fewer than asked for at the end alone."""


def listed(
    store: ViewStore,
    view: Rows[R],
    *,
    lowest: float = float("-inf"),
    highest: float = float("inf"),
    highest_first: bool = False,
) -> Read[R]:
    """The rows that a view lists between two ranks, both included."""

    async def read(after: Place | None, count: int) -> list[Placed[R]]:
        low, high = lowest, highest
        if after is not None:
            low, high = (low, min(high, after.rank)) if highest_first else (max(low, after.rank), high)
        generation, wanted = await store.generation(view), count + 1
        order = keys.view_order(store.namespace, view.name, generation)
        command, ends = ("ZREVRANGEBYSCORE", (high, low)) if highest_first else ("ZRANGEBYSCORE", (low, high))
        while True:
            async with named_failures():
                found = await ask(store.client, command, order, *map(str, ends), "WITHSCORES", "LIMIT", 0, wanted)
            places = [Place(float(rank), name.decode()) for name, rank in zip(found[::2], found[1::2], strict=True)]
            past = [one for one in places if after is None or ((one < after) if highest_first else (one > after))]
            if len(past) >= count or len(places) < wanted:
                return await _rows(store, view, generation, past[:count])
            wanted *= MORE

    return read


async def ordered(
    store: ViewStore,
    view: Rows[R],
    by: Callable[[R], float],
    *,
    lowest: float = float("-inf"),
    highest: float = float("inf"),
) -> Read[R]:
    """The rows that a view lists between two ranks in another order: by a number of each, the lowest first.

    Every listed row is read once to know its place, so this is for a listing that is bounded by what waits; what is
    shown is then read again. A row that changes its number between two pages may come twice or not at all.
    """
    read, places = listed(store, view, lowest=lowest, highest=highest), list[Place]()
    after: Place | None = None
    while found := await read(after, PAGE):
        after = found[-1].place
        places += [Place(by(one.row), one.place.key) for one in found if one.row is not None]
    places.sort()
    generation = await store.generation(view)

    async def page(after: Place | None, count: int) -> list[Placed[R]]:
        first = bisect_right(places, after) if after else 0
        return await _rows(store, view, generation, places[first : first + count])

    return page


async def _rows(store: ViewStore, view: Rows[R], generation: int, places: list[Place]) -> list[Placed[R]]:
    if not places:
        return []
    name = keys.view_rows(store.namespace, view.name, generation)
    async with named_failures():
        values = await ask(store.client, "HMGET", name, *(place.key for place in places))
    return [
        Placed(place, None if value is None else view.decode(value[ROW_PREFIX:]))
        for place, value in zip(places, values, strict=True)
    ]
