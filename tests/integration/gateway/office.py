"""An office at work: the app over a real store, people who may do different things, and drafts that wait."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid5

import httpx
import msgspec
from argon2 import PasswordHasher
from litestar import Litestar

from contracts import identity
from contracts.email import Content, EmailDrafted, content_hash
from contracts.envelope import Actor, Event, Personal
from contracts.lead import Tier
from gateway.app import create_app
from gateway.auth import COOKIE, CSRF
from gateway.backend import Backend
from services.access.credential import SECRET_BYTES, csrf_of
from services.cli.bootstrap import draw_run
from services.cli.given import samples
from services.cli.set_up import SetUp
from services.cli.template_desk import TemplateDesk
from services.commands.accounts import Accounts
from services.commands.drafts import Drafts
from services.commands.exclusions import ExclusionDesk
from services.commands.icp import Given, IdealCustomers
from services.commands.icp_pages import Comparisons
from services.commands.imports import Imports
from services.commands.mappings import Mappings
from services.commands.personal_reads import PersonalReads
from services.commands.runs import Runs
from services.commands.sign_in import SignIns
from services.crafter.voices import Voices
from services.projections.service import partitions
from services.projections.views import VIEWS
from services.runtime.campaigns import Campaigns
from services.runtime.clock import Clock
from services.runtime.exclusion_list import ExclusionList
from services.runtime.file_store import FileStore
from services.runtime.import_store import ImportStore
from services.runtime.log import EventLog
from services.runtime.mapping_store import MappingStore
from services.runtime.settings import Settings
from services.runtime.sign_in_store import SignInStore
from services.runtime.view_store import ViewStore
from services.segmentor.judge import read_judge
from services.segmentor.model import own_text
from tests import controls
from tests.own_offer import OWN_OFFER
from tests.unit.projections.stories import Step, Teller

FOUNDER = Actor(kind="person", id="founder@local")
NOW = controls.AT + timedelta(hours=1)
KEPT_S = 3_600
"""What the clock of the office says at first: the drafts wait, and none has expired."""
BYTES_MAX, WAITING_BYTES_MAX = 2_000_000, 3_000_000
"""What one file that is imported may weigh, and all that wait together."""
HERE = "http://127.0.0.1"
"""What a browser calls the page."""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes of it hold nobody up, and nothing else depends on what they cost."""
DOMAIN = "engines.example"
"""Every recipient's address ends with it."""


@dataclass
class Watch:
    """The clock of the office: it stands still until a test sets it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def backend_over(log: EventLog, views: ViewStore, clock: Watch) -> Backend:
    """What the app works with."""
    voices = Voices(OWN_OFFER, Campaigns(None))
    accounts = Accounts(log, clock, lambda: secrets.token_bytes(SECRET_BYTES))
    set_up = SetUp(log.namespace, voices)
    runs = Runs(log, 0.2, 300, clock, set_up.ready)
    ideals = IdealCustomers(log, clock, read_judge, lambda: Given(text=own_text(), way="file"), controls.IDENTITY_KEY)
    exclusions = ExclusionList(log, controls.IDENTITY_KEY, time.monotonic)
    return Backend(
        log=log,
        views=views,
        accounts=accounts,
        sign_ins=SignIns(accounts, SignInStore(views.client, log.namespace), QUICK),
        drafts=Drafts(
            log, 3_600, lambda lead: voices.of(lead).compliance, clock, lambda: secrets.token_hex(16), exclusions
        ),
        personal_reads=PersonalReads(log, clock),
        runs=runs,
        imports=imports_over(log, views, runs, clock),
        templates=TemplateDesk(Settings(namespace=log.namespace), log, clock),
        ideals=ideals,
        comparisons=Comparisons(ideals),
        set_up=set_up,
        exclusions=ExclusionDesk(log, controls.IDENTITY_KEY, exclusions, clock),
        clock=clock,
        promise="acknowledged, kept by this test",
        review_expires_h=72,
        services=("projector",),
    )


def imports_over(log: EventLog, views: ViewStore, runs: Runs, clock: Clock) -> Imports:
    """Files that wait, small ones and few of them."""
    return Imports(
        log=log,
        store=ImportStore(views.client, log.namespace, kept_s=KEPT_S),
        files=FileStore(views.client, log.namespace),
        mappings=Mappings(MappingStore(views.client, log.namespace), clock),
        runs=runs,
        identity_key=controls.IDENTITY_KEY,
        clock=clock,
        samples=samples(),
        bytes_max=BYTES_MAX,
        waiting_bytes_max=WAITING_BYTES_MAX,
        draw=lambda: secrets.token_hex(16),
        draw_run=draw_run,
    )


_served: list[Backend] = []


@cache
def _app() -> Litestar:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        yield _served[0]

    return create_app(opened)


def app_over(backend: Backend) -> Litestar:
    """The app over what is open already. One for all tests of a process, and for one test at a time: to build it takes
    longer than most tests, and it keeps nothing from its start to the next."""
    _served[:] = [backend]
    return _app()


async def hire(accounts: Accounts, login: str, role: str) -> str:
    """Somebody of this role, and the text of their token."""
    ids = [str(uuid5(controls.IDS, f"{what} {login}")) for what in ("open", "token")]
    await accounts.open_account(login, name=login.title(), roles=[role], actor=FOUNDER, command_id=ids[0])
    _, text = await accounts.create_token(
        login, label="", scopes=(), life=timedelta(days=30), actor=FOUNDER, command_id=ids[1]
    )
    return text


@dataclass(frozen=True)
class Office:
    """`tokens` by role: reviewer, operator, auditor, admin. Requests are in the loop of the test, so many may run."""

    backend: Backend
    http: httpx.AsyncClient
    tokens: Mapping[str, str]
    app: Litestar
    watch: Watch
    teller: Teller = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "teller", Teller(self.backend.log))

    async def get(self, path: str, role: str = "reviewer", **query: str | int) -> httpx.Response:
        """Ask as somebody."""
        return await self.http.get(path, params=query, headers=self.headers(role))

    async def post(
        self, path: str, body: object, role: str = "reviewer", *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Command as somebody."""
        return await self.http.post(path, json=body, headers={**self.headers(role), **(headers or {})})

    def stop(self) -> None:
        """Tell the feeds that the app ends."""
        self.app.state.stopping.set()

    def headers(self, role: str) -> dict[str, str]:
        """The credentials of somebody of this role."""
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    async def session(self, role: str) -> str:
        """The text of a session that somebody of this role opened just now."""
        accounts = self.backend.accounts
        person = await accounts.authenticate(self.tokens[role])
        return await accounts.open_session(
            person.login, way="password", actor=person.actor, command_id=secrets.token_hex(16)
        )

    async def tell(self, *steps: Step) -> None:
        """Record facts, and wait until the views have them."""
        await self.teller.tell(steps)
        await self.caught_up()

    async def caught_up(self) -> None:
        """Wait until the views have everything that is in the log now."""
        for partition in partitions(self.backend.log):
            head = await self.backend.log.head(partition)
            waits = [self.backend.views.wait_for(view, partition, head, timeout_s=20) for view in VIEWS.values()]
            assert all(await asyncio.gather(*waits))


