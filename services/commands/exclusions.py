"""A person's commands to the list of those who are left alone. Addresses and domains come in; only their keys go on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, Event
from contracts.errors import TooLarge
from contracts.exclusion import PREFIX, ExclusionKind, keys_of
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import Exclusion, Exclusions
from services.exclusion.decide import Entry, checked_reason, checked_source, entry_of, exclude, remove, who_of
from services.exclusion.listed import read_list
from services.reading.encoding import text_of
from services.runtime.clock import Clock
from services.runtime.exclusion_list import INDEX, ExclusionList, count_of, standing_of
from services.runtime.execute import Answering, Asked, execute
from services.runtime.execute import command_id as own_id
from services.runtime.log import EventLog
from services.runtime.service import States

TYPED = "typed"
BYTES_MAX = 1_000_000
AT_ONCE = 200
"""How many keys one commit puts on the list."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """One key under which somebody is left alone, and why."""

    key: str
    kind: ExclusionKind
    reason: str
    source: str


class RefusedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list that names nobody, and what mends it; nothing of its content."""

    line: int
    reason: str
    remedy: str


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What a list came to: how many of its lines name somebody, who is new on the list, and who was on it before."""

    lines: int
    added: int
    known: int
    refused: list[RefusedEntry]
    position: str


@dataclass(frozen=True)
class ExclusionDesk:
    """Takes commands to the list, and says who is on it.

    Args:
        exclusions: what this process believes of the list; it learns of each change at once.
    """

    log: EventLog
    identity_key: bytes
    exclusions: ExclusionList
    clock: Clock

    async def add(self, who: str, *, reason: str = "", actor: Actor, command_id: str) -> Receipt:
        """Leave an address, or everybody at a domain and below it, alone.

        Returns:
            The receipt, about the key; one without a fact where they were left alone already.

        Raises:
            BadInput: it is neither, or the reason is no reason.
            See `services.runtime.execute.execute`.
        """
        entry, words = entry_of(self.identity_key, who), checked_reason(reason, who)
        asked = Asked.saying(command_id, actor, "exclude", entry.key, words)

        def answering(states: States) -> Sequence[Event]:
            standing = {entry.key: standing_of(states.get(_ref(entry.key), Exclusion))}
            return exclude(_count(states), standing, [entry], reason=words, source=TYPED)

        return await self._one(entry.key, asked, answering)

    async def remove(self, who: str, *, actor: Actor, command_id: str) -> Receipt:
        """Leave them alone no longer.

        Args:
            who: the address or domain as it was excluded, or the key.

        Returns:
            As `add`.

        Raises:
            NotFound: nobody was ever excluded so.
            BadInput: it is no address, domain or key.
            See `services.runtime.execute.execute`.
        """
        key = self.key_of(who)
        asked = Asked.saying(command_id, actor, "include", key)

        def answering(states: States) -> Sequence[Event]:
            state = states.get(_ref(key), Exclusion)
            return remove(_count(states), standing_of(state), key, known=state is not None)

        return await self._one(key, asked, answering)

    async def bring(self, name: str, content: bytes, *, reason: str = "", actor: Actor, command_id: str) -> Brought:
        """Leave everybody alone whom a list names.

        A list that breaks off half-way stands up to there; brought again, what stands is known and the rest is added.

        Args:
            name: what the file is called; its end is kept as the source, unless it holds an address.

        Raises:
            TooLarge: it has too many bytes or lines.
            BadInput: nothing in it is an address or a domain, or the reason is no reason.
            See `services.runtime.execute.execute`.
        """
        if len(content) > BYTES_MAX:
            raise TooLarge(f"The list has more than {BYTES_MAX // 1_000_000} MB.", "Split it.", field="file")
        listed, words = read_list(self.identity_key, text_of(content).text), checked_reason(reason)
        source, added, position = checked_source(name), 0, ""
        for start in range(0, len(listed.entries), AT_ONCE):
            some = listed.entries[start : start + AT_ONCE]
            fresh, place = await self._many(some, words, source, actor, own_id(actor, f"{command_id}:{start}"))
            added, position = added + fresh, place or position
        return Brought(
            lines=listed.lines,
            added=added,
            known=len(listed.entries) - added,
            refused=[RefusedEntry(line=one.line, reason=one.reason, remedy=one.remedy) for one in listed.refused],
            position=position or f"{CONTROL}:{await self.log.head(CONTROL)}",
        )

    async def _many(
        self, some: Sequence[Entry], words: str, source: str, actor: Actor, command_id: str
    ) -> tuple[int, str]:
        """How many of them were not excluded before, and the position of what was recorded; empty for nothing."""
        asked = Asked.saying(command_id, actor, "exclude many", [one.key for one in some], words, source)
        fresh = 0

        def answering(states: States) -> Sequence[Event]:
            nonlocal fresh
            standing = {one.key: standing_of(states.get(_ref(one.key), Exclusion)) for one in some}
            fresh = sum(one is None for one in standing.values())
            return exclude(_count(states), standing, some, reason=words, source=source)

        keys = [_ref(one.key) for one in some]
        receipt = await execute(self.log, CONTROL, INDEX, keys, asked, answering, self.clock)
        self.exclusions.changed()
        return fresh, receipt.position if receipt else ""

    async def check(self, who: str) -> list[Covered]:
        """Every key under which this address or domain is left alone, or the key itself; none where it is not.

        Raises:
            BadInput: it is none of these.
        """
        keys: tuple[str, ...] = (who.strip(),)
        if not who.strip().startswith(PREFIX):
            kind, text = who_of(who)
            keys = keys_of(self.identity_key, *((text, "") if kind == "address" else ("", text)))
        loaded = await self.log.load(CONTROL, [_ref(key) for key in keys])
        found = ((key, standing_of(loaded[_ref(key)].state)) for key in keys)
        return [
            Covered(key=key, kind=one.kind, reason=one.reason, source=one.source)
            for key, one in found
            if one is not None
        ]

    def key_of(self, who: str) -> str:
        """The key that is meant: given whole, or by the address or domain that it is made of."""
        text = who.strip()
        return text if text.startswith(PREFIX) else entry_of(self.identity_key, text).key

    async def _one(self, key: str, asked: Asked, answering: Answering) -> Receipt:
        """Change the list and one key on it in one commit."""
        receipt = await execute(self.log, CONTROL, _ref(key), [INDEX], asked, answering, self.clock)
        self.exclusions.changed()
        if receipt is not None:
            return receipt
        position = f"{CONTROL}:{await self.log.head(CONTROL)}"
        return Receipt(status="repeated", about=key, fact="", position=position)


def exclusions_over(log: EventLog, identity_key: bytes, clock: Clock) -> ExclusionDesk:
    """The way of commands to a list that nobody else in this process looks at."""
    return ExclusionDesk(log, identity_key, ExclusionList(log, identity_key, time.monotonic), clock)


def _ref(key: str) -> Ref:
    return Ref("policy", key)


def _count(states: States) -> int:
    return count_of(states.get(INDEX, Exclusions))
