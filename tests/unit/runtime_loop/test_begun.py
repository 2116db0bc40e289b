"""A coroutine that was begun by hand goes on, once awaited, as if it had been awaited from the start."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from services.runtime.begun import Begun


async def go_on(work: Coroutine[Any, Any, str]) -> str:
    """Begin, then await the rest."""
    return await Begun(work, work.send(None))


async def test_answer_comes_after_several_waits() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        one = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(one.set_result, "answer")
        return str(await one)

    assert await go_on(work()) == "answer"


async def test_failure_while_it_waits_is_raised_inside_and_out() -> None:
    async def work() -> str:
        one = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(one.set_exception, KeyError("x"))
        try:
            await one
        except KeyError:
            await asyncio.sleep(0)
            raise ValueError("y") from None
        return ""

    with pytest.raises(ValueError, match="y"):
        await go_on(work())


async def test_cancelled_while_it_waits_it_ends_what_it_has_to() -> None:
    ended = asyncio.Event()

    async def work() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()
        return ""

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await go_on(work())
    assert ended.is_set()


async def test_own_timeout_of_the_work_is_its_own() -> None:
    async def work() -> str:
        try:
            async with asyncio.timeout(0.001):
                await asyncio.Event().wait()
        except TimeoutError:
            return "gave up"
        return ""

    assert await go_on(work()) == "gave up"


async def test_closed_before_it_is_done_the_work_is_closed() -> None:
    closed: list[bool] = []

    async def work() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            closed.append(True)
        return ""

    handling = work()
    rest = Begun(handling, handling.send(None)).__await__()
    next(rest)
    rest.close()
    assert closed == [True]
