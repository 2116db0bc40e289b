"""The one place that builds real things: settings in, a swarm out."""

import hashlib
import hmac
import secrets
import time
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

from contracts.identity import CONTROL
from contracts.lead import Lead
from services.cli.readers import LeadsOfRun, OpenDrafts, Rejections, Timers
from services.cli.set_up import SetUp
from services.cli.sign_in import sign_ins_of
from services.cli.store import Store, open_store
from services.commands.dead import DeadLetters
from services.commands.drafts import Drafts
from services.commands.exclusions import ExclusionDesk
from services.commands.imports import Imports
from services.commands.mappings import Mappings
from services.commands.runs import Runs
from services.commands.sign_in import SignIns
from services.crafter import service as crafter
from services.crafter.left_alone import leaving_alone
from services.crafter.library import Libraries
from services.crafter.voices import Voices
from services.enricher import service as enricher
from services.guard.draft import Compliance
from services.hunter import service as hunter
from services.hunter.left_alone import LeaveAloneClock
from services.hunter.source_work import Tools
from services.operator import service as operator
from services.projections.service import Projector
from services.providers.company_directory.file import FileCompanyDirectory
from services.providers.company_directory.file import load as load_directory
from services.queen import service as queen
from services.runs.decide import run_id
from services.runtime.campaigns import Campaigns
from services.runtime.clock import Clock, utc_now
from services.runtime.consumer import Consumer, Pace
from services.runtime.exclusion_list import ExclusionList
from services.runtime.file_store import FileStore
from services.runtime.follower import Follower, Follows
from services.runtime.health import Moving
from services.runtime.host import Component
from services.runtime.import_store import ImportStore
from services.runtime.log_redis import RedisLog
from services.runtime.mapping_store import MappingStore
from services.runtime.namespace import Promise
from services.runtime.run_board import RunBoard, holding
from services.runtime.service import Service
from services.runtime.settings import Settings
from services.runtime.settle import group_standing
from services.runtime.slots import Slot
from services.runtime.view_store import ViewStore
from services.segmentor import service as segmentor
from services.segmentor.active import ModelBoard
from services.segmentor.model import load_model

SERVICES = ("hunter", "enricher", "segmentor", "crafter", "operator", "queen", "projector")
SAMPLE_DIRECTORY = Path(__file__).parent.parent / "hunter" / "samples" / "companies.csv"


