"""What the rows of a chunk become: a new lead, news of a known one, a duplicate, a refusal, or nothing beyond the limit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias

import msgspec

from contracts.envelope import PLAIN, Actor, Envelope, Personal, reveal
from contracts.identity import normalise, refusal_id
from contracts.lead import (
    EXCLUDED,
    Lead,
    LeadDuplicate,
    LeadEvent,
    LeadRefused,
    LeadSourced,
    LeadUpdated,
    Origin,
    RowOutcome,
    RunTerms,
    Value,
    evolve,
    row_key,
)
from services.providers.company_directory.port import employees_of, revenue_usd_of, technologies_of
from services.reading.rows import Candidate, Refused

STOPPED: frozenset[str] = frozenset({"needs_data", "tier_not_drafted", "not_in_segment", "not_in_audience"})
"""Why a scored lead got no letter although another value, or a run that asks for more, can get it one."""

Item: TypeAlias = Candidate | Refused
Counted: TypeAlias = RowOutcome | Literal["not_taken"]

NOBODY: Mapping[int, str] = {}
FILE_BASIS = "imported by the customer"
"""What an `Origin` says of the right to hold the rows of a file."""

ROW = "row"
"""What ENRICHER calls the source of a value that came with a row and that it read as a number or a list."""

# A fold inside one decision needs an envelope; nothing that is decided here looks at its time or ids.
_NOWHEN = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = Actor(kind="agent", id="hunter")


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """sourced + updated + duplicate + refused + not_taken = rows; `reopened` are among the updated.

    `older` rows have an older value of something than is known; it is not taken, and they are duplicates or updates.
    """

    rows: int
    sourced: int = 0
    updated: int = 0
    duplicate: int = 0
    refused: int = 0
    not_taken: int = 0
    reopened: int = 0
    older: int = 0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Per aggregate, in the order of its first row, the facts to record; and the counts of all rows.

    The facts of one aggregate go into one commit, else a repeat could find half of them.
    """

    leads: tuple[tuple[str, tuple[LeadEvent, ...]], ...]
    counts: Counts


def aggregates(
    items: Sequence[Item], run_id: str, limit: int | None, excluded: Mapping[int, str] = NOBODY
) -> tuple[str, ...]:
    """The ids whose states `decide` needs, each once, in the order of their rows."""
    taken = [item for item in items if limit is None or item.row <= limit]
    refusals = (refusal_id(run_id, item.row) for item in taken if item.row in excluded)
    return tuple(dict.fromkeys((*(_id(item, run_id) for item in taken), *refusals)))


def decide(
    items: Sequence[Item],
    states: Mapping[str, Lead | None],
    *,
    run: RunTerms,
    origin: Origin,
    limit: int | None,
    excluded: Mapping[int, str] = NOBODY,
) -> Outcome:
    """Turn the rows of a chunk into facts. A row that already stands for this run counts as what it was, without a fact.

    Args:
        items: the rows, in order.
        states: the aggregates that `aggregates` names, as they stand.
        run: what the leads carry.
        origin: where all of these rows came from; each gets its own `row`.
        limit: the last row that is taken; None for all.
        excluded: the rows of those who are to be left alone, each with the field that says so.
    """
    states = dict(states)
    seen = Counter(_id(item, run.run_id) for item in items)
    facts: dict[str, list[LeadEvent]] = {}
    counts: Counter[Counted] = Counter()
    reopened = older = 0
    for item in items:
        if limit is not None and item.row > limit:
            counts["not_taken"] += 1
            continue
        about = _id(item, run.run_id)
        lead = states.get(about)
        here = msgspec.structs.replace(origin, row=item.row)
        if lead is not None and (stands := _stands(lead, run.run_id, here)) is not None:
            counts["updated" if stands == "reopened" else stands] += 1
            reopened += stands == "reopened"
            older += isinstance(item, Candidate) and bool(_older_again(lead, item, here, stands))
            continue
        if (field := excluded.get(item.row)) is not None and isinstance(item, Candidate):
            item, about = _left_alone(item.row, field), refusal_id(run.run_id, item.row)  # noqa: PLW2901 - This row is none.
            lead = states.get(about)
            if lead is not None and lead.status == "refused":
                counts["refused"] += 1
                continue
        outcome, event = _answer(item, about, lead, run, here)
        counts[outcome] += 1
        reopened += isinstance(event, LeadUpdated) and event.reopened
        older += isinstance(event, LeadUpdated | LeadDuplicate) and bool(event.older)
        facts.setdefault(about, []).append(event)
        if seen[about] > 1:
            states[about] = evolve(lead, _provisional(event))
    return Outcome(
        leads=tuple((about, tuple(events)) for about, events in facts.items()),
        counts=Counts(
            rows=len(items),
            sourced=counts["sourced"],
            updated=counts["updated"],
            duplicate=counts["duplicate"],
            refused=counts["refused"],
            not_taken=counts["not_taken"],
            reopened=reopened,
            older=older,
        ),
    )


def _left_alone(row: int, field: str) -> Refused:
    """A row that names somebody who is to be left alone; the list says no more of them, and neither does this."""
    return Refused(
        row=row,
        field=field,
        reason="Whoever this is, they are to be left alone: they or their company are excluded.",
        remedy="Leave the row out. If it is a mistake, `swarm exclude remove` lifts it; then import the row again.",
    )


def _id(item: Item, run_id: str) -> str:
    return item.lead_id if isinstance(item, Candidate) else refusal_id(run_id, item.row)


