"""The real gateway on a port, people who come to it with a browser, and what their browser complained of."""

import asyncio
import os
import re
import shutil
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import httpx
from litestar import Litestar
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
)

from gateway.auth import COOKIE
from gateway.backend import Backend
from gateway.server import listen, serve
from tests.integration.gateway.office import NOW, Office, app_over

SHELLS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first has no window to draw, so each test costs a quarter of what it costs with the others."""
CHROMIUM = os.environ.get("SWARM_CHROMIUM") or next(filter(None, map(shutil.which, SHELLS)), "")
NEEDED = "SWARM_NEED_CHROMIUM"
"""Set where a missing browser is a failure rather than a reason to skip."""
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
MACHINE = ("ERR_NETWORK_CHANGED",)
"""What a browser says of its machine rather than of the page: an address of it came or went."""
REFUSED = "status of 401"
"""What it says of an answer that lets nobody in."""
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core that look at colours."""
ROLE_OF = {"grace": "reviewer", "ana": "reviewer 2", "otto": "operator", "vera": "auditor", "alan": "admin"}


@dataclass
class House:
    """The gateway over an office, on one port for as long as the test."""

    backend: Backend
    office: Office = field(init=False)
    port: int = 0
    _stopping: asyncio.Event | None = None
    _serving: "asyncio.Task[None] | None" = None

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> Litestar:
        """Serve; again after `stop`, on the same port."""
        app = app_over(self.backend)
        self._stopping = asyncio.Event()
        listening = listen(self.port) if self.port else socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self._serving = asyncio.create_task(serve(app, listening, self._stopping))
        async with httpx.AsyncClient(base_url=self.url) as http:
            assert (await http.get("/api/health/ready")).status_code == 200
        return app

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        if self._stopping and self._serving:
            self._stopping.set()
            await self._serving
        self._stopping = self._serving = None


@dataclass
class Reader:
    """Somebody at a browser. What it complains of and nobody expected fails the test."""

    page: Page
    context: BrowserContext
    house: House
    complaints: list[str] = field(default_factory=list)
    borne: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{error}: {error.stack}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self.house.url}/", "data:")):
            self.complaints.append(f"asked elsewhere: {url}")

    def bears(self, *patterns: str) -> None:
        """What the browser may say because the test is about it: a status that is refused, a server that is away."""
        self.borne += patterns

    @property
    def unexpected(self) -> list[str]:
        """What it may not."""
        return [one for one in self.complaints if not any(re.search(each, one) for each in (*MACHINE, *self.borne))]

    async def looks(self) -> None:
        """A letter that is on its way to the screen is waited for."""
        await expect(self.page.locator(".letter-pane:not([data-ready])")).to_have_count(0)

    async def press(self, *keys: str) -> None:
        """One key after another, as somebody who looks first."""
        for key in keys:
            await self.looks()
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Into what has the focus."""
        await self.page.keyboard.type(text)

    @property
    def rows(self) -> Locator:
        """The list."""
        return self.page.locator(".list [role=option]")

    def row(self, name: str) -> Locator:
        """The row of one person."""
        return self.rows.filter(has_text=name)

    @property
    def chosen(self) -> Locator:
        """The row that is open."""
        return self.page.locator("[role=option][aria-selected=true]")

    @property
    def letter(self) -> Locator:
        """The pane with the letter."""
        return self.page.locator(".letter-pane")

    @property
    def said(self) -> Locator:
        """What is read out."""
        return self.page.locator(".notices + [role=status]")

    async def sees(self, text: str) -> None:
        """Wait until it is somewhere on the page."""
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def settled(self) -> None:
        """The list is there and the feed is open: from here on everything comes by itself."""
        await expect(self.page.locator(".fresh.live")).to_be_attached()
        await expect(self.page.locator(".bones")).to_have_count(0)

    async def leaves(self, name: str) -> None:
        """Sign out. What was being read at that moment is refused, and a browser says so of every answer that refuses."""
        assert self.unexpected == []
        self.bears(REFUSED)
        await self.page.get_by_label(f"{name}: you").click()
        await self.page.get_by_role("button", name="Sign out").click()

    async def violations(self) -> list[str]:
        """What axe-core finds wrong with what is seen now, in both themes; and whether the document moves under it.

        A theme changes colours and nothing else, so in the dark one the rules about colours are asked alone.
        """
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE)
        asked: list[tuple[Literal["light", "dark"], dict[str, Any]]] = [
            ("light", {}),
            ("dark", {"runOnly": {"type": "rule", "values": COLOURS}}),
        ]
        wrong: list[str] = []
        for theme, rules in asked:
            await self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = await self.page.evaluate(
                "(how) => axe.run(document, how)", {"resultTypes": ["violations"], **rules}
            )
            wrong += [
                f"{theme}: {one['id']}: {one['help']}: {at['html'][:200]}"
                for one in found["violations"]
                for at in one["nodes"]
            ]
        await self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        longer = await self.page.evaluate("document.documentElement.scrollHeight > innerHeight")
        return ["the document is longer than its window"] * longer + wrong


Comes = Callable[..., Awaitable[Reader]]


async def come(
    browser: Browser,
    house: House,
    readers: list[Reader],
    login: str = "grace",
    *,
    session: str = "",
    size: ViewportSize = WIDE,
    at: datetime = NOW,
    path: str = "/",
    bypass_csp: bool = False,
) -> Reader:
    """Open the page as somebody; without a login as somebody whom nobody knows. They sign in anew unless they bring the
    text of a session.

    Their clock says what the office's does, and stands still unless the test moves it.
    """
    context = await browser.new_context(
        viewport=size,
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Oslo",
        bypass_csp=bypass_csp,
    )
    await context.clock.set_fixed_time(at)
    if login:
        text = session or await house.office.session(ROLE_OF[login])
        await context.add_cookies(
            [{"name": COOKIE, "value": text, "url": house.url, "httpOnly": True, "sameSite": "Strict"}]
        )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    reader = Reader(page, context, house)
    readers.append(reader)
    await page.goto(house.url + path)
    if not await page.locator("#page > *").count() and any(MACHINE[0] in one for one in reader.complaints):
        await page.reload()
    return reader


async def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium."""
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)


@dataclass
class Chromium:
    """The browser that the tests of a process share. Each comes to it with a context of its own, which shares nothing."""

    playwright: Playwright
    _browser: Browser | None = None

    async def alive(self) -> Browser:
        """The one that runs; another where none does, or the last one died."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = await launch(self.playwright)
        return self._browser

    async def close(self) -> None:
        """End it."""
        if self._browser is not None:
            await self._browser.close()


def comes_to(browser: Browser, house: House, readers: list[Reader]) -> Comes:
    """`come` with all that stays the same in a test."""
    return partial(come, browser, house, readers)
