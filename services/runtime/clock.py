"""Time comes in from outside, so that tests can hold it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


async def rest(seconds: float, stopping: asyncio.Event) -> None:
    """Wait, but not past the moment at which the process is told to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
