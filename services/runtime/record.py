"""Turns what was decided into a unit of commit: envelopes, expected versions and the snapshots that follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.codec import CODEC, encode_state
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, event_id
from contracts.facts import KINDS, Ref, ref_of
from services.runtime.log import MAX_FACTS, CommandKey, Delivery, Save, Snapshot, Unit


class Cause(NamedTuple):
    """What led to the facts: a heard fact or a command.

    `service` names whoever decides, so that two agents that hear one fact never draw the same event id.
    """

    id: str
    service: str
    actor: Actor
    correlation_id: str
    synthetic: bool = False
    traceparent: str = ""

    @staticmethod
    def heard(fact: AnyEnvelope, service: str, actor: Actor | None = None) -> "Cause":
        """An agent answers a fact, in its own name or another's: everything but the actor is inherited."""
        return Cause(
            id=fact.event_id,
            service=service,
            actor=actor or Actor(kind="agent", id=service),
            correlation_id=fact.correlation_id,
            synthetic=fact.synthetic,
            traceparent=fact.traceparent,
        )


def record(
    events: Sequence[Event],
    loaded: Mapping[Ref, Snapshot],
    cause: Cause,
    now: datetime,
    *,
    deliveries: Sequence[Delivery] = (),
    command: CommandKey | None = None,
) -> tuple[Unit, dict[Ref, Snapshot], tuple[str, ...]]:
    """The unit for some facts, the aggregates as they will stand, and the facts' ids.

    Every loaded aggregate is expected at the version it was read at, touched or not: the decision stood on all of
    them. Without facts nothing is expected, since nothing is claimed.

    Raises:
        KeyError: a fact is about an aggregate that was not loaded; a programming error.
        ValueError: there are more facts than one commit takes; likewise.
    """
    if len(events) > MAX_FACTS:
        raise ValueError("more facts than one commit takes")
    if not events:
        return Unit(expects=(), deliveries=deliveries, command=command), {}, ()
    synthetic = cause.synthetic or any(getattr(one.state, "synthetic", False) for one in loaded.values())
    after: dict[Ref, Snapshot] = {}
    marked: dict[Ref, int] = {}
    facts, ids = [], []
    for index, event in enumerate(events):
        ref = ref_of(event)
        before = after.get(ref) or loaded[ref]
        kind = KINDS[ref.category]
        fact: AnyEnvelope = Envelope(
            event_id=event_id(cause.id, cause.service, ref.id, index),
            version=before.version + 1,
            recorded_at=now,
            actor=cause.actor,
            correlation_id=cause.correlation_id,
            causation_id=cause.id,
            event=event,
            traceparent=cause.traceparent,
            synthetic=synthetic,
        )
        after[ref] = Snapshot(fact.version, kind.evolve(before.state, fact), before.mark)
        if isinstance(event, kind.marked):
            marked[ref] = index + 1
        facts.append((ref.category, CODEC.encode(fact)))
        ids.append(fact.event_id)
    saves = [
        Save(ref, snapshot.version, encode_state(snapshot.state), marked.get(ref, 0), snapshot.state)
        for ref, snapshot in after.items()
        if snapshot.state is not None
    ]
    expects = [(ref, snapshot.version) for ref, snapshot in loaded.items()]
    return Unit(expects, facts, saves, deliveries, command), after, tuple(ids)
