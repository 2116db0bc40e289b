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
        for partition in range(1 if self.log.partitions == 1 else self.log.partitions + 1):
            found: dict[str, Listed] = {}
            after = 0
            while page := await self.log.tail(partition, ["ops"], after, count=PAGE):
                after = page[-1].seq
                for one in page:
                    heard = one.decode(partition)
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

    async def retry(self, dead: Listed, actor: Actor, command_id: str) -> Receipt | None:
        """Send it back to the service that gave it up; None where somebody did so before.

        Raises:
            NotFound: there is no such dead letter.
            AlreadyDecided: it was dropped.
        """

        def retried(letter: DeadLetter) -> Event:
            return DeadRetried(
                dead_id=dead.dead_id,
                service=letter.service,
                entry_category=letter.entry_category,
                entry_seq=letter.entry_seq,
                entry_type=letter.entry_type,
                run_id=letter.run_id,
            )

        return await self._answer(dead, "retried", actor, command_id, retried)

    async def drop(self, dead: Listed, reason: str, actor: Actor, command_id: str) -> Receipt | None:
        """Decide that it needs no answer; None where somebody did so before.

        Raises:
            BadInput: the reason is too short or too long.
            NotFound: there is no such dead letter.
            AlreadyDecided: it was sent back.
        """
        words = reason.strip()
        if not REASON_MIN <= len(words) <= REASON_MAX:
            raise BadInput(f"A reason has {REASON_MIN} to {REASON_MAX:,} characters.", "Say why.", field="reason")
        dropped = DeadDropped(dead_id=dead.dead_id, reason=words)
        return await self._answer(dead, "dropped", actor, command_id, lambda _: dropped)

    async def _answer(
        self, dead: Listed, answer: Answered, actor: Actor, command_id: str, event: Callable[[DeadLetter], Event]
    ) -> Receipt | None:
        about = Ref("ops", dead.dead_id)

        def answering(states: States) -> Sequence[Event]:
            letter = states.get(about, DeadLetter)
            if letter is None:
                raise NotFound("There is no such dead letter.")
            if letter.status == answer:
                return []
            if letter.status != "dead":
                raise _decided(letter.status, dead.answer)
            return [event(letter)]

        asked = Asked(command_id, f"{answer}:{dead.dead_id}".encode(), actor, correlation_id=dead.letter.run_id)
        return await execute(self.log, dead.partition, about, (), asked, answering, self.clock)


def _decided(status: Answered, given: AnyEnvelope | None) -> AlreadyDecided:
    """What somebody is told who comes too late. Who was first is not at hand where it happened at the same moment."""
    what = "sent it back" if status == "retried" else "dropped it"
    if given is None:
        return AlreadyDecided(f"Somebody else just {what}.", what=status)
    when = given.recorded_at.astimezone(UTC)
    return AlreadyDecided(
        f"{given.actor.id} {what} at {when:%Y-%m-%d %H:%M} UTC.",
        who=str(given.actor),
        when=when.isoformat(),
        what=status,
    )
