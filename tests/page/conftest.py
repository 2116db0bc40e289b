"""A house with the real gateway, people, letters and browsers for the tests of the page."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, async_playwright, expect

from gateway.backend import Backend
from services.projections.service import Pace, Projector
from tests.integration.gateway.conftest import backend as backend  # noqa: PLC0414 - A fixture of theirs is one of ours.
from tests.integration.gateway.conftest import running
from tests.integration.gateway.conftest import watch as watch  # noqa: PLC0414 - As above.
from tests.integration.gateway.office import Lead, Office, Watch, hire
from tests.page.house import CHROMIUM, NEEDED, ROLE_OF, Comes, House, Reader, comes_to, launch

expect.set_options(timeout=10_000)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The machine's Chromium; without one the test is skipped, or fails where one is needed."""
    if not CHROMIUM:
        why = "No Chromium on this machine: apt-get install chromium, or set SWARM_CHROMIUM to one."
        pytest.fail(why) if os.environ.get(NEEDED) else pytest.skip(why)
    async with async_playwright() as playwright:
        started = await launch(playwright)
        yield started
        await started.close()


@pytest.fixture
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


@pytest.fixture
async def comes(browser: Browser, house: House) -> AsyncIterator[Comes]:
    """Lets somebody come; at the end nobody's browser may have complained."""
    readers: list[Reader] = []
    yield comes_to(browser, house, readers)
    for reader in readers:
        await reader.context.close()
    assert [one for reader in readers for one in reader.unexpected] == []


@pytest.fixture
async def letters(office: Office) -> list[Lead]:
    """Five letters that wait, in the order of the queue."""
    found = [Lead(number=number) for number in range(1, 6)]
    await office.tell(*(lead.step() for lead in found))
    return found


@pytest.fixture
async def reader(comes: Comes, letters: list[Lead]) -> Reader:
    """Grace, who reviews, before five letters."""
    found = await comes()
    await found.settled()
    return found
