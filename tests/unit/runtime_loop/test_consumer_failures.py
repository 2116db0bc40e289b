"""What becomes of a delivery that fails: tried alone, given up with a reason, sent back by a person."""

import asyncio
from collections.abc import Sequence

import pytest

from contracts.envelope import AnyEnvelope, Event
from contracts.errors import ProviderRefused, ProviderUnavailable
from services.runtime.consumer import Pace
from services.runtime.log import MAX_FACTS
from services.runtime.log_memory import MemoryLog
from services.runtime.service import Service, States
from tests.conformance.logs import lead_number, sourced
from tests.controls import dead_dropped
from tests.unit.runtime_loop.loops import (
    PACE,
    consumer,
    dead,
    enrich,
    enriched,
    facts,
    pending,
    running,
    sent_back,
    service,
    until,
    work_off,
    write,
    write_leads,
)

POISON = lead_number(3)
SECRET = "ada@analytical.example"


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


class Poisoned:
    """A handler that fails for one lead for as long as it is told to."""

    def __init__(self, error: Exception, failures: int = 1_000) -> None:
        self.error = error
        self.left = failures
        self.calls: list[str] = []

    async def __call__(self, heard: AnyEnvelope, states: States) -> Sequence[Event]:
        self.calls.append(heard.aggregate_id)
        if heard.aggregate_id == POISON and self.left:
            self.left -= 1
            raise self.error
        return await enrich(heard, states)


async def test_failing_delivery_is_tried_alone_and_holds_nobody_up(log: MemoryLog) -> None:
    handler = Poisoned(ProviderUnavailable("It is down."), failures=3)
    await write_leads(log, 1, 20)
    await work_off(log, service(handler))
    order = await enriched(log)
    assert order[-1] == POISON
    assert len(order) == 20
    assert handler.calls.count(POISON) == 4
    assert len(handler.calls) == 23
    assert not await dead(log)
    assert not log._parts[0].failures


async def test_I15_poison_is_given_up_and_everything_behind_it_proceeds(log: MemoryLog) -> None:
    handler = Poisoned(KeyError(SECRET))
    await write_leads(log, 1, 5)
    await work_off(log, service(handler))
    await write_leads(log, 6, 8)
    await work_off(log, service(handler))
    assert len(await enriched(log)) == 7
    (letter,) = await dead(log)
    assert (letter.service, letter.entry_category, letter.entry_seq) == ("enricher", "lead", 3)
    assert (letter.entry_type, letter.attempts) == ("lead.sourced.v1", PACE.failures_max)
    assert letter.reason == "KeyError in __call__"
    assert len(letter.stack_hash) == 12
    assert not any(SECRET.encode() in one.entry.b for one in log._parts[0].streams["ops"])
    # Once among the others, then as often alone as it takes.
    assert handler.calls.count(POISON) == 1 + PACE.failures_max
    assert pending(log) == 0
    assert not log._parts[0].failures


async def test_I15_without_the_last_try_the_poison_is_never_given_up(log: MemoryLog) -> None:
    """The check above can fail: where no failure is the last one, the entry stays for ever."""
    handler = Poisoned(KeyError(SECRET))
    await write_leads(log, 1, 5)
    endless = Pace(
        count=64, block_ms=20, lease_ms=300, retry_delay_s=0.001, retry_delay_s_max=0.001, failures_max=10**6
    )
    async with running(consumer(log, service(handler), pace=endless)):

        async def tried_often() -> bool:
            return handler.calls.count(POISON) > 2 * PACE.failures_max

        await until(tried_often)
    assert not await dead(log)
    assert pending(log) == 1


async def test_same_cause_gives_the_same_stack_hash(log: MemoryLog) -> None:
    async def broken(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        raise ValueError(heard.aggregate_id)

    await write_leads(log, 1, 2)
    await work_off(log, service(broken))
    first, second = await dead(log)
    assert first.stack_hash == second.stack_hash
    assert first.dead_id != second.dead_id


async def test_error_of_ours_that_cannot_pass_goes_at_once(log: MemoryLog) -> None:
    handler = Poisoned(ProviderRefused("No key is set.", "Set one."))
    await write_leads(log, 1, 5)
    await work_off(log, service(handler))
    (letter,) = await dead(log)
    assert (letter.reason, letter.attempts) == ("No key is set. Set one.", 1)
    assert handler.calls.count(POISON) == 1


async def test_handler_that_hangs_counts_as_failed(log: MemoryLog) -> None:
    async def hang(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        await asyncio.Event().wait()
        return []

    await write_leads(log, 1, 1)
    await work_off(log, service(hang, timeout_s=0.005))
    (letter,) = await dead(log)
    assert letter.reason.startswith("TimeoutError")


async def test_handler_that_is_cancelled_from_inside_counts_as_failed(log: MemoryLog) -> None:
    handler = Poisoned(KeyError("x"))

    async def cut(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        if heard.aggregate_id == POISON:
            raise asyncio.CancelledError
        return await handler(heard, states)

    handler.left = 0
    await write_leads(log, 1, 5)
    agent = service(cut)
    await work_off(log, Service(agent.name, agent.hears, concurrency=1))
    assert len(await enriched(log)) == 4
    assert len(await dead(log)) == 1


async def test_answer_of_more_facts_than_a_commit_takes_is_given_up(log: MemoryLog) -> None:
    async def flood(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        if heard.aggregate_id != POISON:
            return await enrich(heard, states)
        return [sourced(3)] * (MAX_FACTS + 1)

    await write_leads(log, 1, 5)
    await work_off(log, service(flood))
    assert len(await enriched(log)) == 4
    assert [letter.reason for letter in await dead(log)] == ["ValueError in record"]


async def test_entry_that_is_sent_back_is_answered_by_its_service_alone(log: MemoryLog) -> None:
    handler = Poisoned(KeyError("x"), failures=1 + PACE.failures_max)
    other = Poisoned(KeyError("x"), failures=0)
    await write_leads(log, 1, 5)
    await work_off(log, service(handler))
    await work_off(log, service(other, name="segmentor"))
    calls = len(other.calls)
    (letter,) = await dead(log)
    await write(log, sent_back(letter))
    await work_off(log, service(handler))
    await work_off(log, service(other, name="segmentor"))
    assert POISON in await enriched(log)
    assert len(await dead(log)) == 1
    assert len(other.calls) == calls


async def test_entry_that_dies_again_can_be_sent_back_again(log: MemoryLog) -> None:
    handler = Poisoned(KeyError("x"), failures=1 + 2 * PACE.failures_max + 1)
    await write_leads(log, 1, 5)
    await work_off(log, service(handler))
    await write(log, sent_back((await dead(log))[0]), cause=lead_number(100))
    await work_off(log, service(handler))
    first, second = await dead(log)
    assert (first.dead_id, first.entry_seq) == (second.dead_id, second.entry_seq)
    await write(log, sent_back(second), cause=lead_number(101))
    await work_off(log, service(handler))
    assert POISON in await enriched(log)
    ids = [fact.event_id for fact in await facts(log)]
    assert len(set(ids)) == len(ids)


async def test_answer_to_another_letter_is_only_acknowledged(log: MemoryLog) -> None:
    await write(log, dead_dropped())
    await work_off(log, service())
    assert not await dead(log)


async def test_letter_names_the_run_of_its_fact(log: MemoryLog) -> None:
    handler = Poisoned(ProviderRefused("No."))
    await write_leads(log, 3, 3)
    await work_off(log, service(handler))
    (fact, *_) = await facts(log)
    assert (await dead(log))[0].run_id == fact.correlation_id
