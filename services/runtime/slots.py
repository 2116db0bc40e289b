"""Which processes run which service: a slot each, held by renewing it.

The slot gives a consumer its stable name, so a restarted process finds what it held; and whoever starts a command sees
which services already run.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from contracts.errors import StoreUnavailable
from services.runtime import keys
from services.runtime.clock import rest
from services.runtime.redis_client import Client, ask, named_failures

logger = structlog.get_logger()

SLOTS_MAX = 64
HELD_MS = 10_000
KEEP = (Path(__file__).parent / "keep_slot.lua").read_text()
LEAVE = (Path(__file__).parent / "leave_slot.lua").read_text()


class Slot:
    """One process's place in a service.

    Args:
        token: unique to the process; nobody else can give the slot back.
    """

    def __init__(self, client: Client, namespace: str, service: str, token: str) -> None:
        self._client = client
        self._namespace = namespace
        self._service = service
        self._token = token
        self.number = -1
        self._mine_until = 0.0

    def _key(self) -> str:
        return keys.alive(self._namespace, self._service, self.number)

    async def take(self) -> int:
        """Take the lowest free slot.

        Raises:
            StoreUnavailable: all are taken.
        """
        async with named_failures():
            for self.number in range(SLOTS_MAX):
                until = _until()
                if await ask(self._client, "SET", self._key(), self._token, "NX", "PX", HELD_MS):
                    self._mine_until = until
                    return self.number
        raise StoreUnavailable(f"{SLOTS_MAX} processes already run {self._service}.", "Stop one of them.")

    async def keep(self, stopping: asyncio.Event) -> None:
        """Renew the slot until told to stop, then give it back; an outage of the store is waited out.

        Where another process took it meanwhile it is never taken back by force: two that share a consumer's name do
        work twice, yet each commit is done once.
        """
        while not stopping.is_set():
            await rest(HELD_MS / 3000, stopping)
            until = _until()
            try:
                async with named_failures():
                    mine = await ask(self._client, "EVAL", KEEP, 1, self._key(), self._token, HELD_MS)
                self._mine_until = until if mine else 0.0
                if not mine:
                    logger.warning("slot taken over", service=self._service, slot=self.number)
            except StoreUnavailable:
                continue
        await self.leave()

    async def check(self) -> str:
        """What is wrong with the slot, in words; empty while it is held."""
        if asyncio.get_running_loop().time() < self._mine_until:
            return ""
        return "the slot ran out, or another process has it"

    async def leave(self) -> None:
        """Give the slot back, if it is still mine."""
        try:
            async with named_failures():
                await ask(self._client, "EVAL", LEAVE, 1, self._key(), self._token)
        except StoreUnavailable:
            return  # It runs out by itself.


def _until() -> float:
    """Up to when a slot that is asked for now is held at least."""
    return asyncio.get_running_loop().time() + HELD_MS / 1000


async def served(client: Client, namespace: str, services: Sequence[str]) -> frozenset[str]:
    """The services that some process runs just now."""
    async with named_failures():
        pipeline = client.pipeline(transaction=False)
        for service in services:
            pipeline.exists(*[keys.alive(namespace, service, slot) for slot in range(SLOTS_MAX)])
        found = await pipeline.execute()
    return frozenset(service for service, n in zip(services, found, strict=True) if n)
