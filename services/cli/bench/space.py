"""What a run takes in the server's memory: every key of its namespace, weighed by the server."""

from typing import NamedTuple

from services.cli.bench.figures import Place
from services.cli.bench.wire import Wire

PAGE = 500


class Space(NamedTuple):
    """Bytes of the log's streams, of the snapshots, of the views, and of everything."""

    streams: int
    snapshots: int
    views: int
    all: int


async def weigh(place: Place, namespace: str) -> Space:
    """`MEMORY USAGE` with every element counted, of every key of a namespace."""
    async with Wire(place.url) as wire:
        names: set[bytes] = set()
        cursor = b"0"
        while True:
            cursor, page = await wire.ask("SCAN", cursor, "MATCH", f"{{{namespace}:*", "COUNT", PAGE)
            names.update(page)
            if cursor == b"0":
                break
        ordered = sorted(names)
        sizes = await wire.ask_all([("MEMORY", "USAGE", name, "SAMPLES", 0) for name in ordered])
    weights = {name: int(size or 0) for name, size in zip(ordered, sizes, strict=True)}

    def of(part: bytes) -> int:
        return sum(size for name, size in weights.items() if part in name)

    return Space(of(b":log:"), of(b":snap:"), of(b":v:"), sum(weights.values()))
