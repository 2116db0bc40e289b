"""What a loop waits for ends with the process, and nothing else of it changes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.runtime.until_stopped import UntilStopped
from tests.unit.runtime_loop.loops import PATIENCE_S


@pytest.fixture
def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def until(stopping: asyncio.Event) -> AsyncIterator[UntilStopped]:
    async with UntilStopped(stopping) as entered:
        yield entered


class Slow:
    """Work that waits until it is cancelled, and says so."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.cancelled = False

    async def work(self) -> str:
        self.begun.set()
        try:
            return str(await asyncio.get_running_loop().create_future())
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def one(value: str) -> str:
    await asyncio.sleep(0)
    return value


async def test_what_comes_is_given_one_after_the_other(until: UntilStopped) -> None:
    assert [await until.wait_for(one("a")), await until.wait_for(one("b"))] == ["a", "b"]


async def test_stop_cuts_off_what_is_waited_for(until: UntilStopped, stopping: asyncio.Event) -> None:
    slow = Slow()
    waiting = asyncio.create_task(until.wait_for(slow.work()))
    await slow.begun.wait()
    stopping.set()
    assert await asyncio.wait_for(waiting, PATIENCE_S) is None
    assert slow.cancelled


async def test_nothing_is_begun_after_the_stop(until: UntilStopped, stopping: asyncio.Event) -> None:
    slow = Slow()
    stopping.set()
    assert await until.wait_for(slow.work()) is None
    assert not slow.begun.is_set()


async def test_time_that_ran_out_inside_is_no_stop(until: UntilStopped) -> None:
    async def late() -> None:
        raise TimeoutError("inside")

    with pytest.raises(TimeoutError, match="inside"):
        await until.wait_for(late())


async def test_whoever_is_cancelled_stays_so(until: UntilStopped) -> None:
    slow = Slow()
    waiting = asyncio.create_task(until.wait_for(slow.work()))
    await slow.begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert slow.cancelled
    assert await until.wait_for(one("after")) == "after"
