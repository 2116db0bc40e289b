"""One ready-made example of every fact and command; a test overrides only what matters to it.

    lead_sourced(possible_duplicate="…")        the fact, with one value of the test's own
    envelope(lead_sourced(), version=2)         the same with its surroundings: fixed clock, derived ids
    given("lead", lead_sourced(), lead_held())  the state after these facts

Values may be overridden by anything that the fact takes; a name that it does not have is an error.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, overload
from uuid import UUID, uuid5

from contracts import access, commands, deal, email, identity, lead, ops, policy, run
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, Personal
from contracts.facts import KINDS, State

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When everything happens; a fact of version n was recorded n minutes later."""
DAY = timedelta(days=1)
IDENTITY_KEY = b"an identity key for tests alone.."
IDS = UUID("3b0a4a52-9d1f-5e6b-8c1d-7f2b6a9e4c10")

RUN = str(uuid5(IDS, "run"))
CAUSE = str(uuid5(IDS, "cause"))
ACCOUNT = identity.account_id(IDENTITY_KEY, "analytical.example")
LEAD = identity.lead_id(IDENTITY_KEY, address="ada@analytical.example", full_name="", company="", domain="")
EMAIL = identity.email_id(LEAD, 1)
REFUSED = identity.refusal_id(RUN, 3)
DEAD = str(uuid5(IDS, "dead letter"))
EXCLUSION = "excl:" + "d4" * 32
LOGIN = "grace"
PERSON = access.account_id_of(LOGIN)
TOKEN = "7e" * 8
REVIEWER = Actor(kind="person", id="grace@local")
AGENT = Actor(kind="agent", id="hunter")
HASH = "5e" * 32

TERMS = lead.RunTerms(run_id=RUN, mode="staging")
ORIGIN = lead.Origin(source="leads.csv", kind="import", row=1, file_sha256="c5" * 32, basis="legitimate_interest")
FIELDS: dict[str, lead.Value] = {
    "full_name": Personal.plain("Ada Lovelace"),
    "email": Personal.plain("ada@analytical.example"),
    "title": "Head of Engines",
    "company": "Analytical Engines",
    "employees": 120,
    "technologies": ("punch cards", "steam"),
}
FOUND = lead.Found(value="Manufacturing", source="fixture", confidence=0.9, observed_at=AT - DAY)
COMPONENT = lead.Component(name="seniority", points=20, most=25, why="Head of Engines leads a department.")
UNKNOWN_COMPONENT = lead.Component(name="growth", points=None, most=10, why="Nobody knows.", fields=("funding",))
CONTENT = email.Content(
    recipient=Personal.plain("ada@analytical.example"),
    sender="Sam <sam@sender.example>",
    reply_to="sam@sender.example",
    subject=Personal.plain("Engines that wait"),
    text=Personal.plain("Hello Ada,\n\nyour engines wait for cards. Shall we talk?\n"),
    salt=Personal.plain("0f" * 16),
    headers={"List-Unsubscribe": "<mailto:stop@sender.example>"},
)
EDITED_CONTENT = email.Content(
    recipient=CONTENT.recipient,
    sender=CONTENT.sender,
    reply_to=CONTENT.reply_to,
    subject=CONTENT.subject,
    text=Personal.plain("Hello Ada,\n\nyour engines wait for cards. May I call on Tuesday?\n"),
    salt=Personal.plain("f0" * 16),
    headers=CONTENT.headers,
)
CARD = email.Card(
    name=Personal.plain("Ada Lovelace"),
    title="Head of Engines",
    company="Analytical Engines",
    tier="tier_1",
    score=82,
    headline="Leads engines at a maker of 120",
    reasons=("Leads a department", "Uses steam"),
)
WRITING = email.Writing(
    angle="waiting_cards",
    template="waiting_cards/2",
    template_hash="7a" * 32,
    variant=2,
    campaign="engines",
    drafter="template",
    offer_hash="9b" * 32,
)
VERDICT = email.Verdict(
    guard="guard/1", passed=True, results=(email.RuleResult(rule="length", passed=True),), fingerprint="d1" * 16
)
CLAIM = email.Claim(words="your engines", field="title", fact=CAUSE, source="leads.csv")
FILE = run.FileRef(
    sha256="c5" * 32,
    name="leads.csv",
    rows=3,
    chunks=1,
    mapping={"full_name": "Name", "email": "E-mail"},
    dialect="comma",
    synthetic=False,
)
TALLY = run.Tally(
    entered=3, out=1, errors=1, held=0, ended={"duplicate": 1}, detail={"tier_1": 1}, first_at=AT, last_at=AT + DAY
)
RESULT = run.StageResult(
    stage="enrich", entered=3, out=2, errors=1, held=0, ended={}, duration_ms=1_200, passed=True, detail={"found": 2}
)

