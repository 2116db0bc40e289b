"""Turns an answer to a draft into facts. Nothing else lets an e-mail go out."""

from datetime import datetime, timedelta

import msgspec

from contracts.commands import (
    ApproveDraft,
    DraftCommand,
    EditDraft,
    ExpireDraft,
    Handling,
    RejectDraft,
    RequestChanges,
    RevokeApproval,
)
from contracts.email import (
    Claim,
    Content,
    Email,
    EmailApproved,
    EmailChangesRequested,
    EmailEdited,
    EmailExpired,
    EmailRejected,
    EmailRevoked,
    Verdict,
    content_hash,
)
from contracts.envelope import Actor, Event, reveal
from contracts.errors import BadInput, DecisionRefused, GuardRefused, NotFound
from services.approval.change import compare
from services.approval.form import check_actor, check_form
from services.approval.handling import handle
from services.approval.rewrite import rewritten, same_text
from services.approval.standing import check_seen, check_takes, standing
from services.approval.times import check_in_time, shown, time_is_up
from services.guard.evidence import surviving

WHOLE_GUARD = "guard"
"""What `overridden` says where the text failed but nobody handed in which rules it failed."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What an edit needs: see `decide` for each."""

    current: Content | None
    verdict: Verdict | None
    salt: str
    claims: tuple[Claim, ...]


def decide(
    state: Email,
    command: DraftCommand,
    *,
    actor: Actor,
    now: datetime,
    undo_window_s: int,
    current: Content | None,
    verdict: Verdict | None,
    salt: str,
    claims: tuple[Claim, ...] = (),
) -> list[Event]:
    """Turn an answer into facts; none where the same answer already stands, or where nothing is due to expire.

    What is no answer, and what it is refused for, is in `handling`.

    An approval with another subject or body is two facts: the new version, and the approval of that version. Where
    the given text is the one that stands, it is a plain approval.

    Args:
        state: the e-mail as it stands; `contracts.email.NONE` where nothing was ever recorded.
        command: what is asked.
        actor: by whom; authenticated by the caller.
        now: aware UTC.
        undo_window_s: how long an approval can be taken back before the message may leave.
        current: the text that stands, from the fact that the snapshot's mark points to. Needed with a subject or body.
        verdict: the guard's verdict on the edited text, all of it; for a text that was not edited it may be the
            recorded one, which is read only for the names of the rules that an override lets pass.
        salt: 16 fresh random bytes in hex; needed with a subject or body.
        claims: what the draft says about the recipient; an edit that drops one has changed the facts.

    Raises:
        BadInput: the command cannot be meant, whatever the state: no content hash, a reason, instruction or text too
            short or too long, an unknown tag, a line break in the subject.
        DecisionRefused: this kind of actor may not give this answer.
        NotFound: there is no such e-mail.
        DecisionRefused: the draft is blocked, withdrawn or marked as expired.
        (Here the same answer by the same actor gives no facts; see `standing`.)
        DecisionRefused: there is no approval to revoke, or the message is on its way out.
        AlreadyDecided: another answer stands.
        StaleVersion: the answer is about another version or another text.
        DecisionRefused: the time to answer, or to revoke, is over; a policy approves what is no rehearsal; the stored
            text is not the one that the state speaks of.
        BadInput: an edit that changes nothing.
        GuardRefused: the text that would go out fails a rule, and no reason to let it pass was given.
        ValueError: `current` or `salt` is missing; a programming error.
    """
    check_form(command)
    check_actor(command, actor)
    if state.status == "none":
        raise NotFound("There is no such e-mail.")
    if isinstance(command, ExpireDraft):
        return expire(state, command, now)
    if isinstance(command, Handling):
        return handle(state, command, actor, now)
    if standing(state, command, actor, current) is not None:
        return []
    check_takes(state, command)
    check_seen(state, command)
    text = Text(current=current, verdict=verdict, salt=salt, claims=claims)
    match command:
        case ApproveDraft():
            return approve(state, command, text, actor=actor, now=now, undo_window_s=undo_window_s)
        case EditDraft():
            return edit(state, command, text, now)
        case RejectDraft():
            return reject(state, command, now)
        case RequestChanges():
            return request_changes(state, command, now)
        case RevokeApproval():
            return revoke(state, command, now)


