"""A person's answer to a dead letter: once, the same again for nothing, another one too late."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from contracts.commands import Receipt
from contracts.envelope import Actor
from contracts.errors import AlreadyDecided, BadInput, KeyReused, NotFound
from contracts.ops import DeadDropped, DeadRetried
from services.commands.dead import DeadLetters
from services.runtime.log_memory import MemoryLog
from tests.controls import dead_lettered
from tests.unit.runtime_loop.loops import facts, now, write

ANN, BOB = Actor(kind="person", id="ann@local"), Actor(kind="person", id="bob@local")
FIRST, SECOND, THIRD, FOURTH, FIFTH = (str(UUID(int=number)) for number in range(1, 6))
DEAD = dead_lettered().dead_id

Answer = Callable[[DeadLetters, Actor, str], Awaitable[Receipt]]


async def retry(letters: DeadLetters, actor: Actor, command_id: str) -> Receipt:
    return await letters.retry(DEAD, actor, command_id)


async def drop(letters: DeadLetters, actor: Actor, command_id: str) -> Receipt:
    return await letters.drop(DEAD, "It needs no answer.", actor, command_id)


@pytest.fixture
async def letters() -> DeadLetters:
    """One of them waits."""
    log = MemoryLog()
    await write(log, dead_lettered())
    return DeadLetters(log, now)


@pytest.mark.parametrize(("answer", "what"), [(retry, "retried"), (drop, "dropped")])
async def test_the_same_answer_again_is_recorded_once_and_gets_the_receipt_that_stands(
    letters: DeadLetters, answer: Answer, what: str
) -> None:
    first = await answer(letters, ANN, FIRST)
    again = await answer(letters, BOB, SECOND)
    (given,) = [*await facts(letters.log, DeadRetried), *await facts(letters.log, DeadDropped)]
    assert (first.status, first.fact, first.position) == ("recorded", given.event_id, str(given.position))
    assert (again.status, again.about, again.fact, again.position) == ("repeated", DEAD, first.fact, first.position)
    assert (again.by, again.at, again.answer) == (str(ANN), first.at, what)


@pytest.mark.parametrize(
    ("first", "late", "words", "what"),
    [(retry, drop, "sent it back", "retried"), (drop, retry, "dropped it", "dropped")],
)
async def test_another_answer_is_too_late_and_told_who_was_first(
    letters: DeadLetters, first: Answer, late: Answer, words: str, what: str
) -> None:
    receipt = await first(letters, ANN, FIRST)
    with pytest.raises(AlreadyDecided, match=f"^ann@local {words} at .* UTC") as told:
        await late(letters, BOB, SECOND)
    assert told.value.values == {"who": "person:ann@local", "when": receipt.at, "what": what}


async def test_one_that_fails_again_waits_again_behind_the_others(letters: DeadLetters) -> None:
    await retry(letters, ANN, FIRST)
    assert [each async for each in letters.waiting()] == []
    other = "1f" * 16
    await write(letters.log, dead_lettered(dead_id=other), cause=SECOND)
    await write(letters.log, dead_lettered(), cause=THIRD)
    assert [each.dead_id async for each in letters.waiting()] == [other, DEAD]
    await drop(letters, BOB, FOURTH)
    with pytest.raises(AlreadyDecided, match=r"^bob@local dropped it at"):
        await retry(letters, ANN, FIFTH)


async def test_one_command_id_is_one_answer_and_one_reason(letters: DeadLetters) -> None:
    first, again = [await drop(letters, ANN, FIRST) for _ in range(2)]
    assert (again.status, again.fact) == ("repeated", first.fact)
    with pytest.raises(KeyReused):
        await letters.drop(DEAD, "It needs another answer.", ANN, FIRST)
    with pytest.raises(KeyReused):
        await retry(letters, ANN, FIRST)


async def test_one_that_never_was_gets_no_answer(letters: DeadLetters) -> None:
    for unknown in (DEAD[:8], DEAD.upper(), "", "\0"):
        with pytest.raises(NotFound, match="no such dead letter"):
            await letters.retry(unknown, ANN, FIRST)
        with pytest.raises(NotFound, match="no such dead letter"):
            await letters.drop(unknown, "It needs no answer.", ANN, FIRST)


@pytest.mark.parametrize("reason", ["", "ok", "  ok  ", "x" * 2_001, "half \ud800"])
async def test_reason_is_said_in_words_that_can_be_kept(letters: DeadLetters, reason: str) -> None:
    with pytest.raises(BadInput):
        await letters.drop(DEAD, reason, ANN, FIRST)
    assert await facts(letters.log, DeadDropped) == []
