"""Settings in a browser: the own password and tokens, the gates as they stand, and people for admins."""

import re

import pytest
from playwright.async_api import expect

from contracts.errors import Unauthenticated
from tests import controls
from tests.integration.gateway.office import FOUNDER, Office
from tests.page.house import NARROW, REFUSED, Comes
from tests.unit.projections.stories import Step

PASSWORD = "a password of twelve and more"


async def test_token_is_told_once_does_what_it_may_and_is_revoked(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path="/settings")
    await otto.page.get_by_role("button", name="New token").click()
    await expect(otto.page.get_by_label("What it is for")).to_be_focused()
    await otto.type("Nightly import")
    await otto.page.get_by_label("How many days").fill("400")
    await otto.press("Enter")
    await otto.sees("Use a whole number from 1 to 366.")
    await otto.page.get_by_label("How many days").fill("7")
    await otto.page.get_by_role("dialog").get_by_label("start and stop runs").check()
    await otto.press("Enter")
    text = await otto.page.get_by_label("The token", exact=True).input_value()
    person = await office.backend.accounts.authenticate(text)
    assert (person.login, person.permissions) == ("otto", ("run",))
    await otto.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await otto.page.get_by_role("button", name="Copy").click()
    await otto.sees("Copied")
    assert await otto.page.evaluate("navigator.clipboard.readText()") == text
    await otto.press("Escape")
    await expect(otto.page.get_by_role("dialog")).to_have_count(0)
    assert text not in await otto.page.content()
    row = otto.page.get_by_role("row", name="Nightly import")
    await expect(row).to_contain_text("start and stop runs")

    await otto.page.get_by_role("button", name="Revoke the token Nightly import").click()
    await otto.page.get_by_role("button", name="Revoke it").click()
    await expect(row).to_have_count(0)
    with pytest.raises(Unauthenticated):
        await office.backend.accounts.authenticate(text)


async def test_admin_lets_somebody_in_who_comes_by_the_link_and_is_closed_again(comes: Comes) -> None:
    alan = await comes("alan", path="/settings")
    await alan.page.get_by_role("button", name="Add a person").click()
    await alan.type("k im")
    await alan.page.get_by_role("button", name="Let them in").click()
    await alan.sees("Choose at least one role.")
    await alan.page.get_by_role("dialog").get_by_label("reviewer").check()
    alan.bears("status of 422")
    await alan.page.get_by_role("button", name="Let them in").click()
    await expect(alan.page.get_by_label("Login")).to_have_attribute("aria-invalid", "true")
    await alan.page.get_by_label("Login").fill("kim")
    await alan.page.get_by_label("Name", exact=True).fill("Kim Lee")
    await alan.page.get_by_role("button", name="Let them in").click()
    await alan.page.get_by_role("button", name="Make the link").click()
    link = await alan.page.get_by_label("The link", exact=True).input_value()
    await alan.sees("Good for 10:00 more")
    await alan.press("Escape")
    await expect(alan.page.get_by_role("dialog")).to_have_count(0)
    assert link not in await alan.page.content()

    kim = await comes("")
    await kim.page.goto(link)
    await kim.page.reload()
    await kim.page.get_by_role("button", name="Not now").click()
    kim.bears(REFUSED, "ERR_INCOMPLETE_CHUNKED_ENCODING")
    row = alan.page.get_by_role("row", name="Kim Lee")
    await alan.page.get_by_role("button", name="Roles of Kim Lee").click()
    await alan.page.get_by_role("dialog").get_by_label("auditor").check()
    await alan.page.get_by_role("button", name="Give these roles").click()
    await expect(row).to_contain_text("reviewer, auditor")
    await alan.page.get_by_role("button", name="Close the account of Kim Lee").click()
    await alan.type("Left the company.")
    await alan.press("Enter")
    await expect(row).to_contain_text("closed")
    await kim.page.reload()
    await expect(kim.page.get_by_label("Login")).to_be_visible()


async def test_last_admin_is_told_why_the_role_stays(comes: Comes) -> None:
    alan = await comes("alan", path="/settings")
    alan.bears("status of 409")
    await alan.page.get_by_role("button", name="Roles of Alan").click()
    await alan.page.get_by_role("dialog").get_by_label("admin").uncheck()
    await alan.page.get_by_role("dialog").get_by_label("reviewer").check()
    await alan.page.get_by_role("button", name="Give these roles").click()
    await expect(alan.page.get_by_role("dialog")).to_contain_text(re.compile("last|only|no other", re.IGNORECASE))


async def test_password_is_set_and_then_asked_for(comes: Comes) -> None:
    grace = await comes("grace", path="/settings")
    await grace.page.get_by_label("New password").fill(PASSWORD)
    await grace.page.get_by_label("The same again").fill(PASSWORD + "!")
    await grace.press("Enter")
    await grace.sees("The two do not match")
    await expect(grace.page.get_by_label("The same again")).to_be_focused()
    await grace.page.get_by_label("The same again").fill(PASSWORD)
    await grace.press("Enter")
    await grace.sees("Your password is set")
    grace.bears("status of 422")
    now = grace.page.get_by_label("Your password now")
    for said in ("not my password", PASSWORD):
        await now.fill(said)
        await grace.page.get_by_label("New password").fill(PASSWORD + "!")
        await grace.page.get_by_label("The same again").fill(PASSWORD + "!")
        await grace.press("Enter")
        await grace.sees("The current password is not right" if said != PASSWORD else "Your password is changed")


async def test_gates_say_whether_they_are_open_and_follow_a_halt(comes: Comes, office: Office) -> None:
    vera = await comes("vera", path="/settings")
    gates = vera.page.locator(".gates li")
    await expect(gates).to_have_count(6)
    await expect(gates.first).to_contain_text("open")
    await expect(gates.nth(1)).to_contain_text("depends on the letter")
    await expect(gates.last).to_contain_text("closed")
    await vera.settled()
    await office.tell(Step(0, (controls.outbound_halted(reason="A complaint came in."),), FOUNDER))
    await expect(gates.first).to_contain_text("Sending is halted: A complaint came in.")
    await vera.sees("You are an auditor: you can look. Admins let people in and change their roles.")


async def test_axe_finds_nothing(comes: Comes) -> None:
    alan = await comes("alan", path="/settings", bypass_csp=True)
    await alan.sees("Otto")
    await alan.sees("The mailer")
    found = await alan.violations()
    dialog = alan.page.get_by_role("dialog")
    for opens, seen in (("New token", "What it may"), ("Add a person", "Roles"), ("Roles of Otto", "Give these roles")):
        await alan.page.get_by_role("button", name=opens).click()
        await expect(dialog).to_contain_text(seen)
        found += await alan.violations()
        await alan.press("Escape")
        await expect(dialog).to_have_count(0)
    await alan.page.get_by_role("button", name="A sign-in link for Otto").click()
    await alan.page.get_by_role("button", name="Make the link").click()
    await alan.sees("Good for")
    found += await alan.violations()
    phone = await comes("alan", path="/settings", size=NARROW, bypass_csp=True)
    await phone.sees("Otto")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
