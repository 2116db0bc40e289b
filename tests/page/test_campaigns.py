"""Campaigns: a run is started for one, and lists are narrowed to one."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

from contracts.lead import LeadScored, RunTerms
from contracts.run import RunRequested
from services.cli.set_up import SetUp
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.page.test_runs import drop, requested
from tests.unit.projections.stories import ADA, Step

RUN, OTHER = "run_20260302_090000_abcdef", "run_20260302_080000_abcdef"
FOUNDERS = '[audience]\ntiers = ["tier_1"]\ntitles = ["CEO", "founder"]\n'


@pytest.fixture
def campaigns(office: Office, tmp_path: Path) -> Path:
    """One that can be used, and one that cannot."""
    (tmp_path / "founders.toml").write_text(FOUNDERS)
    (tmp_path / "broken.toml").write_text("angels = 1\n")
    assert isinstance(office.backend.set_up, SetUp)
    office.backend.set_up.voices.campaigns.folder = tmp_path
    return tmp_path


def began(run_id: str, campaign: str = "", **more: Any) -> Step:
    """A run over real people."""
    terms = RunTerms(run_id=run_id, mode="production", campaign=campaign)
    return Step(0, (controls.run_requested(run_id=run_id, terms=terms, **more),), ADA)


async def chosen_in(reader: Reader, button: str) -> RunRequested:
    """Choose the founders beside a button, and start."""
    form = reader.page.locator("form").filter(has=reader.page.get_by_role("button", name=button))
    field = form.get_by_label("Campaign")
    await expect(form.get_by_text("broken: angels")).to_be_visible()
    await expect(field.locator("option[value=broken]")).to_be_disabled()
    await field.select_option("founders")
    await expect(form.get_by_text("For tier 1; as CEO or founder. From")).to_be_visible()
    await reader.page.get_by_role("button", name=button).click()
    await reader.sees("What was asked for")
    await expect(reader.page.locator(".facts-list")).to_contain_text("founders")
    [asked] = await requested(reader.house.office)
    return asked


@pytest.mark.usefixtures("campaigns")
async def test_list_is_worked_through_for_a_campaign(comes: Comes, namespace: str) -> None:
    otto = await comes("otto", path="/runs/new")
    await drop(otto)
    await otto.page.get_by_label("Real: production").check()
    await otto.page.get_by_label("To confirm").fill(namespace)
    assert (await chosen_in(otto, "Start with 2 leads")).terms.campaign == "founders"


@pytest.mark.usefixtures("campaigns")
async def test_invented_people_try_a_campaign(comes: Comes) -> None:
    otto = await comes("otto", path="/runs/new")
    assert (await chosen_in(otto, "Invent them")).terms.campaign == "founders"


async def test_campaign_that_broke_meanwhile_says_what_is_missing(
    comes: Comes, office: Office, campaigns: Path
) -> None:
    otto = await comes("otto", path="/runs/new")
    otto.bears("status of 409")
    await otto.page.get_by_label("Campaign").select_option("founders")
    (campaigns / "founders.toml").write_text("angels = 1\n")
    await otto.page.get_by_role("button", name="Invent them").click()
    await expect(otto.page.locator(".invent")).to_contain_text("angels")
    assert await requested(office) == []


async def test_nobody_is_asked_where_no_campaign_is_set_up(comes: Comes) -> None:
    otto = await comes("otto", path="/runs/new")
    await otto.settled()
    await expect(otto.page.get_by_label("Campaign")).to_have_count(0)


@pytest.mark.usefixtures("campaigns")
async def test_runs_are_narrowed_to_a_campaign_and_the_address_keeps_it(comes: Comes, office: Office) -> None:
    await office.tell(began(OTHER), began(RUN, "founders"))
    otto = await comes("otto", path="/runs")
    rows = otto.page.get_by_role("table", name="Runs").locator("tbody tr")
    await expect(rows).to_have_count(2)
    await otto.press("f")
    field = otto.page.get_by_role("group", name="Filters").get_by_label("campaign")
    await expect(field).to_be_focused()
    await field.select_option("founders")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("founders")
    await otto.page.reload()
    await expect(rows).to_have_count(1)
    await expect(otto.page.locator(".toolbar .file")).to_have_attribute(
        "href", "/api/runs?campaign=founders&format=csv"
    )
    await otto.press("f")
    await field.select_option("broken")
    await otto.sees("No run of this campaign")
    await otto.page.get_by_role("button", name="Show all runs").click()
    await expect(rows).to_have_count(2)


@pytest.mark.usefixtures("campaigns")
async def test_queue_and_leads_are_narrowed_to_a_campaign(comes: Comes, office: Office) -> None:
    mine = Lead(number=1, campaign="founders")
    scored = (replace(one, campaign="founders") if isinstance(one, LeadScored) else one for one in mine.story())
    await office.tell(Step(0, tuple(scored)), Lead(number=2).step())
    grace = await comes()
    await grace.settled()
    await expect(grace.rows).to_have_count(2)
    await grace.press("f")
    field = grace.page.get_by_role("group", name="Filters").get_by_label("campaign")
    await expect(field.locator("option")).to_have_text(["any", "broken", "engines", "founders"])
    await field.select_option("founders")
    await expect(grace.rows).to_have_count(1)
    await expect(grace.chosen).to_contain_text("Person 1")
    await field.select_option("broken")
    await grace.sees("No letter fits these filters")
    await grace.page.goto(f"{grace.house.url}/leads")
    people = grace.page.locator(".leads .lead-link")
    await expect(people).to_have_count(2)
    await grace.press("f")
    await field.select_option("founders")
    await expect(people).to_have_text(["Person 1"])


@pytest.mark.usefixtures("campaigns")
async def test_feedback_is_of_one_campaign_where_one_is_chosen(comes: Comes, office: Office) -> None:
    mine, other = Lead(number=1, campaign="founders"), Lead(number=2)
    await office.tell(mine.step(), other.step())
    await office.tell(*(Step(0, (controls.email_approved(**one.seen),), ADA) for one in (mine, other)))
    grace = await comes(path="/feedback")
    answers = grace.page.locator(".answer-list > li")
    await expect(answers).to_have_count(2)
    field = grace.page.locator(".of-campaign select")
    await field.select_option("founders")
    await expect(answers).to_have_count(1)
    await expect(grace.page.locator(".fared tbody")).to_contain_text("1 draft")
    await grace.page.reload()
    await expect(field).to_have_value("founders")
    await expect(answers).to_have_count(1)
    await field.select_option("broken")
    await grace.sees("No draft of this campaign")
    await grace.page.get_by_role("button", name="Show all campaigns").click()
    await expect(answers).to_have_count(2)


@pytest.mark.usefixtures("campaigns")
async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    await office.tell(began(RUN, "founders"), Lead(number=1, campaign="founders").step())
    found: list[str] = []
    for size in ({}, {"size": NARROW}):
        otto = await comes("otto", bypass_csp=True, path="/runs", **size)
        await otto.sees("leads.csv")
        await otto.press("f")
        found += await otto.violations()
        await otto.page.goto(f"{otto.house.url}/runs/new")
        await otto.page.get_by_label("Campaign").select_option("founders")
        found += await otto.violations()
        await otto.page.goto(f"{otto.house.url}/feedback?campaign=founders")
        await otto.sees("Nobody has answered a draft yet")
        found += await otto.violations()
        width = await otto.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
    assert found == []
