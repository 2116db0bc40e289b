"""The ideal customer: which one is in force, which ones were, and a person's command to let another be it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, AnyEnvelope, Event, EventId
from contracts.errors import BadInput, DecisionRefused, NotFound, TooLarge
from contracts.facts import Ref
from contracts.identity import CONTROL, lead_id, partition_of
from contracts.lead import Lead
from contracts.policy import MODEL_ID, ActiveModel, ModelActivated
from services.commands.icp_audiences import AudienceOf, nobody_knows
from services.commands.icp_compare import Compared, Comparing, Explained, Judge, explained
from services.runtime.clock import Clock
from services.runtime.execute import Asked, execute
from services.runtime.log import EventLog
from services.runtime.service import States

ABOUT = Ref("policy", MODEL_ID)
TEXT_MAX, REASON_MAX = 200_000, 2_000
PAGE = LOADED_AT_ONCE = 500
PREFIX_MIN = 6
"""Fewer digits of a hash are no name of a version."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

Way: TypeAlias = Literal["activated", "file", "shipped"]


Reads: TypeAlias = Callable[[str], Judge]
"""Makes a judge of a file's text; raises BadInput with field and line where something is wrong with it."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What is scored by where nothing was ever activated: the text, and whether a setting names it."""

    text: str
    way: Way


