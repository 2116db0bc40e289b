"""How fast work of several kinds goes: a part of each in turn, so that what else the machine does falls on all alike."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeAlias

from services.cli.bench.figures import percentile

TURNS = 4

Piece: TypeAlias = Callable[[], Awaitable[None]]
"""A piece of work that is begun when it is called."""


class Pace(NamedTuple):
    """How many in a second, and how long one took, in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float


async def in_turns(kinds: Sequence[Sequence[Piece]], at_once: int, *, warm_up: int = 0) -> list[Pace]:
    """Do all pieces of each kind, so many at once, never two kinds at a time.

    Args:
        warm_up: so many of each kind are done before, and do not count.

    Returns:
        The pace of each kind.
    """
    for pieces in kinds:
        await _timed(pieces[:warm_up], at_once)
    took_ms: list[list[float]] = [[] for _ in kinds]
    took_s = [0.0 for _ in kinds]
    for turn in range(TURNS):
        for kind, pieces in enumerate(kinds):
            began = time.perf_counter()
            took_ms[kind] += await _timed(pieces[warm_up:][turn::TURNS], at_once)
            took_s[kind] += time.perf_counter() - began
    return [
        Pace(len(each_ms) / whole_s, percentile(each_ms, 0.5), percentile(each_ms, 0.99))
        for each_ms, whole_s in zip(took_ms, took_s, strict=True)
    ]


async def _timed(pieces: Sequence[Piece], at_once: int) -> list[float]:
    """Milliseconds that each took."""
    left, took_ms = iter(pieces), list[float]()

    async def worker() -> None:
        for piece in left:
            began = time.perf_counter()
            await piece()
            took_ms.append((time.perf_counter() - began) * 1_000)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return took_ms
