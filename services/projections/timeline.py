"""The view `timeline`: per lead everything that happened to it, its e-mails and at its company for it, newest last.

The verdicts of policy are told by the e-mail facts that carry them back: control is another partition, whose order
against this one nobody promises, and a row stands on one order.
"""

from datetime import datetime
from typing import get_args

import msgspec

from contracts.deal import AccountApproached
from contracts.email import EmailEvent
from contracts.envelope import AnyEnvelope, Event, EventId
from contracts.lead import LeadEvent, LeadRefused
from services.projections import words
from services.projections.words import lead_of

NAME = "timeline"
VERSION = 1
MOMENTS_MAX = 200

HEARS: frozenset[type[Event]] = frozenset({*get_args(LeadEvent), *get_args(EmailEvent), AccountApproached}) - {
    LeadRefused
}
_TAGS = {kind: kind.type_tag() for kind in HEARS}


class Moment(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One fact: its place in the log as `partition:seq`, when, its type, what it says, and who caused it."""

    position: str
    at: datetime
    type: str
    words: str
    actor: str
    event_id: EventId
    about: str


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The newest moments of one lead, oldest first; `dropped` counts those before them."""

    lead_id: str
    moments: tuple[Moment, ...] = ()
    dropped: int = 0


def key(fact: AnyEnvelope) -> str:
    """The lead."""
    return lead_of(fact.event)


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The row with this moment."""
    event = fact.event
    moment = Moment(
        position=str(fact.position),
        at=fact.recorded_at,
        type=_TAGS[type(event)],
        words=words.of(event),
        actor=fact.actor.id,
        event_id=fact.event_id,
        about=event.about(),
    )
    if row is None:
        return Row(lead_id=lead_of(event), moments=(moment,))
    dropped = 1 if len(row.moments) == MOMENTS_MAX else 0
    return Row(lead_id=row.lead_id, moments=(*row.moments[dropped:], moment), dropped=row.dropped + dropped)
