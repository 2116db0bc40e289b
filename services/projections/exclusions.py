"""The view `exclusions`: one row per address or domain that is left alone, by its key: nobody is named here."""

from datetime import datetime

import msgspec

from contracts.envelope import Actor, AnyEnvelope, Event, FreeText
from contracts.exclusion import ExclusionKind
from contracts.policy import Excluded, ExclusionRemoved

NAME = "exclusions"
VERSION = 1

HEARS: frozenset[type[Event]] = frozenset({Excluded, ExclusionRemoved})


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One key on the list: why, from which list it came, and who put it there when."""

    key: str
    kind: ExclusionKind
    by: Actor
    at: datetime
    reason: FreeText = ""
    source: str = ""


def key(fact: AnyEnvelope) -> str:
    """The exclusion."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The exclusion after this fact; none once it was lifted."""
    match fact.event:
        case Excluded() as said:
            return Row(
                key=said.key,
                kind=said.kind,
                by=fact.actor,
                at=fact.recorded_at,
                reason=said.reason,
                source=said.source,
            )
        case ExclusionRemoved():
            return None
        case _:
            return row


def rank(row: Row) -> float | None:
    """When it was excluded, in unix seconds."""
    return row.at.timestamp()
