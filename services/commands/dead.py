"""A person's command to a dead letter: send it back to its service, or drop it with a reason."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, AnyEnvelope, Event
from contracts.errors import AlreadyDecided, BadInput, NotFound
from contracts.facts import Ref
from contracts.ops import DeadDropped, DeadLetter, DeadLettered, DeadRetried
from services.runtime.clock import Clock
from services.runtime.execute import Asked, execute
from services.runtime.log import EventLog
from services.runtime.service import States

PAGE = 500
REASON_MIN, REASON_MAX = 3, 2_000

Answered: TypeAlias = Literal["retried", "dropped"]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One dead letter with where it lies, and the answer to it, where somebody gave one."""

    dead_id: str
    partition: int
    died_at: datetime
    letter: DeadLettered
    answer: AnyEnvelope | None = None


@dataclass(frozen=True)
class DeadLetters:
    """Lists and answers dead letters."""

    log: EventLog
    clock: Clock

    async def all(self) -> AsyncIterator[Listed]:
        """Every one there ever was, oldest first in each partition; one that died again waits for an answer again."""
        for partition in self._partitions():
            found: dict[str, Listed] = {}
            async for heard in self._facts(partition):
                match heard.event:
                    case DeadLettered(dead_id=dead_id) as letter:
                        found.pop(dead_id, None)
                        found[dead_id] = Listed(
                            dead_id=dead_id, partition=partition, died_at=heard.recorded_at, letter=letter
                        )
                    case DeadRetried(dead_id=dead_id) | DeadDropped(dead_id=dead_id) if dead_id in found:
                        found[dead_id] = msgspec.structs.replace(found[dead_id], answer=heard)
            for listed in found.values():
                yield listed

    async def waiting(self) -> AsyncIterator[Listed]:
        """Those that nobody answered."""
        async for one in self.all():
            if one.answer is None:
                yield one

    async def retry(self, dead_id: str, actor: Actor, command_id: str) -> Receipt:
        """Send it back to the service that gave it up.

        Returns:
            The receipt; that of the answer that stands, where somebody sent it back before.

        Raises:
            NotFound: there is no such dead letter.
            AlreadyDecided: it was dropped.
            See `services.runtime.execute.execute`.
        """

        def retried(letter: DeadLetter) -> Event:
            return DeadRetried(
                dead_id=dead_id,
                service=letter.service,
                entry_category=letter.entry_category,
                entry_seq=letter.entry_seq,
                entry_type=letter.entry_type,
                run_id=letter.run_id,
            )

        asked = Asked.saying(command_id, actor, "retried", dead_id)
        return await self._answer(dead_id, "retried", retried, asked)

    async def drop(self, dead_id: str, reason: str, actor: Actor, command_id: str) -> Receipt:
        """Decide that it needs no answer; returns as `retry`.

        Raises:
            BadInput: the reason is too short or too long.
            NotFound: there is no such dead letter.
            AlreadyDecided: it was sent back.
            See `services.runtime.execute.execute`.
        """
        words = reason.strip()
        if not REASON_MIN <= len(words) <= REASON_MAX:
            raise BadInput(f"A reason has {REASON_MIN} to {REASON_MAX:,} characters.", "Say why.", field="reason")
        dropped = DeadDropped(dead_id=dead_id, reason=words)
        asked = Asked.saying(command_id, actor, "dropped", dead_id, words)
        return await self._answer(dead_id, "dropped", lambda _: dropped, asked)

    async def _answer(
        self, dead_id: str, answer: Answered, event: Callable[[DeadLetter], Event], asked: Asked
    ) -> Receipt:
        partition, about = await self._partition(dead_id), Ref("ops", dead_id)

        def answering(states: States) -> Sequence[Event]:
            letter = states.get(about, DeadLetter)
            if letter is None:
                raise _unknown()
            if letter.status == answer:
                return []
            if letter.status != "dead":
                raise AlreadyDecided(f"It was {letter.status}.", what=letter.status)
            return [event(letter)]

        try:
            receipt = await execute(self.log, partition, about, (), asked, answering, self.clock)
        except AlreadyDecided:
            raise _decided(await self._given(partition, dead_id)) from None
        return receipt or _standing(await self._given(partition, dead_id))

    async def _partition(self, dead_id: str) -> int:
        """Where it lies."""
        about = Ref("ops", dead_id)
        for partition in self._partitions():
            if (await self.log.load(partition, [about]))[about].state is not None:
                return partition
        raise _unknown()

    async def _given(self, partition: int, dead_id: str) -> AnyEnvelope:
        """The last answer to it. Who asks has seen that there is one."""
        given: AnyEnvelope | None = None
        async for heard in self._facts(partition):
            if heard.aggregate_id == dead_id and isinstance(heard.event, DeadRetried | DeadDropped):
                given = heard
        if given is None:
            raise LookupError("an answer that is not in the log")
        return given

    async def _facts(self, partition: int) -> AsyncIterator[AnyEnvelope]:
        after = 0
        while page := await self.log.tail(partition, ["ops"], after, count=PAGE):
            after = page[-1].seq
            for one in page:
                yield one.decode(partition)

    def _partitions(self) -> range:
        return range(1 if self.log.partitions == 1 else self.log.partitions + 1)


def _unknown() -> NotFound:
    return NotFound("There is no such dead letter.", "`GET /api/dead-letters` lists those that wait.")


def _answer_of(given: AnyEnvelope) -> Answered:
    return "dropped" if isinstance(given.event, DeadDropped) else "retried"


def _standing(given: AnyEnvelope) -> Receipt:
    """The receipt of the answer that stands."""
    return Receipt(
        status="repeated",
        about=given.aggregate_id,
        fact=given.event_id,
        position=str(given.position),
        answer=_answer_of(given),
        by=str(given.actor),
        at=given.recorded_at.isoformat(),
    )


def _decided(given: AnyEnvelope) -> AlreadyDecided:
    """What somebody is told who comes too late."""
    what = _answer_of(given)
    when = given.recorded_at.astimezone(UTC)
    return AlreadyDecided(
        f"{given.actor.id} {'sent it back' if what == 'retried' else 'dropped it'} at {when:%Y-%m-%d %H:%M} UTC.",
        who=str(given.actor),
        when=when.isoformat(),
        what=what,
    )
