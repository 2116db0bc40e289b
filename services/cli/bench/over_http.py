"""Approvals over HTTP beside bare commits over the same server, and how long a fact takes to everybody who listens.

Subscribers are in this process; the gateway, and the minimal fan-out beside it, are each in one of their own.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import uuid4

import msgspec

from contracts.commands import ApproveDraft
from contracts.errors import StoreUnavailable
from contracts.identity import CONTROL
from services.cli.bench.approve import REVIEWER, like, shown, waiting
from services.cli.bench.caller import COMMIT, UNITS, Caller, Subscriber
from services.cli.bench.figures import Place, percentile
from services.cli.bench.pace import Pace, in_turns
from services.cli.bench.pipeline import WAIT_S, in_one_process, opened
from services.cli.bootstrap import Swarm
from services.cli.people import accounts_of
from services.runtime import keys
from services.runtime.log import Unit

LOGIN = "bench"
PAUSE_S = 0.002
SETTLE_S = 0.2
WARM_UP = 2
"""Calls on each connection before those that count: a process opens its connections to the store with the first."""


class Delay(NamedTuple):
    """From the commit until a subscriber has the fact, in milliseconds, over all facts and subscribers."""

    p50_ms: float
    p99_ms: float


class OverHttp(NamedTuple):
    """What was measured, and the limits beside it."""

    answered: Pace
    bare: Pace
    feed: Delay
    fanout: Delay


async def over_http(place: Place, namespace: str, seed: int) -> OverHttp:
    """Let a staging run's drafts wait, then measure with nothing else at work.

    Raises:
        StoreUnavailable: too few drafts wait, or an answer is not the one that is measured.
    """
    sizes = place.sizes
    count = sizes.approvals + WARM_UP * sizes.at_once
    await in_one_process(place, namespace, count * 5 // 4 + 2, seed, mode="staging")
    async with opened(place, namespace) as swarm:
        commands = await waiting(swarm, count + 1)
        unit, token = await shown(place, swarm, commands.pop()), await _token(swarm)
        units = [like(unit, number) for number in range(count + 2 * sizes.feed_facts + 1)]
        async with _process("served", place.url, str(place.home), namespace) as port:
            paces = await _paces(port, token, commands, [units.pop() for _ in range(count)], sizes.at_once)
            asked = f"GET /api/feed HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
            told = await _message(swarm, port, asked, units.pop())
            feed = await _heard(swarm, port, asked, sizes.subscribers, [units.pop() for _ in range(sizes.feed_facts)])
        stream = keys.stream(namespace, CONTROL, "email")
        async with _process("fanout", place.url, stream, told.hex()) as port:
            fanout = await _heard(swarm, port, b"", sizes.subscribers, units)
    return OverHttp(*paces, feed, fanout)


async def _token(swarm: Swarm) -> str:
    accounts = accounts_of(swarm.log, swarm.clock)
    await accounts.open_account(LOGIN, name="", roles=["reviewer"], actor=REVIEWER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        LOGIN, label="", scopes=(), life=timedelta(days=1), actor=REVIEWER, command_id=str(uuid4())
    )
    return text


@asynccontextmanager
async def _process(name: str, *arguments: str) -> AsyncIterator[int]:
    """A process of the bench, and the port that it listens on. It ends when its input does."""
    command = (sys.executable, "-m", f"services.cli.bench.{name}", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        line = await process.stdout.readline() if process.stdout else b""
        if not line:
            raise StoreUnavailable("A process of the bench ended before it was ready.", "See its output above.")
        yield int(line)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _paces(
    port: int, token: str, commands: Sequence[ApproveDraft], units: Sequence[Unit], at_once: int
) -> tuple[Pace, Pace]:
    """Of approvals of drafts whose cards were read before, as a page reads them, and of bare commits."""
    async with AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(Caller(port, token)) for _ in range(at_once)]
        await idle[0].post(UNITS, msgspec.msgpack.encode(units))

        async def read(caller: Caller, left: Iterator[ApproveDraft]) -> None:
            for one in left:
                await caller.get(f"/api/emails/{one.email_id}")

        async def post(path: str, body: bytes = b"") -> None:
            caller = idle.pop()
            await caller.post(path, body)
            idle.append(caller)

        unread = iter(commands)
        await asyncio.gather(*(read(caller, unread) for caller in idle))

        approvals = [
            partial(
                post,
                f"/api/emails/{one.email_id}/approve",
                msgspec.json.encode({"expected_version": one.draft_version}),
            )
            for one in commands
        ]
        bare = [partial(post, COMMIT)] * len(commands)
        answered, committed = await in_turns([approvals, bare], at_once, warm_up=WARM_UP * at_once)
        return answered, committed


async def _message(swarm: Swarm, port: int, asked: bytes, unit: Unit) -> bytes:
    """The very bytes that the gateway writes for the facts of a unit."""
    async with _listening(port, asked, 1) as (listeners, heard):
        await _commit(swarm, unit, heard, 1)
        return listeners[0].last


async def _heard(swarm: Swarm, port: int, asked: bytes, count: int, units: Sequence[Unit]) -> Delay:
    """Commit one unit after the other, and measure until each subscriber has it."""
    took_ms = list[float]()
    async with _listening(port, asked, count) as (_, heard):
        for unit in units:
            took_ms += await _commit(swarm, unit, heard, count)
            await asyncio.sleep(PAUSE_S)
    return Delay(percentile(took_ms, 0.5), percentile(took_ms, 0.99))


async def _commit(swarm: Swarm, unit: Unit, heard: "asyncio.Queue[float]", count: int) -> list[float]:
    """Milliseconds from the call until each of so many subscribers has it."""
    began = time.perf_counter()
    [given] = await swarm.log.commit(CONTROL, [unit])
    if given.outcome != "done":
        raise StoreUnavailable(f"A commit of the bench was answered {given.outcome}.")
    async with asyncio.timeout(WAIT_S):
        return [(await heard.get() - began) * 1_000 for _ in range(count)]


@asynccontextmanager
async def _listening(
    port: int, asked: bytes, count: int
) -> AsyncIterator[tuple[list[Subscriber], "asyncio.Queue[float]"]]:
    """So many subscribers who are all listening."""
    loop, heard = asyncio.get_running_loop(), asyncio.Queue[float]()
    listeners = [Subscriber(asked, heard.put_nowait) for _ in range(count)]
    try:
        for listener in listeners:
            await loop.create_connection(lambda: listener, "127.0.0.1", port)  # noqa: B023 - called at once
        # A feed begins with the head of its answer; the fan-out says nothing before the first fact.
        async with asyncio.timeout(WAIT_S):
            await asyncio.gather(*(listener.begun for listener in listeners if asked))
        await asyncio.sleep(SETTLE_S)
        yield listeners, heard
    finally:
        for listener in listeners:
            listener.leave()
