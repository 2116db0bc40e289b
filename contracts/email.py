"""The page of category `email`: one message to one lead, from the first draft to what became of it."""

import hashlib
import json
import unicodedata
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import Actor, AnyEnvelope, Event, EventId, FreeText, Personal, reveal
from contracts.lead import Mode, Tier

FOLD = 1

Status: TypeAlias = Literal[
    "none",
    "blocked",
    "drafted",
    "changes_requested",
    "approved",
    "rejected",
    "expired",
    "withdrawn",
    "send_requested",
    "send_reserved",
    "send_blocked",
    "send_started",
    "sent",
    "unresolved",
    "failed",
]
RejectionTag: TypeAlias = Literal[
    "personalization_mismatch",
    "icp_mismatch",
    "campaign_mismatch",
    "tone_style_issue",
    "factual_inaccuracy",
    "weak_subject",
    "weak_cta",
    "length_issue",
    "compliance_issue",
    "placeholder_or_rendering_issue",
    "queue_hygiene_non_actionable",
    "other",
]
Wish: TypeAlias = Literal["other_angle", "shorter", "softer_ask", "other_fact", "other_subject"]
"""What a person can ask of another text without words of their own."""
EditClass: TypeAlias = Literal["none", "minor", "major"]
EditedPart: TypeAlias = Literal["subject", "opener", "ask", "facts", "tone", "length", "compliance"]


