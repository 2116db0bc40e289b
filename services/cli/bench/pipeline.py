"""The whole pipeline: invented leads from a request to a completed run, with every decision, snapshot and view."""

import asyncio
import hashlib
import secrets
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from pydantic import SecretStr

from contracts.email import EmailSent
from contracts.envelope import Actor, Event
from contracts.errors import StoreUnavailable
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.lead import Mode, RunTerms
from contracts.run import FileRef, RunCompleted, RunFailed, RunRequested, RunStopped, RunWaitingForReview
from services.cli.bench.figures import Place
from services.cli.bootstrap import Swarm, open_swarm
from services.cli.session import working
from services.hunter.synthetic import generate
from services.projections.views import VIEWS
from services.reading.chunks import chunks
from services.reading.sheet import Row, Sheet
from services.runs.decide import run_id
from services.runtime.execute import Asked, execute
from services.runtime.settings import Settings

ACTOR = Actor(kind="system", id="bench")
SOURCE = "competitor_gong"
APPROVED_SHARE_MIN = 0.7
WAIT_S = 60.0

SPLIT: tuple[tuple[str, ...], ...] = (
    ("hunter", "enricher", "segmentor", "crafter"),
    ("operator", "queen"),
    ("projector",),
)
"""Which services share a process where there are several."""

OVER = frozenset(one.type_tag().encode() for one in (RunCompleted, RunWaitingForReview))
LOST = frozenset(one.type_tag().encode() for one in (RunFailed, RunStopped))
SENT = EmailSent.type_tag().encode()


class Prepared(NamedTuple):
    """A file of invented leads that is stored for a run, and the fact that asks for it."""

    run: str
    asked: RunRequested


class Ran(NamedTuple):
    """One run through the whole pipeline."""

    took_s: float
    facts: int
    simulated: int


@asynccontextmanager
async def opened(place: Place, namespace: str) -> AsyncIterator[Swarm]:
    """A namespace with the shipped settings, whatever the environment says."""
    settings = Settings.model_construct(home=place.home, redis_url=SecretStr(place.url), namespace=namespace)
    async with open_swarm(settings) as swarm:
        yield swarm


async def prepare(swarm: Swarm, leads: int, seed: int, *, mode: Mode) -> Prepared:
    """Store a file marked as synthetic, in chunks, as an import does.

    The request is recorded straight away, past `services.runs.decide`, which keeps a sandbox to 20 leads that no file
    names. Everything after it is as shipped: HUNTER reads the file, the policy actor approves, sends are simulated.
    """
    rows = generate(SOURCE, leads, seed)
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    sheet = Sheet(
        sha256="",
        name="bench.csv",
        encoding="utf-8",
        delimiter=",",
        format="csv",
        preset="home_made",
        header=columns,
        mapping={name: name for name in columns},
        unmatched=(),
        rows=[Row(place, place + 1, tuple(row.get(name, "") for name in columns)) for place, row in enumerate(rows, 1)],
    )
    blobs = chunks(sheet)
    sha256 = hashlib.sha256(b"".join(blobs)).hexdigest()
    run = run_id(swarm.clock(), secrets.token_hex(3))
    await swarm.files.put(sha256, run, blobs)
    file = FileRef(
        sha256=sha256, name=sheet.name, rows=leads, chunks=len(blobs), mapping=sheet.mapping, dialect="", synthetic=True
    )
    return Prepared(
        run, RunRequested(run_id=run, terms=RunTerms(run_id=run, mode=mode), source="file", file=file, seed=seed)
    )


async def ask_for(swarm: Swarm, prepared: Prepared) -> None:
    """Record the request: the run begins."""
    run = prepared.run
    command = hashlib.sha256(run.encode()).hexdigest()[:32]
    asked = Asked(command, b"", ACTOR, correlation_id=run, synthetic=True)

    def answer(_: object) -> Sequence[Event]:
        return [prepared.asked]

    await execute(swarm.log, CONTROL, Ref("run", run), (), asked, answer, swarm.clock)


async def over(swarm: Swarm, run: str, after: int) -> int:
    """Wait until the run has done what it does by itself; returns the position of the fact that says so.

    Raises:
        StoreUnavailable: it failed, or does not end.
    """
    about = run.encode()
    async with asyncio.timeout(WAIT_S):
        while True:
            some = await swarm.log.tail(CONTROL, ["run"], after, count=256, block_ms=1_000)
            for one in some:
                if one.entry.a == about and one.entry.t in LOST:
                    raise StoreUnavailable(f"The bench run {run} failed.", "Run `swarm verify`, then bench again.")
                if one.entry.a == about and one.entry.t in OVER:
                    return one.seq
            after = some[-1].seq if some else after


async def caught_up(swarm: Swarm) -> None:
    """Wait until every view has seen what is in the log now.

    Raises:
        StoreUnavailable: one does not get there.
    """
    head = await swarm.log.head(CONTROL)
    for view in VIEWS.values():
        if not await swarm.views.wait_for(view, CONTROL, head, timeout_s=WAIT_S):
            raise StoreUnavailable(f"The view {view.title} does not catch up.", "Run the bench again.")


async def run_through(swarm: Swarm, leads: int, seed: int, *, mode: Mode = "sandbox") -> Ran:
    """Time one run, from the request to the completed run with all views caught up. Something has to serve it.

    Raises:
        StoreUnavailable: fewer leads than `APPROVED_SHARE_MIN` ended as approved and simulated drafts.
    """
    prepared = await prepare(swarm, leads, seed, mode=mode)
    before = await swarm.log.head(CONTROL)
    began = time.perf_counter()
    await ask_for(swarm, prepared)
    await over(swarm, prepared.run, before)
    await caught_up(swarm)
    took_s = time.perf_counter() - began
    simulated = await _simulated(swarm, before)
    if mode == "sandbox" and simulated < APPROVED_SHARE_MIN * leads:
        raise StoreUnavailable(
            f"Only {simulated} of {leads} leads ended as approved and simulated drafts.", "The figures mean nothing."
        )
    return Ran(took_s, await swarm.log.head(CONTROL) - before, simulated)


async def _simulated(swarm: Swarm, after: int) -> int:
    """How many sends past a position were simulated."""
    found = 0
    while some := await swarm.log.tail(CONTROL, ["email"], after, count=2_000):
        after = some[-1].seq
        for one in some:
            if one.entry.t == SENT:
                event = one.decode(CONTROL).event
                found += isinstance(event, EmailSent) and event.simulated
    return found


async def in_one_process(place: Place, namespace: str, leads: int, seed: int, *, mode: Mode = "sandbox") -> Ran:
    """All services in this process."""
    async with opened(place, namespace) as swarm, working(swarm):
        return await run_through(swarm, leads, seed, mode=mode)


async def in_processes(place: Place, namespace: str, leads: int, seed: int) -> Ran:
    """The services in processes of their own, as `SPLIT` says; this one only asks and waits."""
    async with opened(place, namespace) as swarm:
        workers: list[Process] = []
        try:
            for services in SPLIT:
                command = (sys.executable, "-m", "services.cli.bench.worker", place.url, str(place.home), namespace)
                workers.append(await asyncio.create_subprocess_exec(*command, *services, stdin=PIPE, stdout=PIPE))
            for worker in workers:
                if worker.stdout is None or not await worker.stdout.readline():
                    raise StoreUnavailable("A process of the bench ended before it was ready.", "See its output above.")
            return await run_through(swarm, leads, seed)
        finally:
            # Each ends when its input does.
            for worker in workers:
                if worker.stdin is not None:
                    worker.stdin.close()
            await asyncio.gather(*(worker.wait() for worker in workers))
