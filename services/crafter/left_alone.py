"""Nothing is written to somebody who is to be left alone: asked before a text is tried, whatever it would be for."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from contracts.email import Email, EmailChangesRequested, EmailWithdrawn
from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import EXCLUDED, Lead, LeadExcluded, LeadScored
from services.crafter.decide import FIRST_STEP, Asked, may_draft
from services.runtime.service import Handler, Hears, Service, States


class LeftAlone(Protocol):
    """Knows who is to be left alone."""

    async def covering(self, fields: Mapping[str, object]) -> str:
        """The key under which a lead with these fields is; empty where it is not.

        Raises:
            SwarmError: nobody knows; the delivery fails, and nothing is written.
        """
        ...


def leaving_alone(service: Service, list_: LeftAlone) -> Service:
    """CRAFTER, except that it holds a lead out that is to be left alone instead of writing to it."""
    hears = {fact: Hears(_asking(one.handler, list_), one.loads, one.actor) for fact, one in service.hears.items()}
    return Service(service.name, hears, service.concurrency, service.timeout_s)


def held_out(event: Asked, key: str) -> Event:
    """The lead's outcome; of an e-mail that was to be rewritten, that it leaves the queue."""
    if isinstance(event, EmailChangesRequested):
        return EmailWithdrawn(
            email_id=event.email_id,
            lead_id=event.lead_id,
            run_id=event.run_id,
            was="changes_requested",
            reason=EXCLUDED,
        )
    return LeadExcluded(lead_id=event.lead_id, run_id=event.run_id, key=key)


def _asking(handler: Handler, list_: LeftAlone) -> Handler:
    async def asking(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        event = heard.event
        if not isinstance(event, Asked) or (isinstance(event, LeadScored) and event.next != "draft"):
            return await handler(heard, states)
        lead = states.get(Ref("lead", event.lead_id), Lead)
        email = states.get(Ref("email", email_id(event.lead_id, FIRST_STEP)), Email)
        if lead is not None and may_draft(lead, email, event) and (key := await list_.covering(lead.fields)):
            return [held_out(event, key)]
        return await handler(heard, states)

    return asking
