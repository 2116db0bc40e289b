"""One lead through the real swarm, with a clock and ids that are the same each time: what docs/a-leads-way.md shows."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from contracts.commands import ApproveDraft, RequestChanges
from contracts.email import Email, Wish
from contracts.envelope import Actor
from contracts.facts import Ref
from contracts.identity import email_id
from services.cli.bootstrap import Swarm, swarm_over
from services.cli.session import must_settle, working
from services.cli.store import open_store
from services.commands.sources import RunWish, from_file, request_of
from services.reading.file import read_file
from services.runs.decide import run_id
from services.runtime.execute import command_id
from services.runtime.settings import load

ADA = Actor(kind="person", id="ada@local")
ASKED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READ_AT, APPROVED_AT = ASKED_AT + timedelta(minutes=12), ASKED_AT + timedelta(minutes=20)
UNDO_WINDOW = timedelta(seconds=30)
SUBJECT = "The notes after each Kestrel call"
WISHES: tuple[Wish, ...] = ("shorter",)
INSTRUCTION = "She reads on her phone."
LIST = """First Name,Last Name,Title,Company,Email,Website,Technologies
Ida,Norrby,VP of Sales,Kestrel Freight,ida.norrby@kestrel-freight.example,www.kestrel-freight.example,HubSpot
"""
DIRECTORY = """domain,name,employees,industry,technologies,revenue_usd,country,observed_at
kestrel-freight.example,Kestrel Freight,140,Logistics,,,Norway,2026-01-31
"""
PATIENCE_S = 30.0

Fact = Mapping[str, Any]
"""A line of `swarm tail --json`."""


@dataclass
class Watch:
    """Stands still until somebody sets it."""

    now: datetime = ASKED_AT

    def __call__(self) -> datetime:
        return self.now


def log_of_one_lead(folder: Path) -> list[Fact]:
    """Every fact of a run over a list of one, as `swarm tail --json` prints them; the settings are the environment's."""
    (folder / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    asyncio.run(_go(folder))
    from services.cli.app import main

    out = StringIO()
    with redirect_stdout(out):
        assert main(["tail", "--json"]) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def way(log: Sequence[Fact]) -> list[Fact]:
    """The facts about the one lead, and those that led to them; how QUEEN counted the run is left out."""
    by_id = {fact["event_id"]: fact for fact in log}
    [lead] = [fact["aggregate_id"] for fact in log if fact["type"] == "lead.sourced.v1"]
    wanted = {fact["event_id"] for fact in log if fact["data"].get("lead_id") == lead}
    wanted |= {by_id[one]["causation_id"] for one in wanted}
    return [fact for fact in log if fact["event_id"] in wanted]


async def _go(folder: Path) -> None:
    watch = Watch()
    settings = load().model_copy(update={"company_directory": folder / "directory.csv"})
    async with open_store(settings) as store:
        swarm = swarm_over(replace(store, clock=watch))
        async with working(swarm):
            lead = await _sourced(swarm)
            watch.now = READ_AT
            await _answer(swarm, lead, RequestChanges, wishes=WISHES, instruction=INSTRUCTION)
            watch.now = APPROVED_AT
            await _answer(swarm, lead, ApproveDraft, subject=SUBJECT)
            watch.now = APPROVED_AT + UNDO_WINDOW
            await _until(swarm, lead, "sent")


async def _sourced(swarm: Swarm) -> str:
    """Ask for the run; returns the lead when its first draft waits."""
    source = from_file(read_file("people.csv", LIST.encode()), marked=True, samples=())
    wish = RunWish(mode="staging")
    command, pieces = request_of(wish, source, run_id(swarm.clock(), "0a1b2c"), ADA, swarm.clock())
    await swarm.runs().start(command, pieces, swarm.files, ADA, command_id(ADA, "run"))
    await must_settle(swarm)
    [lead] = await swarm.log.aggregates(0, "lead")
    return lead.id


async def _answer(swarm: Swarm, lead: str, make: Callable[..., Any], **said: object) -> None:
    """Answer the text that stands, and wait for what follows at once."""
    email = await _email(swarm, lead)
    command = make(
        email_id=email_id(lead, 1), draft_version=email.draft_version, content_hash=email.content_hash, **said
    )
    drafts = replace(swarm.drafts(), draw=lambda: "5a" * 16)
    await drafts.answer(command, ADA, command_id(ADA, make.__name__))
    await must_settle(swarm)


async def _email(swarm: Swarm, lead: str) -> Email:
    ref = Ref("email", email_id(lead, 1))
    state = (await swarm.log.load(0, [ref]))[ref].state
    assert isinstance(state, Email)
    return state


async def _until(swarm: Swarm, lead: str, status: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            place = await swarm.log.head(0)
            if (await _email(swarm, lead)).status == status:
                return
            await swarm.log.tail(0, ["email"], place, count=1, block_ms=1_000)
