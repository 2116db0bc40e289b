"""What is recorded of a delivery that nobody could answer: which entry it was and why, without personal data."""

import hashlib
import traceback
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from contracts.envelope import Actor, AnyEnvelope, Envelope
from contracts.errors import SwarmError
from contracts.ops import DeadLettered
from services.runtime.log import Recorded
from services.runtime.record import Cause

IDS = UUID(int=0)


class Failure(NamedTuple):
    """A delivery that could not be read, or whose handler raised; `meant` is the entry it stands for."""

    delivered: Recorded
    meant: Recorded
    heard: AnyEnvelope | None
    error: Exception


def letter_of(
    failure: Failure, service: str, partition: int, attempts: int, now: datetime
) -> tuple[DeadLettered, Cause]:
    """The dead letter of a failure, and what it is caused by: the same for each redelivery, another after a retry."""
    delivered, meant, heard = failure.delivered, failure.meant, failure.heard
    # An entry that does not read may carry any id, even another's: its place names it.
    about = heard.event_id if heard else f"{partition}:{meant.category}:{meant.seq}"
    reason, stack_hash = explain(failure.error)
    letter = DeadLettered(
        dead_id=str(uuid5(IDS, f"{service}:{about}")),
        service=service,
        entry_category=meant.category,
        entry_seq=meant.seq,
        entry_type=meant.entry.t.decode(errors="replace"),
        entry_event_id=heard.event_id if heard else meant.entry.i.decode(errors="replace"),
        reason=reason,
        stack_hash=stack_hash,
        attempts=attempts,
        run_id=str(getattr(heard.event, "run_id", "") or heard.correlation_id) if heard else "",
    )
    cause = Cause.heard(heard or _nameless(letter, now), service)
    # Dead for a second time, its fact needs an id that the first one did not have.
    return letter, cause if delivered == meant else cause._replace(id=delivered.entry.i.decode())


def explain(error: BaseException) -> tuple[str, str]:
    """Why it failed, without personal data, and a hash that is the same for failures with one cause.

    Only our own errors are quoted: the message of any other may hold what it choked on.
    """
    frames = traceback.extract_tb(error.__traceback__)
    stack = "|".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    stack_hash = hashlib.sha256(f"{type(error).__name__}|{stack}".encode()).hexdigest()[:12]
    if isinstance(error, SwarmError):
        return error.sentence(), stack_hash
    where = f" in {frames[-1].name}" if frames else ""
    return f"{type(error).__name__}{where}", stack_hash


def _nameless(letter: DeadLettered, now: datetime) -> AnyEnvelope:
    """Stands for an entry that cannot be read, so that its dead letter has a cause."""
    return Envelope(
        event_id=letter.dead_id,
        version=0,
        recorded_at=now,
        actor=Actor(kind="system", id="log"),
        correlation_id="",
        causation_id="",
        event=letter,
    )
