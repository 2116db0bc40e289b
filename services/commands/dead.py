"""A person's command to a dead letter: send it back to its service, or drop it with a reason."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, Event
from contracts.errors import BadInput, DecisionRefused, NotFound
from contracts.facts import Ref
from contracts.ops import DeadDropped, DeadLetter, DeadLettered, DeadRetried
from services.runtime.clock import Clock
from services.runtime.execute import Asked, execute
from services.runtime.log import EventLog
from services.runtime.service import States

PAGE = 500
REASON_MIN, REASON_MAX = 3, 2_000


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One dead letter with where it lies."""

    dead_id: str
    partition: int
    letter: DeadLettered


@dataclass(frozen=True)
class DeadLetters:
    """Lists and answers dead letters."""

    log: EventLog
    clock: Clock

    async def waiting(self) -> AsyncIterator[Listed]:
        """Those that nobody answered, oldest first in each partition."""
        for partition in range(1 if self.log.partitions == 1 else self.log.partitions + 1):
            standing: dict[str, DeadLettered] = {}
            after = 0
            while page := await self.log.tail(partition, ["ops"], after, count=PAGE):
                after = page[-1].seq
                for one in page:
                    match one.decode(partition).event:
                        case DeadLettered() as letter:
                            standing[letter.dead_id] = letter
                        case DeadRetried(dead_id=dead_id) | DeadDropped(dead_id=dead_id):
                            standing.pop(dead_id, None)
            for dead_id, letter in standing.items():
                yield Listed(dead_id=dead_id, partition=partition, letter=letter)

    async def retry(self, dead: Listed, actor: Actor, command_id: str) -> Receipt | None:
        """Send it back to the service that gave it up.

        Raises:
            NotFound: there is no such dead letter.
            DecisionRefused: it was already answered.
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

        return await self._answer(dead, actor, command_id, retried)

    async def drop(self, dead: Listed, reason: str, actor: Actor, command_id: str) -> Receipt | None:
        """Decide that it needs no answer.

        Raises:
            BadInput: the reason is too short or too long.
            NotFound: there is no such dead letter.
            DecisionRefused: it was already answered.
        """
        words = reason.strip()
        if not REASON_MIN <= len(words) <= REASON_MAX:
            raise BadInput(f"A reason has {REASON_MIN} to {REASON_MAX:,} characters.", field="reason")
        return await self._answer(dead, actor, command_id, lambda _: DeadDropped(dead_id=dead.dead_id, reason=words))

    async def _answer(
        self, dead: Listed, actor: Actor, command_id: str, event: Callable[[DeadLetter], Event]
    ) -> Receipt | None:
        about = Ref("ops", dead.dead_id)

        def answering(states: States) -> Sequence[Event]:
            letter = states.get(about, DeadLetter)
            if letter is None:
                raise NotFound("There is no such dead letter.")
            if letter.status != "dead":
                raise DecisionRefused(f"It was already {letter.status}.")
            return [event(letter)]

        asked = Asked(command_id, dead.dead_id.encode(), actor, correlation_id=dead.letter.run_id)
        return await execute(self.log, dead.partition, about, (), asked, answering, self.clock)
