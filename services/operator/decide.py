"""What OPERATOR does with an approval: ask for a send, read the gates, and record what became of it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from contracts.email import (
    Email,
    EmailApproved,
    EmailDrafted,
    EmailSendBlocked,
    EmailSendRequested,
    EmailSendReserved,
    EmailSent,
)
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, EventId
from contracts.lead import EXCLUDED
from contracts.policy import SHADOW_PHASES, Exclusion, Policy, Reservation, SendDenied, SendGranted, Suppression

POLICY_ACTOR = Actor(kind="policy", id="sandbox")
SIMULATOR = "simulator"


def approve_in_sandbox(email: Email, heard: Envelope[EmailDrafted]) -> list[Event]:
    """The policy actor's approval of an invented draft; for anything else a person is needed."""
    drafted = heard.event
    stands = email.status == "drafted" and email.content_hash == drafted.content_hash
    if not (stands and email.synthetic and heard.synthetic and email.mode == "sandbox"):
        return []
    return [
        EmailApproved(
            email_id=drafted.email_id,
            lead_id=email.lead_id,
            run_id=email.run_id,
            draft_version=email.draft_version,
            content_hash=email.content_hash,
            send_due_at=heard.recorded_at,
        )
    ]


def request_send(
    email: Email,
    email_id: str,
    *,
    now: datetime,
    recipient_key: str,
    recipient_domain: str,
    exclusion_keys: tuple[str, ...],
) -> list[Event]:
    """Ask for the reservation once the undo window is over; nothing before, and nothing twice."""
    if email.status != "approved" or not email.approval or email.send_due_at is None or email.decision is None:
        return []
    if now < email.send_due_at:
        return []
    return [
        EmailSendRequested(
            email_id=email_id,
            lead_id=email.lead_id,
            run_id=email.run_id,
            draft_version=email.draft_version,
            content_hash=email.content_hash,
            approved_by=email.decision.by,
            approval=email.approval,
            recipient_key=recipient_key,
            recipient_domain=recipient_domain,
            exclusion_keys=exclusion_keys,
        )
    ]


def reserve(
    asked: Envelope[EmailSendRequested],
    policy: Policy | None,
    suppression: Suppression | None,
    exclusions: Sequence[Exclusion | None],
    standing: Reservation | None,
) -> list[Event]:
    """The verdict of the gates on one e-mail; the first closed gate is named. One reservation for ever.

    Order: already reserved, no recipient key, halted, suppressed, excluded, no approval by a person for a real send,
    and last whether anything is there that could send for real. This version has nothing, so outside the shadow phases
    every real send is denied.

    Args:
        exclusions: what stands under each of the request's exclusion keys, in order.
    """
    wanted = asked.event
    if standing is not None:
        return []
    policy = policy or Policy()
    gate = why = ""
    if not wanted.recipient_key:
        gate, why = "suppression", "The address could not be looked up in the list of those who are left alone."
    elif policy.halted:
        gate, why = "halted", f"Sending is halted: {policy.halt_reason}"
    elif suppression is not None:
        gate, why = "suppressed", f"This address is left alone: {suppression.reason}"
    elif not wanted.exclusion_keys or len(exclusions) != len(wanted.exclusion_keys):
        gate, why = EXCLUDED, "Nobody could look up whether the recipient is to be left alone."
    elif (exclusion := next((one for one in exclusions if one is not None and one.active), None)) is not None:
        gate, why = EXCLUDED, f"The recipient is to be left alone: the {exclusion.kind} is excluded."
    elif asked.synthetic:
        return [_granted(wanted, "The lead is invented, so nothing is ever sent.")]
    elif wanted.approved_by.kind != "person":
        gate, why = "approval", "No person approved it."
    elif policy.phase in SHADOW_PHASES:
        return [_granted(wanted, f"The phase is {policy.phase}: nothing leaves this machine.")]
    else:
        gate, why = "mailer", "No mailer is set up that could send it."
    denied = SendDenied(
        email_id=wanted.email_id,
        lead_id=wanted.lead_id,
        run_id=wanted.run_id,
        content_hash=wanted.content_hash,
        gate=gate,
        why=why,
    )
    return [denied]


def _granted(wanted: EmailSendRequested, why: str) -> SendGranted:
    return SendGranted(
        email_id=wanted.email_id,
        lead_id=wanted.lead_id,
        run_id=wanted.run_id,
        content_hash=wanted.content_hash,
        simulated=True,
        why=why,
    )


def carry_back(verdict: AnyEnvelope, email: Email) -> list[Event]:
    """The verdict as the e-mail's own fact; nothing when the e-mail no longer waits for it.

    A simulated send is over with it: nobody is called, so nothing is started and nothing can stay unresolved. A
    reservation for a real send waits: there is no mailer in this version, and none is guessed.
    """
    if email.status != "send_requested":
        return []
    match verdict.event:
        case SendGranted(email_id=email_id, content_hash=granted) if granted != email.content_hash:
            return [_blocked(email_id, email, "content", "The verdict was given on another text.")]
        case SendGranted() as granted:
            return _reserved(granted, verdict.event_id, email)
        case SendDenied(email_id=email_id, gate=gate, why=why):
            return [_blocked(email_id, email, gate, why)]
        case _:
            return []


def _blocked(email_id: str, email: Email, gate: str, why: str) -> Event:
    return EmailSendBlocked(email_id=email_id, lead_id=email.lead_id, run_id=email.run_id, gate=gate, why=why)


def _reserved(granted: SendGranted, reservation: EventId, email: Email) -> list[Event]:
    ids: Mapping[str, str] = {
        "email_id": granted.email_id,
        "lead_id": email.lead_id,
        "run_id": email.run_id,
        "content_hash": granted.content_hash,
    }
    reserved = EmailSendReserved(**ids, reservation=reservation, simulated=granted.simulated, why=granted.why)
    if not granted.simulated:
        return [reserved]
    return [reserved, EmailSent(**ids, attempt=email.attempt + 1, simulated=True, provider=SIMULATOR)]
