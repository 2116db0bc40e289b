"""The script that writes the rows of a view: all of a batch, or nothing."""

from collections.abc import AsyncIterator, Sequence

import pytest
from redis.exceptions import ResponseError

from services.runtime import keys
from services.runtime.redis_client import ask
from services.runtime.view_store import Advance, Upsert, ViewStore

VIEW = "cards"
GENERATION = 1
MANY = 5_001
"""More than the script hands to one command."""


@pytest.fixture
async def store(redis_url: str, namespace: str) -> AsyncIterator[ViewStore]:
    opened = ViewStore(redis_url, namespace)
    yield opened
    await opened.close()


def advance(
    expected: int, upserts: Sequence[Upsert], removals: Sequence[str] = (), *, live: bool = True, ranked: bool = True
) -> Advance:
    return Advance(VIEW, GENERATION, live, 0, expected, expected + 1, ranked, upserts, removals)


async def written(store: ViewStore) -> tuple[dict[bytes, bytes], dict[bytes, bytes], dict[bytes, bytes]]:
    """Rows, ranks and positions."""
    rows = await ask(store.client, "HGETALL", keys.view_rows(store.namespace, VIEW, GENERATION))
    order = await ask(store.client, "ZRANGE", keys.view_order(store.namespace, VIEW, GENERATION), 0, -1, "WITHSCORES")
    positions = await ask(store.client, "HGETALL", keys.view_position(store.namespace, VIEW, GENERATION))
    return rows, dict(zip(order[::2], order[1::2], strict=True)), positions


async def test_rows_are_written_listed_and_removed(store: ViewStore) -> None:
    many = [Upsert(f"{n}", b"old", float(n) if n % 2 else None) for n in range(MANY)]
    assert await store.advance([advance(0, many)]) == [True]
    changed = [Upsert("1", b"new", None), Upsert("2", b"new", -7.5), Upsert("new", b"new", 1e16)]
    assert await store.advance([advance(1, changed, ["3", "4", "never there"])]) == [True]
    rows, ranks, positions = await written(store)
    assert rows == {b"%d" % n: b"old" for n in range(MANY) if n not in {1, 2, 3, 4}} | {
        b"1": b"new",
        b"2": b"new",
        b"new": b"new",
    }
    assert set(ranks) == {b"%d" % n for n in range(5, MANY, 2)} | {b"2", b"new"}
    assert (float(ranks[b"2"]), float(ranks[b"new"])) == (-7.5, 1e16)
    assert positions == {b"0": b"2"}


async def test_removing_most_rows_at_once(store: ViewStore) -> None:
    names = [f"{n}" for n in range(MANY)]
    await store.advance([advance(0, [Upsert(name, b"", 1.0) for name in names])])
    assert await store.advance([advance(1, [], names[1:])]) == [True]
    rows, ranks, _ = await written(store)
    assert (set(rows), set(ranks)) == ({b"0"}, {b"0"})


async def test_view_without_ranks_has_no_order(store: ViewStore) -> None:
    await store.advance([advance(0, [Upsert("a", b"1", None), Upsert("b", b"2", None)], ranked=False)])
    await store.advance([advance(1, [], ["a"], ranked=False)])
    assert await written(store) == ({b"b": b"2"}, {}, {b"0": b"2"})


@pytest.mark.parametrize("refused", [advance(1, []), advance(0, [], live=False), advance(0, [])._replace(generation=2)])
async def test_batch_from_elsewhere_is_refused(store: ViewStore, refused: Advance) -> None:
    with_row = refused._replace(upserts=[Upsert("a", b"1", 1.0)])
    assert await store.advance([with_row]) == [False]
    assert await written(store) == ({}, {}, {})


@pytest.mark.parametrize("rank", [float("nan"), float("inf")])
async def test_rank_that_nothing_can_be_listed_by_writes_nothing(store: ViewStore, rank: float) -> None:
    with pytest.raises(ResponseError, match="MALFORMED rank of row 2"):
        await store.advance([advance(0, [Upsert("a", b"1", 1.0), Upsert("b", b"2", rank)])])
    assert await written(store) == ({}, {}, {})
