"""The page of leads: how many stand where and why, one of them opened, and what it shows of what comes."""

import re

from playwright.async_api import Locator, expect

from services.operator.decide import POLICY_ACTOR
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import ADA, Step

OTHER_RUN = "run_20260302_083000_abcdef"


async def five_ways(office: Office) -> list[Lead]:
    """A refused row, and leads that wait for a person, were rejected, need data, and have just come."""
    waits, rejected, lacking, came = (Lead(number=number) for number in (1, 2, 3, 4))
    needs = controls.lead_scored(
        lead_id=lacking.lead_id,
        account_id=lacking.account_id,
        score=31,
        tier="needs_data",
        next="stop",
        stop_reason="needs_data",
        missing=("employees",),
        reasons=("Nobody knows how large it is",),
    )
    sourced = list(lacking.story())[:2]
    await office.tell(
        Step(0, (controls.run_requested(run_id=controls.RUN),), ADA),
        Step(0, (controls.lead_refused(),)),
        waits.step(),
        rejected.step(),
        Step(0, (*sourced, needs)),
        Step(0, (next(came.story()),)),
        Step(0, (controls.email_rejected(**rejected.seen),), ADA),
    )
    return [waits, rejected, lacking, came]


def rows(reader: Reader) -> Locator:
    """The list."""
    return reader.page.locator(".records tbody tr")


async def comes_to_leads(comes: Comes, login: str = "grace", **how: object) -> Reader:
    reader = await comes(login, path="/leads", **how)
    await reader.settled()
    return reader


async def test_each_lead_says_where_it_stands_why_and_what_would_move_it(comes: Comes, office: Office) -> None:
    await five_ways(office)
    grace = await comes_to_leads(comes)
    await expect(rows(grace)).to_have_count(5)
    await expect(rows(grace).first).to_contain_text("Person 2")
    await expect(rows(grace).filter(has_text="Person 2")).to_contain_text("rejected by a person")
    lacking = rows(grace).filter(has_text="Person 3")
    await expect(lacking).to_contain_text("Nobody knows how large it is")
    await expect(lacking).to_contain_text("Bring employees, and it goes on")
    refused = rows(grace).filter(has_text="Row 1 of leads.csv")
    await expect(refused).to_contain_text("It has no @.")
    await expect(refused).to_contain_text("Add the domain.")
    bars = grace.page.locator(".bars tbody tr")
    await expect(bars.filter(has_text="Came in")).to_contain_text("5")
    await expect(bars.filter(has_text="Drafted")).to_contain_text("2")
    await expect(bars.filter(has_text="Answered")).to_contain_text("1")
    await expect(grace.page.locator(".stands")).to_contain_text("a draft waits for a person")
    assert await grace.page.locator(".sheet").evaluate("one => /_|undefined|null|NaN/.test(one.innerText)") is False


async def test_list_is_searched_filtered_and_cleared_and_the_address_leads_there_again(
    comes: Comes, office: Office
) -> None:
    await five_ways(office)
    grace = await comes_to_leads(comes)
    await grace.press("/")
    await grace.type("Works 3")
    await expect(rows(grace)).to_have_count(1)
    await grace.page.get_by_role("searchbox").fill("nobody at all")
    await grace.sees("No lead fits these filters")
    await grace.sees("5 leads are there without them")
    await grace.page.get_by_role("button", name="Clear filters").click()
    await expect(rows(grace)).to_have_count(5)
    await grace.page.get_by_role("button", name="a draft waits for a person").click()
    await expect(rows(grace)).to_have_count(1)
    await grace.page.reload()
    await expect(rows(grace)).to_have_count(1)
    await grace.page.get_by_role("button", name="Clear all").click()
    await grace.page.get_by_role("button", name="Filter", exact=False).first.click()
    await grace.page.get_by_label("tier").select_option("needs_data")
    await expect(rows(grace)).to_have_count(1)
    await expect(rows(grace)).to_contain_text("Person 3")
    href = await grace.page.get_by_role("link", name="CSV").get_attribute("href")
    assert href == "/api/leads?tier=needs_data&format=csv"


