"""What must hold after any storm, read from the log alone: every violation as a sentence, none when all is well."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from contracts.email import (
    Email,
    EmailBlocked,
    EmailExpired,
    EmailFailed,
    EmailRejected,
    EmailSendBlocked,
    EmailSent,
    EmailUnresolved,
    EmailWithdrawn,
)
from contracts.envelope import AnyEnvelope, Event
from contracts.facts import CATEGORIES, KINDS, Ref, State, ref_of
from contracts.identity import email_id
from contracts.lead import (
    Lead,
    LeadDisqualified,
    LeadDuplicate,
    LeadRefused,
    LeadScored,
    LeadSourced,
    LeadUpdated,
)
from contracts.ops import DeadLettered
from contracts.run import RunChunkRead
from services.projections.service import partitions
from services.runtime import keys
from services.runtime.log_redis import RedisLog
from services.runtime.redis_client import ask
from tests.samples.make_leads import RowFate

ENDS: tuple[type[Event], ...] = (
    EmailBlocked,
    EmailExpired,
    EmailFailed,
    EmailRejected,
    EmailSendBlocked,
    EmailSent,
    EmailUnresolved,
    EmailWithdrawn,
    LeadDisqualified,
    LeadRefused,
)
END_OF_EMAIL = frozenset(
    {"sent", "rejected", "blocked", "expired", "send_blocked", "withdrawn", "unresolved", "failed"}
)
COUNTED = ("sourced", "updated", "duplicate", "refused")


class Findings(NamedTuple):
    """What is wrong, and how many leads came to which outcome."""

    violations: list[str]
    outcomes: Mapping[str, int]


async def facts_of(log: RedisLog) -> list[AnyEnvelope]:
    """The whole log, partition after partition."""
    found = []
    for partition in partitions(log):
        after = 0
        while page := await log.tail(partition, CATEGORIES, after, count=2_000):
            found += [one.decode(partition) for one in page]
            after = page[-1].seq
    return found


def examine(
    facts: Sequence[AnyEnvelope],
    key: Mapping[str, Sequence[RowFate]],
    acknowledged: Iterable[str] = (),
    waiting: Set[str] = frozenset(),
) -> Findings:
    """Everything that the log alone can show.

    Args:
        key: by run, what has to become of each row.
        acknowledged: the ids of facts whose commands were answered.
        waiting: what an e-mail may stand at because nobody answers it.
    """
    wrong = [*_order(facts), *_identity(facts, acknowledged), *_rows(facts, key)]
    standing: dict[Ref, State] = {}
    for fact in facts:
        ref = ref_of(fact.event)
        standing[ref] = KINDS[ref.category].evolve(standing.get(ref), fact)
    ends = _ends(facts)
    reopened = Counter(
        fact.event.lead_id for fact in facts if isinstance(fact.event, LeadUpdated) and fact.event.reopened
    )
    outcomes: Counter[str] = Counter()
    for ref, lead in standing.items():
        if not isinstance(lead, Lead):
            continue
        email = standing.get(Ref("email", email_id(ref.id, 1)))
        status = email.status if isinstance(email, Email) else "none"
        outcome = outcome_of(lead, status) or (status if status in waiting else "")
        outcomes[outcome or "lost"] += 1
        if not outcome:
            wrong.append(f"lead {ref.id} is lost: it stands at {lead.status}, its e-mail at {status}")
        elif len(ends[ref.id]) != (outcome not in waiting) + reopened[ref.id]:
            wrong.append(f"lead {ref.id} has not one outcome but {ends[ref.id]}")
    return Findings(wrong, outcomes)


def outcome_of(lead: Lead, email: str) -> str:
    """What a lead came to; empty while it is still on its way."""
    if lead.status in {"refused", "disqualified", "needs_data"}:
        return lead.status
    if email in END_OF_EMAIL:
        return email
    return lead.outcome if lead.status == "scored" else ""


def _ends(facts: Iterable[AnyEnvelope]) -> Mapping[str, list[str]]:
    ends: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        event = fact.event
        if isinstance(event, ENDS) or (isinstance(event, LeadScored) and event.next != "draft"):
            about = event.refusal_id if isinstance(event, LeadRefused) else str(getattr(event, "lead_id", ""))
            ends[about].append(event.type_tag())
    return ends


def _order(facts: Iterable[AnyEnvelope]) -> Iterable[str]:
    """I12: positions and versions without hole or repeat."""
    last: dict[int, int] = {}
    versions: dict[Ref, int] = {}
    for fact in facts:
        partition, seq = fact.position.partition, fact.position.seq
        if seq != last.get(partition, 0) + 1:
            yield f"position {partition}:{seq} follows {last.get(partition, 0)}"
        last[partition] = seq
        ref = ref_of(fact.event)
        if fact.version != versions.get(ref, 0) + 1:
            yield f"{ref} goes from version {versions.get(ref, 0)} to {fact.version}"
        versions[ref] = fact.version


def _identity(facts: Sequence[AnyEnvelope], acknowledged: Iterable[str]) -> Iterable[str]:
    """No fact twice, nothing sent twice, nothing given up, and every acknowledged command's fact is there (I1, I3)."""
    times = Counter(fact.event_id for fact in facts)
    yield from (f"event id {one} stands {n} times" for one, n in times.items() if n > 1)
    sent = Counter(fact.event.lead_id for fact in facts if isinstance(fact.event, EmailSent))
    yield from (f"lead {one} was sent {n} e-mails" for one, n in sent.items() if n > 1)
    for fact in facts:
        if isinstance(fact.event, DeadLettered):
            yield f"{fact.event.service} gave up {fact.event.entry_type}: {fact.event.reason}"
    yield from (f"the answer {one} was acknowledged and is not there" for one in set(acknowledged) if one not in times)


