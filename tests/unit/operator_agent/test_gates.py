"""Each gate closes alone; what is invented never leaves; nothing is sent that was not approved as it is."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from contracts.email import Email, EmailApproved, EmailSendBlocked, EmailSent, content_hash
from contracts.envelope import Actor, Envelope, Event
from contracts.policy import Exclusion, Phase, Policy, Reservation, SendDenied, SendGranted, Suppression
from services.operator import decide
from services.operator.decide import (
    POLICY_ACTOR,
    approve_in_sandbox,
    carry_back,
    request_send,
    reserve,
)
from tests.controls import (
    AT,
    CONTENT,
    DAY,
    EDITED_CONTENT,
    EMAIL,
    REVIEWER,
    email_approved,
    email_drafted,
    email_edited,
    email_revoked,
    email_send_requested,
    email_send_reserved,
    email_sent,
    email_withdrawn,
    envelope,
    given,
    send_denied,
    send_granted,
)

HASH = content_hash(CONTENT)
SUPPRESSED = Suppression(reason="unsubscribed", at=AT)


KEYS = ("excl:of the address", "excl:of the domain")
FREE = (None, None)
EXCLUDED_DOMAIN = Exclusion(kind="domain", at=AT)


def asked(*, synthetic: bool = False, **overrides: Any) -> Envelope[Any]:
    return envelope(email_send_requested(**({"exclusion_keys": KEYS} | overrides)), synthetic=synthetic)


def verdict(
    request: Envelope[Any] | None = None,
    policy: Policy | None = None,
    suppression: Suppression | None = None,
    standing: Reservation | None = None,
    exclusions: Sequence[Exclusion | None] = FREE,
) -> Event | None:
    found = reserve(request or asked(), policy, suppression, exclusions, standing)
    assert len(found) < 2
    return found[0] if found else None


CLOSED: dict[str, tuple[dict[str, Any], str]] = {
    "no recipient key": ({"request": asked(recipient_key="")}, "suppression"),
    "halted": ({"policy": Policy(halted=True, halt_reason="complaint")}, "halted"),
    "suppressed": ({"suppression": SUPPRESSED}, "suppressed"),
    "excluded by its domain": ({"exclusions": (None, EXCLUDED_DOMAIN)}, "excluded"),
    "no exclusion keys": ({"request": asked(exclusion_keys=()), "exclusions": ()}, "excluded"),
    "not every exclusion key was looked up": ({"exclusions": (None,)}, "excluded"),
    "not a person": ({"request": asked(approved_by=POLICY_ACTOR)}, "approval"),
    "an agent": ({"request": asked(approved_by=Actor(kind="agent", id="crafter"))}, "approval"),
    "phase assisted": ({"policy": Policy(phase="assisted")}, "mailer"),
    "phase autonomous": ({"policy": Policy(phase="autonomous")}, "mailer"),
}


@pytest.mark.parametrize("name", list(CLOSED))
def test_each_gate_closes_alone(name: str) -> None:
    arguments, gate = CLOSED[name]
    denied = verdict(**arguments)
    assert isinstance(denied, SendDenied)
    assert (denied.gate, denied.content_hash) == (gate, HASH)


def test_exclusion_that_was_lifted_closes_nothing() -> None:
    lifted = msgspec.structs.replace(EXCLUDED_DOMAIN, active=False)
    assert isinstance(verdict(exclusions=(lifted, None)), SendGranted)


@pytest.mark.parametrize("phase", ["shadow", "parallel"])
def test_with_every_gate_open_the_send_is_simulated(phase: Phase) -> None:
    granted = verdict(policy=Policy(phase=phase))
    assert isinstance(granted, SendGranted)
    assert (granted.simulated, granted.content_hash) == (True, HASH)
    assert isinstance(verdict(), SendGranted)


def test_I10_unknown_policy_is_the_shadow_phase() -> None:
    granted = verdict(policy=None)
    assert isinstance(granted, SendGranted)
    assert granted.simulated


@pytest.mark.parametrize("phase", ["shadow", "parallel", "assisted", "autonomous"])
@pytest.mark.parametrize("approved_by", [REVIEWER, POLICY_ACTOR])
def test_I10_what_is_invented_is_never_sent_for_real(phase: Phase, approved_by: Actor) -> None:
    granted = verdict(asked(synthetic=True, approved_by=approved_by), Policy(phase=phase))
    assert isinstance(granted, SendGranted)
    assert granted.simulated


@pytest.mark.parametrize("name", ["no recipient key", "halted", "suppressed", "excluded by its domain"])
def test_gate_that_holds_for_everybody_holds_for_what_is_invented(name: str) -> None:
    arguments, gate = CLOSED[name]
    denied = verdict(
        **(arguments | {"request": asked(synthetic=True, recipient_key="" if gate == "suppression" else "e3")})
    )
    assert isinstance(denied, SendDenied)
    assert denied.gate == gate


@pytest.mark.parametrize("granted", [True, False])
def test_there_is_one_reservation_for_ever(granted: bool) -> None:
    assert verdict(standing=Reservation(granted=granted, content_hash=HASH, fact="f")) is None


def test_I10_check_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a phase too many among those that only simulate, an open phase would be granted."""
    monkeypatch.setattr(decide, "SHADOW_PHASES", frozenset({"shadow", "parallel", "autonomous"}))
    assert isinstance(verdict(policy=Policy(phase="autonomous")), SendGranted)


