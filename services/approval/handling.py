"""What people do with a draft besides answering it: claim it, leave it to others, put it off, and talk about it.

None of it lets anything out or stops it. A claim is advice: whoever answers a draft that somebody else has claimed is
not refused, for the answer is bound to what they saw.
"""

from datetime import UTC, datetime, timedelta

from contracts.commands import ClaimDraft, CommentDraft, Handling, ReleaseDraft, SnoozeDraft
from contracts.email import Claimed, Email, EmailClaimed, EmailCommented, EmailReleased, EmailSnoozed, canonical
from contracts.envelope import Actor, Event, Personal
from contracts.errors import BadInput, ClaimedByAnother
from services.approval.standing import check_takes, named
from services.approval.times import check_in_time, shown

CLAIM_LASTS = timedelta(minutes=15)
SNOOZE_MAX = timedelta(days=14)


def handle(state: Email, command: Handling, actor: Actor, now: datetime) -> list[Event]:
    """Turn one of these into a fact; none where somebody releases what nobody has claimed.

    A comment is taken whatever has become of the e-mail; nothing below refuses it.

    Args:
        state: an e-mail of which something was recorded.
        command: of good form; see `form`.
        actor: a person.
        now: aware UTC.

    Raises:
        DecisionRefused: the draft is blocked, withdrawn or expired, marked or not.
        AlreadyDecided: it was answered, and does not wait any more.
        ClaimedByAnother: somebody else has claimed it, and that is not over.
        BadInput: the time to come back is over, too far off, or not before the draft expires.
    """
    named_by = {"email_id": command.email_id, "lead_id": state.lead_id, "run_id": state.run_id}
    if isinstance(command, CommentDraft):
        return [EmailCommented(**named_by, text=Personal.plain(canonical(command.text).strip()))]
    check_takes(state, command)
    check_in_time(state, now)
    claimed = claim_of(state, now)
    if claimed is not None and claimed.by != actor:
        raise ClaimedByAnother(
            f"{named(claimed.by)} has claimed it until {shown(claimed.until)}.",
            status=state.status,
            who=str(claimed.by),
            until=claimed.until.astimezone(UTC).isoformat(),
        )
    match command:
        case ClaimDraft():
            return [EmailClaimed(**named_by, until=now + CLAIM_LASTS)]
        case ReleaseDraft():
            return [EmailReleased(**named_by)] if claimed is not None else []
        case SnoozeDraft(until=until):
            _check_until(state, until, now)
            return [EmailSnoozed(**named_by, until=until.astimezone(UTC))]


def claim_of(state: Email, now: datetime) -> Claimed | None:
    """The claim that counts; None where nobody has one or it is over."""
    return state.claimed if isinstance(state.claimed, Claimed) and now < state.claimed.until else None


def _check_until(state: Email, until: datetime, now: datetime) -> None:
    """Refuse a time that is over, or after the latest one that a draft can be put off to."""
    if until <= now:
        raise BadInput("until is over already.", "Name a time that is still to come.", field="until")
    latest = now + SNOOZE_MAX
    if state.expires_at is not None and state.expires_at <= latest:
        latest = state.expires_at
        if until >= latest:
            raise BadInput(
                f"The draft expires at {shown(latest)}, and until has to be before that.",
                field="until",
                latest=latest.astimezone(UTC).isoformat(),
            )
    if until > latest:
        raise BadInput(
            f"until is too far off; the latest is {shown(latest)}, {SNOOZE_MAX.days} days from now.",
            field="until",
            latest=latest.astimezone(UTC).isoformat(),
        )