def _rows(facts: Iterable[AnyEnvelope], key: Mapping[str, Sequence[RowFate]]) -> Iterable[str]:
    """I2: each row has the one fate that the generator says, and the chunks count the same."""
    fates: dict[tuple[str, int], list[str]] = defaultdict(list)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in facts:
        match fact.event:
            case LeadSourced(run=terms, origin=origin):
                fates[terms.run_id, origin.row].append("sourced")
            case LeadUpdated(run=terms, origin=origin):
                fates[terms.run_id, origin.row].append("updated")
            case LeadDuplicate(run_id=run_id, origin=origin):
                fates[run_id, origin.row].append("duplicate")
            case LeadRefused(run_id=run_id, origin=origin):
                fates[run_id, origin.row].append("refused")
            case RunChunkRead() as read:
                counted[read.run_id].update(
                    {name: int(getattr(read, name)) for name in (*COUNTED, "rows", "not_taken")}
                )
            case _:
                pass
    expected = {(run, row): fate for run, fated in key.items() for row, fate in enumerate(fated, start=1)}
    for (run, row), fate in expected.items():
        if fates.get((run, row), []) != [fate]:
            yield f"row {row} of {run} should be {fate} and is {fates.get((run, row), [])}"
    yield from (f"row {row} of {run} was never in the file" for run, row in fates if (run, row) not in expected)
    for run, fated in key.items():
        if +counted[run] != (wanted := Counter[str](fated) + Counter({"rows": len(fated)})):
            yield f"the chunks of {run} count {dict(counted[run])}, the file has {dict(wanted)}"


async def pending(log: RedisLog) -> list[str]:
    """The deliveries that some group still holds."""
    held: list[str] = []
    for partition in partitions(log):
        for category in CATEGORIES:
            name = keys.stream(log.namespace, partition, category)
            groups = await log.store.xinfo_groups(name) if await ask(log.store, "EXISTS", name) else []
            held += [f"{one['name']} holds {one['pending']} of {name}" for one in groups if one["pending"]]
    return held
