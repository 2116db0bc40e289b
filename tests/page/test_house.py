"""The browser that the tests share: one that died is replaced, and nothing passes from one comer to the next."""

import asyncio
from contextlib import suppress

from playwright.async_api import Error

from tests.integration.gateway.office import Lead
from tests.page.house import Chromium, Comes


async def test_browser_that_died_is_replaced_and_one_that_lives_is_kept(chromium: Chromium) -> None:
    first = await chromium.alive()
    assert await chromium.alive() is first
    gone = asyncio.Event()
    first.on("disconnected", lambda _: gone.set())
    killing = await first.new_browser_cdp_session()
    with suppress(Error):  # Who is killed gives no answer.
        await killing.send("Browser.crash")
    await gone.wait()
    second = await chromium.alive()
    assert second is not first
    assert second.is_connected()


async def test_who_comes_later_finds_nothing_of_who_came_before(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes()
    await grace.settled()
    await grace.page.evaluate("() => { localStorage.setItem('theme', 'dark'); sessionStorage.setItem('kept', '1'); }")
    stranger = await comes("")
    await stranger.sees("Sign in")
    assert await stranger.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert await stranger.context.cookies() == []
