"""The office that the tests of the gateway ask, and leads with drafts for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import httpx
import pytest
from litestar import Litestar

from gateway.backend import Backend
from services.projections.service import Pace, Projector
from services.runtime.namespace import open_log
from services.runtime.view_store import ViewStore
from tests import controls
from tests.integration.gateway.office import HERE, Lead, Office, Watch, app_over, backend_over, hire

PEOPLE = {"reviewer": "grace", "operator": "otto", "auditor": "vera", "admin": "alan"}


@pytest.fixture
def watch() -> Watch:
    """The clock of the office."""
    return Watch()


@pytest.fixture
async def backend(redis_url: str, namespace: str, watch: Watch) -> AsyncIterator[Backend]:
    """An empty namespace of one partition, without a projector."""
    async with opened(redis_url, namespace, watch) as found:
        yield found


@asynccontextmanager
async def opened(redis_url: str, namespace: str, watch: Watch) -> AsyncIterator[Backend]:
    """What the app works with, in the loop that runs now; closed at the end."""
    log = await open_log(redis_url, namespace, identity_key=controls.IDENTITY_KEY, partitions=1)
    views = ViewStore(redis_url, namespace)
    yield backend_over(log, views, watch)
    await views.close()
    await log.close()


@pytest.fixture
async def office(backend: Backend, watch: Watch) -> AsyncIterator[Office]:
    """The app in the loop of the test, with a projector beside it and somebody of each role."""
    app = app_over(backend)
    tokens = {role: await hire(backend.accounts, login, role) for role, login in PEOPLE.items()}
    # Litestar's own client runs the app in another thread and the test waits for it: no two requests would overlap.
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    projector = Projector(backend.log, backend.views, pace=Pace(rest_s=0))
    async with (
        running(partial(serve, app)),
        running(projector.run),
        httpx.AsyncClient(transport=transport, base_url=HERE) as http,
    ):
        yield Office(backend, http, tokens, app, watch)


async def serve(app: Litestar, stopping: asyncio.Event) -> None:
    """Keep the app up, in one task from its start to its end."""
    async with app.lifespan():
        await stopping.wait()


@asynccontextmanager
async def running(runs: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Something at work for as long as the block."""
    stopping = asyncio.Event()
    work = asyncio.ensure_future(runs(stopping))
    await asyncio.sleep(0)
    yield
    stopping.set()
    await work


@pytest.fixture
async def leads(office: Office) -> list[Lead]:
    """Five drafts that wait, in the order of the queue: of each tier one, told from the last to the first."""
    tiers = ("tier_1", "tier_2", "tier_3", "tier_4", "needs_data")
    found = [Lead(number=number, tier=tier) for number, tier in enumerate(tiers, start=1)]  # type: ignore[arg-type]
    await office.tell(*(lead.step() for lead in reversed(found)))
    return found
