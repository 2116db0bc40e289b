"""A house with the real gateway, people, letters and browsers for the tests of the page."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from gateway.backend import Backend
from services.projections.service import Pace, Projector
from tests.integration.gateway.conftest import opened, running
from tests.integration.gateway.conftest import watch as watch  # noqa: PLC0414 - A fixture of theirs is one of ours.
from tests.integration.gateway.office import Lead, Office, Watch, hire
from tests.page.house import CHROMIUM, NEEDED, ROLE_OF, Chromium, Comes, House, Reader, comes_to

expect.set_options(timeout=10_000)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all tests of the page in a process: the browser that they share belongs to it."""
    shared = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(shared, append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """The machine's Chromium, started once a process; without one the test is skipped, or fails where one is needed."""
    if not CHROMIUM:
        why = "No Chromium on this machine: apt-get install chromium-headless-shell, or set SWARM_CHROMIUM to one."
        pytest.fail(why) if os.environ.get(NEEDED) else pytest.skip(why)
    async with async_playwright() as playwright:
        found = Chromium(playwright)
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """A browser that lives, with nobody in it; whoever a test leaves behind is shown out."""
    found = await chromium.alive()
    yield found
    for context in found.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def backend(redis_url: str, namespace: str, watch: Watch) -> AsyncIterator[Backend]:
    """An empty namespace of one partition, without a projector."""
    async with opened(redis_url, namespace, watch) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def house(backend: Backend, watch: Watch) -> AsyncIterator[House]:
    """The gateway on a port, with a projector beside it and five people: two of them reviewers."""
    tokens = {role: await hire(backend.accounts, login, role.split()[0]) for login, role in ROLE_OF.items()}
    projector = Projector(backend.log, backend.views, pace=Pace(rest_s=0))
    found = House(backend)
    async with running(projector.run):
        app = await found.start()
        async with httpx.AsyncClient(base_url=found.url) as http:
            found.office = Office(backend, http, tokens, app, watch)
            yield found
        await found.stop()


@pytest.fixture
def office(house: House) -> Office:
    """The people and facts of the house."""
    return house.office


@pytest_asyncio.fixture(loop_scope="session")
async def comes(browser: Browser, house: House) -> AsyncIterator[Comes]:
    """Lets somebody come; at the end nobody's browser may have complained."""
    readers: list[Reader] = []
    yield comes_to(browser, house, readers)
    for reader in readers:
        await reader.context.close()
    assert [one for reader in readers for one in reader.unexpected] == []


@pytest_asyncio.fixture(loop_scope="session")
async def letters(office: Office) -> list[Lead]:
    """Five letters that wait, in the order of the queue."""
    found = [Lead(number=number) for number in range(1, 6)]
    await office.tell(*(lead.step() for lead in found))
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def reader(comes: Comes, letters: list[Lead]) -> Reader:
    """Grace, who reviews, before five letters."""
    found = await comes()
    await found.settled()
    return found
