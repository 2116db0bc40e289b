"""A draft, the people who answer it, and a desk that keeps the facts of what they decide."""

from datetime import UTC, datetime, timedelta

from contracts.commands import (
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
from contracts.email import (
    NONE,
    Card,
    Claim,
    Content,
    Email,
    EmailDrafted,
    EmailEdited,
    RejectionTag,
    RuleResult,
    Verdict,
    Writing,
    content_hash,
    evolve,
)
from contracts.envelope import Actor, Envelope, Event, Personal
from contracts.lead import Mode
from services.approval.decide import decide

NOW = datetime(2026, 11, 22, 10, 4, tzinfo=UTC)
UNDO_WINDOW_S = 30
ANN = Actor(kind="person", id="ann@local")
BOB = Actor(kind="person", id="bob@local")
POLICY = Actor(kind="policy", id="sandbox")
CLOCK = Actor(kind="system", id="queen")
AGENT = Actor(kind="agent", id="crafter")
EMAIL_ID = "email-1"

SUBJECT = "Shift plans at North Wind"
TEXT = """Hi Kim,

North Wind opened 3 warehouses in Leeds this year. Teams that grow like that often plan their shifts by hand. We take \
that off their planners and give them back a day a week.

Would a call of fifteen minutes on Tuesday suit you?

Best,
Sam Field
Field & Co, 1 Example Street, Leeds
If you would rather not hear from us, reply "stop".
"""
CLAIM = Claim(words="3 warehouses in Leeds", field="news", fact="fact-1", source="file")


def passed() -> Verdict:
    return Verdict(guard="g1", passed=True, results=(RuleResult(rule="evidence", passed=True),), fingerprint="fp")


def failed(*rules: str) -> Verdict:
    results = tuple(RuleResult(rule=rule, passed=False, found="It says so.") for rule in rules or ("banned_opener",))
    return Verdict(
        guard="g1", passed=False, results=(RuleResult(rule="length", passed=True), *results), fingerprint="fp"
    )


def content(subject: str = SUBJECT, text: str = TEXT, *, salt: str = "00" * 16, html: str = "") -> Content:
    return Content(
        recipient=Personal.plain("kim@northwind.example"),
        sender="sam@field.example",
        reply_to="sam@field.example",
        subject=Personal.plain(subject),
        text=Personal.plain(text),
        salt=Personal.plain(salt),
        html=html,
    )


def drafted(
    *, version: int = 1, verdict: Verdict | None = None, mode: Mode = "staging", text: Content | None = None
) -> EmailDrafted:
    what = text or content()
    return EmailDrafted(
        email_id=EMAIL_ID,
        lead_id="lead-1",
        account_id="account-1",
        run_id="run-1",
        mode=mode,
        step=1,
        draft_version=version,
        content=what,
        content_hash=content_hash(what),
        card=Card(
            name=Personal.plain("Kim"),
            title="COO",
            company="North Wind",
            tier="tier_1",
            score=90,
            headline="",
            reasons=(),
        ),
        writing=Writing(
            angle="growth", template="growth", template_hash="t", variant=0, campaign="c", drafter="d", offer_hash="o"
        ),
        claims=(CLAIM,),
        verdict=verdict or passed(),
        expires_at=NOW + timedelta(hours=72),
    )


class Desk:
    """One e-mail and its facts. Whoever answers does so about the text that stands, unless another is named."""

    def __init__(self, first: EmailDrafted | None = None, *, synthetic: bool = False) -> None:
        self.facts: list[Envelope[Event]] = []
        self.state: Email = NONE
        self.text = content()
        self.texts: dict[int, str] = {}
        self.synthetic = synthetic
        self.record([first or drafted()], AGENT, NOW - timedelta(hours=1))

    def record(self, events: list[Event], actor: Actor, at: datetime = NOW) -> list[Event]:
        for event in events:
            fact = Envelope(
                event_id=f"fact-{len(self.facts) + 1}",
                version=len(self.facts) + 1,
                recorded_at=at,
                actor=actor,
                correlation_id="run-1",
                causation_id="cause",
                event=event,
                synthetic=self.synthetic,
            )
            self.facts.append(fact)
            self.state = evolve(self.state, fact)
            if isinstance(event, EmailDrafted | EmailEdited):
                self.text = event.content
                self.texts[event.draft_version] = event.content_hash
        return events

    def decide(
        self, command: DraftCommand, actor: Actor = ANN, *, at: datetime = NOW, verdict: Verdict | None = None
    ) -> list[Event]:
        """What would be recorded."""
        return decide(
            self.state,
            command,
            actor=actor,
            now=at,
            undo_window_s=UNDO_WINDOW_S,
            current=self.text,
            verdict=verdict or passed(),
            salt=f"{len(self.facts) + 1:032x}",
            claims=(CLAIM,),
        )

    def answer(
        self, command: DraftCommand, actor: Actor = ANN, *, at: datetime = NOW, verdict: Verdict | None = None
    ) -> list[Event]:
        """Decide and record."""
        return self.record(self.decide(command, actor, at=at, verdict=verdict), actor, at)

    def hash_of(self, version: int | None) -> str:
        return self.texts[version or self.state.draft_version]

    def approve(
        self,
        *,
        version: int | None = None,
        subject: str | None = None,
        body: str | None = None,
        feedback: str = "",
        override_reason: str = "",
    ) -> ApproveDraft:
        return ApproveDraft(
            email_id=EMAIL_ID,
            draft_version=version or self.state.draft_version,
            content_hash=self.hash_of(version),
            subject=subject,
            body=body,
            feedback=feedback,
            override_reason=override_reason,
        )

    def edit(self, *, version: int | None = None, subject: str | None = None, body: str | None = None) -> EditDraft:
        return EditDraft(
            email_id=EMAIL_ID,
            draft_version=version or self.state.draft_version,
            content_hash=self.hash_of(version),
            subject=subject,
            body=body,
        )

    def reject(
        self, *, version: int | None = None, tag: RejectionTag = "weak_cta", reason: str = "It asks for nothing."
    ) -> RejectDraft:
        return RejectDraft(
            email_id=EMAIL_ID,
            draft_version=version or self.state.draft_version,
            content_hash=self.hash_of(version),
            tag=tag,
            reason=reason,
        )

    def changes(self, *, version: int | None = None, instruction: str = "Shorter, please.") -> RequestChanges:
        return RequestChanges(
            email_id=EMAIL_ID,
            draft_version=version or self.state.draft_version,
            content_hash=self.hash_of(version),
            instruction=instruction,
        )

    def revoke(self, *, version: int | None = None, reason: str = "") -> RevokeApproval:
        return RevokeApproval(
            email_id=EMAIL_ID,
            draft_version=version or self.state.draft_version,
            content_hash=self.hash_of(version),
            reason=reason,
        )

    def answers(self) -> dict[str, DraftCommand]:
        """One of each answer, about the text that stands."""
        return {
            "approve": self.approve(),
            "edit": self.edit(subject="Shifts at North Wind"),
            "reject": self.reject(),
            "request changes": self.changes(),
            "revoke": self.revoke(),
        }


def expire() -> ExpireDraft:
    return ExpireDraft(email_id=EMAIL_ID)


def claim() -> ClaimDraft:
    return ClaimDraft(email_id=EMAIL_ID)


def release() -> ReleaseDraft:
    return ReleaseDraft(email_id=EMAIL_ID)


def snooze(until: datetime = NOW + timedelta(hours=3)) -> SnoozeDraft:
    return SnoozeDraft(email_id=EMAIL_ID, until=until)


def comment(text: str = "They buy from us already.") -> CommentDraft:
    return CommentDraft(email_id=EMAIL_ID, text=text)
