"""Dead letters: what the commands ask about them and tell them; beside the store, or over a gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

import msgspec

from contracts.commands import Receipt
from services.cli.csv_file import Table
from services.cli.given import Given
from services.cli.opening import Acting, acting
from services.cli.store import open_store
from services.commands.dead import DeadLetters, Listed
from services.runtime.clock import utc_now


class Dead(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter."""

    dead_id: str
    service: str
    position: str
    entry_type: str
    reason: str
    attempts: int
    run_id: str


class DeadDesk(Protocol):
    """What services gave up."""

    async def namespace(self) -> str:
        """Where they are."""
        ...

    async def waiting(self, prefix: str = "") -> list[Dead]:
        """Those that nobody answered, whose id begins so."""
        ...

    async def table(self, limit: int) -> Table:
        """Those that nobody answered, as rows of a file."""
        ...

    async def every(self, prefix: str) -> list[Dead]:
        """Those whose id begins so, answered or not."""
        ...


class DeadAtWork(DeadDesk, Protocol):
    """Dead letters that can be answered. The receipt is that of the first answer, where the same one stands."""

    @property
    def worked_off(self) -> bool:
        """Whether what is sent back is worked off when its answer is there; services that others run take their time."""
        ...

    async def retry(self, dead_id: str) -> Receipt:
        """Send one back to its service."""
        ...

    async def drop(self, dead_id: str, reason: str) -> Receipt:
        """Decide that one needs no answer."""
        ...


@dataclass(frozen=True)
class StoreDead:
    """Dead letters beside the store."""

    letters: DeadLetters

    async def namespace(self) -> str:
        """See `DeadDesk`; so for all of these."""
        return self.letters.log.namespace

    async def waiting(self, prefix: str = "") -> list[Dead]:
        return [_dead(one) async for one in self.letters.waiting() if one.dead_id.startswith(prefix)]

    async def table(self, limit: int) -> Table:
        found = sorted([one async for one in self.letters.waiting()], key=lambda one: (one.died_at, one.dead_id))
        return Table.of("dead-letters", [_item(one) for one in found[:limit]], more=len(found) > limit)

    async def every(self, prefix: str) -> list[Dead]:
        return [_dead(one) async for one in self.letters.all() if one.dead_id.startswith(prefix)]


@dataclass(frozen=True)
class StoreDeadAtWork(StoreDead):
    """Dead letters beside the store, with every service running."""

    given: Given
    here: Acting

    @property
    def worked_off(self) -> bool:
        """See `DeadAtWork`; so for all of these."""
        return bool(self.here.hosted)

    async def retry(self, dead_id: str) -> Receipt:
        receipt = await self.letters.retry(dead_id, self.given.actor(), str(uuid4()))
        await self.here.effect(receipt)
        return receipt

    async def drop(self, dead_id: str, reason: str) -> Receipt:
        receipt = await self.letters.drop(dead_id, reason, self.given.actor(), str(uuid4()))
        await self.here.effect(receipt)
        return receipt


@asynccontextmanager
async def at_dead(given: Given) -> AsyncIterator[DeadDesk]:
    """Open the list to read it."""
    if given.elsewhere():
        from services.cli.remote.dead import GatewayDead
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayDead(there)
    else:
        async with open_store(given.settings()) as store:
            yield StoreDead(DeadLetters(store.log, utc_now))


@asynccontextmanager
async def answering(given: Given) -> AsyncIterator[DeadAtWork]:
    """Open the list to answer what is on it."""
    if given.elsewhere():
        from services.cli.remote.dead import GatewayDead
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayDead(there)
    else:
        async with acting(given) as here:
            yield StoreDeadAtWork(here.swarm.dead_letters(), given, here)


def _dead(one: Listed) -> Dead:
    letter = one.letter
    return Dead(
        dead_id=one.dead_id,
        service=letter.service,
        position=f"{one.partition}:{letter.entry_seq}",
        entry_type=letter.entry_type,
        reason=letter.reason,
        attempts=letter.attempts,
        run_id=letter.run_id,
    )


def _item(one: Listed) -> dict[str, object]:
    """A dead letter that nobody answered, as HTTP tells it."""
    told: dict[str, object] = msgspec.to_builtins(_dead(one))
    return told | {"died_at": msgspec.to_builtins(one.died_at), "answer": "waiting"}
