"""What a person or a clock asks for: imperative, strict, and bound to what was seen."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.email import RejectionTag, Wish
from contracts.lead import RunTerms
from contracts.run import FileRef


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Something that may be refused. Unknown fields are an error: strict with people, tolerant with history."""


class Answer(Command, frozen=True, kw_only=True):
    """A person's answer to one draft: which version of its text, and the hash of what was on the screen.

    An empty `content_hash` is not accepted by any decision.
    """

    email_id: str
    draft_version: int
    content_hash: str


class ApproveDraft(Answer, frozen=True, kw_only=True, tag="approve"):
    """Let the draft go out, as it is or with another subject or body. `override_reason` lets a guard rule pass."""

    subject: str | None = None
    body: str | None = None
    feedback: str = ""
    override_reason: str = ""


class EditDraft(Answer, frozen=True, kw_only=True, tag="edit"):
    """Replace subject, body or both by a new version that waits for an answer."""

    subject: str | None = None
    body: str | None = None


class RejectDraft(Answer, frozen=True, kw_only=True, tag="reject"):
    """Stop the draft, with one of the twelve tags and a reason of 3 to 2,000 characters."""

    tag: RejectionTag
    reason: str


class RequestChanges(Answer, frozen=True, kw_only=True, tag="request_changes"):
    """Ask CRAFTER for another text: by wishes, in words of 3 to 2,000 characters, or both."""

    instruction: str = ""
    wishes: tuple[Wish, ...] = ()


class RevokeApproval(Answer, frozen=True, kw_only=True, tag="revoke"):
    """Take an approval back while its undo window is open."""

    reason: str = ""


class ClaimDraft(Command, frozen=True, kw_only=True, tag="claim"):
    """Tell the others that one is looking at this draft; said again, it holds on for longer."""

    email_id: str


class ReleaseDraft(Command, frozen=True, kw_only=True, tag="release"):
    """Leave a claimed draft to the others."""

    email_id: str


class SnoozeDraft(Command, frozen=True, kw_only=True, tag="snooze"):
    """Put a draft off until then: at most 14 days, and before it expires."""

    email_id: str
    until: datetime


class CommentDraft(Command, frozen=True, kw_only=True, tag="comment"):
    """Say something to the others, in 1 to 2,000 characters; also about an e-mail that was answered long ago."""

    email_id: str
    text: str


class ExpireDraft(Command, frozen=True, kw_only=True, tag="expire"):
    """The clock says that nobody answered in time."""

    email_id: str


PersonsAnswer: TypeAlias = ApproveDraft | EditDraft | RejectDraft | RequestChanges | RevokeApproval
Handling: TypeAlias = ClaimDraft | ReleaseDraft | SnoozeDraft | CommentDraft
"""What people do with a draft besides answering it; it is about the e-mail, whichever version stands."""
PersonsCommand: TypeAlias = PersonsAnswer | Handling
DraftCommand: TypeAlias = PersonsCommand | ExpireDraft


class RequestRun(Command, frozen=True, kw_only=True, tag="request_run"):
    """Work through a source."""

    run_id: str
    terms: RunTerms
    source: str
    file: FileRef | None = None
    limit: int | None = None
    seed: int = 0


class CancelRun(Command, frozen=True, kw_only=True, tag="cancel_run"):
    """End a run: no further row is taken."""

    run_id: str
    reason: str = ""


class WithdrawRun(Command, frozen=True, kw_only=True, tag="withdraw_run"):
    """Take back what a run brought."""

    run_id: str
    reason: str = ""


class ResumeRun(Command, frozen=True, kw_only=True, tag="resume_run"):
    """Let a stopped run go on."""

    run_id: str


RunCommand: TypeAlias = RequestRun | CancelRun | WithdrawRun | ResumeRun


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a command led to: the fact, by whom and when, and the position that a reader has to reach to see it."""

    status: Literal["recorded", "repeated"]
    about: str
    fact: str
    position: str
    answer: str = ""
    by: str = ""
    at: str = ""
