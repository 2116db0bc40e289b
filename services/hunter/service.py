"""HUNTER's table: it sources a run chunk by chunk, and lets go or takes back what a run brought."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from contracts.email import Email, EmailWithdrawn
from contracts.envelope import AnyEnvelope, Event
from contracts.errors import VersionConflict
from contracts.facts import Ref
from contracts.identity import email_id, partition_of
from contracts.lead import Lead, LeadReleased, LeadWithdrawn
from contracts.run import (
    Run,
    RunCancelled,
    RunChunkRead,
    RunCompleted,
    RunFailed,
    RunRequested,
    RunResumed,
    RunWithdrawn,
)
from services.hunter.source_work import NAME, Tools, work_through
from services.runtime.log import EventLog
from services.runtime.record import Cause, record
from services.runtime.service import Hears, Service, States

FIRST_STEP = 1
ATTEMPTS_MAX = 6
DONE_MAX = 64
UNDECIDED = frozenset({"drafted", "changes_requested", "approved"})
UNANSWERED = UNDECIDED | {"none", "blocked", "withdrawn"}
"""E-mails that leave no trace with anybody once they are withdrawn."""


class LeadsOfRun(Protocol):
    """The leads that a run brought; up to date with everything that was in the log when it is asked."""

    async def of(self, run_id: str) -> Sequence[str]: ...


def build(tools: Tools, leads: LeadsOfRun) -> Service:
    """The name is also the consumer group."""
    over = Hears(partial(on_run_over, tools=tools), _run)
    return Service(
        NAME,
        {
            RunRequested: Hears(partial(on_run_requested, tools=tools, leads=leads), _run),
            RunChunkRead: Hears(partial(on_chunk_read, tools=tools, leads=leads), _run),
            RunResumed: Hears(partial(on_run_resumed, tools=tools, leads=leads), _run),
            RunWithdrawn: Hears(partial(on_run_withdrawn, tools=tools, leads=leads), _run),
            RunCompleted: over,
            RunFailed: over,
            RunCancelled: over,
        },
        timeout_s=300.0,
    )


def _run(heard: AnyEnvelope) -> tuple[Ref, ...]:
    return (Ref("run", heard.aggregate_id),)


async def _next_chunk(
    heard: AnyEnvelope, states: States, chunk: int, tools: Tools, leads: LeadsOfRun
) -> Sequence[Event]:
    """Take the chunk if it is the one that the run waits for.

    A run that was withdrawn while its chunk was worked through gets here again, for its state moved, or for the process
    died; what the chunk brought meanwhile is taken back then.
    """
    run = states.get(Ref("run", heard.aggregate_id), Run)
    if run is None or run.rows_read or run.chunks_read != chunk:
        return []
    if run.status == "withdrawn":
        await _take_back(heard, tools, leads)
    if run.status != "running":
        return []
    # QUEEN counts on the same run all the time: when her fact came first, the work is not done again.
    key = (heard.event_id, chunk)
    if key not in tools.done:
        read = await work_through(heard, heard.aggregate_id, run, chunk, tools)
        while len(tools.done) >= DONE_MAX:
            tools.done.pop(next(iter(tools.done)))
        tools.done[key] = read
    return [tools.done[key]]


async def on_run_requested(heard: AnyEnvelope, states: States, *, tools: Tools, leads: LeadsOfRun) -> Sequence[Event]:
    """Begin with the first chunk."""
    return await _next_chunk(heard, states, 0, tools, leads)


async def on_chunk_read(heard: AnyEnvelope, states: States, *, tools: Tools, leads: LeadsOfRun) -> Sequence[Event]:
    """Go on with the next chunk: a file is worked through one chunk at a time, whoever does it."""
    read = heard.event
    return await _next_chunk(heard, states, read.chunk + 1, tools, leads) if isinstance(read, RunChunkRead) else []


async def on_run_resumed(heard: AnyEnvelope, states: States, *, tools: Tools, leads: LeadsOfRun) -> Sequence[Event]:
    """Release the leads that agents held, and go on reading where the run stopped."""
    for lead_id in await leads.of(heard.aggregate_id):
        await _on_lead(heard, lead_id, tools, _released)
    run = states.get(Ref("run", heard.aggregate_id), Run)
    return await _next_chunk(heard, states, run.chunks_read if run else 0, tools, leads)


async def on_run_withdrawn(heard: AnyEnvelope, states: States, *, tools: Tools, leads: LeadsOfRun) -> Sequence[Event]:
    """Take the run's leads and undecided drafts out of every queue, by facts, and drop its file."""
    await _take_back(heard, tools, leads)
    return await on_run_over(heard, states, tools=tools)


async def _take_back(heard: AnyEnvelope, tools: Tools, leads: LeadsOfRun) -> None:
    for lead_id in await leads.of(heard.aggregate_id):
        await _on_lead(heard, lead_id, tools, _withdrawn)


async def on_run_over(heard: AnyEnvelope, states: States, *, tools: Tools) -> Sequence[Event]:
    """The run needs its file no longer."""
    run = states.get(Ref("run", heard.aggregate_id), Run)
    if run and run.file:
        await tools.files.drop(run.file.sha256, heard.aggregate_id)
    return []


class _Answer(Protocol):
    def __call__(self, run_id: str, lead_id: str, lead: Lead, email: Email) -> list[Event]: ...


def _released(run_id: str, lead_id: str, lead: Lead, email: Email) -> list[Event]:
    _ = email
    if not lead.held_at:
        return []
    return [LeadReleased(lead_id=lead_id, account_id=lead.account_id, run_id=run_id, stage=lead.held_at)]


def _withdrawn(run_id: str, lead_id: str, lead: Lead, email: Email) -> list[Event]:
    events: list[Event] = []
    if lead.status != "withdrawn":
        answered = "" if email.status in UNANSWERED else email.status
        events.append(LeadWithdrawn(lead_id=lead_id, run_id=run_id, answered=answered))
    if email.status in UNDECIDED:
        mail = email_id(lead_id, FIRST_STEP)
        events.append(EmailWithdrawn(email_id=mail, lead_id=lead_id, run_id=run_id, was=email.status))
    return events


async def _on_lead(heard: AnyEnvelope, lead_id: str, tools: Tools, answer: _Answer) -> None:
    """Record on one lead and its e-mail what its run asks for; heard again, it finds it done.

    Raises:
        VersionConflict: they kept changing; the delivery is tried again.
    """
    log: EventLog = tools.log
    partition = partition_of(lead_id, log.partitions)
    lead_ref, email_ref = Ref("lead", lead_id), Ref("email", email_id(lead_id, FIRST_STEP))
    for _ in range(ATTEMPTS_MAX):
        loaded = await log.load(partition, [lead_ref, email_ref])
        lead, email = loaded[lead_ref].state, loaded[email_ref].state
        if not isinstance(lead, Lead) or lead.run is None or lead.run.run_id != heard.aggregate_id:
            return
        events = answer(heard.aggregate_id, lead_id, lead, email if isinstance(email, Email) else Email())
        if not events:
            return
        unit, _, _ = record(events, loaded, Cause.heard(heard, NAME), tools.clock())
        (given,) = await log.commit(partition, [unit])
        if given.outcome == "done":
            return
    raise VersionConflict("A lead of the run kept changing.")
