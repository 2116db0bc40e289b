"""Who is left alone: what agents and commands ask about somebody before they go on with them.

Asked afresh each time: whoever asks at the same moment shares one look, and every look reads what stands. Only that
nobody at all is excluded is believed for a moment, so that an empty list costs next to nothing.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from contracts.errors import DamagedEntry
from contracts.exclusion import keys_of, keys_of_fields
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import EXCLUSIONS_ID, Exclusion, Exclusions
from services.runtime.log import EventLog, Snapshot

FRESH_S = 0.25
AT_ONCE = 1_000
INDEX = Ref("policy", EXCLUSIONS_ID)
Seconds: TypeAlias = Callable[[], float]
Found: TypeAlias = Mapping[str, Exclusion]
"""The keys that are excluded, of those that were asked about."""


class ExclusionList:
    """See the module. A list that cannot be read raises, and whoever asked goes no further.

    Args:
        seconds: a clock that only runs forward.
    """

    def __init__(self, log: EventLog, identity_key: bytes, seconds: Seconds) -> None:
        self._log = log
        self._identity_key = identity_key
        self._seconds = seconds
        self._empty_at = self._filled_at = -FRESH_S
        self._found_empty: Snapshot | None = None
        self._changes = 0
        self._next: tuple[set[str], asyncio.Task[Found]] | None = None

    async def covering(self, fields: Mapping[str, object], *, address: str = "") -> str:
        """The key under which a lead with these fields is left alone; empty where it is not.

        Args:
            address: one more that it is written to.

        Raises:
            StoreUnavailable, DamagedEntry: nobody can tell.
        """
        if self._empty():
            return ""
        keys = (*keys_of_fields(self._identity_key, fields), *keys_of(self._identity_key, address))
        found = await self.among(keys)
        return next((key for key in keys if key in found), "")

    async def among(self, keys: Collection[str]) -> Found:
        """Those of the keys that are excluded now; raises as `covering`."""
        if self._empty():
            return {}
        if self._next is None:
            wanted: set[str] = set()
            self._next = wanted, asyncio.create_task(self._look(wanted))
            self._next[1].add_done_callback(_seen)
        wanted, looking = self._next
        wanted.update(keys)
        return await asyncio.shield(looking)

    async def version(self) -> tuple[int, int]:
        """How often the list changed, and how many keys it has; read from the log, whatever was believed."""
        at, changes = self._seconds(), self._changes
        snapshot = (await self._log.load(CONTROL, [INDEX]))[INDEX]
        return snapshot.version, self._counted(snapshot, at, changes)

    async def empty(self) -> Snapshot | None:
        """The list as it was found when it named nobody, for whoever has a commit expect it so; None where it names
        somebody. It may be behind by `FRESH_S`, which the commit then finds out.

        Raises:
            StoreUnavailable, DamagedEntry: nobody can tell.
        """
        if not self._empty():
            await self.version()
        return self._found_empty

    def changed(self) -> None:
        """This process changed the list: what it believed of it, or is about to, is over."""
        self._changes += 1
        self._empty_at = -FRESH_S

    def _empty(self) -> bool:
        return self._seconds() - self._empty_at < FRESH_S

    async def _look(self, wanted: set[str]) -> Found:
        await asyncio.sleep(0)  # Whoever is about to ask joins; whoever asks from here on gets a look of their own.
        self._next = None
        refs = [INDEX, *(Ref("policy", key) for key in wanted)]
        at, changes = self._seconds(), self._changes
        found: dict[str, Exclusion] = {}
        for start in range(0, len(refs), AT_ONCE):
            for ref, snapshot in (await self._log.load(CONTROL, refs[start : start + AT_ONCE])).items():
                if ref == INDEX:
                    self._counted(snapshot, at, changes)
                elif (standing := standing_of(snapshot.state)) is not None:
                    found[ref.id] = standing
        return found

    def _counted(self, snapshot: Snapshot, at: float, changes: int) -> int:
        count = count_of(snapshot.state)
        self._found_empty = None if count else snapshot
        if count:
            self._empty_at, self._filled_at = -FRESH_S, max(at, self._filled_at)
        elif changes == self._changes and at >= self._filled_at:
            self._empty_at = at
        return count


def count_of(state: object) -> int:
    """How many keys are excluded, by the state of the list; raises as `standing_of`."""
    if state is None:
        return 0
    if not isinstance(state, Exclusions):
        raise DamagedEntry("What stands for the list of exclusions is none.", "Run `swarm verify`.")
    return state.count


def standing_of(state: object) -> Exclusion | None:
    """The exclusion that a key's state is; None where the key was never excluded, or no longer is.

    Raises:
        DamagedEntry: it is something else, so that nobody can tell.
    """
    if state is None:
        return None
    if not isinstance(state, Exclusion):
        raise DamagedEntry("What stands under the key of an exclusion is none.", "Run `swarm verify`.")
    return state if state.active else None


def _seen(looked: "asyncio.Task[Found]") -> None:
    if not looked.cancelled():
        looked.exception()  # Seen, also where nobody waited for it any longer.
