"""The view `days`: per UTC day, and per partition, how many answers were given; what the counts of the queue add up."""

import msgspec

from contracts.email import (
    EmailApproved,
    EmailChangesRequested,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailRevoked,
    EmailWithdrawn,
)
from contracts.envelope import AnyEnvelope, Event

NAME = "days"
VERSION = 1

HEARS: frozenset[type[Event]] = frozenset(
    {
        EmailApproved,
        EmailRejected,
        EmailChangesRequested,
        EmailEdited,
        EmailRevoked,
        EmailExpired,
        EmailWithdrawn,
    }
)


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One day in one partition. `revoked` and `withdrawn` approvals are among the `approved`, of this day or another."""

    day: str
    approved: int = 0
    rejected: int = 0
    changes_requested: int = 0
    edited: int = 0
    revoked: int = 0
    withdrawn: int = 0
    expired: int = 0


def key(fact: AnyEnvelope) -> str:
    """The day, and the partition: a row is touched from one alone."""
    return f"{fact.recorded_at:%Y-%m-%d}:{fact.position.partition}"


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The day after this fact."""
    day, replace = row or Row(day=f"{fact.recorded_at:%Y-%m-%d}"), msgspec.structs.replace
    match fact.event:
        case EmailApproved():
            return replace(day, approved=day.approved + 1)
        case EmailRejected():
            return replace(day, rejected=day.rejected + 1)
        case EmailChangesRequested():
            return replace(day, changes_requested=day.changes_requested + 1)
        case EmailEdited():
            return replace(day, edited=day.edited + 1)
        case EmailRevoked():
            return replace(day, revoked=day.revoked + 1)
        case EmailExpired():
            return replace(day, expired=day.expired + 1)
        case EmailWithdrawn(was="approved"):
            return replace(day, withdrawn=day.withdrawn + 1)
        case _:
            return row
