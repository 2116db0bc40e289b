"""Signing in: by password, by link, and every way that does not let somebody in."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp
import pytest_asyncio
from playwright.async_api import expect

from tests.integration.gateway.issuer import CONTINUE, NAME, TOKEN, Issuer, connect
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, REFUSED, Comes, House, Reader

PASSWORD = "a password of twelve and more"


async def link_for(house: House, login: str) -> str:
    """What an admin gives somebody who has no password."""
    answer = await house.office.post(f"/api/users/{login}/link", {}, "admin")
    assert answer.status_code == 200, answer.text
    return f"{house.url}/#{answer.json()['link'].partition('#')[2]}"


async def fill(reader: Reader, login: str, password: str) -> None:
    await reader.page.get_by_label("Login").fill(login)
    await reader.page.get_by_label("Password").fill(password)
    await reader.press("Enter")


async def test_link_signs_in_once_and_offers_a_password_that_signs_in_again(house: House, comes: Comes) -> None:
    link = await link_for(house, "grace")
    grace = await comes("")
    grace.bears(REFUSED)
    await expect(grace.page.get_by_label("Login")).to_be_focused()
    await grace.page.goto(link)
    await grace.page.reload()
    await grace.sees("Choose a password")
    assert "sign-in" not in grace.page.url
    await grace.page.get_by_label("New password").fill(PASSWORD)
    await grace.page.get_by_label("The same again").fill(PASSWORD + "!")
    await grace.press("Enter")
    await grace.sees("The two do not match")
    await grace.page.get_by_label("The same again").fill(PASSWORD)
    await grace.press("Enter")
    await grace.sees("Your password is set")

    await grace.leaves("Grace")
    await fill(grace, "grace", "not my password")
    await grace.sees("Login and password do not fit")
    await fill(grace, "grace", PASSWORD)
    await grace.sees("Nothing has come yet")

    stranger = await comes("")
    stranger.bears(REFUSED)
    await stranger.page.goto(link)
    await stranger.page.reload()
    await stranger.sees("This link was used before")


async def test_who_tries_too_often_is_locked_out_and_told_for_how_long(comes: Comes) -> None:
    stranger = await comes("")
    stranger.bears(REFUSED, "status of 429")
    for _ in range(5):
        async with stranger.page.expect_response("**/api/session"):
            await fill(stranger, "grace", "guess")
        await expect(stranger.page.get_by_role("button", name="Sign in")).to_be_enabled()
    await fill(stranger, "grace", "guess")
    await expect(stranger.page.get_by_role("alert")).to_have_text(
        re.compile(r"Too many wrong attempts\. Try again in \d+:\d\d")
    )
    await expect(stranger.page.get_by_role("button", name="Sign in")).to_be_disabled()


async def test_server_away_says_so_and_comes_back_by_itself(house: House, comes: Comes) -> None:
    stranger = await comes("")
    stranger.bears("ERR_CONNECTION_REFUSED")
    await house.stop()
    await fill(stranger, "grace", PASSWORD)
    await stranger.sees("The server cannot be reached")
    await house.start()
    stranger.bears(REFUSED)
    await fill(stranger, "grace", PASSWORD)
    await stranger.sees("Login and password do not fit")


async def test_session_that_ends_shows_the_sign_in_and_says_why(reader: Reader, house: House) -> None:
    reader.bears(REFUSED)
    await reader.press("e")
    await reader.type("Dear ")
    closed = await house.office.backend.accounts.authenticate(house.office.tokens["reviewer"])
    await house.office.backend.accounts.close_account(
        "grace", reason="left", actor=closed.actor, command_id=str(uuid4())
    )
    await reader.sees("You were signed out")
    await expect(reader.page.get_by_label("Login")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def issuer(office: Office) -> AsyncIterator[Issuer]:
    """A provider on another site, which knows Grace and asks her whether she wants to go on."""
    found = Issuer(office.watch, asks=True)
    found.says("grace")
    async with found.serving(), aiohttp.ClientSession(auto_decompress=False) as session:
        connect(office, found, session)
        yield found


async def go_there(reader: Reader, issuer: Issuer) -> None:
    """By the button, and through the page of the provider."""
    reader.bears(f"asked elsewhere: {issuer.url}")
    await reader.page.get_by_role("link", name=f"Sign in with {NAME}").click()
    await expect(reader.page).to_have_title("Provider")
    await reader.page.get_by_role("link", name=CONTINUE).click()


async def test_provider_signs_in_and_the_session_stays(
    comes: Comes, house: House, issuer: Issuer, letters: list[Lead]
) -> None:
    """Its page is another site, so the cookie of the session is one that a browser would not send from there."""
    grace = await comes("")
    await go_there(grace, issuer)
    await grace.settled()
    await expect(grace.rows).to_have_count(5)
    assert grace.page.url == f"{house.url}/"
    kept = {str(one["name"]): one for one in await grace.context.cookies(house.url)}
    assert list(kept) == ["swarm-session"]
    assert (kept["swarm-session"]["sameSite"], kept["swarm-session"]["httpOnly"]) == ("Strict", True)
    await grace.page.reload()
    await grace.settled()
    await expect(grace.rows).to_have_count(5)
    await grace.leaves("Grace")
    await expect(grace.page.get_by_role("link", name=f"Sign in with {NAME}")).to_be_visible()


async def test_whom_nobody_knows_here_is_told_who_can_help(comes: Comes, house: House, issuer: Issuer) -> None:
    issuer.says("nobody")
    stranger = await comes("")
    stranger.bears(REFUSED)
    await go_there(stranger, issuer)
    await stranger.sees("An admin has to open one")
    assert stranger.page.url == f"{house.url}/"
    assert await stranger.context.cookies(house.url) == []
    await fill(stranger, "grace", PASSWORD)
    await stranger.sees("Login and password do not fit")
    await expect(stranger.page.get_by_text("An admin has to open one")).to_have_count(0)
    await stranger.page.goto(f"{house.url}/#sign-in-failed=constructor")
    await stranger.page.reload()
    await expect(stranger.page.get_by_label("Login")).to_be_focused()
    await expect(stranger.page.get_by_role("alert")).to_have_count(0)


async def test_provider_away_says_so_and_leaves_the_other_ways(comes: Comes, house: House, issuer: Issuer) -> None:
    issuer.faults[TOKEN] = lambda: aiohttp.web.Response(status=500)
    stranger = await comes("")
    await go_there(stranger, issuer)
    await stranger.sees("The service where you sign in cannot be reached")
    await stranger.page.goto(await link_for(house, "grace"))
    await stranger.page.reload()
    await stranger.sees("Choose a password")


async def test_nothing_is_wrong_with_the_button_and_what_it_led_to(comes: Comes, house: House, issuer: Issuer) -> None:
    stranger = await comes("", size=NARROW, bypass_csp=True, path="/#sign-in-failed=unreachable")
    await stranger.sees("The service where you sign in cannot be reached")
    await stranger.sees(f"Sign in with {NAME}")
    assert await stranger.violations() == []
