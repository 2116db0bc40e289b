"""The answer that already stands: whether a command only repeats it, and what somebody who came too late is told."""

from datetime import UTC

from contracts.commands import (
    Answer,
    ApproveDraft,
    ClaimDraft,
    Command,
    DraftCommand,
    EditDraft,
    Handling,
    RejectDraft,
    ReleaseDraft,
    RequestChanges,
    RevokeApproval,
    SnoozeDraft,
)
from contracts.email import Content, Decision, Email, content_hash, in_words
from contracts.envelope import Actor
from contracts.errors import AlreadyDecided, DecisionRefused, StaleVersion
from services.approval.rewrite import same_text

TAKEN_FROM: dict[type[Command], frozenset[str]] = {
    ApproveDraft: frozenset({"drafted"}),
    EditDraft: frozenset({"drafted"}),
    RejectDraft: frozenset({"drafted", "changes_requested"}),
    RequestChanges: frozenset({"drafted"}),
    RevokeApproval: frozenset({"approved"}),
    ClaimDraft: frozenset({"drafted", "changes_requested"}),
    ReleaseDraft: frozenset({"drafted", "changes_requested"}),
    SnoozeDraft: frozenset({"drafted", "changes_requested"}),
}
"""The statuses in which an answer can be given, and a draft be claimed or put off. A draft that CRAFTER is rewriting can still be stopped, not edited."""

CLOSED = {
    "blocked": "The guard let no text for this lead pass, so there is nothing to answer.",
    "expired": "Nobody answered in time: the draft has expired.",
    "withdrawn": "The run that brought this lead was withdrawn, and the draft with it.",
}
WORDS = {
    "approved": "approved it",
    "rejected": "rejected it",
    "changes_requested": "asked for changes",
    "revoked": "revoked the approval",
    "edited": "edited it",
}


def standing(state: Email, command: DraftCommand, actor: Actor, current: Content | None = None) -> Decision | None:
    """The decision that this command repeats; None where it is an answer of its own.

    A repeat is the same answer by the same actor about the same version, with the same essential content: the tag and
    reason, the instruction, or the edited text. Feedback, the reason of an override and that of a revocation are not
    essential. An approval stays the first answer while the message goes out.

    Args:
        state: the e-mail as it stands.
        command: what is asked.
        actor: by whom.
        current: the text that stands, the one whose hash is in the state. Without it no repeated edit is recognised.
    """
    decision = state.decision
    if decision is None or decision.by != actor or state.status in CLOSED or not isinstance(command, Answer):
        return None
    return decision if _repeats(state, command, decision, current) else None


def _repeats(state: Email, command: Answer, decision: Decision, current: Content | None) -> bool:
    seen = _same_version(decision, command) and (
        command.draft_version != state.draft_version or command.content_hash == state.content_hash
    )
    match command:
        case ApproveDraft(subject=None, body=None):
            return decision.answer == "approved" and seen
        case ApproveDraft():
            after = seen or (decision.detail == "edited" and command.draft_version + 1 == decision.draft_version)
            return decision.answer == "approved" and after and _reads_so(state, command, current)
        case EditDraft():
            after = command.draft_version + 1 == decision.draft_version
            return decision.answer == "edited" and after and _reads_so(state, command, current)
        case RejectDraft():
            return decision.answer == "rejected" and seen and _same_rejection(decision.detail, command)
        case RequestChanges(instruction=instruction, wishes=wishes):
            asked = in_words(tuple(dict.fromkeys(wishes)), instruction.strip())
            return decision.answer == "changes_requested" and seen and decision.detail == asked
        case RevokeApproval():
            return decision.answer == "revoked" and seen
        case _:
            raise TypeError(f"{type(command).__name__} is no answer")


def _reads_so(state: Email, command: ApproveDraft | EditDraft, current: Content | None) -> bool:
    return (
        current is not None
        and content_hash(current) == state.content_hash
        and same_text(current, subject=command.subject, body=command.body)
    )


def _same_rejection(detail: str, command: RejectDraft) -> bool:
    """`detail` is the tag, or the tag and the reason; a state that kept the tag alone cannot tell reasons apart."""
    tag, _, reason = detail.partition(": ")
    return tag == command.tag and reason in {"", command.reason.strip()}


def check_takes(state: Email, command: Answer | Handling) -> None:
    """Refuse an answer that comes too late.

    Raises:
        DecisionRefused: the draft is blocked, expired or withdrawn, there is no approval to revoke, or the message is
            already on its way out.
        AlreadyDecided: another answer stands.
    """
    if state.status in CLOSED:
        raise DecisionRefused(CLOSED[state.status], status=state.status)
    if state.status in TAKEN_FROM[type(command)]:
        return
    decision = state.decision
    if isinstance(command, RevokeApproval):
        _check_revocable(state, command)
    if decision is None:
        raise DecisionRefused(f"The draft takes no such answer any more; it is {state.status}.", status=state.status)
    raise AlreadyDecided(
        sentence(decision), **told(decision), status=state.status, draft_version=decision.draft_version
    )


def _check_revocable(state: Email, command: RevokeApproval) -> None:
    decision = state.decision
    if decision is not None and decision.answer == "approved":
        raise DecisionRefused(
            f"The undo window has closed and the message has moved on; it is {state.status}.", status=state.status
        )
    taken_back = decision is not None and decision.answer == "revoked" and _same_version(decision, command)
    if state.status == "drafted" and not taken_back:
        raise DecisionRefused("The draft is not approved, so there is nothing to revoke.", status=state.status)


def _same_version(decision: Decision, command: Answer) -> bool:
    return decision.draft_version == command.draft_version


def check_seen(state: Email, command: Answer) -> None:
    """Refuse an answer about another text than the one that stands.

    Raises:
        StaleVersion: `values` name the current version and, where a person's answer led to it, who, when and what.
    """
    if command.draft_version == state.draft_version and command.content_hash == state.content_hash:
        return
    decision = state.decision
    why = f"{sentence(decision)} " if decision is not None else ""
    if command.draft_version != state.draft_version:
        detail = f"{why}This answer is about version {command.draft_version}; version {state.draft_version} stands."
    else:
        detail = f"{why}This answer is about another text than the one that stands as version {state.draft_version}."
    raise StaleVersion(
        detail,
        **(told(decision) if decision is not None else {}),
        status=state.status,
        current_version=state.draft_version,
        draft_version=command.draft_version,
    )


def sentence(decision: Decision) -> str:
    """Who gave the answer that stands, what it is and when it was given."""
    what = WORDS[decision.answer]
    if decision.answer == "rejected":
        what += f" ({decision.detail.partition(': ')[0]})"
    elif decision.answer == "approved" and decision.detail == "edited":
        what = "approved it with an edit"
    return f"{named(decision.by)} {what} at {decision.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC."


def named(actor: Actor) -> str:
    """Somebody in a sentence: a person by their login alone."""
    return actor.id if actor.kind == "person" else str(actor)


def told(decision: Decision) -> dict[str, str]:
    """The same as values: `who`, `when` (ISO 8601, UTC) and `what`."""
    return {
        "who": str(decision.by),
        "when": decision.at.astimezone(UTC).isoformat(),
        "what": decision.answer,
    }
