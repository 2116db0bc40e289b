"""What the tests of the loops work with: a small agent over a log, run until something can be observed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from contracts.codec import CODEC, Entry
from contracts.envelope import Actor, AnyEnvelope, Event
from contracts.facts import KINDS, Ref, ref_of
from contracts.lead import Lead, LeadEnriched, LeadSourced
from contracts.ops import DeadLettered, DeadRetried
from services.runtime.consumer import Consumer, Pace
from services.runtime.log import EventLog, Recorded, Unit
from services.runtime.log_memory import MemoryLog
from services.runtime.record import Cause, record
from services.runtime.service import Handler, Hears, Service, States
from tests.conformance.logs import sourced
from tests.controls import AGENT, AT, RUN, lead_enriched

PATIENCE_S = 10.0
PACE = Pace(count=64, block_ms=20, lease_ms=300, retry_delay_s=0.001, retry_delay_s_max=0.002, conflict_delay_s=0.001)


def now() -> datetime:
    """The time of every test."""
    return AT


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    """Wait, within bounds, for something that can be observed."""
    async with asyncio.timeout(PATIENCE_S):
        while not await seen():  # noqa: ASYNC110 - What is waited for lies in a log.
            await asyncio.sleep(0.002)


def lead_of(heard: AnyEnvelope) -> tuple[Ref, ...]:
    """The lead that a fact is about."""
    return (Ref("lead", heard.aggregate_id),)


async def enrich(heard: AnyEnvelope, states: States) -> Sequence[Event]:
    """What a simple agent does: one fact for each lead, and none where it stands."""
    lead = states.get(Ref("lead", heard.aggregate_id), Lead)
    return [] if lead and lead.status != "sourced" else [lead_enriched(lead_id=heard.aggregate_id)]


def service(
    handler: Handler = enrich,
    *,
    name: str = "enricher",
    hears: type[Event] = LeadSourced,
    actor: Actor | None = None,
    timeout_s: float = 30.0,
) -> Service:
    """An agent that hears one type of fact."""
    return Service(name, {hears: Hears(handler, lead_of, actor)}, timeout_s=timeout_s)


def consumer(log: EventLog, agent: Service, *, slot: int = 0, pace: Pace = PACE, partition: int = 0) -> Consumer:
    """The loop of an agent."""
    return Consumer(log, agent, partition, slot=slot, clock=now, pace=pace)


@asynccontextmanager
async def running(*loops: Consumer) -> AsyncIterator[asyncio.Event]:
    """Run loops until the block ends; one that fails fails the test."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(loop.run(stopping)) for loop in loops]
    try:
        yield stopping
    finally:
        stopping.set()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*tasks)


async def write(
    log: EventLog,
    *events: Event,
    partition: int = 0,
    synthetic: bool = False,
    cause: str = RUN,
    actor: Actor = AGENT,
) -> None:
    """Facts, each on the state that the log holds."""
    for index, event in enumerate(events):
        ref = ref_of(event)
        loaded = await log.load(partition, [ref])
        why = Cause(cause, f"test {index}", actor, RUN, synthetic)
        unit, _, _ = record([event], loaded, why, AT)
        (answer,) = await log.commit(partition, [unit])
        assert answer.outcome == "done"


async def write_leads(log: EventLog, first: int, last: int, *, synthetic: bool = False) -> None:
    """New leads by number."""
    await write(log, *(sourced(number) for number in range(first, last + 1)), synthetic=synthetic)


async def write_raw(log: EventLog, entry: Entry, category: str = "lead", partition: int = 0) -> None:
    """An entry as no program of ours writes it."""
    (answer,) = await log.commit(partition, [Unit(expects=(), facts=[(category, entry)])])
    assert answer.outcome == "done"


async def facts(log: EventLog, kind: type[Event] | None = None, partition: int = 0) -> list[AnyEnvelope]:
    """All facts that read, in order; of one kind where one is named."""
    tags = None if kind is None else kind.type_tag().encode()
    entries: list[Recorded] = []
    while page := await log.tail(partition, tuple(KINDS), entries[-1].seq if entries else 0, count=500):
        entries += page
    return [one.decode(partition) for one in entries if tags is None or one.entry.t == tags if _reads(one, partition)]


def _reads(one: Recorded, partition: int) -> bool:
    try:
        one.decode(partition)
    except Exception:  # noqa: BLE001 - Damage is what some tests write.
        return False
    return True


async def enriched(log: EventLog) -> list[str]:
    """The leads that were enriched, in order."""
    return [fact.aggregate_id for fact in await facts(log, LeadEnriched)]


async def dead(log: EventLog) -> list[DeadLettered]:
    """The dead letters, in order."""
    return [fact.event for fact in await facts(log, DeadLettered) if isinstance(fact.event, DeadLettered)]


def sent_back(letter: DeadLettered) -> DeadRetried:
    """A person's answer to a dead letter."""
    return DeadRetried(
        dead_id=letter.dead_id,
        service=letter.service,
        entry_category=letter.entry_category,
        entry_seq=letter.entry_seq,
        entry_type=letter.entry_type,
        run_id=letter.run_id,
    )


async def snapshots_fit(log: EventLog, partition: int = 0) -> bool:
    """Whether every snapshot is what a fold of the log gives, byte for byte."""
    states: dict[Ref, object] = {}
    versions: dict[Ref, int] = {}
    for fact in await facts(log, partition=partition):
        ref = ref_of(fact.event)
        states[ref] = KINDS[ref.category].evolve(states.get(ref), fact)  # type: ignore[arg-type]
        versions[ref] = versions.get(ref, 0) + 1
        assert fact.version == versions[ref]
    loaded = await log.load(partition, list(states))
    return all(loaded[ref].state == state and loaded[ref].version == versions[ref] for ref, state in states.items())


def entry_of(fact: AnyEnvelope) -> Entry:
    """A fact as it lies in a stream."""
    return CODEC.encode(fact)


def pending(log: MemoryLog, group: str = "enricher") -> int:
    """How many deliveries of a group wait for their acknowledgement."""
    return sum(len(one.pending) for (_, name), one in log._parts[0].groups.items() if name == group)


async def settled(log: MemoryLog, group: str = "enricher") -> bool:
    """Whether a group was handed everything and has acknowledged it."""
    part = log._parts[0]
    groups = {category: one for (category, name), one in part.groups.items() if name == group}
    handed = all(not part.past(category, one.handed_out, 1) for category, one in groups.items())
    return {"lead", "ops"} <= set(groups) and handed and not pending(log, group)


async def work_off(log: MemoryLog, agent: Service, pace: Pace = PACE) -> None:
    """Run an agent until it has answered everything."""
    async with running(consumer(log, agent, pace=pace)):
        await until(lambda: settled(log, agent.name))
