"""The shipped sample through every agent's real decisions, in memory and in one order: no store, no clock, no chance."""

import hashlib
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from contracts.codec import CODEC
from contracts.email import Email, EmailDrafted
from contracts.envelope import Actor, AnyEnvelope, Event, Position
from contracts.facts import Ref
from contracts.identity import email_id
from contracts.lead import Lead, Origin, RunTerms
from services.crafter import service as crafter
from services.crafter.library import load_library
from services.crafter.offer import Offer, load_offer
from services.enricher import service as enricher
from services.guard.draft import RejectionMemory
from services.providers.company_directory.file import load as load_directory
from services.reading.chunks import chunks, read_chunk
from services.reading.decide import aggregates, decide
from services.reading.file import read_file
from services.reading.rows import candidates
from services.runtime.log import Snapshot
from services.runtime.record import Cause, record
from services.runtime.service import Service, States
from services.segmentor import service as segmentor
from services.segmentor.active import Always
from services.segmentor.model import load_model

SAMPLES = Path(__file__).parent.parent / "services" / "hunter" / "samples"
IDENTITY_KEY = b"the key of the shipped sample..."
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RUN = RunTerms(run_id="run_20261120_090000_5a3b1e", mode="staging")
REQUEST = "6f2f8c1e-6f0a-5d57-9d43-0b6f0f1f7a10"


class NothingRejected:
    """Nobody has turned anything down yet."""

    async def get(self, lead_id: str) -> RejectionMemory:
        return RejectionMemory()


class Walk:
    """Facts and states as they come to be."""

    def __init__(self) -> None:
        self.facts: list[AnyEnvelope] = []
        self.states: dict[Ref, Snapshot] = {}
        self._waiting: deque[AnyEnvelope] = deque()

    def put(self, events: Sequence[Event], refs: Sequence[Ref], cause: Cause) -> None:
        """Record facts, as a commit would."""
        loaded = {ref: self.states.get(ref, Snapshot()) for ref in refs}
        unit, after, _ = record(events, loaded, cause, NOW)
        self.states |= after
        for _, entry in unit.facts:
            fact = CODEC.decode(entry, Position(0, len(self.facts) + 1))
            self.facts.append(fact)
            self._waiting.append(fact)

    async def settle(self, services: Sequence[Service]) -> None:
        """Let every service answer until nothing is left to answer."""
        while self._waiting:
            fact = self._waiting.popleft()
            for service in services:
                hears = service.hears.get(type(fact.event))
                if hears is None:
                    continue
                refs = hears.loads(fact)
                states = States({ref: self.states.get(ref, Snapshot()).state for ref in refs})
                self.put(await hears.handler(fact, states), refs, Cause.heard(fact, service.name))

    def lead(self, lead_id: str) -> Lead:
        state = self.states[Ref("lead", lead_id)].state
        assert isinstance(state, Lead)
        return state

    def email(self, lead_id: str) -> Email:
        state = self.states.get(Ref("email", email_id(lead_id, 1)), Snapshot()).state
        return state if isinstance(state, Email) else Email()

    def drafts(self) -> list[EmailDrafted]:
        return [fact.event for fact in self.facts if isinstance(fact.event, EmailDrafted)]


def services(offer: Offer | None = None) -> list[Service]:
    """ENRICHER, SEGMENTOR and CRAFTER as `make run` builds them; by default with the offer of the demonstration."""
    sender = offer or load_offer()
    return [
        enricher.build(directory=load_directory(SAMPLES / "companies.csv"), clock=lambda: NOW),
        segmentor.build(models=Always(load_model())),
        crafter.build(
            library=load_library(sender.language),
            offer=sender,
            memory=NothingRejected(),
            clock=lambda: NOW,
            salt=lambda cause: hashlib.sha256(cause.encode()).hexdigest()[:32],
        ),
    ]


async def walk_sample(file: Path = SAMPLES / "demo.csv", offer: Offer | None = None) -> Walk:
    """All rows, 200 of the shipped sample, until every lead waits for a person or is done."""
    sheet = read_file(file.name, file.read_bytes())
    walk = Walk()
    cause = Cause(REQUEST, "hunter", Actor(kind="agent", id="hunter"), RUN.run_id, synthetic=True)
    origin = Origin(source="file", kind="import", row=0, file_sha256=sheet.sha256, basis="sample")
    for chunk in chunks(sheet):
        items = candidates(read_chunk(chunk), IDENTITY_KEY)
        ids = aggregates(items, RUN.run_id, None)
        states = {one: walk.states.get(Ref("lead", one), Snapshot()).state for one in ids}
        leads = {one: state for one, state in states.items() if isinstance(state, Lead)}
        for about, events in decide(items, leads, run=RUN, origin=origin, limit=None).leads:
            walk.put(events, [Ref("lead", about)], cause)
    await walk.settle(services(offer))
    return walk
