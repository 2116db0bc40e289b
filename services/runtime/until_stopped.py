"""Waiting that ends when the process is told to stop, at no more cost than a timer that is never set."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class UntilStopped:
    """What one task waits for, one thing after another. Enter it for as long as there may be something to wait for.

    A task for each wait, and one more that waits for the event beside it, took as long as reading what was waited for.
    """

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._limit: asyncio.Timeout | None = None

    async def __aenter__(self) -> "UntilStopped":
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        await self._stopping.wait()
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def wait_for(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What it gives; None where it was cut off, or not begun, because the process stops. What came as it was cut off
        is lost."""
        if self._stopping.is_set():
            work.close()
            return None
        try:
            async with asyncio.timeout(None) as limit:
                self._limit = limit
                return await work
        except TimeoutError:
            if not limit.expired():
                raise
            return None
        finally:
            self._limit = None
