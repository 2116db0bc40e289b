"""What OPERATOR does with an approval: ask for a send, read the gates, and record what became of it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from contracts.email import (
    Email,
    EmailApproved,
    EmailDrafted,
    EmailSendBlocked,
    EmailSendRequested,
    EmailSendReserved,
    EmailSendStarted,
    EmailSent,
)
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event
from contracts.policy import SHADOW_PHASES, Policy, Reservation, SendDenied, SendGranted, Suppression

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
    email: Email, email_id: str, *, now: datetime, recipient_key: str, recipient_domain: str
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
        )
    ]


def reserve(
    asked: Envelope[EmailSendRequested],
    policy: Policy | None,
    suppression: Suppression | None,
    standing: Reservation | None,
) -> list[Event]:
    """The verdict of the gates on one e-mail; the first closed gate is named. One reservation for ever.

    Order: already reserved, no recipient key, halted, suppressed, no approval by a person for a real send, and last
    whether anything is there that could send for real. This version has nothing, so outside the shadow phases every
    real send is denied.
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
    """The verdict as the e-mail's own fact; nothing when the e-mail no longer waits for it."""
    if email.status != "send_requested":
        return []
    match verdict.event:
        case SendGranted(email_id=email_id, simulated=simulated, why=why, content_hash=content_hash):
            return [
                EmailSendReserved(
                    email_id=email_id,
                    lead_id=email.lead_id,
                    run_id=email.run_id,
                    reservation=verdict.event_id,
                    content_hash=content_hash,
                    simulated=simulated,
                    why=why,
                )
            ]
        case SendDenied(email_id=email_id, gate=gate, why=why):
            return [EmailSendBlocked(email_id=email_id, lead_id=email.lead_id, run_id=email.run_id, gate=gate, why=why)]
        case _:
            return []


def simulate(email: Email, reserved: Envelope[EmailSendReserved]) -> list[Event]:
    """A simulated send: started and sent are one commit, since nothing happens between them.

    A reservation for a real send is answered with nothing: there is no mailer in this version, and none is guessed.
    """
    event = reserved.event
    stands = email.status == "send_reserved" and email.reservation == event.reservation
    if not stands or not email.simulated or not event.simulated or email.content_hash != event.content_hash:
        return []
    attempt = email.attempt + 1
    ids: Mapping[str, str] = {"email_id": event.email_id, "lead_id": email.lead_id, "run_id": email.run_id}
    return [
        EmailSendStarted(**ids, attempt=attempt, content_hash=event.content_hash, simulated=True),
        EmailSent(**ids, attempt=attempt, content_hash=event.content_hash, simulated=True, provider=SIMULATOR),
    ]
