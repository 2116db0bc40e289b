"""The page of activity: what happens in words, as it happens, as far as its reader may know."""

import re

from playwright.async_api import Locator, expect

from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import ADA, Step


def lines(reader: Reader) -> Locator:
    """What happened, the newest first."""
    return reader.page.locator(".lines > li")


async def comes_to_activity(comes: Comes, login: str = "grace", path: str = "/activity", **how: object) -> Reader:
    reader = await comes(login, path=path, **how)
    await reader.settled()
    return reader


async def rejected(office: Office) -> Lead:
    """One letter, and Ada's word on it."""
    lead = Lead(number=1)
    await office.tell(
        Step(0, (controls.run_requested(),), ADA),
        lead.step(),
        Step(0, (controls.email_rejected(**lead.seen),), ADA),
    )
    return lead


async def test_what_happened_is_told_in_words(comes: Comes, office: Office) -> None:
    lead = await rejected(office)
    grace = await comes_to_activity(comes)
    await expect(lines(grace)).to_have_count(6)
    newest = lines(grace).first
    await expect(newest).to_contain_text("Ada rejected the letter, Ask: “It asks for nothing.”")
    await expect(newest.get_by_role("link", name="Person 1")).to_have_attribute("href", f"/leads/{lead.lead_id}")
    await expect(newest.locator("time")).to_have_attribute("title", re.compile(r"2026-03-02 09:\d\d:\d\d UTC"))
    await expect(lines(grace).last).to_contain_text("Ada asked for a staging run over leads.csv")
    assert await grace.page.locator(".lines").evaluate("one => /_|undefined|null|NaN/.test(one.innerText)") is False


async def test_it_is_filtered_by_kind_person_run_and_lead(comes: Comes, office: Office) -> None:
    lead = await rejected(office)
    await office.tell(Lead(number=2).step())
    grace = await comes_to_activity(comes)
    await expect(lines(grace)).to_have_count(10)
    await grace.page.get_by_role("button", name="Letters").click()
    await expect(lines(grace)).to_have_count(3)
    await grace.page.get_by_role("button", name="Runs").click()
    await expect(lines(grace)).to_have_count(4)
    await lines(grace).first.get_by_role("button", name="The importer").click()
    await expect(lines(grace)).to_have_count(2)
    await expect(grace.page.get_by_role("button", name="who: The importer")).to_be_visible()
    await grace.page.reload()
    await expect(lines(grace)).to_have_count(2)
    await expect(grace.page.get_by_role("button", name="who: The importer")).to_be_visible()
    await grace.page.get_by_role("button", name="Clear all").click()
    await grace.press("f")
    await grace.page.get_by_label(re.compile("^what")).select_option(label="Letter rejected")
    await expect(lines(grace)).to_have_count(1)
    await grace.page.get_by_label(re.compile("^what")).select_option(label="Lead withdrawn")
    await grace.sees("Nothing happened that fits these filters")
    await grace.page.goto(f"{grace.house.url}/activity?lead_id={lead.lead_id}")
    await expect(lines(grace)).to_have_count(5)
    await expect(grace.page.get_by_role("button", name="about: Person 1")).to_be_visible()


async def test_what_comes_is_shown_at_once_or_held_while_its_reader_looks_elsewhere(
    comes: Comes, office: Office
) -> None:
    await office.tell(*(Lead(number=number).step() for number in range(1, 12)))
    grace = await comes_to_activity(comes)
    await office.tell(Step(0, (controls.lead_duplicate(lead_id=Lead(number=1).lead_id),)))
    await expect(lines(grace).first).to_contain_text("met a known lead")
    await grace.press("p")
    await grace.sees("Paused.")
    await office.tell(Lead(number=12).step())
    new = grace.page.get_by_role("button", name="4 new")
    await expect(new).to_be_visible()
    await expect(lines(grace).first).to_contain_text("met a known lead")
    await grace.press("p")
    await expect(lines(grace).first).to_contain_text("wrote version 1")
    scroller = grace.page.locator(".sheet-scroll")
    await scroller.evaluate("one => new Promise((go) => { one.onscroll = go; one.scrollTop = 400; })")
    await office.tell(Step(0, (controls.lead_duplicate(lead_id=Lead(number=2).lead_id),)))
    await grace.page.get_by_role("button", name="1 new").click()
    await expect(lines(grace).first).to_contain_text("met a known lead")
    await expect(lines(grace).first).to_be_in_viewport()
    assert await scroller.evaluate("one => one.scrollTop") == 0


async def test_who_did_what_to_accounts_is_told_to_those_who_may_audit(comes: Comes, office: Office) -> None:
    await rejected(office)
    vera = await comes_to_activity(comes, "vera")
    await expect(vera.page.get_by_role("button", name="People", exact=True)).to_be_visible()
    await expect(lines(vera).filter(has_text="opened an account for grace")).to_have_count(1)
    await expect(lines(vera).filter(has_text="rejected the letter")).to_contain_text("words hidden")
    content = await vera.page.content()
    assert not re.search(r"redacted|Person 1|It asks for nothing\.", content)
    grace = await comes_to_activity(comes)
    await expect(lines(grace)).to_have_count(6)
    await expect(grace.page.get_by_role("button", name="People", exact=True)).to_have_count(0)
    await expect(lines(vera).filter(has_text="Grace saw the data")).to_have_count(0)
    await vera.page.get_by_role("button", name="People", exact=True).click()
    await expect(lines(vera).filter(has_text="Grace saw the data").first).to_be_visible()


async def test_empty_says_why_and_the_first_event_ends_it(comes: Comes, office: Office) -> None:
    grace = await comes_to_activity(comes)
    await grace.sees("Nothing has happened yet")
    await office.tell(Step(0, (next(Lead(number=1).story()),)))
    await expect(lines(grace)).to_have_count(1)


async def test_nothing_is_wrong_in_any_state(comes: Comes, office: Office) -> None:
    reader = await comes_to_activity(comes, bypass_csp=True)
    await reader.sees("Nothing has happened yet")
    found = await reader.violations()
    await rejected(office)
    await expect(lines(reader)).to_have_count(6)
    await reader.press("p", "f")
    await office.tell(Step(0, (controls.email_revoked(**Lead(number=1).seen),), ADA))
    await reader.sees("1 new")
    found += await reader.violations()
    phone = await comes_to_activity(comes, "vera", size=NARROW, bypass_csp=True)
    await expect(lines(phone).first).to_be_visible()
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