class Ideal(msgspec.Struct, frozen=True, kw_only=True):
    """The ideal customer that is in force. `by`, `at` and `reason` are those of who activated it."""

    model_id: str
    model_hash: str
    way: Way
    text: str
    by: str = ""
    at: datetime | None = None
    reason: str = ""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One that was activated; `active` for the one in force."""

    model_id: str
    model_hash: str
    by: str
    at: datetime
    reason: str
    fact: EventId
    active: bool = False


@dataclass
class _Past:
    """Every activation, the oldest first, as far as this process has read the facts of policy.

    Of these there is one for each e-mail that was let go, so each is read once, and those of other types undecoded.
    """

    log: EventLog
    _seq: int = 0
    _found: list[tuple[AnyEnvelope, ModelActivated]] = field(default_factory=list)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def activations(self) -> list[tuple[AnyEnvelope, ModelActivated]]:
        tag = ModelActivated.type_tag().encode()
        async with self._reading:
            if await self.log.head(CONTROL) < self._seq:  # The store came back with less than it had.
                self._seq, self._found = 0, []
            while page := await self.log.tail(CONTROL, [ABOUT.category], self._seq, count=PAGE):
                for one in page:
                    fact = one.decode(CONTROL) if one.entry.t == tag else None
                    if fact and isinstance(fact.event, ModelActivated):
                        self._found.append((fact, fact.event))
                self._seq = page[-1].seq
            return list(self._found)


@dataclass(frozen=True)
class IdealCustomers:
    """Tells and changes which ideal customer is in force.

    Args:
        given: what is scored by where nothing was ever activated; asked for only then.
        audience_of: whom a campaign is for; a comparison asks once for each.
    """

    log: EventLog
    clock: Clock
    read: Reads
    given: Callable[[], Given]
    identity_key: bytes
    audience_of: AudienceOf = nobody_knows
    _past: _Past = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_past", _Past(self.log))

    async def ideal(self) -> Ideal:
        """The one that leads are scored by.

        Raises:
            BadInput: nothing was activated, and the file of the settings has a fault.
        """
        active = await self._active()
        if active is None:
            given = self.given()
            judge = self.read(given.text)
            return Ideal(model_id=judge.id, model_hash=judge.hash, way=given.way, text=given.text)
        return Ideal(
            model_id=active.model_id,
            model_hash=active.model_hash,
            way="activated",
            text=active.text,
            by=active.by,
            at=active.at,
            reason=active.reason,
        )

    async def versions(self) -> list[Version]:
        """Every one that was activated, the newest first."""
        found = await self._past.activations()
        newest = len(found) - 1
        return [_version(*one, active=at == newest) for at, one in enumerate(found)][::-1]

    async def version(self, wanted: str) -> tuple[Version, str]:
        """The newest activation of the model with this id, or whose hash begins so, and its text.

        Raises:
            NotFound: none was ever activated.
        """
        last: tuple[AnyEnvelope, ModelActivated] | None = None
        for fact, event in await self._past.activations():
            if event.model_id == wanted or (len(wanted) >= PREFIX_MIN and event.model_hash.startswith(wanted)):
                last = fact, event
        if last is None:
            raise NotFound("No such version was ever activated.", "`swarm icp versions` lists them.")
        active = await self._active()
        current = active is not None and active.model_hash == last[1].model_hash
        return _version(*last, active=current), last[1].text

    async def activate(self, text: str, reason: str, actor: Actor, command_id: str) -> Receipt | None:
        """Let leads be scored by this from now on; None where it already is the one.

        Raises:
            BadInput: something is wrong with the text, or it holds an address; field and line are named.
            DecisionRefused: its id was active before and said something else.
            See `services.runtime.execute.execute`.
        """
        judge = self.read(checked(text))
        words = reason.strip()
        if len(words) > REASON_MAX or _ADDRESS.search(words):
            raise BadInput(
                f"A reason has at most {REASON_MAX:,} characters and no address in it.",
                "Say it in other words: it is kept in the log for good.",
                field="reason",
            )
        said = ModelActivated(model_id=judge.id, model_hash=judge.hash, text=text, reason=words)
        asked = Asked.saying(command_id, actor, "model_activated", judge.hash, text, words)
        return await execute(self.log, CONTROL, ABOUT, (), asked, partial(_activated, said=said), self.clock)

    async def compare(self, text: str) -> Compared:
        """Who among the leads of the log would move between tiers under this, and why; nothing is recorded.

        Also who would enter or leave the audience of the campaign that it is of. Each lead is judged twice as it is known now: by the one in force and by this one. While nothing is recorded the
        answer is the same, byte for byte.

        Raises:
            BadInput: something is wrong with the text, or with the one in force.
        """
        candidate = self.read(checked(text))
        comparing = Comparing(self.read((await self.ideal()).text), candidate, self.audience_of)
        async for found in self._leads():
            await asyncio.to_thread(comparing.add, found)
        return comparing.done()

    async def explain(self, lead_id: str) -> Explained:
        """What the one in force says of a lead as it is known now, beside what is recorded.

        Raises:
            NotFound: there is no such lead.
            BadInput: something is wrong with the one in force.
        """
        ref = Ref("lead", lead_id)
        try:
            lead = (await self.log.load(partition_of(lead_id, self.log.partitions), [ref]))[ref].state
        except ValueError:
            lead = None
        if not isinstance(lead, Lead) or lead.status == "refused":
            raise NotFound("There is no such lead.", "`swarm leads` lists them; a row that was refused is none.")
        return explained(lead_id, lead, self.read((await self.ideal()).text))

    def lead_of(self, address: str) -> str:
        """The id that a lead with this address has."""
        return lead_id(self.identity_key, address=address, full_name="", company="", domain="")

    async def _active(self) -> ActiveModel | None:
        state = (await self.log.load(CONTROL, [ABOUT]))[ABOUT].state
        return state if isinstance(state, ActiveModel) else None

    async def _leads(self) -> AsyncIterator[list[tuple[str, Lead]]]:
        """Every lead that there is, some at a time."""
        partitions = range(1) if self.log.partitions == 1 else range(1, self.log.partitions + 1)
        for partition in partitions:
            refs = await self.log.aggregates(partition, "lead")
            for start in range(0, len(refs), LOADED_AT_ONCE):
                loaded = await self.log.load(partition, refs[start : start + LOADED_AT_ONCE])
                yield [(ref.id, one.state) for ref, one in loaded.items() if isinstance(one.state, Lead)]


def checked(text: str) -> str:
    """The text, where it may be kept in the log.

    Raises:
        TooLarge: it is longer than any such file has to be.
        BadInput: it holds an address, of which nobody could be forgotten again.
    """
    if len(text) > TEXT_MAX:
        raise TooLarge(
            f"The file has more than {TEXT_MAX:,} characters.", "See that it is the right one.", field="text"
        )
    if found := _ADDRESS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise BadInput(
            f"Line {line} holds an e-mail address, and what is activated is kept in the log for good.",
            "Take it out; `swarm exclude add` leaves one address alone.",
            field="text",
            line=line,
        )
    return text


def _activated(states: States, *, said: ModelActivated) -> Sequence[Event]:
    """Pure: the fact; nothing where it stands.

    Raises:
        DecisionRefused: its id was active before and said something else.
    """
    active = states.get(ABOUT, ActiveModel)
    if active is None:
        return [said]
    if (active.model_id, active.model_hash) == (said.model_id, said.model_hash):
        return []
    if active.hashes.get(said.model_id, said.model_hash) != said.model_hash:
        raise DecisionRefused(
            f"{said.model_id} was activated before and said something else.",
            f'Give the changed one an id of its own, such as id = "{next_id(said.model_id, active.hashes)}".',
            field="id",
        )
    return [said]


def next_id(given: str, taken: Collection[str]) -> str:
    """The id with the next number at its end that nobody took."""
    name = given.rstrip("0123456789")
    number = int(given[len(name) :] or 1) + 1
    name = name if given != name else f"{name}-"
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _version(fact: AnyEnvelope, event: ModelActivated, *, active: bool) -> Version:
    return Version(
        model_id=event.model_id,
        model_hash=event.model_hash,
        by=str(fact.actor),
        at=fact.recorded_at,
        reason=event.reason,
        fact=fact.event_id,
        active=active,
    )
