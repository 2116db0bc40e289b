"""Runs, and who asks for them."""

from datetime import UTC, datetime

import msgspec

from contracts.commands import RequestRun, RunCommand
from contracts.envelope import Actor, Envelope, Event
from contracts.lead import Mode, RunTerms
from contracts.run import NONE, FileRef, Run, Status, evolve
from services.runs.decide import decide

NOW = datetime(2026, 11, 22, 10, 4, 9, tzinfo=UTC)
RUN_ID = "run_20261122_100409_00ff17"
ANN = Actor(kind="person", id="ann@local")
CLOCK = Actor(kind="system", id="schedule")
AGENT = Actor(kind="agent", id="hunter")
POLICY = Actor(kind="policy", id="sandbox")


def file(*, synthetic: bool) -> FileRef:
    return FileRef(
        sha256="0" * 64, name="leads.csv", rows=200, chunks=1, mapping={}, dialect="comma", synthetic=synthetic
    )


def asked(
    mode: Mode = "sandbox",
    source: str = "default",
    *,
    limit: int | None = 5,
    given: FileRef | None = None,
    segment: str = "",
    draft: tuple[str, ...] = (),
    run_id: str = RUN_ID,
) -> RequestRun:
    terms = RunTerms(run_id=run_id, mode=mode, segment=segment, draft=draft)
    return RequestRun(run_id=run_id, terms=terms, source=source, file=given, limit=limit)


def ask(state: Run, command: RunCommand, actor: Actor = ANN) -> list[Event]:
    return decide(state, command, actor=actor, now=NOW)


def fold(state: Run, facts: list[Event]) -> Run:
    for version, event in enumerate(facts, start=1):
        heard = Envelope(
            event_id="f",
            version=version,
            recorded_at=NOW,
            actor=ANN,
            correlation_id="c",
            causation_id="c",
            event=event,
        )
        state = evolve(state, heard)
    return state


def run(status: Status) -> Run:
    """A run in that status."""
    return NONE if status == "none" else msgspec.structs.replace(fold(NONE, ask(NONE, asked())), status=status)
