"""A person's commands to the list of those who are left alone. Addresses and domains come in; only their keys go on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, Event
from contracts.exclusion import PREFIX, ExclusionKind, keys_of
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import Exclusion, Exclusions
from services.exclusion.decide import checked_reason, entry_of, exclude, remove, who_of
from services.runtime.clock import Clock
from services.runtime.exclusion_list import INDEX, ExclusionList, count_of, standing_of
from services.runtime.execute import Answering, Asked, execute
from services.runtime.log import EventLog
from services.runtime.service import States

TYPED = "typed"


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """One key under which somebody is left alone, and why."""

    key: str
    kind: ExclusionKind
    reason: str
    source: str


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

    async def remove(self, who: str, *, reason: str = "", actor: Actor, command_id: str) -> Receipt:
        """Leave them alone no longer.

        Args:
            who: the address or domain as it was excluded, or the key.

        Returns:
            As `add`.

        Raises:
            NotFound: nobody was ever excluded so.
            BadInput: it is no address, domain or key, or the reason is no reason.
            See `services.runtime.execute.execute`.
        """
        key, words = self.key_of(who), checked_reason(reason, who)
        asked = Asked.saying(command_id, actor, "include", key, words)

        def answering(states: States) -> Sequence[Event]:
            state = states.get(_ref(key), Exclusion)
            return remove(_count(states), standing_of(state), key, known=state is not None, reason=words)

        return await self._one(key, asked, answering)

    async def check(self, who: str) -> list[Covered]:
        """Every key under which this address or domain is left alone; none where it is not. Raises `BadInput`."""
        kind, text = who_of(who)
        address, domain = (text, "") if kind == "address" else ("", text)
        keys = keys_of(self.identity_key, address, domain)
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