@dataclass(frozen=True)
class Swarm:
    """An open namespace, and everything that works on it."""

    settings: Settings
    url: str
    promise: Promise
    log: RedisLog
    views: ViewStore
    files: FileStore
    identity_key: bytes
    clock: Clock = utc_now

    def drafts(self) -> Drafts:
        """The way of answers to drafts."""
        voices = self.voices

        def compliance(lead: Lead) -> Compliance:
            return voices.of(lead).compliance

        undo_window_s = self.settings.review.undo_window_s
        return Drafts(self.log, undo_window_s, compliance, self.clock, draw_salt, self.exclusions)

    def runs(self) -> Runs:
        """The way of commands to runs."""
        limits = self.settings.run
        return Runs(self.log, limits.max_error_share, limits.stall_s, self.clock, self.set_up.ready)

    def imports(self, samples: Collection[str]) -> Imports:
        """The way of files that come over HTTP; `samples` are known to hold invented people."""
        limits = self.settings.imports
        return Imports(
            log=self.log,
            store=ImportStore(self.views.client, self.log.namespace, kept_s=limits.kept_h * 3_600),
            files=self.files,
            mappings=self.mappings(),
            runs=self.runs(),
            identity_key=self.identity_key,
            clock=self.clock,
            samples=samples,
            bytes_max=limits.bytes_max,
            waiting_bytes_max=limits.waiting_bytes_max,
            draw=draw_salt,
            draw_run=draw_run,
        )

    def mappings(self) -> Mappings:
        """The way of what people say of columns."""
        return Mappings(MappingStore(self.views.client, self.log.namespace), self.clock)

    def sign_ins(self) -> SignIns:
        """The way of people in and out."""
        return sign_ins_of(self.log, self.views.client, self.clock)

    def dead_letters(self) -> DeadLetters:
        """The way of answers to dead letters."""
        return DeadLetters(self.log, self.clock)

    def exclusion_desk(self) -> ExclusionDesk:
        """The way of commands to the list of those who are left alone."""
        return ExclusionDesk(self.log, self.identity_key, self.exclusions, self.clock)

    def leave_alone(self) -> LeaveAloneClock:
        """What takes back drafts that wait for somebody on that list."""
        return LeaveAloneClock(self.log, self.exclusions, OpenDrafts(self.log, self.views), self.clock, time.monotonic)

    def lead_partitions(self) -> range:
        """Where leads, accounts and e-mails live."""
        return range(1) if self.log.partitions == 1 else range(1, self.log.partitions + 1)

    @cached_property
    def voices(self) -> Voices:
        """In whose words people are written to."""
        return Voices(self.settings.offer, Campaigns(self.settings.campaigns))

    @cached_property
    def libraries(self) -> Libraries:
        """The texts, by language."""
        return Libraries(self.settings.templates)

    @cached_property
    def set_up(self) -> SetUp:
        """What the user set up, and what is missing."""
        return SetUp(self.settings.namespace, self.voices)

    @cached_property
    def board(self) -> RunBoard:
        """Which runs are stopped, asked by all agents of this process."""
        return RunBoard(self.log, time.monotonic)

    @cached_property
    def models(self) -> ModelBoard:
        """Which model leads are scored by, asked by all that score in this process."""
        return ModelBoard(self.log, time.monotonic, load_model(self.settings.model))

    @cached_property
    def exclusions(self) -> ExclusionList:
        """Who is left alone, asked by all agents and commands of this process."""
        return ExclusionList(self.log, self.identity_key, time.monotonic)

    def agents(self) -> dict[str, Sequence[int]]:
        """The agents that are consumer groups, each with the partitions in which it hears."""
        spread = self.lead_partitions()
        return {"hunter": [CONTROL], "enricher": spread, "segmentor": spread, "crafter": spread, "operator": spread}

    def agent(self, name: str) -> Service:
        """One agent with its real tools; CRAFTER reads its templates, so build only what is run."""
        match name:
            case "hunter":
                tools = Tools(self.log, self.files, self.identity_key, self.clock, self.exclusions)
                return hunter.build(tools, LeadsOfRun(self.log, self.views))
            case "enricher":
                file = self.settings.company_directory
                directory = load_directory(file) if file else FileCompanyDirectory(())
                return holding(enricher.build(directory=directory, clock=self.clock), "enrich", self.board)
            case "segmentor":
                scoring = segmentor.build(models=self.models, campaigns=self.voices.campaigns.find)
                return holding(scoring, "segment", self.board)
            case "crafter":
                writing = crafter.build(
                    library=self.libraries,
                    offer=self.voices.of,
                    memory=Rejections(self.views),
                    clock=self.clock,
                    salt=self._salt,
                    review_ttl=timedelta(hours=self.settings.review.expires_h),
                )
                return holding(leaving_alone(writing, self.exclusions), "craft", self.board)
            case "operator":
                return operator.build(identity_key=self.identity_key)
            case _:
                raise ValueError(f"no agent {name}")

    def followers(self) -> list[tuple[str, Follows, int, int]]:
        """What is read without a group: the service that owns it, what it does, from where, to where."""
        spread = self.lead_partitions()
        found = [("queen", queen.follows(one), one, CONTROL) for one in {CONTROL, *spread}]
        for one in spread:
            found.append(("operator", operator.carries_requests(), one, CONTROL))
            found.append(("operator", operator.carries_verdicts(one, self.log.partitions), CONTROL, one))
        return found

    def components(self, service: str, slot: int) -> list[Component]:
        """Everything that one service runs, in the given slot."""
        pace = Pace(lease_ms=self.settings.lease_ms)
        found: list[Component] = []
        if where := self.agents().get(service):
            agent = self.agent(service)
            for partition in where:
                consumer = Consumer(self.log, agent, partition, slot=slot, clock=self.clock, pace=pace)
                look = partial(group_standing, self.log, partition, service)
                found.append(Component(f"{service}:{partition}", consumer.run, Moving(look)))
        for owner, follows, source, target in self.followers():
            if owner == service:
                follower = Follower(self.log, follows, source, target, clock=self.clock)
                found.append(Component(f"{follows.name}:{source}", follower.run, Moving(follower.standing)))
        timers = Timers(self.views)
        match service:
            case "hunter":
                found.append(Component("leave-alone-clock", self.leave_alone().run))
            case "operator":
                clock = operator.SendClock(self.log, timers, identity_key=self.identity_key, clock=self.clock)
                found.append(Component("send-clock", clock.run))
            case "queen":
                found.append(Component("queen-clock", queen.QueenClock(self.log, timers, clock=self.clock).run))
            case "projector":
                projector = Projector(self.log, self.views)
                found.append(Component("projector", projector.run, Moving(projector.standing)))
        return found

    async def serve(self, services: Iterable[str]) -> list[Component]:
        """The components of these services, each service in a slot that is kept while they run."""
        found: list[Component] = []
        for service in services:
            slot = Slot(self.views.client, self.log.namespace, service, secrets.token_hex(8))
            number = await slot.take()
            found += [Component(f"{service}:slot", slot.keep, slot.check), *self.components(service, number)]
        return found

    def _salt(self, event_id: str) -> str:
        """16 bytes, in hex, that nobody without the identity key can derive from the log."""
        return hmac.new(self.identity_key, f"salt:{event_id}".encode(), hashlib.sha256).hexdigest()[:32]


def draw_run(now: datetime) -> str:
    """The id of a run that is asked for now."""
    return run_id(now, secrets.token_hex(3))


def draw_salt() -> str:
    """16 random bytes, in hex."""
    return secrets.token_hex(16)


def swarm_over(store: Store) -> Swarm:
    """Everything that works on an open namespace."""
    files = FileStore(store.client, store.settings.namespace)
    return Swarm(
        store.settings, store.url, store.promise, store.log, store.views, files, store.identity_key, store.clock
    )


@asynccontextmanager
async def open_swarm(settings: Settings) -> AsyncIterator[Swarm]:
    """Open a namespace and everything that works on it; raises what `open_store` does."""
    async with open_store(settings) as store:
        yield swarm_over(store)
