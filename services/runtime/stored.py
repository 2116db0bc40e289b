"""What lies in the store as bytes, read in pages and changed by nobody here: snapshots and rows, for whoever checks them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from services.runtime import keys
from services.runtime.redis_client import Client, ask, named_failures

PAGE_SCRIPT = (Path(__file__).parent / "view_page.lua").read_text()
PAGE = 500


class StoredRow(NamedTuple):
    """A row as it lies there: its value, and what it is listed by (None: not listed)."""

    key: str
    value: bytes
    rank: float | None


class ViewPage(NamedTuple):
    """Some rows of a view at one moment, where the view then stood, and listed keys without a row."""

    positions: Mapping[int, int]
    rows: Sequence[StoredRow]
    strays: Sequence[str]


async def snapshots(
    client: Client, namespace: str, partition: int, category: str, *, count: int = PAGE
) -> AsyncIterator[dict[str, bytes]]:
    """The snapshots of a category by aggregate; one may come twice while others are written."""
    name, cursor = keys.snapshots(namespace, partition, category), 0
    while True:
        async with named_failures():
            cursor, page = await ask(client, "HSCAN", name, cursor, "COUNT", count)
        yield {key.decode(): value for key, value in page.items()}
        if not cursor:
            return


async def view_pages(
    client: Client, namespace: str, view: str, generation: int, *, count: int = PAGE
) -> AsyncIterator[ViewPage]:
    """A view page by page; a row may come twice while others are written, and one that stays always comes."""
    names = (
        keys.view_rows(namespace, view, generation),
        keys.view_order(namespace, view, generation),
        keys.view_position(namespace, view, generation),
    )
    rows_cursor, order_cursor = "0", "0"
    while rows_cursor or order_cursor:
        async with named_failures():
            found = await client.eval(PAGE_SCRIPT, len(names), *names, rows_cursor, order_cursor, str(count))
        positions, rows_next, rows, ranks, order_next, strays = found
        yield ViewPage(
            positions=_positions(positions),
            rows=[
                StoredRow(key.decode(), value, float(rank) if rank else None)
                for key, value, rank in zip(rows[::2], rows[1::2], ranks, strict=True)
            ],
            strays=[key.decode() for key in strays],
        )
        rows_cursor = "" if rows_next in {b"", b"0"} else rows_next.decode()
        order_cursor = "" if order_next in {b"", b"0"} else order_next.decode()


async def rows_at(
    client: Client, namespace: str, view: str, generation: int, wanted: Sequence[str]
) -> tuple[dict[int, int], dict[str, bytes | None]]:
    """Some rows of a view, and where the view stood at that moment."""
    async with named_failures():
        pipeline = client.pipeline(transaction=True)
        pipeline.hgetall(keys.view_position(namespace, view, generation))
        pipeline.hmget(keys.view_rows(namespace, view, generation), list(wanted))
        positions, values = await pipeline.execute()
    return (
        {int(partition): int(seq) for partition, seq in positions.items()},
        dict(zip(wanted, values, strict=True)),
    )


def _positions(flat: Sequence[bytes]) -> dict[int, int]:
    return {int(partition): int(seq) for partition, seq in zip(flat[::2], flat[1::2], strict=True)}