def approve(
    state: Email, command: ApproveDraft, text: Text, *, actor: Actor, now: datetime, undo_window_s: int
) -> list[Event]:
    """Let exactly this content out, or exactly its edited form, once the undo window is over."""
    check_in_time(state, now)
    if actor.kind != "person" and not (state.synthetic and state.mode == "sandbox"):
        raise DecisionRefused("A policy approves synthetic leads in the sandbox; everything else waits for a person.")
    edited = _edited(state, command, text)
    passed = state.verdict_passed if edited is None else edited.verdict.passed
    approved = EmailApproved(
        email_id=command.email_id,
        lead_id=state.lead_id,
        run_id=state.run_id,
        draft_version=state.draft_version if edited is None else edited.draft_version,
        content_hash=state.content_hash if edited is None else edited.content_hash,
        send_due_at=now + timedelta(seconds=undo_window_s),
        edited=edited is not None,
        feedback=command.feedback.strip(),
        overridden=() if passed else _overridden(command, actor, text.verdict),
        override_reason="" if passed else command.override_reason.strip(),
    )
    return [approved] if edited is None else [edited, approved]


def edit(state: Email, command: EditDraft, text: Text, now: datetime) -> list[Event]:
    """Put a new version in the draft's place. It waits for an answer, whatever the guard says of it.

    A draft whose text CRAFTER is rewriting is not edited: the edit would be lost under the rewrite.
    """
    check_in_time(state, now)
    edited = _edited(state, command, text)
    if edited is None:
        raise BadInput("The text already reads so; an edit has to change something.", field="body")
    return [edited]


def reject(state: Email, command: RejectDraft, now: datetime) -> list[Event]:
    """Stop the draft; a rewrite that was asked for comes too late then."""
    check_in_time(state, now)
    return [
        EmailRejected(
            email_id=command.email_id,
            lead_id=state.lead_id,
            run_id=state.run_id,
            draft_version=state.draft_version,
            tag=command.tag,
            reason=command.reason.strip(),
        )
    ]


def request_changes(state: Email, command: RequestChanges, now: datetime) -> list[Event]:
    """Ask CRAFTER for another text."""
    check_in_time(state, now)
    return [
        EmailChangesRequested(
            email_id=command.email_id,
            lead_id=state.lead_id,
            account_id=state.account_id,
            run_id=state.run_id,
            draft_version=state.draft_version,
            instruction=command.instruction.strip(),
            wishes=tuple(dict.fromkeys(command.wishes)),
        )
    ]


def revoke(state: Email, command: RevokeApproval, now: datetime) -> list[Event]:
    """Take the approval back; the draft waits again. From `send_due_at` on the message may be leaving."""
    if state.send_due_at is None or now >= state.send_due_at:
        closed = "" if state.send_due_at is None else f" at {shown(state.send_due_at)}"
        raise DecisionRefused(f"The undo window has closed{closed}.", status=state.status)
    return [
        EmailRevoked(
            email_id=command.email_id,
            lead_id=state.lead_id,
            run_id=state.run_id,
            draft_version=state.draft_version,
            reason=command.reason.strip(),
        )
    ]


def expire(state: Email, command: ExpireDraft, now: datetime) -> list[Event]:
    """Mark a draft that nobody answered in time; nothing where somebody did, or where it is too early."""
    if state.status not in {"drafted", "changes_requested"} or not time_is_up(state, now):
        return []
    return [
        EmailExpired(
            email_id=command.email_id,
            lead_id=state.lead_id,
            run_id=state.run_id,
            draft_version=state.draft_version,
        )
    ]


def _edited(state: Email, command: ApproveDraft | EditDraft, text: Text) -> EmailEdited | None:
    """The new version that the command's text makes; None where it has none or it is what stands."""
    if command.subject is None and command.body is None:
        return None
    if text.current is None:
        raise ValueError("an answer with a text needs the text that stands")
    if content_hash(text.current) != state.content_hash:
        raise DecisionRefused("The stored text is not, or no longer, the one that the draft's hash speaks of.")
    if same_text(text.current, subject=command.subject, body=command.body):
        return None
    if text.verdict is None:
        raise GuardRefused("The guard gave no verdict on the edited text, which is as if it had failed.")
    content = rewritten(text.current, subject=command.subject, body=command.body, salt=text.salt)
    return EmailEdited(
        email_id=command.email_id,
        lead_id=state.lead_id,
        run_id=state.run_id,
        draft_version=state.draft_version + 1,
        content=content,
        content_hash=content_hash(content),
        change=compare(text.current, content, text.claims),
        verdict=text.verdict,
        claims=surviving(reveal(content.subject), reveal(content.text), text.claims),
    )


def _overridden(command: ApproveDraft, actor: Actor, verdict: Verdict | None) -> tuple[str, ...]:
    """The rules that a person lets pass, with a reason."""
    failed = () if verdict is None else tuple(each.rule for each in verdict.results if not each.passed)
    rules = failed or (WHOLE_GUARD,)
    if not command.override_reason.strip() or actor.kind != "person":
        raise GuardRefused(
            f"The text does not pass the guard: {', '.join(rules)}.",
            "Edit it, or approve it as a person with override_reason.",
            rules=", ".join(rules),
        )
    return rules