def _stands(lead: Lead, run_id: str, origin: Origin) -> RowOutcome | None:
    """What this row already became in this run, even where another run touched the lead since."""
    if lead.rows_run == run_id and str(origin.row) in lead.rows:
        return lead.rows[str(origin.row)]
    first = lead.origin
    born_here = lead.run is not None and lead.run.run_id == run_id
    if born_here and first is not None and (first.file_sha256, first.row) == (origin.file_sha256, origin.row):
        return "refused" if lead.status == "refused" else "sourced"
    return None


def _answer(item: Item, about: str, lead: Lead | None, run: RunTerms, origin: Origin) -> tuple[RowOutcome, LeadEvent]:
    if isinstance(item, Refused):
        return "refused", LeadRefused(
            refusal_id=about,
            run_id=run.run_id,
            origin=origin,
            field=item.field,
            reason=item.reason,
            remedy=item.remedy,
        )
    if lead is None or lead.status == "new":
        return "sourced", LeadSourced(
            lead_id=about, account_id=item.account_id, run=run, origin=origin, fields=item.fields
        )
    # Whoever comes again was held out and is excluded no longer: else the row would have been refused.
    spared = lead.status == "scored" and lead.outcome == EXCLUDED
    back = lead.status == "withdrawn" and not lead.outcome and lead.run is not None and lead.run.run_id != run.run_id
    # The same row of the same file again is no news, even if another row has corrected it since. Of a lead that was
    # taken back it is: whoever withdrew a run may read the same file in another way.
    if row_key(origin) in lead.told and not back:
        news, older = dict[str, Value](), tuple[str, ...]()
    else:
        news, older = _news(lead, item.fields, origin)
    again = back or spared or (_stopped_before(lead, run) and (bool(news) or _asked_now(lead, run)))
    if news or again:
        return "updated", LeadUpdated(
            lead_id=about,
            run=run,
            origin=origin,
            fields=news,
            reopened=again or lead.status == "needs_data",
            older=older,
        )
    return "duplicate", LeadDuplicate(
        lead_id=about,
        run_id=run.run_id,
        origin=origin,
        first_run_id=lead.run.run_id if lead.run else "",
        first_row=lead.origin.row if lead.origin else 0,
        older=older,
    )


def _stopped_before(lead: Lead, run: RunTerms) -> bool:
    """Whether the lead was scored in another run, which did not ask for a letter to it."""
    scored = lead.status == "scored" or (lead.status == "needs_data" and lead.tier == "needs_data")
    return scored and lead.outcome in STOPPED and lead.run is not None and lead.run.run_id != run.run_id


def _asked_now(lead: Lead, run: RunTerms) -> bool:
    """Whether this run asks for what the one before did not: another campaign, or the lead's tier."""
    if lead.run is None or run.campaign != lead.run.campaign:
        return True
    match lead.outcome:
        case "not_in_segment":
            return run.segment in {"", lead.tier}
        case "tier_not_drafted" | "needs_data":
            return lead.tier in run.draft and lead.tier not in lead.run.draft
        case _:
            return False


def _older_again(lead: Lead, item: Candidate, origin: Origin, stands: RowOutcome) -> tuple[str, ...]:
    """What was passed over as older when this row was decided on; see `_answer` for the row of a file that told before."""
    if stands == "duplicate" and row_key(origin) in lead.told:
        return ()
    return _news(lead, item.fields, origin)[1]


def _news(lead: Lead, fields: Mapping[str, Value], origin: Origin) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The values that are new or other than what is known, in the shape of what is known; and the fields passed over.

    An older value of a file does not take the place of a newer one. What a provider told gives way to any row.

    A value that ENRICHER has typed is replaced by a typed one, so that nobody finds words where a number stood; words
    that cannot be read so are no news.
    """
    news: dict[str, Value] = {}
    older: list[str] = []
    for name, value in fields.items():
        known = lead.fields.get(name)
        if known is None:
            news[name] = value
        elif (shaped := _shaped(name, value, known.value)) is not None and not _same(name, shaped, known.value):
            if origin.as_of is not None and known.source in {origin.source, ROW} and known.at > origin.as_of:
                older.append(name)
            else:
                news[name] = shaped
    return news, tuple(older)


def _shaped(name: str, value: Value, known: Value) -> Value | None:
    if not isinstance(value, str) or isinstance(known, str | Personal):
        return value
    if isinstance(known, tuple):
        return technologies_of(value) or None
    figure = revenue_usd_of(value) if name == "revenue_usd" else employees_of(value)
    return figure.value if figure else None


def _same(name: str, value: Value, known: Value) -> bool:
    match value, known:
        case Personal(), Personal():
            # What was erased or is sealed cannot be compared; bringing it back would undo an erasure.
            return known.algorithm != PLAIN or normalise(reveal(value)) == normalise(reveal(known))
        case tuple(), tuple():
            return {normalise(one) for one in value} <= {normalise(one) for one in known}
        case str(), str() if name == "domain":
            return value == known or value.endswith(f".{known}")
        case str(), str():
            return normalise(value) == normalise(known)
        case _:
            return value == known


def _provisional(event: LeadEvent) -> Envelope[LeadEvent]:
    return Envelope(
        event_id="",
        version=0,
        recorded_at=_NOWHEN,
        actor=_NOBODY,
        correlation_id="",
        causation_id="",
        event=event,
    )
