"""The bare limit: six hops of batched Lua consumers that carry a payload from stream to stream and decide nothing.

It works through the same client library as the swarm, so that what it is beside is our own doing and not the client's.
The raw XADDs, which say whether it is a limit at all, go straight to the socket.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from statistics import median

from services.cli.bench.figures import Place
from services.cli.bench.wire import Wire
from services.runtime.redis_client import Client, ask, named_failures, reader

HOPS = 6
COUNT = 256
CALL = 64
BLOCK_MS = 1_000
GROUP = "bare"
PIPELINED = 256
FORWARD = """
local n = #ARGV / 2
local ids = {}
for i = 1, n do ids[i] = ARGV[2 * i - 1] end
redis.call('XACK', KEYS[1], 'bare', unpack(ids))
for i = 1, n do redis.call('XADD', KEYS[2], '*', 'b', ARGV[2 * i]) end
return n
"""


def _stream(namespace: str, hop: int) -> str:
    return f"{{{namespace}}}:hop:{hop}"


async def raw_adds(place: Place, namespace: str) -> float:
    """Pipelined XADD of the payload on one connection, an entry a command: how many in a second."""
    count, payload = place.sizes.raw_adds, b"x" * place.sizes.payload_bytes
    batch = [("XADD", f"{{{namespace}}}:raw", "*", "b", payload)] * PIPELINED
    async with Wire(place.url) as wire:
        began = time.perf_counter()
        for start in range(0, count, PIPELINED):
            await wire.ask_all(batch[: count - start])
        return count / (time.perf_counter() - began)


class Hops:
    """The six consumers, each on its own connection, and the stream that they fill."""

    def __init__(self, place: Place, namespace: str) -> None:
        self._place = place
        self._namespace = namespace
        self._arrived = 0
        self._awaited = 0
        self._done = asyncio.Event()

    async def feed(self, wire: Wire, count: int) -> None:
        """Put leads before the first hop."""
        payload = b"x" * self._place.sizes.payload_bytes
        for start in range(0, count, PIPELINED):
            some = min(PIPELINED, count - start)
            await wire.ask_all([("XADD", _stream(self._namespace, 0), "*", "b", payload)] * some)

    async def open(self, wire: Wire) -> str:
        """Make the groups; returns the id of the script."""
        for hop in range(HOPS):
            await wire.ask("XGROUP", "CREATE", _stream(self._namespace, hop), GROUP, "0", "MKSTREAM")
        loaded: bytes = await wire.ask("SCRIPT", "LOAD", FORWARD)
        return loaded.decode()

    def expect(self, count: int) -> asyncio.Event:
        """Set when so many leads more have passed the last hop."""
        self._done = asyncio.Event()
        self._awaited = self._arrived + count
        return self._done

    async def carry(self, client: Client, script: str, hop: int) -> None:
        """One hop, until cancelled; through the client that the swarm itself works with."""
        source, target = _stream(self._namespace, hop), _stream(self._namespace, hop + 1)
        read = ("XREADGROUP", "GROUP", GROUP, "one", "COUNT", COUNT, "BLOCK", BLOCK_MS, "STREAMS", source, ">")
        while True:
            reply = await ask(client, *read)
            entries = reply[0][1] if reply else []
            calls = client.pipeline(transaction=False)
            for first in range(0, len(entries), CALL):
                some = [part for at, fields in entries[first : first + CALL] for part in (at, fields[1])]
                calls.evalsha(script, 2, source, target, *some)
            await calls.execute()
            if hop == HOPS - 1:
                self._arrived += len(entries)
                if self._arrived >= self._awaited:
                    self._done.set()


async def bare(place: Place, namespace: str) -> tuple[float, float]:
    """The limit, from leads that wait before the first hop until the last has passed the last.

    Returns:
        Leads a second of many, and the seconds that a lone one takes while nothing else is under way.
    """
    hops = Hops(place, namespace)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(named_failures())
        wire = await stack.enter_async_context(Wire(place.url))
        client = await stack.enter_async_context(reader(place.url))
        script = await hops.open(wire)
        await hops.feed(wire, place.sizes.bare_leads)
        done = hops.expect(place.sizes.bare_leads)
        began = time.perf_counter()
        carrying = [asyncio.create_task(hops.carry(client, script, hop)) for hop in range(HOPS)]
        try:
            await _until(done, carrying)
            rate = place.sizes.bare_leads / (time.perf_counter() - began)
            waits = []
            for _ in range(2 * place.sizes.latency_repeats):
                await asyncio.sleep(0.01)
                done = hops.expect(1)
                began = time.perf_counter()
                await hops.feed(wire, 1)
                await _until(done, carrying)
                waits.append(time.perf_counter() - began)
            return rate, median(waits)
        finally:
            for task in carrying:
                task.cancel()
            await asyncio.gather(*carrying, return_exceptions=True)


async def _until(done: asyncio.Event, carrying: Sequence["asyncio.Task[None]"]) -> None:
    """Wait for the last hop; a hop that fails is not waited for."""
    arrived = asyncio.create_task(done.wait())
    ended, _ = await asyncio.wait({arrived, *carrying}, return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        task.result()
