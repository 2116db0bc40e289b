"""The view `memory`: per lead which texts people rejected and why, so that CRAFTER does not write them again."""

from datetime import datetime

import msgspec

from contracts.email import (
    EmailBlocked,
    EmailDrafted,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailSendReserved,
    EmailWithdrawn,
    RejectionTag,
)
from contracts.envelope import AnyEnvelope, Event
from services.projections.words import lead_of

NAME = "memory"
VERSION = 1
REJECTIONS_MAX = 20

HEARS: frozenset[type[Event]] = frozenset(
    {
        EmailDrafted,
        EmailEdited,
        EmailRejected,
        EmailExpired,
        EmailWithdrawn,
        EmailBlocked,
        EmailSendReserved,
    }
)


class Rejection(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One text that a person stopped."""

    email_id: str
    at: datetime
    tag: RejectionTag
    reason: str
    fingerprint: str
    template: str
    angle: str


class Written(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The text that stands in an open e-mail."""

    fingerprint: str
    template: str
    angle: str


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One lead: the newest rejections, oldest first, how many there were in all, and by e-mail the texts that stand."""

    lead_id: str
    rejected: int = 0
    rejections: tuple[Rejection, ...] = ()
    standing: dict[str, Written] = {}


def key(fact: AnyEnvelope) -> str:
    """The lead."""
    return lead_of(fact.event)


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The lead after this fact; None where nothing stands and nothing was rejected."""
    match fact.event:
        case EmailDrafted(email_id=email, lead_id=lead, verdict=verdict, writing=writing):
            before = row or Row(lead_id=lead)
            written = Written(fingerprint=verdict.fingerprint, template=writing.template, angle=writing.angle)
            return msgspec.structs.replace(before, standing=before.standing | {email: written})
        case EmailEdited(email_id=email, verdict=verdict) if row is not None and email in row.standing:
            written = msgspec.structs.replace(row.standing[email], fingerprint=verdict.fingerprint)
            return msgspec.structs.replace(row, standing=row.standing | {email: written})
        case EmailRejected() as rejected if row is not None:
            stood = row.standing.get(rejected.email_id, UNKNOWN)
            rejection = Rejection(
                email_id=rejected.email_id,
                at=fact.recorded_at,
                tag=rejected.tag,
                reason=rejected.reason,
                fingerprint=stood.fingerprint,
                template=stood.template,
                angle=stood.angle,
            )
            return msgspec.structs.replace(
                row,
                rejected=row.rejected + 1,
                rejections=(*row.rejections, rejection)[-REJECTIONS_MAX:],
                standing=_without(row, rejected.email_id),
            )
        case EmailExpired() | EmailWithdrawn() | EmailBlocked() | EmailSendReserved() if row is not None:
            standing = _without(row, fact.event.about())
            return msgspec.structs.replace(row, standing=standing) if standing or row.rejections else None
        case _:
            return row


UNKNOWN = Written(fingerprint="", template="", angle="")


def _without(row: Row, email: str) -> dict[str, Written]:
    return {one: written for one, written in row.standing.items() if one != email}
