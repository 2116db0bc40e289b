"""Everything there is to know about one lead and its e-mail, gathered for whoever decides."""

import msgspec

from contracts.email import Claim, Content, Email, EmailDrafted, EmailEdited, Status, Verdict
from contracts.envelope import Event, FreeText, Personal, reveal
from contracts.errors import NotFound
from contracts.facts import Ref
from contracts.identity import partition_of
from contracts.lead import Lead, LeadEnriched, LeadScored, LeadSourced, LeadUpdated, Value
from gateway.lookup import Found
from services.projections import approval_queue, feedback, leads, timeline
from services.projections.views import FEEDBACK, LEADS, QUEUE, TIMELINE
from services.runtime.log import EventLog
from services.runtime.view_store import ViewStore


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The text that stands."""

    content: Content
    claims: tuple[Claim, ...]
    verdict: Verdict


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the text says of the recipient, and the fact it comes from; `at` is when that was learned.

    The value may be personal or not; who may not see the one sees neither.
    """

    words: str
    field: str
    value: FreeText
    source: str
    at: str
    fact: str
    position: str


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """One lead. What belongs to an e-mail is missing where none was drafted."""

    lead_id: str
    email_id: str
    status: Status
    draft_version: int
    content_hash: str
    lead: leads.Row
    card: approval_queue.Row | None
    feedback: feedback.Row | None
    text: Text | None
    shown: tuple[Shown, ...]
    reasons: tuple[str, ...]
    moments: tuple[timeline.Moment, ...]
    dropped: int


async def gather(log: EventLog, views: ViewStore, found: Found) -> Dossier:
    """Everything about a lead.

    Raises:
        NotFound: the lead is not, or no longer, in the views.
    """
    lead_row = await views.get(LEADS, found.lead_id)
    if lead_row is None:
        raise NotFound("There is no such lead.", "`swarm queue` shows the ids of drafts.")
    partition = partition_of(found.lead_id, log.partitions)
    lead_ref, email_ref = Ref("lead", found.lead_id), Ref("email", found.email_id or found.lead_id)
    loaded = await log.load(partition, [lead_ref, email_ref])
    lead, email = loaded[lead_ref].state, loaded[email_ref].state
    row = await views.get(TIMELINE, found.lead_id)
    moments = row.moments if row else ()
    text = await _text(log, partition, loaded[email_ref].mark)
    queued = await views.get(QUEUE, found.email_id) if found.email_id else None
    known = email if isinstance(email, Email) else Email()
    lead_state = lead if isinstance(lead, Lead) else Lead()
    return Dossier(
        lead_id=found.lead_id,
        email_id=found.email_id,
        status=known.status,
        draft_version=known.draft_version,
        content_hash=known.content_hash,
        lead=lead_row,
        card=queued,
        feedback=await views.get(FEEDBACK, found.email_id) if found.email_id else None,
        text=text,
        shown=await _shown(log, partition, text, lead_state, moments),
        reasons=await _reasons(log, partition, lead_state, moments),
        moments=moments,
        dropped=row.dropped if row else 0,
    )


async def _text(log: EventLog, partition: int, mark: int) -> Text | None:
    """The text in the fact that the snapshot's mark points to."""
    recorded = await log.entry(partition, "email", mark) if mark else None
    event = recorded.decode(partition).event if recorded else None
    if not isinstance(event, EmailDrafted | EmailEdited):
        return None
    return Text(content=event.content, claims=event.claims, verdict=event.verdict)


async def _fact(log: EventLog, partition: int, moments: tuple[timeline.Moment, ...], event_id: str) -> Event | None:
    for moment in moments:
        if moment.event_id == event_id:
            category = moment.type.partition(".")[0]
            recorded = await log.entry(partition, category, int(moment.position.partition(":")[2]))
            return recorded.decode(partition).event if recorded else None
    return None


async def _reasons(log: EventLog, partition: int, lead: Lead, moments: tuple[timeline.Moment, ...]) -> tuple[str, ...]:
    scored = await _fact(log, partition, moments, lead.scored_fact) if lead.scored_fact else None
    return scored.reasons if isinstance(scored, LeadScored) else ()


async def _shown(
    log: EventLog, partition: int, text: Text | None, lead: Lead, moments: tuple[timeline.Moment, ...]
) -> tuple[Shown, ...]:
    """Each claim with the value that its fact gives, also where the lead has learned another one since."""
    found: list[Shown] = []
    places = {moment.event_id: moment for moment in moments}
    for claim in text.claims if text else ():
        known = lead.fields.get(claim.field)
        moment = places.get(claim.fact)
        value, when = "", moment.at.isoformat() if moment else ""
        if known is not None and known.fact == claim.fact:
            value, when = plain(known.value), known.at.isoformat()
        else:
            event = await _fact(log, partition, moments, claim.fact)
            if isinstance(event, LeadEnriched) and claim.field in event.fields:
                one = event.fields[claim.field]
                value, when = plain(one.value), one.observed_at.isoformat()
            elif isinstance(event, LeadSourced | LeadUpdated) and claim.field in event.fields:
                value = plain(event.fields[claim.field])
        position = moment.position if moment else ""
        found.append(
            Shown(
                words=claim.words,
                field=claim.field,
                value=value,
                source=claim.source,
                at=when,
                fact=claim.fact,
                position=position,
            )
        )
    return tuple(found)


def plain(value: Value) -> str:
    """A value as text, opened where this process can."""
    if isinstance(value, Personal):
        return reveal(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
