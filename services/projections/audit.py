"""The view `audit`: one row per act of a person or a policy. Who did what, when, about what, and where it is recorded."""

from datetime import datetime

import msgspec

from contracts.access import (
    AccountClosed,
    AccountOpened,
    PasswordSet,
    PersonalRead,
    ReadingPlace,
    RolesChanged,
    SignInWay,
    TokenCreated,
    TokenRevoked,
)
from contracts.email import (
    EmailApproved,
    EmailChangesRequested,
    EmailClaimed,
    EmailCommented,
    EmailEdited,
    EmailRejected,
    EmailReleased,
    EmailRevoked,
    EmailSnoozed,
    in_words,
)
from contracts.envelope import Actor, AnyEnvelope, Event, EventId, Personal, Position
from contracts.ops import DeadDropped, DeadRetried
from contracts.policy import (
    AddressSuppressed,
    Excluded,
    ExclusionRemoved,
    ModelActivated,
    OutboundHalted,
    OutboundResumed,
)
from contracts.run import RunCancelled, RunRequested, RunResumed, RunWithdrawn

NAME = "audit"
VERSION = 2

HEARS: frozenset[type[Event]] = frozenset(
    {
        EmailApproved,
        EmailEdited,
        EmailRejected,
        EmailChangesRequested,
        EmailRevoked,
        EmailClaimed,
        EmailReleased,
        EmailSnoozed,
        EmailCommented,
        RunRequested,
        RunCancelled,
        RunWithdrawn,
        RunResumed,
        OutboundHalted,
        OutboundResumed,
        AddressSuppressed,
        ModelActivated,
        Excluded,
        ExclusionRemoved,
        DeadRetried,
        DeadDropped,
        AccountOpened,
        RolesChanged,
        AccountClosed,
        TokenCreated,
        TokenRevoked,
        PasswordSet,
        PersonalRead,
    }
)
PLACES: dict[ReadingPlace, str] = {
    "queue": "in the queue",
    "email": "in a letter",
    "leads": "in the list of leads",
    "lead": "in the card of a lead",
    "timeline": "in a timeline",
    "why": "in the history of a letter",
    "feedback": "in the feedback",
    "events": "in the events",
    "feed": "in the live feed",
    "people": "in the list of users",
    "imports": "in a file of leads",
    "elsewhere": "elsewhere",
}
WAYS: dict[SignInWay, str] = {"": "", "password": "password", "link": "link", "oidc": "the identity provider"}


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One act. `act` is the fact's name, `about` the id of what it concerns, `words` what the actor said or asked.

    What they typed about a prospect is `Personal`, as it may name the person.
    """

    event_id: EventId
    act: str
    by: Actor
    at: datetime
    category: str
    about: str
    position: Position
    synthetic: bool
    run_id: str = ""
    lead_id: str = ""
    draft_version: int = 0
    content_hash: str = ""
    tag: str = ""
    words: str | Personal = ""
    overridden: tuple[str, ...] = ()


def key(fact: AnyEnvelope) -> str:
    """The act itself."""
    return fact.event_id


def project(_row: Row | None, fact: AnyEnvelope) -> Row | None:
    """The act; it never changes."""
    match fact.event:
        case EmailApproved() as done:
            said = _typed(done.feedback or done.override_reason)
            row = _row_of(fact, done.run_id, said, lead_id=done.lead_id, draft_version=done.draft_version)
            return msgspec.structs.replace(row, content_hash=done.content_hash, overridden=done.overridden)
        case EmailEdited() as done:
            changed = f"{done.change.edit_class} edit of {', '.join(done.change.parts) or 'nothing'}"
            row = _row_of(fact, done.run_id, changed, lead_id=done.lead_id, draft_version=done.draft_version)
            return msgspec.structs.replace(row, content_hash=done.content_hash)
        case EmailRejected() as done:
            said = _typed(done.reason)
            row = _row_of(fact, done.run_id, said, lead_id=done.lead_id, draft_version=done.draft_version)
            return msgspec.structs.replace(row, tag=done.tag)
        case EmailChangesRequested() as done:
            said = _typed(in_words(done.wishes, done.instruction))
            return _row_of(fact, done.run_id, said, lead_id=done.lead_id, draft_version=done.draft_version)
        case EmailRevoked() as done:
            said = _typed(done.reason)
            return _row_of(fact, done.run_id, said, lead_id=done.lead_id, draft_version=done.draft_version)
        case EmailClaimed() | EmailSnoozed() as done:
            return _row_of(fact, done.run_id, f"until {done.until:%Y-%m-%d %H:%M} UTC", lead_id=done.lead_id)
        case EmailReleased() as done:
            return _row_of(fact, done.run_id, "", lead_id=done.lead_id)
        case EmailCommented() as done:
            return _row_of(fact, done.run_id, done.text, lead_id=done.lead_id)
        case RunRequested(run_id=run_id, terms=terms, source=source):
            return _row_of(fact, run_id, f"{terms.mode} over {source}")
        case RunCancelled(run_id=run_id, reason=reason) | RunWithdrawn(run_id=run_id, reason=reason):
            return _row_of(fact, run_id, reason)
        case RunResumed(run_id=run_id):
            return _row_of(fact, run_id, "")
        case OutboundHalted(reason=reason) | OutboundResumed(reason=reason) | AddressSuppressed(reason=reason):
            return _row_of(fact, "", reason)
        case ModelActivated(model_id=model_id, reason=reason):
            return _row_of(fact, "", f"{model_id}: {reason}" if reason else model_id)
        case Excluded(reason=reason):
            return _row_of(fact, "", _typed(reason))
        case ExclusionRemoved():
            return _row_of(fact, "", "")
        case DeadRetried() as done:
            return _row_of(fact, done.run_id, f"back to {done.service}")
        case DeadDropped(reason=reason) | AccountClosed(reason=reason):
            return _row_of(fact, "", reason)
        case AccountOpened(login=login, roles=roles):
            return _row_of(fact, "", f"{login} as {', '.join(roles)}")
        case RolesChanged(roles=roles):
            return _row_of(fact, "", ", ".join(roles))
        case TokenCreated(kind="session") as done:
            way = WAYS[done.way]
            with_what = f"{way}, {done.label}" if done.label else way
            return _row_of(fact, "", f"{done.token_id}: signed in by {with_what}")
        case PasswordSet():
            return _row_of(fact, "", "password set")
        case TokenCreated() as done:
            may = ", ".join(done.scopes) or "all that the roles give"
            return _row_of(fact, "", f"{done.token_id} for {may}, until {done.expires_at:%Y-%m-%d %H:%M} UTC")
        case TokenRevoked(token_id=token_id, reason=reason):
            return _row_of(fact, "", f"{token_id}: {reason}" if reason else token_id)
        case PersonalRead() as read:
            return _row_of(fact, "", _read(read))
        case _:
            return None


def rank(row: Row) -> float | None:
    """By time; within a partition `position` is the order that counts."""
    return row.at.timestamp()


def _read(read: PersonalRead) -> str:
    whose = f"what belongs to {read.count:,} {'person' if read.count == 1 else 'people'} " if read.count else ""
    return f"{'exported' if read.exported else 'read'} {whose}{PLACES[read.where]}"


def _typed(text: str) -> str | Personal:
    """What somebody typed about a prospect."""
    return Personal.plain(text) if text else ""


def _row_of(fact: AnyEnvelope, run_id: str, words: str | Personal, *, lead_id: str = "", draft_version: int = 0) -> Row:
    return Row(
        event_id=fact.event_id,
        act=fact.event.type_tag().rpartition(".")[0],
        by=fact.actor,
        at=fact.recorded_at,
        category=fact.event.type_category(),
        about=fact.event.about(),
        position=fact.position,
        synthetic=fact.synthetic,
        run_id=run_id,
        lead_id=lead_id,
        draft_version=draft_version,
        words=words,
    )
