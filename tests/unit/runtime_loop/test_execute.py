"""A command is carried out once per id, on what stands, whatever happens on the way."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from contracts.commands import Receipt
from contracts.envelope import Event
from contracts.errors import AlreadyDecided, KeyReused, StoreUnavailable, VersionConflict
from contracts.facts import Ref
from contracts.lead import Lead
from services.runtime.execute import ATTEMPTS_MAX, Asked, command_id, execute
from services.runtime.log import Answer, EventLog, Snapshot, Unit
from services.runtime.log_memory import MemoryLog
from services.runtime.service import States
from tests.conformance.logs import lead_number, updated
from tests.controls import REVIEWER, given, lead_held, lead_sourced, lead_updated
from tests.unit.runtime_loop.loops import facts, now, write, write_leads
from tests.unit.runtime_loop.test_consumer_recalls import Behind
from tests.unit.runtime_loop.test_follower import Forgetful

LEAD = Ref("lead", lead_number(1))


@pytest.fixture
async def log() -> MemoryLog:
    log = MemoryLog()
    await write_leads(log, 1, 1)
    return log


def hold(states: States) -> Sequence[Event]:
    """Held once; whoever comes second is refused."""
    lead = states.get(LEAD, Lead)
    if lead and lead.held_at:
        raise AlreadyDecided("It is held already.")
    return [lead_held(lead_id=LEAD.id)]


def rename(states: States) -> Sequence[Event]:
    return [lead_updated(lead_id=LEAD.id, fields={"title": "Countess"})]


async def ask(log: EventLog, key: str = "1", body: bytes = b"hold", answer: object = hold) -> Receipt | None:
    asked = Asked(command_id(REVIEWER, key), body, REVIEWER)
    return await execute(log, 0, LEAD, (), asked, answer, now)  # type: ignore[arg-type]


async def test_I7_repeat_gets_the_first_receipt(log: MemoryLog) -> None:
    first = await ask(log)
    again = await ask(log)
    assert first is not None
    assert again is not None
    assert (first.status, again.status) == ("recorded", "repeated")
    assert (again.fact, again.position, again.by, again.at) == (first.fact, first.position, first.by, first.at)
    assert first.position == "0:2"
    assert len(await facts(log)) == 2


async def test_I7_repeat_is_known_where_the_state_would_take_it_again(log: MemoryLog) -> None:
    await ask(log, answer=rename)
    await write(log, updated(1, "Duchess"))
    again = await ask(log, answer=rename)
    assert again is not None
    assert again.status == "repeated"
    assert len(await facts(log)) == 3


async def test_I7_without_its_key_a_repeat_is_carried_out_twice(log: MemoryLog) -> None:
    """The checks above can fail: under a fresh id each time the second call counts."""
    await ask(log, "1", answer=rename)
    await ask(log, "2", answer=rename)
    assert len(await facts(log)) == 3


@pytest.mark.parametrize("answer", [hold, rename])
async def test_I7_key_with_another_body_is_refused(log: MemoryLog, answer: object) -> None:
    await ask(log, answer=answer)
    with pytest.raises(KeyReused):
        await ask(log, body=b"another", answer=answer)
    assert len(await facts(log)) == 2


async def test_refusal_records_nothing_and_is_judged_anew(log: MemoryLog) -> None:
    await write(log, lead_held(lead_id=LEAD.id))
    with pytest.raises(AlreadyDecided):
        await ask(log)
    assert len(await facts(log)) == 2
    receipt = await ask(log, answer=rename)
    assert receipt is not None
    assert receipt.status == "recorded"


async def test_nothing_to_record_gives_no_receipt(log: MemoryLog) -> None:
    assert await ask(log, answer=lambda _: []) is None
    assert await log.answered(0, command_id(REVIEWER, "1")) is None


async def test_I6_of_two_at_once_one_wins_and_the_other_changes_nothing(log: MemoryLog) -> None:
    answers = await asyncio.gather(*(ask(log, key) for key in ("1", "2", "3")), return_exceptions=True)
    assert [type(one).__name__ for one in answers].count("Receipt") == 1
    assert [type(one).__name__ for one in answers].count("AlreadyDecided") == 2
    assert len(await facts(log)) == 2


async def test_I6_without_a_look_at_the_state_two_at_once_both_win(log: MemoryLog) -> None:
    """The check above can fail: a decision that refuses nobody lets each of them in."""
    answers = await asyncio.gather(*(ask(log, key, answer=rename) for key in ("1", "2")))
    assert all(one is not None and one.status == "recorded" for one in answers)
    assert len(await facts(log)) == 3


async def test_I7_one_id_twice_at_once_is_recorded_once(log: MemoryLog) -> None:
    answers = await asyncio.gather(*(ask(log) for _ in range(4)))
    assert sorted(one.status for one in answers if one) == ["recorded", "repeated", "repeated", "repeated"]
    assert len({one.fact for one in answers if one}) == 1


@pytest.mark.parametrize("answer", [hold, rename])
async def test_I1_lost_answer_is_given_when_the_same_id_asks_again(log: MemoryLog, answer: object) -> None:
    lossy = Forgetful(log, lost=1)
    with pytest.raises(StoreUnavailable):
        await ask(lossy, answer=answer)  # type: ignore[arg-type]
    again = await ask(lossy, answer=answer)  # type: ignore[arg-type]
    assert again is not None
    assert (again.status, again.position) == ("repeated", "0:2")
    assert len(await facts(log)) == 2


async def test_aggregate_that_keeps_moving_is_given_up(log: MemoryLog) -> None:
    class Busy(Forgetful):
        tries = 0

        async def commit(
            self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
        ) -> list[Answer]:
            self.tries += 1
            await write(log, updated(1, str(self.tries)))
            return await super().commit(partition, units, acks)

    busy = Busy(log, 0)
    with pytest.raises(VersionConflict):
        await ask(busy, answer=rename)  # type: ignore[arg-type]
    assert busy.tries == ATTEMPTS_MAX


async def test_what_was_read_a_moment_ago_is_not_read_again() -> None:
    log = Behind(Snapshot(1, given("lead", lead_sourced())))
    await write_leads(log, 1, 1)
    log.loads = 0
    receipt = await ask(log)
    assert receipt is not None
    assert (receipt.status, log.loads) == ("recorded", 0)


HELD = Snapshot(2, given("lead", lead_sourced(), lead_held(lead_id=LEAD.id)))


@pytest.mark.parametrize("seen", [HELD, Snapshot()], ids=["refused", "let through"])
async def test_decided_on_what_is_behind_is_decided_again_on_what_stands(seen: Snapshot) -> None:
    """A refusal is checked by no commit, and of what is let through the commit finds that it is behind."""
    log = Behind(seen)
    await write_leads(log, 1, 1)
    receipt = await ask(log)
    assert receipt is not None
    assert (receipt.status, receipt.position) == ("recorded", "0:2")


async def test_I6_who_saw_it_open_is_refused_where_it_no_longer_is() -> None:
    log = Behind(Snapshot(1, given("lead", lead_sourced())))
    await write_leads(log, 1, 1)
    await write(log, lead_held(lead_id=LEAD.id))
    with pytest.raises(AlreadyDecided):
        await ask(log)
    assert len(await facts(log)) == 2


async def test_nothing_to_say_is_said_of_what_stands() -> None:
    log = Behind(HELD)
    await write_leads(log, 1, 1)

    def hold_once(states: States) -> Sequence[Event]:
        lead = states.get(LEAD, Lead)
        return [] if lead and lead.held_at else [lead_held(lead_id=LEAD.id)]

    assert await ask(log, answer=hold_once) is not None
    assert await ask(log, "2", answer=hold_once) is None


def test_command_id_belongs_to_its_actor_and_key() -> None:
    other = REVIEWER.__class__(kind="person", id="ada@local")
    ids = {command_id(REVIEWER, "1"), command_id(REVIEWER, "2"), command_id(other, "1")}
    assert len(ids) == 3
    assert command_id(REVIEWER, "1") in ids
