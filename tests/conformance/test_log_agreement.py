"""The two logs answer any sequence of calls alike, refused ones included."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from contracts.envelope import Event
from contracts.facts import KINDS, ref_of
from services.runtime.log import CommandKey, Delivery, Unit
from tests.conformance.logs import GROUP, MemoryStore, Store, redis_store, together, unit, version
from tests.controls import account_approached, email_approved, email_drafted, lead_held, lead_sourced

CATEGORIES = ("lead", "email", "deal")
CONSUMERS = st.sampled_from("ab")
NEVER_MS = 1_000_000_000
_numbers = count()


def one_fact(category: str, number: int, first: bool) -> Event:
    """A fact about aggregate `number` of a category."""
    if category == "lead":
        return (lead_sourced if first else lead_held)(lead_id=f"lead {number}")
    if category == "email":
        return (email_drafted if first else email_approved)(email_id=f"email {number}")
    return account_approached(account_id=f"account {number}")


@dataclass(frozen=True)
class Draft:
    """A unit as it is drawn: its version is relative to what stands when the call begins."""

    category: str
    number: int
    facts: int
    off_by: int
    hears: tuple[int, ...]
    command: str
    body: str


drafts = st.builds(
    Draft,
    category=st.sampled_from(CATEGORIES),
    number=st.integers(0, 2),
    facts=st.integers(0, 3),
    off_by=st.sampled_from([0, 0, 0, 0, 1, 2, -1]),
    hears=st.lists(st.integers(1, 5), max_size=3, unique=True).map(tuple),
    command=st.sampled_from(["", "", "", "c1", "c2"]),
    body=st.sampled_from(["same", "same", "other"]),
)
positions = st.integers(0, 20)
pages = st.integers(1, 4)
steps = st.one_of(
    st.tuples(st.just("commit"), st.lists(st.tuples(drafts, st.none() | drafts), max_size=4), st.sets(positions)),
    st.tuples(st.just("read"), st.sets(st.sampled_from(CATEGORIES), min_size=1), CONSUMERS, pages),
    st.tuples(st.just("own"), st.sampled_from(CATEGORIES), CONSUMERS, positions, pages),
    st.tuples(st.just("claim"), st.sampled_from(CATEGORIES), CONSUMERS, positions, pages, st.booleans()),
    st.tuples(st.just("renew"), st.sampled_from(CATEGORIES), CONSUMERS, st.lists(positions, unique=True)),
    st.tuples(st.just("fail"), st.sampled_from(CATEGORIES), positions, st.booleans()),
    st.tuples(st.just("tail"), st.sets(st.sampled_from(CATEGORIES), min_size=1), positions, pages),
    st.tuples(st.just("drop"), st.sampled_from(CATEGORIES)),
)


async def made(store: Store, draft: Draft) -> Unit:
    """The unit that a draft stands for, in one log."""
    sample = one_fact(draft.category, draft.number, first=True)
    at = max(0, await version(store, ref_of(sample)) + draft.off_by)
    facts = [one_fact(draft.category, draft.number, first=at + n == 0) for n in range(draft.facts)]
    hears = [Delivery(draft.category, GROUP, seq) for seq in draft.hears]
    command = CommandKey(draft.command, draft.body, b"answer") if draft.command else None
    if not facts:
        return Unit([(ref_of(sample), at)], deliveries=hears, command=command)
    return unit(facts[0], *facts[1:], at=at, hears=hears, command=command)


async def taken(store: Store, step: tuple[Any, ...]) -> object:
    """What a log answers to a step."""
    log, partition = store.log, store.partition
    match step:
        case ("commit", drawn, acked):
            units = []
            for one, other in drawn:
                joined = await made(store, one)
                if other is not None and (other.category, other.number) != (one.category, one.number):
                    joined = together(joined, (await made(store, other))._replace(deliveries=(), command=None))
                units.append(joined)
            return await log.commit(partition, units, {("lead", GROUP): sorted(acked)})
        case ("read", categories, consumer, page):
            return await log.read_group(partition, sorted(categories), GROUP, consumer, count=page, block_ms=0)
        case ("own", category, consumer, after, page):
            return await log.own_pending(partition, category, GROUP, consumer, after=f"{after}-0", count=page)
        case ("claim", category, consumer, cursor, page, waits):
            idle_ms = NEVER_MS if waits else 0
            return await log.claim(
                partition, category, GROUP, consumer, idle_ms=idle_ms, cursor=f"{cursor}-0", count=page
            )
        case ("renew", category, consumer, renewed):
            return await log.renew(partition, category, GROUP, consumer, renewed)
        case ("fail", category, seq, forgets):
            if forgets:
                await log.forget_failures(partition, GROUP, category, seq)
            return await log.failed(partition, GROUP, category, seq)
        case ("tail", categories, after, page):
            return await log.tail(partition, sorted(categories), after, count=page)
        case ("drop", category):
            await store.drop_group(category, GROUP)
            await log.open_group(partition, category, GROUP)
            return None
        case _:
            raise AssertionError(step)


async def whole(store: Store) -> object:
    """All that a log holds: facts, snapshots, and who was handed what."""
    log, partition = store.log, store.partition
    refs = [ref_of(one_fact(category, number, first=True)) for category in CATEGORIES for number in range(3)]
    held = [
        await log.own_pending(partition, category, GROUP, consumer, after="0", count=100)
        for category in CATEGORIES
        for consumer in "ab"
    ]
    facts = await log.tail(partition, tuple(KINDS), 0, count=1000)
    return await log.head(partition), facts, await log.load(partition, refs), held


async def agree(stores: tuple[Store, Store], sequence: list[tuple[Any, ...]]) -> None:
    one, other = stores
    for store in stores:
        for category in CATEGORIES:
            await store.log.open_group(store.partition, category, GROUP)
        # Without deliveries that wait, most drawn units would be gone.
        await store.log.commit(store.partition, [unit(one_fact("lead", n, first=True)) for n in range(4)])
        await store.log.read_group(store.partition, ["lead"], GROUP, "a", count=4, block_ms=0)
    for step in sequence:
        answers = await taken(one, step), await taken(other, step)
        assert answers[0] == answers[1], step
        if step[0] == "commit":
            for answer in answers[0]:  # type: ignore[attr-defined]
                event(answer.outcome)
    assert await whole(one) == await whole(other)


@given(sequence=st.lists(steps, max_size=25), partitions=st.sampled_from([1, 4]))
@settings(
    max_examples=80,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_I3_logs_agree_on_any_sequence(
    redis_url: str, namespace: str, sequence: list[tuple[Any, ...]], partitions: int
) -> None:
    number = next(_numbers)
    real = await redis_store(redis_url, f"{namespace}-{number}", partitions)
    try:
        await agree((MemoryStore(namespace, partitions), real), sequence)
    finally:
        await real.close()
