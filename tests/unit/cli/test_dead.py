"""A person's answer to a dead letter: once, the same again for nothing, another one too late."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from contracts.commands import Receipt
from contracts.envelope import Actor
from contracts.errors import AlreadyDecided, KeyReused
from contracts.ops import DeadDropped, DeadRetried
from services.commands.dead import DeadLetters, Listed
from services.runtime.log_memory import MemoryLog
from tests.controls import dead_lettered
from tests.unit.runtime_loop.loops import facts, now, write

ANN, BOB = Actor(kind="person", id="ann@local"), Actor(kind="person", id="bob@local")
FIRST, SECOND, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))

Answer = Callable[[DeadLetters, Listed, Actor, str], Awaitable[Receipt | None]]


async def retry(letters: DeadLetters, one: Listed, actor: Actor, command_id: str) -> Receipt | None:
    return await letters.retry(one, actor, command_id)


async def drop(letters: DeadLetters, one: Listed, actor: Actor, command_id: str) -> Receipt | None:
    return await letters.drop(one, "It needs no answer.", actor, command_id)


async def only(letters: DeadLetters) -> Listed:
    (one,) = [each async for each in letters.all()]
    return one


@pytest.fixture
async def letters() -> DeadLetters:
    """One of them waits."""
    log = MemoryLog()
    await write(log, dead_lettered())
    return DeadLetters(log, now)


@pytest.mark.parametrize("answer", [retry, drop])
async def test_the_same_answer_again_is_recorded_once(letters: DeadLetters, answer: Answer) -> None:
    one = await only(letters)
    assert await answer(letters, one, ANN, FIRST) is not None
    assert await answer(letters, one, BOB, SECOND) is None
    assert len(await facts(letters.log, DeadRetried)) + len(await facts(letters.log, DeadDropped)) == 1


@pytest.mark.parametrize(("first", "late", "words"), [(retry, drop, "sent it back"), (drop, retry, "dropped it")])
async def test_another_answer_is_too_late_and_told_who_was_first(
    letters: DeadLetters, first: Answer, late: Answer, words: str
) -> None:
    seen = await only(letters)
    await first(letters, seen, ANN, FIRST)
    with pytest.raises(AlreadyDecided, match=f"^Somebody else just {words}"):
        await late(letters, seen, BOB, SECOND)
    with pytest.raises(AlreadyDecided, match=f"^ann@local {words} at .* UTC") as told:
        await late(letters, await only(letters), BOB, THIRD)
    assert told.value.values["who"] == "person:ann@local"


async def test_one_that_fails_again_waits_again_behind_the_others(letters: DeadLetters) -> None:
    await letters.retry(await only(letters), ANN, FIRST)
    assert [each async for each in letters.waiting()] == []
    other = "1f" * 16
    await write(letters.log, dead_lettered(dead_id=other), cause=SECOND)
    await write(letters.log, dead_lettered(), cause=THIRD)
    assert [each.dead_id async for each in letters.waiting()] == [other, dead_lettered().dead_id]


async def test_one_command_id_is_one_answer(letters: DeadLetters) -> None:
    one = await only(letters)
    first = await letters.retry(one, ANN, FIRST)
    again = await letters.retry(one, ANN, FIRST)
    assert first is not None
    assert again is not None
    assert (again.status, again.fact) == ("repeated", first.fact)
    with pytest.raises(KeyReused):
        await drop(letters, one, ANN, FIRST)
