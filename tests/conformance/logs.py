"""What the suite over both logs works with: a log, what only a test may do to it, and short ways to say a unit."""

from collections.abc import Sequence
from typing import Protocol, cast
from uuid import uuid5

from contracts.codec import CODEC, encode_state
from contracts.envelope import Event
from contracts.facts import KINDS, Ref, ref_of
from services.runtime import keys
from services.runtime.log import Answer, CommandKey, Delivery, EventLog, Recorded, Save, Unit
from services.runtime.log_memory import MemoryLog
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from services.runtime.redis_client import ask
from tests.controls import IDENTITY_KEY, IDS, given, lead_sourced, lead_updated
from tests.controls import envelope as surrounded

GROUP = "enricher"


class Store(Protocol):
    """A log under test. `partition` is the one that the test uses."""

    log: EventLog
    partition: int

    async def drop_group(self, category: str, group: str) -> None: ...

    async def age(self, category: str, group: str, ms: int) -> None:
        """Let `ms` pass for everything that waits for its acknowledgement."""
        ...

    async def neighbour(self) -> EventLog:
        """The log of another namespace in the same store."""
        ...

    async def close(self) -> None: ...


class MemoryStore:
    """The log in memory, with a clock that only the test moves."""

    def __init__(self, namespace: str, partitions: int) -> None:
        self.now_ms = 0
        self.memory = MemoryLog(namespace, partitions, lambda: self.now_ms)
        self.log: EventLog = self.memory
        self.partition = 0 if partitions == 1 else 3

    async def drop_group(self, category: str, group: str) -> None:
        await self.memory.drop_group(self.partition, category, group)

    async def age(self, category: str, group: str, ms: int) -> None:
        self.now_ms += ms

    async def neighbour(self) -> EventLog:
        return MemoryLog("neighbour", self.memory.partitions, lambda: self.now_ms)

    async def close(self) -> None:
        pass


class RedisStore:
    """The log in a real store; idle times are set, since its clock cannot be moved."""

    def __init__(self, url: str, log: RedisLog) -> None:
        self.redis = log
        self.log: EventLog = log
        self.partition = 0 if log.partitions == 1 else 3
        self._url = url
        self._opened = [log]

    def _stream(self, category: str) -> str:
        return keys.stream(self.redis.namespace, self.partition, category)

    async def drop_group(self, category: str, group: str) -> None:
        await ask(self.redis.store, "XGROUP", "DESTROY", self._stream(category), group)

    async def age(self, category: str, group: str, ms: int) -> None:
        name = self._stream(category)
        for one in await self.redis.store.xpending_range(name, group, "-", "+", 1000):
            idle_ms = int(one["time_since_delivered"]) + ms
            await self.redis.store.xclaim(
                name,
                group,
                cast(bytes, one["consumer"]),
                0,
                [cast(bytes, one["message_id"])],
                idle=idle_ms,
                justid=True,
            )

    async def neighbour(self) -> EventLog:
        opened = await open_log(
            self._url,
            f"{self.redis.namespace}-2",
            identity_key=IDENTITY_KEY,
            partitions=self.redis.partitions,
        )
        self._opened.append(opened)
        return opened

    async def close(self) -> None:
        for log in self._opened:
            await log.close()


async def redis_store(url: str, namespace: str, partitions: int) -> RedisStore:
    """A new namespace in the store at `url`."""
    return RedisStore(url, await open_log(url, namespace, identity_key=IDENTITY_KEY, partitions=partitions))


def lead_number(number: int) -> str:
    """The id of one of many leads."""
    return str(uuid5(IDS, f"lead {number}"))


def sourced(number: int = 1) -> Event:
    """Lead `number` is new."""
    return lead_sourced(lead_id=lead_number(number))


def updated(number: int = 1, title: str = "Countess") -> Event:
    """Lead `number` came again."""
    return lead_updated(lead_id=lead_number(number), fields={"title": title})


def unit(
    first: Event, *more: Event, at: int = 0, hears: Sequence[Delivery] = (), command: CommandKey | None = None
) -> Unit:
    """Facts of one aggregate that stands at version `at`, with the snapshot that a service would save."""
    ref, facts = ref_of(first), (first, *more)
    entries = [(ref.category, CODEC.encode(surrounded(fact, at + n))) for n, fact in enumerate(facts, start=1)]
    marked = max(
        (n for n, fact in enumerate(facts, start=1) if isinstance(fact, KINDS[ref.category].marked)), default=0
    )
    state = encode_state(given(ref.category, *facts))
    return Unit([(ref, at)], entries, [Save(ref, at + len(facts), state, marked)], hears, command)


def together(one: Unit, other: Unit) -> Unit:
    """Two units as one; the second's marks move behind the facts of the first."""
    shift = len(one.facts)
    saves = [save._replace(marked=save.marked + shift) if save.marked else save for save in other.saves]
    return Unit(
        [*one.expects, *other.expects],
        [*one.facts, *other.facts],
        [*one.saves, *saves],
        [*one.deliveries, *other.deliveries],
        one.command or other.command,
    )


def acknowledging(*deliveries: Delivery) -> Unit:
    """A unit that only acknowledges."""
    return Unit((), deliveries=deliveries)


def heard(seq: int, category: str = "lead") -> Delivery:
    """The delivery of an entry to the group."""
    return Delivery(category, GROUP, seq)


def done(first: int, last: int | None = None) -> Answer:
    """The answer to a unit whose facts got these positions."""
    return Answer("done", first, first if last is None else last)


def seqs(entries: Sequence[Recorded]) -> list[int]:
    """Their positions."""
    return [one.seq for one in entries]


async def everything(store: Store, count: int = 1000) -> list[Recorded]:
    """All facts of the partition, in the order of the log, read in pages of `count`."""
    read: list[Recorded] = []
    while page := await store.log.tail(store.partition, tuple(KINDS), read[-1].seq if read else 0, count=count):
        read += page
    return read


async def version(store: Store, ref: Ref) -> int:
    """The version of one aggregate."""
    return (await store.log.load(store.partition, [ref]))[ref].version


async def hand_out(store: Store, consumer: str = "a", *, count: int = 100, category: str = "lead") -> list[Recorded]:
    """New deliveries of a category for a consumer of the group, which is opened first."""
    await store.log.open_group(store.partition, category, GROUP)
    return await store.log.read_group(store.partition, [category], GROUP, consumer, count=count, block_ms=0)
