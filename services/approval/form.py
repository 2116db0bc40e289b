"""What an answer must look like before anybody asks whether the state allows it, and who may give it at all."""

import unicodedata
from typing import get_args

from contracts.commands import (
    Answer,
    ApproveDraft,
    ClaimDraft,
    CommentDraft,
    DraftCommand,
    EditDraft,
    ExpireDraft,
    RejectDraft,
    ReleaseDraft,
    RequestChanges,
    RevokeApproval,
    SnoozeDraft,
)
from contracts.email import RejectionTag, Wish
from contracts.envelope import Actor, ActorKind
from contracts.errors import BadInput, DecisionRefused

REASON_MIN = 3
REASON_MAX = 2_000
SUBJECT_MAX = 250
BODY_MAX = 20_000

TAGS: tuple[str, ...] = get_args(RejectionTag)

MAY: dict[type[DraftCommand], frozenset[ActorKind]] = {
    ApproveDraft: frozenset({"person", "policy"}),
    EditDraft: frozenset({"person"}),
    RejectDraft: frozenset({"person"}),
    RequestChanges: frozenset({"person"}),
    RevokeApproval: frozenset({"person"}),
    ClaimDraft: frozenset({"person"}),
    ReleaseDraft: frozenset({"person"}),
    SnoozeDraft: frozenset({"person"}),
    CommentDraft: frozenset({"person"}),
    ExpireDraft: frozenset({"system", "agent"}),
}
"""Who may give which answer at all. A policy may approve only what `decide` calls a rehearsal, and never edit."""

VERBS: dict[type[DraftCommand], str] = {
    ApproveDraft: "approve",
    EditDraft: "edit",
    RejectDraft: "reject",
    RequestChanges: "request changes to",
    RevokeApproval: "revoke the approval of",
    ClaimDraft: "claim",
    ReleaseDraft: "release",
    SnoozeDraft: "snooze",
    CommentDraft: "comment on",
    ExpireDraft: "expire",
}


def check_form(command: DraftCommand) -> None:
    """Refuse what cannot be meant, whatever the state.

    Raises:
        BadInput: `values` name the field.
    """
    if isinstance(command, Answer) and not command.content_hash:
        raise BadInput(
            "content_hash is empty: an answer has to say which text it is about.",
            "Send the content_hash that came with the draft.",
            field="content_hash",
        )
    match command:
        case ApproveDraft():
            _check_edit(command.subject, command.body)
            _check_length("feedback", command.feedback, least=0)
            _check_length("override_reason", command.override_reason, least=REASON_MIN, optional=True)
        case EditDraft(subject=subject, body=body):
            if subject is None and body is None:
                raise BadInput("An edit needs a subject, a body or both.", field="body")
            _check_edit(subject, body)
        case RejectDraft(tag=tag, reason=reason):
            if tag not in TAGS:
                raise BadInput(f"tag is not one of the twelve: {', '.join(TAGS)}.", field="tag")
            _check_length("reason", reason, least=REASON_MIN)
        case RequestChanges(instruction=instruction, wishes=wishes):
            if not wishes and not instruction.strip():
                raise BadInput(
                    "Nothing is asked of the next text.",
                    f"Name a wish ({', '.join(get_args(Wish))}), or say it in words.",
                    field="instruction",
                )
            _check_length("instruction", instruction, least=REASON_MIN, optional=bool(wishes))
        case RevokeApproval(reason=reason):
            _check_length("reason", reason, least=0)
        case SnoozeDraft(until=until):
            if until.tzinfo is None:
                raise BadInput(
                    "until does not say in which zone it is.", "Send it as 2026-03-02T14:05:00Z.", field="until"
                )
        case CommentDraft(text=text):
            _check_length("text", text, least=1)
            _check_controls("text", text, but="\r\n")
        case ClaimDraft() | ReleaseDraft() | ExpireDraft():
            pass


def check_actor(command: DraftCommand, actor: Actor) -> None:
    """Refuse an answer that this kind of actor may never give.

    Raises:
        DecisionRefused: only a person answers a draft, and only the clock lets it expire.
    """
    edits = isinstance(command, ApproveDraft) and not (command.subject is None and command.body is None)
    if actor.kind not in MAY[type(command)] or (edits and actor.kind != "person"):
        verb = "edit" if edits else VERBS[type(command)]
        allowed = ", ".join(sorted(MAY[EditDraft if edits else type(command)]))
        raise DecisionRefused(f"An actor of kind {actor.kind} may not {verb} a draft; allowed: {allowed}.")


def _check_edit(subject: str | None, body: str | None) -> None:
    if subject is not None:
        _check_length("subject", subject, least=1, most=SUBJECT_MAX)
        if any(unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in subject):
            raise BadInput(
                "subject holds a line break or another control character, which could start a header of its own.",
                "Write the subject on one line.",
                field="subject",
            )
    if body is not None:
        _check_length("body", body, least=1, most=BODY_MAX)
        _check_controls("body", body, but="\r\n\t")


def _check_controls(field: str, text: str, *, but: str) -> None:
    if any(unicodedata.category(each) == "Cc" and each not in but for each in text):
        allowed = "a line break or a tab" if "\t" in but else "a line break"
        raise BadInput(f"{field} holds a control character other than {allowed}.", field=field)


def _check_length(field: str, text: str, *, least: int, most: int = REASON_MAX, optional: bool = False) -> None:
    """Count what is left after trimming; a text that cannot be encoded can be neither stored nor hashed."""
    length = len(text.strip())
    if not (optional and length == 0) and not least <= length <= most:
        at_least = f"{least:,} to {most:,}" if least else f"at most {most:,}"
        raise BadInput(f"{field} has {length:,} characters; it needs {at_least}.", field=field)
    if any(unicodedata.category(each) == "Cs" for each in text):
        raise BadInput(f"{field} holds half a character.", "Send it as UTF-8.", field=field)