_LEAD: dict[str, Any] = {"lead_id": LEAD, "run_id": RUN}
_EMAIL: dict[str, Any] = {"email_id": EMAIL, "lead_id": LEAD, "run_id": RUN}
_DRAFT = _EMAIL | {"draft_version": 1}
_ATTEMPT = _EMAIL | {"attempt": 1}
_SEEN: dict[str, Any] = {"email_id": EMAIL, "draft_version": 1, "content_hash": email.content_hash(CONTENT)}

M = TypeVar("M", bound=Event | commands.Command)
E = TypeVar("E", bound=Event)


def _made(kind: type[M], overrides: Mapping[str, Any], /, **values: Any) -> M:
    return kind(**(values | dict(overrides)))


# What surrounds a fact, and what facts fold into.


def envelope(event: E, version: int = 1, **overrides: Any) -> Envelope[E]:
    """The fact with its surroundings; the event id follows from tag, aggregate and version."""
    values: dict[str, Any] = {
        "event_id": str(uuid5(IDS, f"{event.type_tag()}:{event.about()}:{version}")),
        "version": version,
        "recorded_at": AT + timedelta(minutes=version),
        "actor": AGENT,
        "correlation_id": RUN,
        "causation_id": CAUSE,
        "event": event,
    }
    return Envelope(**(values | overrides))


