"""OPERATOR's table, its carriers between the e-mails and the control partition, and the clock of the undo window."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Protocol, cast

from contracts.email import Email, EmailApproved, EmailDrafted, EmailSendRequested
from contracts.envelope import Actor, AnyEnvelope, Envelope, Event, Personal, reveal
from contracts.errors import SwarmError
from contracts.exclusion import keys_of_fields
from contracts.facts import Ref, State
from contracts.identity import partition_of, suppression_id
from contracts.lead import Lead
from contracts.policy import POLICY_ID, Policy, Reservation, SendDenied, SendGranted, Suppression
from services.operator.decide import POLICY_ACTOR, approve_in_sandbox, carry_back, request_send, reserve
from services.runtime.clock import Clock, rest
from services.runtime.exclusion_list import standing_of
from services.runtime.execute import Asked, command_id, execute
from services.runtime.follower import Follows
from services.runtime.log import EventLog
from services.runtime.service import Hears, Service, States

NAME = "operator"
CLOCK = Actor(kind="system", id="clock")
TICK_S = 0.5


def build(*, identity_key: bytes) -> Service:
    """The name is also the consumer group."""
    send = partial(on_email_approved, identity_key=identity_key)
    return Service(
        NAME,
        {
            EmailDrafted: Hears(on_email_drafted, _email_only, actor=POLICY_ACTOR),
            EmailApproved: Hears(send, _email_and_lead),
        },
    )


def _email_only(heard: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("email", heard.aggregate_id),)


def _email_and_lead(heard: AnyEnvelope) -> tuple[Ref, ...]:
    event = cast(EmailApproved, heard.event)
    return Ref("email", event.email_id), Ref("lead", event.lead_id)


def _email(states: States, email_id: str) -> Email:
    return states.get(Ref("email", email_id), Email) or Email()


async def on_email_drafted(heard: AnyEnvelope, states: States) -> Sequence[Event]:
    """Approve an invented draft of a sandbox run as the policy actor; every other draft waits for a person."""
    return approve_in_sandbox(_email(states, heard.aggregate_id), cast(Envelope[EmailDrafted], heard))


async def on_email_approved(heard: AnyEnvelope, states: States, *, identity_key: bytes) -> Sequence[Event]:
    """Ask for the send where the approval leaves no time to undo it; otherwise `SendClock` does, when that is over."""
    event = cast(EmailApproved, heard.event)
    return wanted(states, event.email_id, event.lead_id, identity_key=identity_key, now=heard.recorded_at)


def wanted(states: States, email_id: str, lead_id: str, *, identity_key: bytes, now: datetime) -> list[Event]:
    """The request for a send, with the keys by which control looks the recipient up."""
    lead = states.get(Ref("lead", lead_id), Lead) or Lead()
    known = lead.fields.get("email")
    address = reveal(known.value) if known and isinstance(known.value, Personal) else ""
    return request_send(
        _email(states, email_id),
        email_id,
        now=now,
        recipient_key=suppression_id(identity_key, address) if address else "",
        recipient_domain=address.rpartition("@")[2],
        exclusion_keys=keys_of_fields(identity_key, lead.fields) if address else (),
    )


def carries_requests() -> Follows:
    """From an e-mail's partition into control: each request for a send meets the gates where they are written."""

    def loads(fact: AnyEnvelope) -> tuple[Ref, ...]:
        asked = cast(EmailSendRequested, fact.event)
        return (
            Ref("policy", asked.email_id),
            Ref("policy", POLICY_ID),
            Ref("policy", asked.recipient_key),
            *(Ref("policy", key) for key in asked.exclusion_keys),
        )

    def decide(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], _now: datetime) -> Sequence[Event]:
        events: list[Event] = []
        granted: set[str] = set()
        for fact in heard:
            mine, policy, suppression, *excluded = (states[ref] for ref in loads(fact))
            if fact.aggregate_id in granted:
                continue
            granted.add(fact.aggregate_id)
            events += reserve(
                cast(Envelope[EmailSendRequested], fact),
                policy if isinstance(policy, Policy) else None,
                suppression if isinstance(suppression, Suppression) else None,
                [standing_of(one) for one in excluded],
                mine if isinstance(mine, Reservation) else None,
            )
        return events

    return Follows("send-requests", frozenset({EmailSendRequested}), loads, decide)


def carries_verdicts(target: int, partitions: int) -> Follows:
    """From control back to the e-mails of one partition."""

    def mine(fact: AnyEnvelope) -> bool:
        return partition_of(fact.aggregate_id, partitions) == target

    def loads(fact: AnyEnvelope) -> tuple[Ref, ...]:
        return (Ref("email", fact.aggregate_id),) if mine(fact) else ()

    def decide(heard: Sequence[AnyEnvelope], states: Mapping[Ref, State | None], _now: datetime) -> Sequence[Event]:
        events: list[Event] = []
        for fact in heard:
            if mine(fact):
                state = states[Ref("email", fact.aggregate_id)]
                events += carry_back(fact, state if isinstance(state, Email) else Email())
        return events

    return Follows(f"verdicts-{target}", frozenset({SendGranted, SendDenied}), loads, decide)


class DueSends(Protocol):
    """The approved e-mails whose undo window is over."""

    async def due(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Pairs of e-mail id and lead id."""
        ...


class SendClock:
    """Ticks: what was approved and not revoked is asked for when its undo window is over."""

    def __init__(
        self, log: EventLog, due: DueSends, *, identity_key: bytes, clock: Clock, tick_s: float = TICK_S
    ) -> None:
        self._log = log
        self._due = due
        self._identity_key = identity_key
        self._clock = clock
        self._tick_s = tick_s

    async def run(self, stopping: asyncio.Event) -> None:
        """Tick until told to stop; due times are kept in the log, so a missed tick loses nothing."""
        while not stopping.is_set():
            with suppress(SwarmError):  # The next tick finds the same sends due.
                await self.tick()
            await rest(self._tick_s, stopping)

    async def tick(self) -> None:
        """One look at what is due."""
        now = self._clock()
        for email_id, lead_id in await self._due.due(now):
            about = Ref("email", email_id)

            def decided(states: States, email: str = email_id, lead: str = lead_id) -> Sequence[Event]:
                return wanted(states, email, lead, identity_key=self._identity_key, now=now)

            asked = Asked(command_id(CLOCK, f"send:{email_id}:{now.isoformat()}"), b"", CLOCK)
            partition = partition_of(email_id, self._log.partitions)
            await execute(self._log, partition, about, [Ref("lead", lead_id)], asked, decided, self._clock)
