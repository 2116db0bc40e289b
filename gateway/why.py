"""Why somebody got a letter: the facts of one lead, what led to each, and what they stand on, back to whoever asked."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from contracts.codec import hidden
from contracts.email import EmailSendRequested, RejectionTag
from contracts.envelope import AnyEnvelope, EventId, FreeText, Personal, Position
from contracts.identity import CONTROL
from services.projections import plain_words, words
from services.projections.memory import Rejection
from services.projections.memory import Row as Memory
from services.projections.timeline import Row
from services.projections.views import MEMORY, RUNS
from services.runtime.log import EventLog
from services.runtime.view_store import ViewStore

AT_ONCE = 16
PAGE = 256
LOOK_MAX = 2_048
"""Facts of a run, or of policy, among which one is looked for."""
RUNS_MAX = 8
SKEW = timedelta(minutes=1)
"""By so much two clocks may differ that recorded a cause and its effect."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: what it says, when it was recorded, who caused it, what it is about, and where in the log it is.

    `said` and `by` are the same for people: no code in them, and who caused it as people call them.
    """

    id: EventId
    type: str
    words: str
    said: str
    by: str
    at: datetime
    actor: str
    about: str
    position: str


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """One fact led to another. `how` is `caused`; or `found`, where a person or a clock decided on what stood there."""

    source: EventId = msgspec.field(name="from")
    target: EventId = msgspec.field(name="to")
    how: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a person stopped for this lead: why, and of which template it was; it is not written again."""

    at: datetime
    email_id: str
    tag: RejectionTag
    label: str
    reason: FreeText
    template: str
    angle: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, oldest first within a partition, and what led to what. `dropped` earlier ones are in the log alone.

    Args:
        rejections: the newest texts that people stopped for this lead, oldest first.
        rejected: how many there were in all.
    """

    lead_id: str
    nodes: list[Node]
    edges: list[Edge]
    dropped: int = 0
    rejections: list[Rejected] = []
    rejected: int = 0


async def explain(log: EventLog, views: ViewStore, row: Row, *, personal: bool) -> Why:
    """The history of one lead as a graph.

    Args:
        personal: whether what people typed about the lead is shown.
    """
    own = await _facts(log, [read_place(moment.position, moment.type) for moment in row.moments])
    facts = {fact.event_id: fact for fact in own}
    found: dict[EventId, AnyEnvelope] = {}
    if lacking(facts):
        for run_id in list(dict.fromkeys(run_of(fact) for fact in own))[:RUNS_MAX]:
            run = await views.get(RUNS, run_id)
            if run is not None and run.started_at is not None:
                until = max(fact.recorded_at for fact in own if run_of(fact) == run_id)
                found |= await _around(log, "run", run_id, run.started_at, until)
    asked = [fact for fact in own if isinstance(fact.event, EmailSendRequested)]
    for fact in asked:
        # The reservation lies in control and is recorded on the e-mail's id.
        found |= await _around(log, "policy", fact.aggregate_id, fact.recorded_at, own[-1].recorded_at)
    memory = await views.get(MEMORY, row.lead_id) or Memory(lead_id=row.lead_id)
    drawn = graph(row.lead_id, facts, found, dropped=row.dropped)
    rejections = [_rejected(one, personal=personal) for one in memory.rejections]
    return msgspec.structs.replace(drawn, rejections=rejections, rejected=memory.rejected)


def graph(
    lead_id: str, own: Mapping[EventId, AnyEnvelope], around: Mapping[EventId, AnyEnvelope], *, dropped: int = 0
) -> Why:
    """Nodes and edges.

    Args:
        own: the facts of the lead, by id.
        around: facts among which the causes of the others are; those that caused nothing here are left out.
    """
    chosen, wanted = dict(own), list(own.values())
    while wanted:
        cause = around.get(wanted.pop().causation_id)
        if cause is not None and cause.event_id not in chosen:
            chosen[cause.event_id] = cause
            wanted.append(cause)
    standing = {(fact.event.type_category(), fact.aggregate_id, fact.version): fact for fact in chosen.values()}
    edges = []
    for fact in chosen.values():
        before = standing.get((fact.event.type_category(), fact.aggregate_id, fact.version - 1))
        if fact.causation_id in chosen:
            edges.append(Edge(source=fact.causation_id, target=fact.event_id, how="caused"))
        elif before is not None:
            edges.append(Edge(source=before.event_id, target=fact.event_id, how="found"))
    ordered = sorted(chosen.values(), key=lambda fact: (fact.recorded_at, fact.position))
    return Why(lead_id=lead_id, nodes=[_node(fact) for fact in ordered], edges=edges, dropped=dropped)


def lacking(facts: Mapping[EventId, AnyEnvelope]) -> bool:
    """Whether some fact was caused by what is not among them."""
    return any(fact.causation_id not in facts for fact in facts.values())


def run_of(fact: AnyEnvelope) -> str:
    """The run that a fact belongs to."""
    return str(getattr(fact.event, "run_id", "") or fact.correlation_id)


def read_place(position: str, tag: str) -> tuple[Position, str]:
    """The place of a moment, and the category whose stream it is in."""
    partition, _, seq = position.partition(":")
    return Position(int(partition), int(seq)), tag.partition(".")[0]


def _node(fact: AnyEnvelope) -> Node:
    tag, told = fact.event.type_tag(), words.of(fact.event) or words.behind(fact.event)
    return Node(
        id=fact.event_id,
        type=tag,
        words=told,
        said=plain_words.plain(told) or plain_words.called(tag),
        by=plain_words.who(str(fact.actor)),
        at=fact.recorded_at,
        actor=str(fact.actor),
        about=fact.aggregate_id,
        position=str(fact.position),
    )


def _rejected(one: Rejection, *, personal: bool) -> Rejected:
    return Rejected(
        at=one.at,
        email_id=one.email_id,
        tag=one.tag,
        label=plain_words.TAGS[one.tag],
        reason=one.reason if personal else hidden(Personal()),
        template=one.template,
        angle=one.angle,
    )


async def _facts(log: EventLog, places: Iterable[tuple[Position, str]]) -> list[AnyEnvelope]:
    """The facts at some places, in order, a few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(place: Position, category: str) -> AnyEnvelope | None:
        async with turn:
            recorded = await log.entry(place.partition, category, place.seq)
        return recorded.decode(place.partition) if recorded else None

    found = await asyncio.gather(*(one(place, category) for place, category in places))
    return [fact for fact in found if fact is not None]


async def _around(
    log: EventLog, category: str, about: str, since: datetime, until: datetime
) -> dict[EventId, AnyEnvelope]:
    """The facts of control about one thing that were recorded between two times, among a bounded number."""
    after, looked = await _before(log, category, since - SKEW), 0
    found: dict[EventId, AnyEnvelope] = {}
    while looked < LOOK_MAX and (page := await log.tail(CONTROL, [category], after, count=PAGE)):
        after, looked = page[-1].seq, looked + len(page)
        facts = [one.decode(CONTROL) for one in page]
        found |= {fact.event_id: fact for fact in facts if fact.aggregate_id == about}
        if facts[-1].recorded_at > until + SKEW:
            break
    return found


async def _before(log: EventLog, category: str, at: datetime) -> int:
    """A position past which everything of a category was recorded at a time or later: found by halving the log."""
    low, high = 0, await log.head(CONTROL)
    while low < high:
        middle = (low + high) // 2
        page = await log.tail(CONTROL, [category], middle, count=1)
        if page and page[0].decode(CONTROL).recorded_at < at:
            low = page[0].seq
        else:
            high = middle
    return low
