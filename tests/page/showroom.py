"""A swarm at work with everything in it that its pages can show: the same each time, for its clock stands where it is set."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
from pydantic import SecretStr

from contracts.envelope import Personal
from contracts.identity import partition_of
from services.cli.bootstrap import SERVICES, Swarm, swarm_over
from services.cli.gateway import backend_over
from services.cli.given import SAMPLE_COMPANIES, SAMPLE_LEADS
from services.cli.store import open_store
from services.runtime.host import host
from services.runtime.server_process import ThrowAwayServer
from services.runtime.settings import Settings
from tests import controls
from tests.integration.gateway.conftest import running
from tests.integration.gateway.office import Lead, Office, Watch, hire
from tests.page.house import ROLE_OF, House
from tests.unit.projections.stories import Step, Teller

NAMESPACE = "demo"
IDENTITY_KEY = "c0" * 32
WAITS_S = 120


@dataclass(frozen=True)
class Showroom:
    """A house over a real swarm, and what has been put on show."""

    house: House
    swarm: Swarm
    sessions: dict[str, str] = field(default_factory=dict)

    async def session(self, login: str) -> str:
        """Of somebody who signs in once for all; empty for nobody."""
        if login and login not in self.sessions:
            self.sessions[login] = await self.office.session(ROLE_OF[login])
        return self.sessions.get(login, "")

    @property
    def office(self) -> Office:
        return self.house.office

    async def pass_by(self, **time: float) -> None:
        """Let so much time go by for everybody."""
        self.office.watch.now += timedelta(**time)
        await asyncio.sleep(0)

    async def ask(self, path: str, **query: str | int) -> Any:
        """Read as an admin."""
        answer = await self.office.get(path, "admin", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tell(self, path: str, body: object, role: str) -> Any:
        """Command as somebody."""
        answer = await self.office.post(path, body, role)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


@asynccontextmanager
async def showroom() -> AsyncIterator[Showroom]:
    """An empty namespace with its gateway, and people of each role; nothing is at work yet."""
    with tempfile.TemporaryDirectory(prefix="swarm-") as home, ThrowAwayServer(Path(home)) as server:
        settings = Settings(
            namespace=NAMESPACE,
            home=Path(home),
            redis_url=SecretStr(server.url),
            identity_key=SecretStr(IDENTITY_KEY),
            company_directory=SAMPLE_COMPANIES,
            partitions=1,
        )
        async with open_store(settings) as store:
            watch = Watch(controls.AT)
            swarm = swarm_over(replace(store, clock=watch))
            house = House(backend_over(swarm, None))
            accounts = house.backend.accounts
            tokens = {role: await hire(accounts, login, role.split()[0]) for login, role in ROLE_OF.items()}
            app = await house.start()
            async with httpx.AsyncClient(base_url=house.url, timeout=30) as http:
                house.office = Office(house.backend, http, tokens, app, watch)
                yield Showroom(house, swarm)
            await house.stop()


@asynccontextmanager
async def at_work(swarm: Swarm, services: Sequence[str] = SERVICES) -> AsyncIterator[None]:
    """These services run for as long as the block."""
    components = await swarm.serve(services)
    async with running(partial(host, components)):
        yield


async def fill(room: Showroom) -> None:
    """A morning in the life of a swarm: a list is brought, drafts are answered, one sending stays unknown."""
    async with at_work(room.swarm):
        await bring(room)
        await room.pass_by(minutes=34)
        await answer(room)
        await room.pass_by(minutes=52)
        await invent(room)
        await room.office.caught_up()
    async with at_work(room.swarm, ["projector"]):
        await room.pass_by(minutes=9)
        await trouble(room)
        await room.office.caught_up()
    await room.pass_by(hours=1, minutes=13)


async def bring(room: Showroom) -> None:
    """The sample, brought as a file and worked through."""
    office = room.office
    answer = await office.http.post(
        "/api/imports",
        files={"file": ("demo.csv", SAMPLE_LEADS.read_bytes(), "text/csv")},
        headers=office.headers("operator"),
    )
    assert answer.status_code in {200, 201}, answer.text
    path = f"/api/imports/{answer.json()['import_id']}/run"
    run = await room.tell(path, {"mode": "staging", "synthetic": True}, "operator")
    await resting(room, run["run_id"])


async def invent(room: Showroom) -> None:
    """A few invented people beside them."""
    run = await room.tell("/api/runs", {"source": "default", "limit": 6, "mode": "sandbox", "seed": 7}, "operator")
    await resting(room, run["run_id"])


async def resting(room: Showroom, run_id: str) -> None:
    """Wait until a run asks for people, or is over."""
    await room.office.caught_up()
    async with asyncio.timeout(WAITS_S):
        while (await room.ask(f"/api/runs/{run_id}"))["status"] == "running":  # noqa: ASYNC110 - It is asked over HTTP.
            await asyncio.sleep(0.2)
    await room.office.caught_up()


REASONS = (
    ("tone_style_issue", "Too stiff for a first mail."),
    ("weak_cta", "It asks for an hour; ask for ten minutes."),
    ("icp_mismatch", "They are a competitor's customer."),
    ("tone_style_issue", "Nobody says “synergies” here."),
    ("weak_subject", "The subject could stand on any mail."),
)


async def answer(room: Showroom) -> None:
    """Two reviewers at work: most are approved, some are not, and some are left for later."""
    cards = (await room.ask("/api/pending-emails", limit=200))["items"]
    last = cards[::-1]

    async def say(card: dict[str, Any], what: str, role: str, **said: object) -> None:
        version = {} if what in {"comment", "snooze", "claim"} else {"expected_version": card["draft_version"]}
        await room.tell(f"/api/emails/{card['email_id']}/{what}", version | said, role)
        await room.pass_by(seconds=41)

    for number, card in enumerate(last[:16]):
        await say(card, "approve", "reviewer" if number % 3 else "reviewer 2")
    for number, (card, (tag, reason)) in enumerate(zip(last[16:21], REASONS, strict=True)):
        await say(card, "reject", "reviewer" if number % 2 else "reviewer 2", tag=tag, reason=reason)
    body = last[21]["content"]["text"]
    await say(last[21], "edit", "reviewer", body=body.replace("\n\n", "\n\nGood to see your news.\n\n", 1))
    await say(last[21] | {"draft_version": 2}, "approve", "reviewer", override_reason="The news is public.")
    await say(last[22], "request-changes", "reviewer 2", wishes=["shorter"], instruction="Name a day.")
    later = room.office.watch.now + timedelta(days=1)
    await say(last[23], "snooze", "reviewer", until=later.isoformat())
    await say(cards[2], "comment", "reviewer 2", text="I met her in Porto last year; she knows us.")
    await say(cards[3], "edit", "reviewer 2", subject=f"RE: {cards[3]['content']['subject']} ACT NOW!!!")
    for who, reason in (("granite.example", "A customer."), ("mira@tallow.example", "She said no at the fair.")):
        await room.tell("/api/exclusions", {"who": who, "reason": reason}, "operator")
    await room.office.caught_up()
    await room.pass_by(minutes=3)


async def trouble(room: Showroom) -> None:
    """Something a service gave up, and a letter of which nobody knows whether it arrived."""
    office = room.office
    run_id = (await room.ask("/api/runs"))["items"][-1]["run_id"]
    lead = Lead(number=9)
    here = partition_of(lead.lead_id, room.swarm.log.partitions)
    name, company = Personal.plain("Marta Nowakowska"), "Northgate Freight"
    card = msgspec.structs.replace(lead.drafted().card, name=name, company=company)
    ids = {"lead_id": lead.lead_id, "email_id": lead.email_id}
    fields = controls.FIELDS | {"full_name": name, "company": company}
    known = {"lead_id": lead.lead_id, "account_id": lead.account_id}
    story = (
        controls.lead_sourced(**known, fields=fields),
        controls.lead_enriched(lead_id=lead.lead_id),
        controls.lead_scored(**known),
        lead.drafted(card=card),
    )
    steps = [
        Step(here, story),
        Step(here, (controls.email_approved(content_hash=lead.drafted().content_hash, **ids),), controls.REVIEWER),
        Step(here, (controls.email_send_requested(**ids),)),
        Step(here, (controls.email_send_reserved(**ids), controls.email_send_started(**ids))),
        Step(here, (controls.email_unresolved(**ids),)),
        Step(0, (controls.dead_lettered(run_id=run_id, reason="The company directory sent a page instead of data."),)),
    ]
    told = int((office.watch.now - controls.AT).total_seconds())
    await Teller(room.swarm.log, told=told).tell(steps)