# The policy actor.


def drafted(*, synthetic: bool = True, mode: str = "sandbox") -> tuple[Email, Envelope[Any]]:
    heard = envelope(email_drafted(mode=mode), synthetic=synthetic)
    return given("email", heard), heard


def test_invented_draft_of_a_sandbox_is_approved_as_it_is() -> None:
    (approved,) = approve_in_sandbox(*drafted())
    assert isinstance(approved, EmailApproved)
    assert (approved.content_hash, approved.draft_version) == (HASH, 1)


@pytest.mark.parametrize(
    ("synthetic", "mode"), [(False, "sandbox"), (True, "staging"), (True, "production"), (False, "production")]
)
def test_I5_policy_approves_nothing_but_invented_drafts_of_a_sandbox(synthetic: bool, mode: str) -> None:
    assert approve_in_sandbox(*drafted(synthetic=synthetic, mode=mode)) == []


def test_I5_real_draft_that_was_heard_as_invented_waits() -> None:
    state, _ = drafted(synthetic=False)
    _, heard = drafted(synthetic=True)
    assert approve_in_sandbox(state, heard) == []
    state, _ = drafted(synthetic=True)
    _, heard = drafted(synthetic=False)
    assert approve_in_sandbox(state, heard) == []


def test_I5_each_condition_of_the_policy_is_needed() -> None:
    """The checks above can fail: the one draft they let through differs from the others by one condition each."""
    assert approve_in_sandbox(*drafted()) != []
    assert [approve_in_sandbox(*drafted(synthetic=a, mode=b)) for a, b in ((False, "sandbox"), (True, "staging"))] == [
        [],
        [],
    ]


def test_answered_edited_or_newer_draft_is_not_approved_again() -> None:
    _, heard = drafted()
    for more in (email_approved(), email_edited(), email_withdrawn()):
        assert approve_in_sandbox(given("email", heard, more), heard) == []


# Asking for a send.


def wanted(state: Email, *, late: float = 1.0) -> list[Event]:
    return request_send(
        state, EMAIL, now=AT + late * DAY, recipient_key="e3", recipient_domain="a.example", exclusion_keys=KEYS
    )


def test_send_is_asked_for_when_the_undo_window_is_over_and_not_before() -> None:
    state = given("email", email_drafted(), envelope(email_approved(send_due_at=AT + DAY), 2, actor=REVIEWER))
    assert wanted(state, late=0.999) == []
    (request,) = wanted(state)
    assert request == email_send_requested(
        approved_by=REVIEWER,
        recipient_key="e3",
        recipient_domain="a.example",
        exclusion_keys=KEYS,
        approval=state.approval,
        content_hash=HASH,
    )


def test_send_is_not_asked_for_twice_nor_for_what_is_not_approved() -> None:
    approved = (email_drafted(), email_approved())
    assert wanted(given("email", email_drafted())) == []
    assert wanted(Email()) == []
    for more in (email_revoked(), email_send_requested(), email_withdrawn(), email_sent(), email_edited()):
        assert wanted(given("email", *approved, more), late=9) == []


# The way back.


WAITING = (email_drafted(), email_approved(), email_send_requested())


def test_verdict_becomes_the_email_s_own_fact_once() -> None:
    waiting = given("email", *WAITING)
    granted = envelope(send_granted(simulated=False))
    (back,) = carry_back(granted, waiting)
    assert back == email_send_reserved(reservation=granted.event_id, simulated=False)
    assert carry_back(granted, given("email", *WAITING, back)) == []
    (blocked,) = carry_back(envelope(send_denied(gate="halted", why="w")), waiting)
    assert blocked.type_tag() == "email.send_blocked.v1"
    assert carry_back(envelope(email_drafted()), waiting) == []


def test_simulated_send_is_over_with_its_reservation_and_happens_once() -> None:
    granted = envelope(send_granted())
    reserved, sent = carry_back(granted, given("email", *WAITING))
    assert reserved == email_send_reserved(reservation=granted.event_id)
    assert isinstance(sent, EmailSent)
    assert (sent.simulated, sent.content_hash, sent.attempt) == (True, HASH, 1)
    after = given("email", *WAITING, reserved, sent)
    assert (after.status, after.attempt) == ("sent", 1)
    assert carry_back(granted, after) == []


def test_real_reservation_sends_nothing_since_nothing_here_could() -> None:
    facts = carry_back(envelope(send_granted(simulated=False)), given("email", *WAITING))
    assert [fact.type_tag() for fact in facts] == ["email.send_reserved.v1"]


@pytest.mark.parametrize("simulated", [True, False])
def test_I5_verdict_on_other_content_closes_the_gate(simulated: bool) -> None:
    granted = envelope(send_granted(content_hash=content_hash(EDITED_CONTENT), simulated=simulated))
    (blocked,) = carry_back(granted, given("email", *WAITING))
    assert isinstance(blocked, EmailSendBlocked)
    assert blocked.gate == "content"


def test_email_that_does_not_wait_for_a_verdict_is_left_as_it_is() -> None:
    for state in (Email(), given("email", *WAITING[:1]), given("email", *WAITING[:2])):
        assert carry_back(envelope(send_granted()), state) == []
