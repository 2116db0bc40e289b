"""The page of category `ops`: what the machinery could not do by itself. Its facts stay in the partition they speak of."""

from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import AnyEnvelope, Event

FOLD = 1


class DeadLettered(Event, frozen=True, kw_only=True, tag="ops.dead_lettered.v1"):
    """A service gave an entry up after repeated failure; everything behind it went on. Emitted by that service.

    `entry_*` say which fact it was; `stack_hash` groups failures with one cause.
    """

    dead_id: str
    service: str
    entry_category: str
    entry_seq: int
    entry_type: str
    entry_event_id: str
    reason: str
    stack_hash: str
    attempts: int
    run_id: str = ""

    def about(self) -> str:
        return self.dead_id


class DeadRetried(Event, frozen=True, kw_only=True, tag="ops.dead_retried.v1"):
    """A person sent the entry back to its service, which hears this fact in the entry's place."""

    dead_id: str
    service: str
    entry_category: str
    entry_seq: int
    entry_type: str = ""
    run_id: str = ""

    def about(self) -> str:
        return self.dead_id


class DeadDropped(Event, frozen=True, kw_only=True, tag="ops.dead_dropped.v1"):
    """A person decided that the entry needs no answer."""

    dead_id: str
    reason: str

    def about(self) -> str:
        return self.dead_id


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry that a service gave up, and what became of it."""

    status: Literal["dead", "retried", "dropped"] = "dead"
    service: str = ""
    entry_category: str = ""
    entry_seq: int = 0
    entry_type: str = ""
    reason: str = ""
    run_id: str = ""


OpsEvent: TypeAlias = DeadLettered | DeadRetried | DeadDropped


def evolve(state: DeadLetter | None, heard: AnyEnvelope) -> DeadLetter:
    """The dead letter after this fact. Total."""
    letter = state or DeadLetter()
    match heard.event:
        case DeadLettered() as dead:
            return DeadLetter(
                service=dead.service,
                entry_category=dead.entry_category,
                entry_seq=dead.entry_seq,
                entry_type=dead.entry_type,
                reason=dead.reason,
                run_id=dead.run_id,
            )
        case DeadRetried():
            return msgspec.structs.replace(letter, status="retried")
        case DeadDropped():
            return msgspec.structs.replace(letter, status="dropped")
        case _:
            return letter