@overload
def given(category: Literal["lead"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> lead.Lead: ...
@overload
def given(category: Literal["email"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> email.Email: ...
@overload
def given(category: Literal["run"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> run.Run: ...
@overload
def given(
    category: Literal["policy"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope
) -> policy.PolicyState: ...
@overload
def given(category: Literal["deal"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> deal.Account: ...
@overload
def given(
    category: Literal["access"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope
) -> access.AccessAccount: ...
@overload
def given(category: Literal["ops"], first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> ops.DeadLetter: ...
@overload
def given(category: str, first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> State: ...
def given(category: str, first: Event | AnyEnvelope, *more: Event | AnyEnvelope) -> State:
    """The state after these facts, versions 1, 2, …; one that comes in an envelope keeps it."""
    evolve = KINDS[category].evolve
    state: State | None = None
    for version, one in enumerate((first, *more), start=1):
        state = evolve(state, one if isinstance(one, Envelope) else envelope(one, version))
    assert state is not None
    return state


# Facts, as the pages of contracts list them.


def lead_sourced(**overrides: Any) -> lead.LeadSourced:
    return _made(lead.LeadSourced, overrides, lead_id=LEAD, account_id=ACCOUNT, run=TERMS, origin=ORIGIN, fields=FIELDS)


def lead_updated(**overrides: Any) -> lead.LeadUpdated:
    return _made(
        lead.LeadUpdated, overrides, lead_id=LEAD, run=TERMS, origin=ORIGIN, fields={"title": "Countess of Engines"}
    )


def lead_duplicate(**overrides: Any) -> lead.LeadDuplicate:
    return _made(
        lead.LeadDuplicate, overrides, **_LEAD, origin=ORIGIN, first_run_id=str(uuid5(IDS, "first run")), first_row=7
    )


def lead_refused(**overrides: Any) -> lead.LeadRefused:
    return _made(
        lead.LeadRefused,
        overrides,
        refusal_id=REFUSED,
        run_id=RUN,
        origin=ORIGIN,
        field="email",
        reason="It has no @.",
        remedy="Add the domain.",
    )


def lead_enriched(**overrides: Any) -> lead.LeadEnriched:
    return _made(lead.LeadEnriched, overrides, **_LEAD, fields={"industry": FOUND}, missing=("funding",))


def lead_enrichment_failed(**overrides: Any) -> lead.LeadEnrichmentFailed:
    return _made(lead.LeadEnrichmentFailed, overrides, **_LEAD, provider="fixture", reason="It did not answer.")


def lead_scored(**overrides: Any) -> lead.LeadScored:
    return _made(
        lead.LeadScored,
        overrides,
        **_LEAD,
        account_id=ACCOUNT,
        model_id="engines",
        model_hash="1c" * 32,
        score=82,
        could_reach=90,
        known=74,
        reachable=90,
        multiplier=1.1,
        tier="tier_1",
        components=(COMPONENT, UNKNOWN_COMPONENT),
        reasons=("Leads a department",),
        headline="Leads engines at a maker of 120",
        persona="builder",
        campaign="engines",
        next="draft",
    )


def lead_excluded(**overrides: Any) -> lead.LeadExcluded:
    return _made(lead.LeadExcluded, overrides, **_LEAD, key=EXCLUSION)


def lead_disqualified(**overrides: Any) -> lead.LeadDisqualified:
    return _made(
        lead.LeadDisqualified,
        overrides,
        **_LEAD,
        model_id="engines",
        model_hash="1c" * 32,
        rule="competitor",
        reason="They sell engines too.",
    )


def lead_held(**overrides: Any) -> lead.LeadHeld:
    return _made(lead.LeadHeld, overrides, **_LEAD, stage="enrich")


def lead_released(**overrides: Any) -> lead.LeadReleased:
    return _made(lead.LeadReleased, overrides, **_LEAD, account_id=ACCOUNT, stage="enrich")


def lead_withdrawn(**overrides: Any) -> lead.LeadWithdrawn:
    return _made(lead.LeadWithdrawn, overrides, **_LEAD)


def email_drafted(**overrides: Any) -> email.EmailDrafted:
    return _made(
        email.EmailDrafted,
        overrides,
        **_DRAFT,
        account_id=ACCOUNT,
        mode="staging",
        step=1,
        content=CONTENT,
        content_hash=email.content_hash(CONTENT),
        card=CARD,
        writing=WRITING,
        claims=(CLAIM,),
        verdict=VERDICT,
        expires_at=AT + 7 * DAY,
    )


def email_blocked(**overrides: Any) -> email.EmailBlocked:
    return _made(email.EmailBlocked, overrides, **_EMAIL, step=1, reason="No text passed the guard.", verdict=VERDICT)


def email_edited(**overrides: Any) -> email.EmailEdited:
    return _made(
        email.EmailEdited,
        overrides,
        **(_DRAFT | {"draft_version": 2}),
        content=EDITED_CONTENT,
        content_hash=email.content_hash(EDITED_CONTENT),
        change=email.EditChange(edit_class="minor", distance=0.2, parts=("ask",)),
        verdict=VERDICT,
    )


def email_approved(**overrides: Any) -> email.EmailApproved:
    return _made(
        email.EmailApproved, overrides, **_DRAFT, content_hash=email.content_hash(CONTENT), send_due_at=AT + DAY
    )


def email_rejected(**overrides: Any) -> email.EmailRejected:
    return _made(email.EmailRejected, overrides, **_DRAFT, tag="weak_cta", reason="It asks for nothing.")


def email_changes_requested(**overrides: Any) -> email.EmailChangesRequested:
    return _made(email.EmailChangesRequested, overrides, **_DRAFT, account_id=ACCOUNT, instruction="Name a day.")


def email_revoked(**overrides: Any) -> email.EmailRevoked:
    return _made(email.EmailRevoked, overrides, **_DRAFT, reason="Wrong quarter.")


def email_claimed(**overrides: Any) -> email.EmailClaimed:
    return _made(email.EmailClaimed, overrides, **_EMAIL, until=AT + timedelta(minutes=15))


def email_released(**overrides: Any) -> email.EmailReleased:
    return _made(email.EmailReleased, overrides, **_EMAIL)


def email_snoozed(**overrides: Any) -> email.EmailSnoozed:
    return _made(email.EmailSnoozed, overrides, **_EMAIL, until=AT + DAY)


def email_commented(**overrides: Any) -> email.EmailCommented:
    return _made(email.EmailCommented, overrides, **_EMAIL, text=Personal.plain("Ada spoke to us in Turin."))


def email_expired(**overrides: Any) -> email.EmailExpired:
    return _made(email.EmailExpired, overrides, **_DRAFT)


def email_withdrawn(**overrides: Any) -> email.EmailWithdrawn:
    return _made(email.EmailWithdrawn, overrides, **_EMAIL, was="drafted")


def email_send_requested(**overrides: Any) -> email.EmailSendRequested:
    return _made(
        email.EmailSendRequested,
        overrides,
        **_DRAFT,
        content_hash=email.content_hash(CONTENT),
        approved_by=Actor(kind="person", id="person:grace@local"),  # As in the golden bytes, which are kept.
        approval=CAUSE,
        recipient_key="e3" * 32,
        recipient_domain="analytical.example",
    )


def email_send_reserved(**overrides: Any) -> email.EmailSendReserved:
    return _made(
        email.EmailSendReserved,
        overrides,
        **_EMAIL,
        reservation=CAUSE,
        content_hash=email.content_hash(CONTENT),
        simulated=True,
        why="The phase is shadow.",
    )


def email_send_blocked(**overrides: Any) -> email.EmailSendBlocked:
    return _made(email.EmailSendBlocked, overrides, **_EMAIL, gate="suppression", why="This address is left alone.")


def email_send_started(**overrides: Any) -> email.EmailSendStarted:
    return _made(
        email.EmailSendStarted, overrides, **_ATTEMPT, content_hash=email.content_hash(CONTENT), simulated=True
    )


def email_sent(**overrides: Any) -> email.EmailSent:
    return _made(
        email.EmailSent,
        overrides,
        **_ATTEMPT,
        content_hash=email.content_hash(CONTENT),
        simulated=True,
        provider="shadow",
    )


def email_unresolved(**overrides: Any) -> email.EmailUnresolved:
    return _made(email.EmailUnresolved, overrides, **_ATTEMPT, reason="The connection ended after the text.")


def email_failed(**overrides: Any) -> email.EmailFailed:
    return _made(email.EmailFailed, overrides, **_ATTEMPT, reason="550 no such mailbox")


def run_requested(**overrides: Any) -> run.RunRequested:
    return _made(run.RunRequested, overrides, run_id=RUN, terms=TERMS, source="leads.csv", file=FILE)


def run_chunk_read(**overrides: Any) -> run.RunChunkRead:
    return _made(
        run.RunChunkRead,
        overrides,
        run_id=RUN,
        chunk=0,
        last=True,
        rows=3,
        sourced=1,
        updated=0,
        duplicate=1,
        refused=1,
        not_taken=0,
    )


def run_source_blocked(**overrides: Any) -> run.RunSourceBlocked:
    return _made(
        run.RunSourceBlocked, overrides, run_id=RUN, source="leads.csv", reason="It has no header.", remedy="Add one."
    )


def run_tallied(**overrides: Any) -> run.RunTallied:
    return _made(run.RunTallied, overrides, run_id=RUN, partition=0, through=12, stages={"enrich": TALLY})


def run_stage_completed(**overrides: Any) -> run.RunStageCompleted:
    return _made(run.RunStageCompleted, overrides, run_id=RUN, result=RESULT)


def run_stage_failed(**overrides: Any) -> run.RunStageFailed:
    return _made(run.RunStageFailed, overrides, run_id=RUN, stage="enrich", reason="Too many leads err.", result=RESULT)


def run_stopped(**overrides: Any) -> run.RunStopped:
    return _made(run.RunStopped, overrides, run_id=RUN, stage="enrich", reason="Too many leads err.")


def run_resumed(**overrides: Any) -> run.RunResumed:
    return _made(run.RunResumed, overrides, run_id=RUN)


def run_waiting_for_review(**overrides: Any) -> run.RunWaitingForReview:
    return _made(run.RunWaitingForReview, overrides, run_id=RUN, waiting=1)


def run_completed(**overrides: Any) -> run.RunCompleted:
    return _made(run.RunCompleted, overrides, run_id=RUN)


def run_failed(**overrides: Any) -> run.RunFailed:
    return _made(run.RunFailed, overrides, run_id=RUN, stage="enrich", reason="Too many leads err.")


def run_cancelled(**overrides: Any) -> run.RunCancelled:
    return _made(run.RunCancelled, overrides, run_id=RUN, reason="The wrong file.")


def run_withdrawn(**overrides: Any) -> run.RunWithdrawn:
    return _made(run.RunWithdrawn, overrides, run_id=RUN, reason="The wrong file.")


def outbound_halted(**overrides: Any) -> policy.OutboundHalted:
    return _made(policy.OutboundHalted, overrides, reason="Somebody complained.")


def outbound_resumed(**overrides: Any) -> policy.OutboundResumed:
    return _made(policy.OutboundResumed, overrides, reason="It was a misunderstanding.")


def model_activated(**overrides: Any) -> policy.ModelActivated:
    defaults: dict[str, Any] = {
        "model_id": "my-icp-2",
        "model_hash": "5b" * 32,
        "text": 'id = "my-icp-2"\n',
        "reason": "We sell to factories now.",
    }
    return _made(policy.ModelActivated, overrides, **defaults)


def address_suppressed(**overrides: Any) -> policy.AddressSuppressed:
    return _made(policy.AddressSuppressed, overrides, recipient_key="e3" * 32, reason="unsubscribed")


def excluded(**overrides: Any) -> policy.Excluded:
    return _made(policy.Excluded, overrides, key=EXCLUSION, kind="domain", reason="A customer.", source="customers.csv")


def exclusion_removed(**overrides: Any) -> policy.ExclusionRemoved:
    return _made(policy.ExclusionRemoved, overrides, key=EXCLUSION)


def exclusions_counted(**overrides: Any) -> policy.ExclusionsCounted:
    return _made(policy.ExclusionsCounted, overrides, count=1)


def send_granted(**overrides: Any) -> policy.SendGranted:
    return _made(
        policy.SendGranted,
        overrides,
        **_EMAIL,
        content_hash=email.content_hash(CONTENT),
        simulated=True,
        why="The phase is shadow.",
    )


def send_denied(**overrides: Any) -> policy.SendDenied:
    return _made(
        policy.SendDenied,
        overrides,
        **_EMAIL,
        content_hash=email.content_hash(CONTENT),
        gate="suppression",
        why="This address is left alone.",
    )


def account_approached(**overrides: Any) -> deal.AccountApproached:
    return _made(
        deal.AccountApproached,
        overrides,
        **_EMAIL,
        account_id=ACCOUNT,
        angle="waiting_cards",
        variant=2,
        opener="b4" * 8,
        shingles=(11, 42, 77),
    )


def dead_lettered(**overrides: Any) -> ops.DeadLettered:
    return _made(
        ops.DeadLettered,
        overrides,
        dead_id=DEAD,
        service="enricher",
        entry_category="lead",
        entry_seq=12,
        entry_type="lead.sourced.v1",
        entry_event_id=CAUSE,
        reason="KeyError",
        stack_hash="aa" * 8,
        attempts=3,
        run_id=RUN,
    )


def dead_retried(**overrides: Any) -> ops.DeadRetried:
    return _made(ops.DeadRetried, overrides, dead_id=DEAD, service="enricher", entry_category="lead", entry_seq=12)


def dead_dropped(**overrides: Any) -> ops.DeadDropped:
    return _made(ops.DeadDropped, overrides, dead_id=DEAD, reason="The lead is gone.")


def account_opened(**overrides: Any) -> access.AccountOpened:
    values = {"name": Personal.plain("Grace Hopper"), "roles": ("reviewer",)}
    return _made(access.AccountOpened, overrides, account_id=PERSON, login=LOGIN, **values)


def roles_changed(**overrides: Any) -> access.RolesChanged:
    return _made(access.RolesChanged, overrides, account_id=PERSON, roles=("reviewer", "admin"))


def account_closed(**overrides: Any) -> access.AccountClosed:
    return _made(access.AccountClosed, overrides, account_id=PERSON, reason="Gone sailing.")


def token_created(**overrides: Any) -> access.TokenCreated:
    return _made(
        access.TokenCreated,
        overrides,
        account_id=PERSON,
        token_id=TOKEN,
        label="laptop",
        secret_hash=HASH,
        scopes=("read", "decide"),
        expires_at=AT + 90 * DAY,
    )


def token_revoked(**overrides: Any) -> access.TokenRevoked:
    return _made(access.TokenRevoked, overrides, account_id=PERSON, token_id=TOKEN, reason="Left on a train.")


def password_set(**overrides: Any) -> access.PasswordSet:
    return _made(access.PasswordSet, overrides, account_id=PERSON, hash="$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA")


def personal_read(**overrides: Any) -> access.PersonalRead:
    return _made(access.PersonalRead, overrides, account_id=PERSON, where="queue", people=(LEAD,), count=1)


# Commands.


def approve_draft(**overrides: Any) -> commands.ApproveDraft:
    return _made(commands.ApproveDraft, overrides, **_SEEN)


def edit_draft(**overrides: Any) -> commands.EditDraft:
    return _made(commands.EditDraft, overrides, **_SEEN, body="Hello Ada,\n\nmay I call on Tuesday?\n")


def reject_draft(**overrides: Any) -> commands.RejectDraft:
    return _made(commands.RejectDraft, overrides, **_SEEN, tag="weak_cta", reason="It asks for nothing.")


def request_changes(**overrides: Any) -> commands.RequestChanges:
    return _made(commands.RequestChanges, overrides, **_SEEN, instruction="Name a day.")


def revoke_approval(**overrides: Any) -> commands.RevokeApproval:
    return _made(commands.RevokeApproval, overrides, **_SEEN, reason="Wrong quarter.")


def claim_draft(**overrides: Any) -> commands.ClaimDraft:
    return _made(commands.ClaimDraft, overrides, email_id=EMAIL)


def release_draft(**overrides: Any) -> commands.ReleaseDraft:
    return _made(commands.ReleaseDraft, overrides, email_id=EMAIL)


def snooze_draft(**overrides: Any) -> commands.SnoozeDraft:
    return _made(commands.SnoozeDraft, overrides, email_id=EMAIL, until=AT + DAY)


def comment_draft(**overrides: Any) -> commands.CommentDraft:
    return _made(commands.CommentDraft, overrides, email_id=EMAIL, text="Ada spoke to us in Turin.")


def expire_draft(**overrides: Any) -> commands.ExpireDraft:
    return _made(commands.ExpireDraft, overrides, email_id=EMAIL)


def request_run(**overrides: Any) -> commands.RequestRun:
    return _made(commands.RequestRun, overrides, run_id=RUN, terms=TERMS, source="leads.csv", file=FILE)


def cancel_run(**overrides: Any) -> commands.CancelRun:
    return _made(commands.CancelRun, overrides, run_id=RUN, reason="The wrong file.")


def withdraw_run(**overrides: Any) -> commands.WithdrawRun:
    return _made(commands.WithdrawRun, overrides, run_id=RUN, reason="The wrong file.")


def resume_run(**overrides: Any) -> commands.ResumeRun:
    return _made(commands.ResumeRun, overrides, run_id=RUN)
