"""The view `timers`: per open e-mail the moment at which the clock has to act, listed by due time.

An e-mail has one timer at a time: its expiry while it waits for a person, its sending while an approval can be revoked.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.email import (
    EmailApproved,
    EmailBlocked,
    EmailChangesRequested,
    EmailDrafted,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailRevoked,
    EmailSendBlocked,
    EmailSendRequested,
    EmailSendReserved,
    EmailWithdrawn,
)
from contracts.envelope import AnyEnvelope, Event

NAME = "timers"
VERSION = 1

OVER: frozenset[type[Event]] = frozenset(
    {
        EmailRejected,
        EmailExpired,
        EmailWithdrawn,
        EmailBlocked,
        EmailSendRequested,
        EmailSendReserved,
        EmailSendBlocked,
    }
)
"""After these the clock has nothing more to do."""
HEARS: frozenset[type[Event]] = OVER | {
    EmailDrafted,
    EmailEdited,
    EmailApproved,
    EmailChangesRequested,
    EmailRevoked,
}


Kind: TypeAlias = Literal["expire", "send", "rest"]


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is due for one e-mail.

    `rest` is not listed: CRAFTER is rewriting, and the expiry waits for the new text; or the approval leaves no time to
    undo it, and OPERATOR asks for the send as it hears of it.
    """

    kind: Kind
    email_id: str
    lead_id: str
    draft_version: int
    due_at: datetime
    expires_at: datetime


def key(fact: AnyEnvelope) -> str:
    """The e-mail."""
    return fact.event.about()


def project(row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The timer after this fact; None where nothing is due any more."""
    if type(fact.event) in OVER:
        return None
    match fact.event:
        case EmailDrafted() as drafted:
            return Row(
                kind="expire",
                email_id=drafted.email_id,
                lead_id=drafted.lead_id,
                draft_version=drafted.draft_version,
                due_at=drafted.expires_at,
                expires_at=drafted.expires_at,
            )
        case _ if row is None:
            return None
        case EmailApproved(draft_version=version, send_due_at=due_at):
            kind: Kind = "send" if due_at > fact.recorded_at else "rest"
            return msgspec.structs.replace(row, kind=kind, draft_version=version, due_at=due_at)
        case EmailEdited(draft_version=version) | EmailRevoked(draft_version=version):
            return msgspec.structs.replace(row, kind="expire", draft_version=version, due_at=row.expires_at)
        case EmailChangesRequested():
            return msgspec.structs.replace(row, kind="rest", due_at=row.expires_at)
        case _:
            return row


def rank(row: Row) -> float | None:
    """When it is due, in unix seconds."""
    return None if row.kind == "rest" else row.due_at.timestamp()