class Content(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The message exactly as the recipient would get it: signature, postal address and opt-out included.

    `salt` (16 random bytes, hex) keeps the hash from being guessed from its parts; it is personal, so that erasure
    makes the hash say nothing.
    """

    recipient: Personal
    sender: str
    reply_to: str
    subject: Personal
    text: Personal
    salt: Personal
    html: str = ""
    headers: dict[str, str] = {}
    attachments: tuple[str, ...] = ()
    channel: Literal["email"] = "email"


def canonical(text: str) -> str:
    """NFC with LF line ends: the form in which two spellings of one text are the same text."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(content: Content) -> str:
    """SHA-256, in hex, over the canonical JSON of every part of the message; what an approval is bound to."""
    parts = {
        "attachments": list(content.attachments),
        "channel": content.channel,
        "headers": {name: canonical(value) for name, value in content.headers.items()},
        "html": canonical(content.html),
        "recipient": canonical(reveal(content.recipient)),
        "reply_to": canonical(content.reply_to),
        "salt": reveal(content.salt),
        "sender": canonical(content.sender),
        "subject": canonical(reveal(content.subject)),
        "text": canonical(reveal(content.text)),
    }
    return hashlib.sha256(_CANONICAL.encode(parts).encode()).hexdigest()


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something the text says about the recipient, and the fact that carries it."""

    words: str
    field: str
    fact: EventId
    source: str


class RuleResult(msgspec.Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What one rule of the guard found; `found` is the sentence for the reviewer, empty when it passed."""

    rule: str
    passed: bool
    found: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the guard says of one text. `fingerprint` recognises the text when it comes again."""

    guard: str
    passed: bool
    results: tuple[RuleResult, ...]
    fingerprint: str


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a reviewer sees beside the text."""

    name: Personal
    title: str
    company: str
    tier: Tier
    score: int
    headline: str
    reasons: tuple[str, ...]
    location: str = ""
    industry: str = ""
    employees: int | None = None


class Writing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a text came about: angle, template and its hash, variant, and what was asked of it."""

    angle: str
    template: str
    template_hash: str
    variant: int
    campaign: str
    drafter: str
    offer_hash: str
    instruction: FreeText = ""
    wishes: tuple[Wish, ...] = ()


class EmailDrafted(Event, frozen=True, kw_only=True, tag="email.drafted.v1"):
    """A draft that passed the guard waits for a person. Emitted by CRAFTER; `draft_version` counts texts from 1.

    `anew`: the first text of its run for a lead that an earlier run had, which was withdrawn.
    """

    email_id: str
    lead_id: str
    account_id: str
    run_id: str
    mode: Mode
    step: int
    draft_version: int
    content: Content
    content_hash: str
    card: Card
    writing: Writing
    claims: tuple[Claim, ...]
    verdict: Verdict
    expires_at: datetime
    anew: bool = False

    def about(self) -> str:
        return self.email_id


class EmailBlocked(Event, frozen=True, kw_only=True, tag="email.blocked.v1"):
    """No text could be written that the guard lets pass; the verdict is that of the best try. Emitted by CRAFTER.

    `redraft` says that a person had asked for changes: the e-mail leaves the queue instead of never entering it.
    """

    email_id: str
    lead_id: str
    run_id: str
    step: int
    reason: str
    verdict: Verdict | None = None
    redraft: bool = False

    def about(self) -> str:
        return self.email_id


class EditChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How far an edited text is from the one before: token distance (0 same, 1 nothing shared) and what changed."""

    edit_class: EditClass
    distance: float
    parts: tuple[EditedPart, ...]


class EmailEdited(Event, frozen=True, kw_only=True, tag="email.edited.v1"):
    """A person rewrote the draft: a new version that voids what was said of the old. Emitted by the gateway.

    `claims` are those of the version before whose words still stand in the text.
    """

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int
    content: Content
    content_hash: str
    change: EditChange
    verdict: Verdict
    claims: tuple[Claim, ...] = ()

    def about(self) -> str:
        return self.email_id


class EmailApproved(Event, frozen=True, kw_only=True, tag="email.approved.v1"):
    """A person let exactly this content out; it may leave from `send_due_at` on, until then it can be revoked.

    `overridden` names the rules of the guard that the person let pass and `override_reason` why.
    """

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int
    content_hash: str
    send_due_at: datetime
    edited: bool = False
    feedback: FreeText = ""
    overridden: tuple[str, ...] = ()
    override_reason: FreeText = ""

    def about(self) -> str:
        return self.email_id


class EmailRejected(Event, frozen=True, kw_only=True, tag="email.rejected.v1"):
    """A person stopped the draft and said why. Emitted by the gateway."""

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int
    tag: RejectionTag
    reason: FreeText

    def about(self) -> str:
        return self.email_id


def in_words(wishes: tuple[Wish, ...], instruction: str) -> str:
    """What was asked of a text, for a person: the wishes, then the words."""
    named = ", ".join(one.replace("_", " ") for one in wishes)
    return f"{named}: {instruction}" if named and instruction else named or instruction


class EmailChangesRequested(Event, frozen=True, kw_only=True, tag="email.changes_requested.v1"):
    """A person wants another text and says what is to change. CRAFTER hears it. Emitted by the gateway.

    What a wish names changes and, where it can be, nothing else; `instruction` is empty where the wishes say it all.
    """

    email_id: str
    lead_id: str
    account_id: str
    run_id: str
    draft_version: int
    instruction: FreeText
    wishes: tuple[Wish, ...] = ()

    def about(self) -> str:
        return self.email_id


class EmailRevoked(Event, frozen=True, kw_only=True, tag="email.revoked.v1"):
    """An approval was taken back inside its undo window; the draft waits again. Emitted by the gateway."""

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int
    reason: FreeText = ""

    def about(self) -> str:
        return self.email_id


class EmailClaimed(Event, frozen=True, kw_only=True, tag="email.claimed.v1"):
    """A person is looking at the draft, until then or until they answer: advice to the others, no lock. By the gateway."""

    email_id: str
    lead_id: str
    run_id: str
    until: datetime

    def about(self) -> str:
        return self.email_id


class EmailReleased(Event, frozen=True, kw_only=True, tag="email.released.v1"):
    """Whoever had claimed the draft leaves it to the others. Emitted by the gateway."""

    email_id: str
    lead_id: str
    run_id: str

    def about(self) -> str:
        return self.email_id


class EmailSnoozed(Event, frozen=True, kw_only=True, tag="email.snoozed.v1"):
    """A person put the draft off: it leaves the list and is back from `until` on, unclaimed. Emitted by the gateway."""

    email_id: str
    lead_id: str
    run_id: str
    until: datetime

    def about(self) -> str:
        return self.email_id


class EmailCommented(Event, frozen=True, kw_only=True, tag="email.commented.v1"):
    """A person said something about the e-mail to the others of the team. It decides nothing. Emitted by the gateway."""

    email_id: str
    lead_id: str
    run_id: str
    text: Personal

    def about(self) -> str:
        return self.email_id


class EmailExpired(Event, frozen=True, kw_only=True, tag="email.expired.v1"):
    """Nobody answered in time. Silence is never consent. Emitted by QUEEN's clock."""

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int

    def about(self) -> str:
        return self.email_id


class EmailWithdrawn(Event, frozen=True, kw_only=True, tag="email.withdrawn.v1"):
    """The run that brought the lead was withdrawn before anything was sent; `was` is where the e-mail stood then.

    `reason` is `excluded` where the run was not withdrawn: the lead is to be left alone since.
    """

    email_id: str
    lead_id: str
    run_id: str
    was: str
    reason: str = ""

    def about(self) -> str:
        return self.email_id


class EmailSendRequested(Event, frozen=True, kw_only=True, tag="email.send_requested.v1"):
    """The undo window is over; the reservation in the control partition decides. Emitted by OPERATOR.

    `recipient_key` is the keyed hash under which a suppression of this address would be recorded, `exclusion_keys` are
    those under which it or a domain of it would be excluded.
    """

    email_id: str
    lead_id: str
    run_id: str
    draft_version: int
    content_hash: str
    approved_by: Actor
    approval: EventId
    recipient_key: str
    recipient_domain: str
    exclusion_keys: tuple[str, ...] = ()

    def about(self) -> str:
        return self.email_id


class EmailSendReserved(Event, frozen=True, kw_only=True, tag="email.send_reserved.v1"):
    """Every gate was open; `simulated` says that nothing will leave this machine. Carried back from control."""

    email_id: str
    lead_id: str
    run_id: str
    reservation: EventId
    content_hash: str
    simulated: bool
    why: str

    def about(self) -> str:
        return self.email_id


class EmailSendBlocked(Event, frozen=True, kw_only=True, tag="email.send_blocked.v1"):
    """A gate was closed, or could not be read, which is the same. Carried back from control."""

    email_id: str
    lead_id: str
    run_id: str
    gate: str
    why: str

    def about(self) -> str:
        return self.email_id


class EmailSendStarted(Event, frozen=True, kw_only=True, tag="email.send_started.v1"):
    """OPERATOR is about to call a provider; without an outcome after this a person has to look. None is recorded where
    a send is simulated."""

    email_id: str
    lead_id: str
    run_id: str
    attempt: int
    content_hash: str
    simulated: bool

    def about(self) -> str:
        return self.email_id


class EmailSent(Event, frozen=True, kw_only=True, tag="email.sent.v1"):
    """It went out, or, with `simulated`, it would have. Emitted by OPERATOR."""

    email_id: str
    lead_id: str
    run_id: str
    attempt: int
    content_hash: str
    simulated: bool
    provider: str
    provider_id: str = ""

    def about(self) -> str:
        return self.email_id


class EmailUnresolved(Event, frozen=True, kw_only=True, tag="email.unresolved.v1"):
    """It was started and nobody knows whether it arrived; never sent again by itself. Emitted by OPERATOR."""

    email_id: str
    lead_id: str
    run_id: str
    attempt: int
    reason: str

    def about(self) -> str:
        return self.email_id


class EmailFailed(Event, frozen=True, kw_only=True, tag="email.failed.v1"):
    """The provider certainly did not take it. Emitted by OPERATOR."""

    email_id: str
    lead_id: str
    run_id: str
    attempt: int
    reason: str

    def about(self) -> str:
        return self.email_id


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The answer that stands: who gave it, when, about which version, and the fact that recorded it."""

    answer: Literal["approved", "rejected", "changes_requested", "revoked", "edited"]
    by: Actor
    at: datetime
    draft_version: int
    fact: EventId
    detail: str = ""


class Claimed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who is looking at a draft, and until when that counts."""

    by: Actor
    until: datetime


class Email(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What decisions about an e-mail need; its text is in the fact that the snapshot's mark points to.

    `claimed` is left out of the bytes while nobody has: they are then those that were written before there were claims.
    """

    status: Status = "none"
    synthetic: bool = False
    lead_id: str = ""
    account_id: str = ""
    run_id: str = ""
    mode: Mode | None = None
    step: int = 0
    draft_version: int = 0
    content_hash: str = ""
    angle: str = ""
    template: str = ""
    tier: Tier | None = None
    verdict_passed: bool = False
    fingerprints: tuple[str, ...] = ()
    expires_at: datetime | None = None
    send_due_at: datetime | None = None
    approval: EventId = ""
    decision: Decision | None = None
    reservation: EventId = ""
    simulated: bool = True
    attempt: int = 0
    instruction: str = ""
    claimed: Claimed | msgspec.UnsetType = msgspec.UNSET


NONE = Email()

EmailEvent: TypeAlias = (
    EmailDrafted
    | EmailBlocked
    | EmailEdited
    | EmailApproved
    | EmailRejected
    | EmailChangesRequested
    | EmailRevoked
    | EmailClaimed
    | EmailReleased
    | EmailSnoozed
    | EmailCommented
    | EmailExpired
    | EmailWithdrawn
    | EmailSendRequested
    | EmailSendReserved
    | EmailSendBlocked
    | EmailSendStarted
    | EmailSent
    | EmailUnresolved
    | EmailFailed
)

MARKED = (EmailDrafted, EmailEdited)
"""The facts that carry a text: a snapshot's mark is the position of the last of them."""

DECIDED_BY_A_PERSON = frozenset({"approved", "rejected", "changes_requested"})


def _decided(email: Email, heard: AnyEnvelope, status: Status, version: int, detail: str) -> Email:
    """The state with this answer; an edit approved in one command ends as the approval."""
    answer: Literal["approved", "rejected", "changes_requested", "revoked", "edited"]
    match heard.event:
        case EmailApproved():
            answer = "approved"
        case EmailRejected():
            answer = "rejected"
        case EmailChangesRequested():
            answer = "changes_requested"
        case EmailEdited():
            answer = "edited"
        case _:
            answer = "revoked"
    decision = Decision(
        answer=answer,
        by=heard.actor,
        at=heard.recorded_at,
        draft_version=version,
        fact=heard.event_id,
        detail=detail,
    )
    return msgspec.structs.replace(email, status=status, decision=decision, claimed=msgspec.UNSET)


def evolve(state: Email | None, heard: AnyEnvelope) -> Email:
    """The e-mail after this fact. Total: whatever was recorded is taken."""
    email = state or NONE
    replace = msgspec.structs.replace
    match heard.event:
        case EmailDrafted() as drafted:
            return replace(
                email,
                status="drafted",
                synthetic=heard.synthetic,
                lead_id=drafted.lead_id,
                account_id=drafted.account_id,
                run_id=drafted.run_id,
                mode=drafted.mode,
                step=drafted.step,
                draft_version=drafted.draft_version,
                content_hash=drafted.content_hash,
                angle=drafted.writing.angle,
                template=drafted.writing.template,
                tier=drafted.card.tier,
                verdict_passed=drafted.verdict.passed,
                fingerprints=(*email.fingerprints, drafted.verdict.fingerprint),
                expires_at=drafted.expires_at,
                instruction="",
                claimed=msgspec.UNSET,
            )
        case EmailBlocked(lead_id=lead_id, run_id=run_id, step=step):
            return replace(
                email, status="blocked", synthetic=heard.synthetic, lead_id=lead_id, run_id=run_id, step=step
            )
        case EmailEdited(draft_version=version) as edited:
            after = _decided(email, heard, "drafted", version, edited.change.edit_class)
            return replace(
                after,
                draft_version=version,
                content_hash=edited.content_hash,
                verdict_passed=edited.verdict.passed,
                fingerprints=(*email.fingerprints, edited.verdict.fingerprint),
            )
        case EmailApproved(draft_version=version) as approved:
            after = _decided(email, heard, "approved", version, "edited" if approved.edited else "")
            # An approval of another text than the one that stands opens nothing, whoever recorded it.
            approval = heard.event_id if approved.content_hash == email.content_hash else ""
            return replace(after, send_due_at=approved.send_due_at, approval=approval)
        case EmailRejected(draft_version=version, tag=tag, reason=reason):
            return _decided(email, heard, "rejected", version, f"{tag}: {reason}")
        case EmailChangesRequested(draft_version=version, instruction=instruction, wishes=wishes):
            asked = in_words(wishes, instruction)
            after = _decided(email, heard, "changes_requested", version, asked)
            return replace(after, instruction=asked)
        case EmailRevoked(draft_version=version):
            after = _decided(email, heard, "drafted", version, "")
            return replace(after, send_due_at=None, approval="")
        case EmailClaimed(until=until):
            return replace(email, claimed=Claimed(by=heard.actor, until=until))
        case EmailReleased() | EmailSnoozed():
            return replace(email, claimed=msgspec.UNSET)
        case EmailExpired():
            return replace(email, status="expired")
        case EmailWithdrawn():
            return replace(email, status="withdrawn")
        case EmailSendRequested():
            return replace(email, status="send_requested")
        case EmailSendReserved(reservation=reservation, simulated=simulated):
            return replace(email, status="send_reserved", reservation=reservation, simulated=simulated)
        case EmailSendBlocked():
            return replace(email, status="send_blocked")
        case EmailSendStarted(attempt=attempt):
            return replace(email, status="send_started", attempt=attempt)
        case EmailSent(attempt=attempt):
            return replace(email, status="sent", attempt=attempt)
        case EmailUnresolved():
            return replace(email, status="unresolved")
        case EmailFailed():
            return replace(email, status="failed")
        case _:
            return email
