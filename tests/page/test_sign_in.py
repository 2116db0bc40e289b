"""Signing in: by password, by link, and every way that does not let somebody in."""

import re
from uuid import uuid4

from playwright.async_api import expect

from tests.page.house import Comes, House, Reader

PASSWORD = "a password of twelve and more"
REFUSED = "status of 401"


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

    await grace.page.get_by_label("Grace: you").click()
    await grace.page.get_by_role("button", name="Sign out").click()
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