def cookie(text: str) -> dict[str, str]:
    """What a browser with this session sends by itself."""
    return {"Cookie": f"{COOKIE}={text}"}


def page(text: str) -> dict[str, str]:
    """What a page of ours with this session sends."""
    return cookie(text) | {CSRF: csrf_of(text), "Origin": HERE}


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A person at a company of their own, by number, and the facts about them."""

    number: int
    tier: Tier = "tier_1"
    run_id: str = controls.RUN
    angle: str = "waiting_cards"
    campaign: str = "engines"

    @property
    def lead_id(self) -> str:
        return identity.lead_id(
            controls.IDENTITY_KEY, address=self.address, full_name="", company="", domain=f"c{self.number}.{DOMAIN}"
        )

    @property
    def email_id(self) -> str:
        return identity.email_id(self.lead_id, 1)

    @property
    def account_id(self) -> str:
        return identity.account_id(controls.IDENTITY_KEY, f"c{self.number}.{DOMAIN}")

    @property
    def address(self) -> str:
        return f"p{self.number}@c{self.number}.{DOMAIN}"

    @property
    def content(self) -> Content:
        return Content(
            recipient=Personal.plain(self.address),
            sender=controls.CONTENT.sender,
            reply_to=controls.CONTENT.reply_to,
            subject=Personal.plain(f"Subject {self.number}"),
            text=Personal.plain(f"Hello Person {self.number},\n\nyour engines wait for cards. Shall we talk?\n"),
            salt=Personal.plain(f"{self.number:032x}"),
        )

    @property
    def seen(self) -> dict[str, Any]:
        """How a fact about the draft names it."""
        return {"email_id": self.email_id, "lead_id": self.lead_id, "run_id": self.run_id}

    def drafted(self, **overrides: Any) -> EmailDrafted:
        """The draft alone."""
        shown: dict[str, Any] = {
            "tier": self.tier,
            "company": f"Works {self.number}",
            "name": Personal.plain(f"Person {self.number}"),
        }
        values: dict[str, Any] = {
            "account_id": self.account_id,
            "content": self.content,
            "content_hash": content_hash(self.content),
            "card": msgspec.structs.replace(controls.CARD, **shown),
            "writing": msgspec.structs.replace(controls.WRITING, angle=self.angle, campaign=self.campaign),
        }
        return controls.email_drafted(**(self.seen | values | overrides))

    def story(self) -> Iterator[Event]:
        """From its row to the draft that waits."""
        known = {"lead_id": self.lead_id, "account_id": self.account_id}
        terms = msgspec.structs.replace(controls.TERMS, run_id=self.run_id)
        fields = controls.FIELDS | {
            "full_name": Personal.plain(f"Person {self.number}"),
            "email": Personal.plain(self.address),
            "company": f"Works {self.number}",
        }
        yield controls.lead_sourced(**known, run=terms, fields=fields)
        yield controls.lead_enriched(lead_id=self.lead_id, run_id=self.run_id)
        yield controls.lead_scored(**known, run_id=self.run_id, tier=self.tier)
        yield self.drafted()

    def step(self) -> Step:
        """The whole story at once, in a namespace of one partition."""
        return Step(0, tuple(self.story()))
