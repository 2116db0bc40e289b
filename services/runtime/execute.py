"""The way of a command: load, decide, commit; once per command id, however often it is sent."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

import msgspec

from contracts.commands import Receipt
from contracts.envelope import Actor, Event
from contracts.errors import BadInput, KeyReused, SwarmError, VersionConflict
from contracts.facts import Ref
from contracts.uuid5 import uuid5
from services.runtime import crash
from services.runtime.clock import Clock
from services.runtime.log import Answer, CommandKey, EventLog, Snapshot
from services.runtime.record import Cause, record
from services.runtime.service import States

ATTEMPTS_MAX = 6
COMMANDS = UUID("0d6f5f1e-93d5-5b25-8f6c-4a4f3c0b9c11").bytes
NONE_AT_HAND: Mapping[Ref, Snapshot] = MappingProxyType({})

Answering: TypeAlias = Callable[[States], Sequence[Event]]


@dataclass(frozen=True)
class Asked:
    """A command on its way.

    Args:
        id: derived from actor and idempotency key, or drawn once per request.
        body: the bytes that a repeat under the same id has to have.
        correlation_id: the run that it belongs to; empty for the run that the aggregate belongs to, if any.
        synthetic: what it leads to is invented from the start.
    """

    id: str
    body: bytes
    actor: Actor
    correlation_id: str = ""
    synthetic: bool = False

    @staticmethod
    def saying(command_id: str, actor: Actor, *said: object) -> "Asked":
        """A command of which a repeat has to say the same.

        Raises:
            BadInput: it holds half a character.
        """
        try:
            return Asked(command_id, msgspec.json.encode(said), actor)
        except UnicodeEncodeError as error:
            raise BadInput("What was given holds half a character.", "Send it as UTF-8.") from error


def command_id(actor: Actor, key: str) -> str:
    """The id of a command that came with an idempotency key."""
    return uuid5(COMMANDS, f"{actor}:{key}")


async def execute(
    log: EventLog,
    partition: int,
    about: Ref,
    others: Sequence[Ref],
    asked: Asked,
    answer: Answering,
    clock: Clock,
    *,
    at_hand: Mapping[Ref, Snapshot] = NONE_AT_HAND,
) -> Receipt | None:
    """Carry out a command on one aggregate.

    It is decided first on what this process read or left last, which the commit then expects: who answers a draft has
    just been shown it. Whatever would not be committed is decided again on what stands.

    Args:
        about: what the command is about; the receipt names it.
        others: further aggregates that the decision looks at.
        at_hand: likewise, as they were read a while ago: the commit expects them so, and where that no longer holds they
            are loaded. Only for what lets the decision through, since a refusal is not checked by any commit.
        answer: pure; refuses by raising, and says nothing where the answer already stands.

    Returns:
        The receipt, the first one where this command id was answered before; None where nothing had to be recorded.

    Raises:
        KeyReused: the id came before with another body.
        VersionConflict: the aggregate kept moving.
        StoreUnavailable: the outcome is unknown; asking again under the same id is safe.
        DecisionRefused, Conflict, BadInput: whatever `answer` raises.
    """
    body_hash = hashlib.sha256(asked.body).hexdigest()[:32]
    for attempt in range(ATTEMPTS_MAX):
        recalled = attempt == 0
        if recalled:
            loaded = {**await log.recall(partition, [about, *others]), **at_hand}
        else:
            loaded = await log.load(partition, [about, *others, *at_hand])
        crash.point("execute.loaded", 1)
        events: Sequence[Event] = ()
        refusal: SwarmError | None = None
        try:
            events = answer(States({ref: one.state for ref, one in loaded.items()}))
        except SwarmError as error:
            refusal = error
        if not events:
            if recalled:
                continue  # No commit checks what is not recorded, so it is said of what stands.
            # The state may refuse only because this very command already changed it.
            first = await _first_answer(log, partition, asked.id, body_hash)
            if first is None and refusal is not None:
                raise refusal
            return first
        now = clock()
        unit, _, ids = record(events, loaded, _cause(asked, loaded[about]), now)
        receipt = Receipt(
            status="recorded", about=about.id, fact=ids[-1], position="", by=str(asked.actor), at=now.isoformat()
        )
        key = CommandKey(asked.id, body_hash, msgspec.json.encode(receipt))
        (given,) = await log.commit(partition, [unit._replace(command=key)])
        crash.point("execute.committed", 1)
        match given.outcome:
            case "done":
                return msgspec.structs.replace(receipt, position=f"{partition}:{given.last}")
            case "repeated":
                return _first(partition, given)
            case "key_reused":
                raise KeyReused("This idempotency key was used for another command.")
            case _:
                continue
    raise VersionConflict(f"{about.category} {about.id} kept changing.")


async def answered(log: EventLog, partition: int, asked: Asked) -> Receipt | None:
    """The first receipt of a command that came before; None where it is new.

    For a command whose own work is dear: a repeat need not do it to learn that it was done.

    Raises:
        KeyReused: the id came before with another body.
    """
    return await _first_answer(log, partition, asked.id, hashlib.sha256(asked.body).hexdigest()[:32])


def _cause(asked: Asked, about: Snapshot) -> Cause:
    run_id: str = asked.correlation_id or getattr(about.state, "run_id", "") or asked.id
    return Cause(id=asked.id, service="command", actor=asked.actor, correlation_id=run_id, synthetic=asked.synthetic)


async def _first_answer(log: EventLog, partition: int, command: str, body_hash: str) -> Receipt | None:
    kept = await log.answered(partition, command)
    if kept is None:
        return None
    if kept[0] != body_hash:
        raise KeyReused("This idempotency key was used for another command.")
    return _first(partition, kept[1])


def _first(partition: int, given: Answer) -> Receipt:
    receipt = msgspec.json.decode(given.answer, type=Receipt)
    return msgspec.structs.replace(receipt, status="repeated", position=f"{partition}:{given.last}")