async def test_lead_tells_its_story_and_what_led_to_what(comes: Comes, office: Office) -> None:
    await five_ways(office)
    grace = await comes_to_leads(comes)
    await rows(grace).first.locator("a").focus()
    await grace.press("j", "k", "Enter")
    pane = grace.page.locator(".lead-pane")
    await expect(pane.get_by_role("heading", name="Person 2")).to_be_focused()
    moments = pane.locator(".timeline li")
    await expect(moments).to_have_count(5)
    await expect(moments.first).to_contain_text("Came from leads.csv, row 1")
    await expect(moments.last).to_contain_text("Letter rejected")
    await expect(moments.last).to_contain_text("by Ada")
    await expect(moments.last).to_contain_text("rejected: ask")
    await expect(moments.last.locator("time")).to_contain_text("10:")
    await expect(moments.last.locator("time")).to_have_attribute("title", re.compile(r"2026-03-02 09:.* UTC"))
    boxes = pane.locator(".box")
    await expect(pane.locator(".why-list li").first).to_be_visible()
    await expect(boxes).to_have_count(await pane.locator(".why-list li").count())
    await boxes.first.focus()
    await grace.press("ArrowRight")
    await expect(pane.locator(".box:focus")).to_have_attribute("aria-label", re.compile("after: "))
    await grace.press("Escape")
    await expect(pane).to_have_count(0)
    await expect(grace.page.locator(".lead-link").first).to_be_focused()


async def test_funnel_list_and_open_lead_follow_what_happens(comes: Comes, office: Office) -> None:
    leads = await five_ways(office)
    grace = await comes_to_leads(comes)
    await office.tell(Step(0, (next(Lead(number=6).story()),)))
    await expect(rows(grace).first).to_contain_text("Person 6")
    await expect(grace.page.locator(".bars tbody tr").first).to_contain_text("6")
    await rows(grace).filter(has_text="Person 1").click()
    moments = grace.page.locator(".timeline li")
    await expect(moments).to_have_count(4)
    await office.tell(Step(0, (controls.email_approved(**leads[0].seen),), POLICY_ACTOR))
    await expect(moments).to_have_count(5)
    await expect(moments.last).to_contain_text("by the policy")
    await expect(grace.page.locator(".lead-head")).to_contain_text("Approved, can still be taken back")


async def test_no_lead_says_so_and_names_the_next_step(comes: Comes) -> None:
    grace = await comes_to_leads(comes)
    await grace.sees("No lead has come yet")
    await expect(grace.page.get_by_role("link", name="Bring a list")).to_have_attribute("href", "/runs/new")


async def test_address_of_no_lead_says_so(comes: Comes, office: Office) -> None:
    await five_ways(office)
    grace = await comes("grace", path="/leads/nobody")
    grace.bears("status of 404")
    await grace.sees("There is no such lead")
    await grace.page.get_by_role("button", name="Show all leads").click()
    await expect(rows(grace)).to_have_count(5)


async def test_auditor_sees_what_was_done_and_not_to_whom(comes: Comes, office: Office) -> None:
    leads = await five_ways(office)
    vera = await comes_to_leads(comes, "vera")
    await expect(rows(vera).filter(has_text="Name hidden")).to_have_count(4)
    await vera.page.goto(f"{vera.house.url}/leads/{leads[1].lead_id}")
    await expect(vera.page.locator(".lead-head")).to_contain_text("names and texts are hidden")
    await expect(vera.page.locator(".timeline li")).to_have_count(5)
    content = await vera.page.content()
    assert "Person 2" not in content
    assert "redacted" not in content


async def test_store_away_is_said_and_looked_at_again(comes: Comes, office: Office) -> None:
    await five_ways(office)
    grace = await comes()
    grace.bears("status of 503")
    problem = {"type": "urn:swarm:store-unavailable", "detail": "The log cannot be reached.", "remedy": "Wait."}
    await grace.page.route("**/api/leads?*", lambda route: route.fulfill(status=503, json=problem))
    await grace.press("g", "l")
    await grace.sees("The store is away")
    await expect(grace.page.get_by_role("button", name="Try now")).to_be_visible()
    await grace.page.unroute("**/api/leads?*")
    await expect(rows(grace)).to_have_count(5)


async def test_nothing_is_wrong_in_any_state(comes: Comes, office: Office) -> None:
    reader = await comes_to_leads(comes, bypass_csp=True)
    found = await reader.violations()
    leads = await five_ways(office)
    await expect(rows(reader)).to_have_count(5)
    await reader.press("f")
    found += await reader.violations()
    await rows(reader).filter(has_text="Person 2").click()
    await expect(reader.page.locator(".box").first).to_be_visible()
    found += await reader.violations()
    phone = await comes_to_leads(comes, "vera", size=NARROW, bypass_csp=True)
    await expect(rows(phone)).to_have_count(5)
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await phone.page.goto(f"{phone.house.url}/leads/{leads[1].lead_id}")
    await expect(phone.page.locator(".why-list li").first).to_be_visible()
    found += await phone.violations()
    assert found == []
