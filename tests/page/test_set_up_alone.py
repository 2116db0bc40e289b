"""Set-up in a browser, and its list of those who are left alone: put on it, brought, looked up, taken off."""

import json

from playwright.async_api import expect

from tests.integration.gateway.office import DOMAIN, Lead, Office
from tests.page.house import NARROW, Comes, Reader

PATH = "/set-up/leave-alone"


async def bring(reader: Reader, text: str, name: str = "customers.csv") -> None:
    """Choose a file, as the drop zone lets everybody."""
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    await reader.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]


async def test_two_keys_lead_to_set_up_and_its_tabs_have_addresses(comes: Comes, office: Office) -> None:
    otto = await comes("otto")
    await otto.settled()
    await otto.press("g", "u")
    await expect(otto.page.get_by_role("heading", name="Set-up")).to_be_visible()
    bar = otto.page.get_by_role("navigation", name="Set-up")
    for tab in ("Ideal customer", "Templates", "Leave alone"):
        await bar.get_by_role("link", name=tab).focus()
        await otto.press("Enter")
        await expect(bar.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        await expect(bar.get_by_role("link", name=tab)).to_be_focused()
    assert otto.page.url.endswith(PATH)
    await expect(bar.get_by_role("link", name="Leave alone")).to_have_attribute("aria-current", "page")
    await expect(otto.page).to_have_title("Leave alone · Set-up · Alpha Swarm")
    await otto.page.goto(f"{otto.house.url}/set-up/nothing")
    await otto.sees("There is no page at this address")


async def test_somebody_is_put_on_the_list_by_keyboard_found_on_it_and_taken_off(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path=PATH)
    await otto.sees("Nobody is excluded.")
    await otto.page.get_by_label("Address or domain", exact=True).focus()
    await otto.type("acme.example")
    await otto.press("Tab")
    await otto.type("A customer.")
    await otto.press("Enter")
    await otto.sees("no draft from any source")
    await otto.sees("1 entry.")
    row = otto.page.get_by_role("row", name="domain excl:")
    for seen in ("A customer.", "typed in", "Otto"):
        await expect(row).to_contain_text(seen)
    await expect(otto.page.get_by_label("Address or domain", exact=True)).to_be_focused()
    assert "acme.example" not in await otto.page.content()

    asked = otto.page.get_by_label("Address or domain to look up")
    await asked.fill("bob@mail.acme.example")
    await otto.press("Enter")
    await otto.sees("Excluded by its domain")
    await asked.fill("bob@other.example")
    await otto.press("Enter")
    await otto.sees("Not excluded.")

    await row.get_by_role("button", name="Take off excl:").click()
    await otto.sees("It was left alone because: A customer.")
    await otto.page.get_by_role("button", name="Take it off").click()
    await otto.sees("Off the list. Leads that were held out come back with the next import")
    await otto.sees("Nobody is excluded.")


async def test_field_that_cannot_be_used_says_so_and_has_the_focus(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path=PATH)
    otto.bears("status of 422")
    who, reason = (
        otto.page.get_by_label(name, exact=True) for name in ("Address or domain", "Why; without naming them")
    )
    await otto.page.get_by_role("button", name="Leave alone").click()
    await expect(who).to_be_focused()
    await expect(who).to_have_attribute("aria-invalid", "true")
    await who.fill("no such thing")
    await otto.press("Enter")
    await otto.sees("Give one address such as name@company.com")
    await who.fill("acme.example")
    await reason.fill("They are acme.example.")
    await otto.press("Enter")
    await otto.sees("Say why without naming it.")
    await expect(reason).to_be_focused()


async def test_list_is_brought_and_lines_that_name_nobody_are_told(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path=PATH)
    otto.bears("status of 422")
    why = otto.page.get_by_label("Why, for all of the list")
    await why.fill("As ada@acme.example said.")
    await bring(otto, "email\nada@acme.example\nno address\nbob@acme.example\n")
    await otto.sees("Say why without naming")
    await expect(why).to_be_focused()
    await why.fill("Customers since May.")
    await bring(otto, "email\nada@acme.example\nno address\nbob@acme.example\n")
    await otto.sees("2 entries new on the list, 0 on it before.")
    await expect(otto.page.get_by_role("table", name="Lines that name nobody").get_by_role("row")).to_have_count(2)
    known = otto.page.get_by_role("table", name="Those who are left alone")
    await expect(known).to_contain_text("customers.csv")
    await expect(known.get_by_text("Customers since May.")).to_have_count(2)
    await expect(why).to_have_value("")
    await bring(otto, "email\nada@acme.example\nbob@acme.example\n")
    await otto.sees("0 entries new on the list, 2 on it before.")
    await otto.page.get_by_role("link", name="CSV").wait_for()
    assert "acme.example" not in await otto.page.content()


async def test_what_somebody_else_puts_on_the_list_appears_by_itself(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path=PATH)
    await otto.settled()
    await otto.sees("Nobody is excluded.")
    await office.post("/api/exclusions", {"who": "acme.example", "reason": "Said no."}, "admin")
    await otto.sees("Said no.")


async def test_draft_that_waits_for_somebody_who_is_excluded_cannot_be_approved(
    comes: Comes, office: Office, letters: list[Lead]
) -> None:
    """The queue says why, wherever the exclusion was typed."""
    otto = await comes("otto", path=PATH)
    await otto.page.get_by_label("Address or domain", exact=True).fill(DOMAIN)
    await otto.press("Enter")
    await otto.sees("1 entry.")
    grace = await comes()
    await grace.settled()
    grace.bears("status of 409")
    await grace.press("a")
    await expect(grace.said).to_contain_text("is on the list of those to leave alone, so this draft cannot go on.")
    await expect(grace.said).to_contain_text("swarm exclude remove")
    await grace.page.get_by_role("button", name="Reject it").click()
    await expect(grace.page.get_by_role("dialog", name="Reject")).to_be_visible()
    await expect(grace.chosen).to_contain_text("Person 1")


async def test_who_may_not_keep_the_list_is_told_who_may(comes: Comes, office: Office) -> None:
    grace = await comes(path=PATH)
    await grace.sees("You are a reviewer: you can look. Operators and admins keep this list.")
    await expect(grace.page.get_by_label("Address or domain", exact=True)).to_have_count(0)


async def test_list_that_cannot_be_read_says_so_and_comes_back(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path="/settings")
    otto.bears("status of 503")
    away = json.dumps({"type": "urn:swarm:store-unavailable", "detail": "The log cannot be reached."})
    await otto.page.route("**/api/exclusions?*", lambda route: route.fulfill(status=503, body=away))
    await otto.page.goto(otto.house.url + PATH)
    await otto.sees("The store is away")
    await otto.page.unroute("**/api/exclusions?*")
    await otto.sees("Nobody is excluded.")


async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    await office.post("/api/exclusions", {"who": "acme.example", "reason": "Said no."}, "admin")
    otto = await comes("otto", path=PATH, bypass_csp=True)
    await otto.sees("Said no.")
    await bring(otto, "email\nada@acme.example\nno address\n")
    await otto.sees("1 line names nobody")
    found = await otto.violations()
    await otto.page.get_by_role("button", name="Take off excl:").first.click()
    await expect(otto.page.get_by_role("dialog")).to_be_visible()
    found += await otto.violations()
    phone = await comes("otto", path=PATH, size=NARROW, bypass_csp=True)
    await phone.sees("Said no.")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
