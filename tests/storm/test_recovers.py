"""A consumer finds a store that is back as soon after many outages as after the first."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pytest

from contracts.envelope import AnyEnvelope, Event
from contracts.errors import StoreUnavailable
from contracts.facts import Ref, ref_of
from contracts.run import Run, RunRequested
from services.runtime.clock import utc_now
from services.runtime.consumer import Consumer, Pace
from services.runtime.execute import Asked, execute
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.server_process import ThrowAwayServer
from services.runtime.service import Hears, Service, States
from tests.controls import REVIEWER, TERMS, run_requested

OUTAGES = 6
RECOVERED_S_MAX = 6.0


class Watched(RedisLog):
    """Says when a consumer has found the store away and then looked for it again."""

    def __init__(self, url: str, namespace: str, partitions: int) -> None:
        super().__init__(url, namespace, partitions)
        self.away = asyncio.Event()

    async def open_group(self, partition: int, category: str, group: str) -> None:
        try:
            await super().open_group(partition, category, group)
        except StoreUnavailable:
            self.away.set()
            raise


def only(event: Event, states: States) -> Sequence[Event]:
    """The event, whatever stands."""
    return [] if states.get(ref_of(event), Run) else [event]


@pytest.mark.timeout(150)
async def test_I17_the_sixth_outage_is_over_as_soon_as_the_first(server: ThrowAwayServer) -> None:
    await (await open_log(server.url, "outages", identity_key=b"k" * 32)).close()
    log = Watched(server.url, "outages", 1)
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(fact: AnyEnvelope, states: States) -> Sequence[Event]:
        await heard.put(fact.aggregate_id)
        return []

    service = Service("listener", {RunRequested: Hears(hear, lambda fact: (Ref("run", fact.aggregate_id),))})
    consumer = Consumer(log, service, 0, slot=0, clock=utc_now, pace=Pace(block_ms=200, retry_delay_s=0.1))
    stopping = asyncio.Event()
    working = asyncio.create_task(consumer.run(stopping))
    try:
        for number in range(OUTAGES + 1):
            name = f"00000000-0000-4000-8000-{number:012}"
            asked = Asked(name, b"", REVIEWER)
            wanted = run_requested(run_id=name, terms=TERMS)
            async with asyncio.timeout(RECOVERED_S_MAX):
                while True:
                    with suppress(StoreUnavailable):  # A connection from before the outage; asking again is safe.
                        await execute(log, 0, Ref("run", name), (), asked, partial(only, wanted), utc_now)
                        break
                while await heard.get() != name:
                    pass
            server.kill()
            async with asyncio.timeout(RECOVERED_S_MAX):
                await log.away.wait()
            server.start()
            log.away.clear()
    finally:
        stopping.set()
        await working
        await log.close()
