"""What becomes of a delivery that is answered: recorded, refused, ignored, or decided again."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from contracts.envelope import Actor, AnyEnvelope, Event, event_id
from contracts.facts import Ref
from contracts.lead import Lead, LeadEnriched, LeadUpdated
from services.runtime.log_memory import MemoryLog
from services.runtime.service import Hears, Service, States
from tests.conformance.logs import lead_number, sourced, updated
from tests.controls import lead_enriched, lead_sourced, lead_updated
from tests.unit.runtime_loop.loops import (
    PACE,
    PATIENCE_S,
    consumer,
    enrich,
    enriched,
    facts,
    lead_of,
    pending,
    running,
    service,
    settled,
    snapshots_fit,
    until,
    write,
    write_leads,
)


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


async def test_each_lead_is_answered_once(log: MemoryLog) -> None:
    await write_leads(log, 1, 100)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    assert sorted(await enriched(log)) == sorted(lead_number(n) for n in range(1, 101))
    assert await snapshots_fit(log)


async def test_answer_carries_who_and_why(log: MemoryLog) -> None:
    await write_leads(log, 1, 1, synthetic=True)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    heard, answer = await facts(log)
    assert answer.event_id == event_id(heard.event_id, "enricher", heard.aggregate_id, 0)
    assert (answer.causation_id, answer.correlation_id) == (heard.event_id, heard.correlation_id)
    assert answer.actor == Actor(kind="agent", id="enricher")
    assert answer.synthetic


async def test_answer_may_be_recorded_in_another_name(log: MemoryLog) -> None:
    policy = Actor(kind="policy", id="sandbox")
    await write_leads(log, 1, 1)
    async with running(consumer(log, service(actor=policy))):
        await until(lambda: settled(log))
    assert (await facts(log))[-1].actor == policy
    assert not (await facts(log))[-1].synthetic


async def test_repeated_fact_is_ignored(log: MemoryLog) -> None:
    await write_leads(log, 1, 3)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
        await log.drop_group(0, "lead", "enricher")
        await log.open_group(0, "lead", "enricher")
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 3


async def test_group_that_was_removed_starts_again_at_the_beginning(log: MemoryLog) -> None:
    await write_leads(log, 1, 3)
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
        await log.drop_group(0, "lead", "enricher")
        await write_leads(log, 4, 4)
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 4


async def test_unheard_facts_are_acknowledged(log: MemoryLog) -> None:
    await write_leads(log, 1, 1)
    await write(log, *(updated(1, f"title {n}") for n in range(50)))
    async with running(consumer(log, service())):
        await until(lambda: settled(log))
    assert pending(log) == 0


async def test_lane_keeps_order_on_the_state_that_the_predecessor_leaves(log: MemoryLog) -> None:
    seen: list[tuple[str, str]] = []

    async def note(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        lead = states.get(Ref("lead", heard.aggregate_id), Lead)
        assert lead is not None
        await asyncio.sleep(0)
        event = heard.event
        title = event.fields["title"] if isinstance(event, LeadUpdated) else ""
        seen.append((str(title), lead.outcome))
        return [lead_enriched(lead_id=heard.aggregate_id, missing=(str(title),))]

    await write_leads(log, 1, 1)
    await write(log, *(updated(1, str(n)) for n in range(5)))
    async with running(consumer(log, service(note, hears=LeadUpdated))):
        await until(lambda: settled(log))
    assert [title for title, _ in seen] == ["0", "1", "2", "3", "4"]
    answers = [fact.event for fact in await facts(log, LeadEnriched)]
    assert [one.missing for one in answers if isinstance(one, LeadEnriched)] == [(str(n),) for n in range(5)]
    assert await snapshots_fit(log)


async def test_conflict_is_decided_again_on_what_stands(log: MemoryLog) -> None:
    titles: list[object] = []

    async def slow(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        lead = states.get(Ref("lead", heard.aggregate_id), Lead)
        assert lead is not None
        titles.append(lead.fields["title"].value)
        if len(titles) == 1:
            await write(log, updated(1, "Countess"))
        return await enrich(heard, states)

    await write_leads(log, 1, 1)
    async with running(consumer(log, service(slow))):
        await until(lambda: settled(log))
    assert titles == ["Head of Engines", "Countess"]
    assert len(await enriched(log)) == 1


async def test_I12_refused_unit_takes_those_that_build_on_it_along(log: MemoryLog) -> None:
    """The stranger's fact takes the version that the first answer would have had, so that the second one would fit."""
    calls = 0

    async def answer(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        nonlocal calls
        calls += 1
        if calls == 2:
            await write(
                log, lead_updated(lead_id=lead_number(1), fields={"title": "a stranger's"}), cause=heard.event_id
            )
        return [lead_enriched(lead_id=heard.aggregate_id, missing=(f"answer {calls}",))]

    await write_leads(log, 1, 1)
    await write(log, updated(1, "first"))
    hears = {kind: Hears(answer, lead_of) for kind in (type(sourced()), LeadUpdated)}
    async with running(consumer(log, Service("enricher", hears))):
        await until(lambda: settled(log))
    assert await snapshots_fit(log)
    assert len(await enriched(log)) == 3


async def test_nothing_to_do_is_said_again_when_the_predecessor_was_refused(log: MemoryLog) -> None:
    first = True

    async def once(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        nonlocal first
        lead = states.get(Ref("lead", heard.aggregate_id), Lead)
        if lead and lead.status == "enriched":
            if first:
                first = False
                await write(log, lead_sourced(lead_id=lead_number(1)), cause=heard.event_id)
            return []
        return [lead_enriched(lead_id=heard.aggregate_id)] if isinstance(heard.event, LeadUpdated) or first else []

    await write_leads(log, 1, 1)
    await write(log, updated(1, "second"))
    hears = {kind: Hears(once, lead_of) for kind in (type(sourced()), LeadUpdated)}
    async with running(consumer(log, Service("enricher", hears))):
        await until(lambda: settled(log))
    assert len(await enriched(log)) == 1


async def test_delivery_that_keeps_conflicting_comes_back_later(log: MemoryLog) -> None:
    calls = 0

    async def contested(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        nonlocal calls
        calls += 1
        if calls <= 10:
            await write(log, updated(1, f"{calls}"))
        return await enrich(heard, states)

    await write_leads(log, 1, 1)
    # Who lost to others did not fail, and need not wait as if it had.
    pace = replace(PACE, retry_delay_s=10 * PATIENCE_S, retry_delay_s_max=10 * PATIENCE_S)
    async with running(consumer(log, service(contested), pace=pace)):
        await until(lambda: settled(log))
    assert calls == 11
    assert len(await enriched(log)) == 1
    assert not [fact for fact in await facts(log) if fact.event.type_category() == "ops"]
