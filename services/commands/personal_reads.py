"""The record of who was shown what belongs to other people: written before they see it, once an hour for the same."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import msgspec

from contracts.access import Person, PersonalRead, ReadingPlace
from contracts.errors import Conflict, StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.runtime.clock import Clock
from services.runtime.execute import Asked, command_id, execute
from services.runtime.log import EventLog

NAMED_MAX = 200
AGAIN_AFTER = timedelta(hours=1)
REMEMBERED_MAX = 50_000
NOBODY_YET = ""

Seen = tuple[str, ReadingPlace, str]
"""An account, a place, and whom it read about there."""


@dataclass(frozen=True)
class PersonalReads:
    """Records such reads. One per process, since it remembers what it recorded within the hour."""

    log: EventLog
    clock: Clock
    _recorded: OrderedDict[Seen, datetime] = field(default_factory=OrderedDict)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def record(
        self, person: Person, where: ReadingPlace, people: Sequence[str], *, exported: bool = False
    ) -> None:
        """Record that somebody is about to see this; nothing where all of it was recorded within the hour.

        Args:
            people: the ids of whom it belongs to; none where that is not known yet, as in a feed, which a page opens
                again and again.
            exported: it leaves as a file, which is recorded each time.

        Raises:
            StoreUnavailable: it could not be recorded, so it must not be shown.
        """
        # One after another for each person: they all write to the same account.
        async with self._turns.setdefault(person.account_id, asyncio.Lock()):
            named = list(dict.fromkeys(people)) or [NOBODY_YET]
            fresh = named if exported else self._fresh(person, where, named)
            if fresh:
                known = [one for one in fresh if one != NOBODY_YET]
                read = PersonalRead(
                    account_id=person.account_id,
                    where=where,
                    people=tuple(known[:NAMED_MAX]),
                    count=len(known),
                    exported=exported,
                )
                await self._commit(person, read)
                self._remember(person, where, fresh)

    def _fresh(self, person: Person, where: ReadingPlace, people: Sequence[str]) -> list[str]:
        """Those whom this person did not read about here within the hour."""
        since = self.clock() - AGAIN_AFTER
        known = self._recorded
        return [one for one in people if (at := known.get((person.account_id, where, one))) is None or at <= since]

    async def _commit(self, person: Person, read: PersonalRead) -> None:
        about = Ref("access", person.account_id)
        asked = Asked(command_id(person.actor, secrets.token_hex(16)), msgspec.json.encode(read), person.actor)
        try:
            await execute(self.log, CONTROL, about, (), asked, lambda _: [read], self.clock)
        except Conflict as error:
            raise StoreUnavailable("That this was read could not be recorded, so it is not shown.") from error

    def _remember(self, person: Person, where: ReadingPlace, people: Sequence[str]) -> None:
        now = self.clock()
        for one in people:
            seen = (person.account_id, where, one)
            self._recorded[seen] = now
            self._recorded.move_to_end(seen)
        while len(self._recorded) > REMEMBERED_MAX:
            self._recorded.popitem(last=False)
