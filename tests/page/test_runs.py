"""Runs in a browser: a list that is dropped becomes a run; what is refused, stopped or taken back says so."""

import re
from typing import Any

from playwright.async_api import Route, expect

from contracts.lead import RunTerms
from contracts.run import RunRequested, Tally
from tests import controls
from tests.integration.gateway.office import DOMAIN, Lead, Office
from tests.page.house import NARROW, Comes, House, Reader
from tests.unit.projections.stories import ADA, Step

RUN = "run_20260302_090000_abcdef"
CSV = (
    "Adresse,Full Name,Company,Phone\n"
    f"amy@new.{DOMAIN},Amy Engel,New Works,123\n"
    f"bea@other.{DOMAIN},Bea Lund,Other Works,\n"
    "nobody at nowhere,Cid Moss,,\n"
)
DROPPED = """
    (zone, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "people.csv", { type: "text/csv" }));
        for (const type of ["dragenter", "dragover", "drop"])
            zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
    }
"""


async def drop(reader: Reader, text: str = CSV) -> None:
    """Drop a file onto the page, as somebody does who drags it there."""
    await reader.page.locator(".drop").evaluate(DROPPED, text)


async def requested(office: Office) -> list[RunRequested]:
    """Every run that was asked for."""
    found = [one.decode(0) for one in await office.backend.log.tail(0, ["run"], 0, count=99)]
    return [one.event for one in found if isinstance(one.event, RunRequested)]


def began(run_id: str = RUN, **more: Any) -> RunRequested:
    """A run over real people."""
    return controls.run_requested(run_id=run_id, terms=RunTerms(run_id=run_id, mode="production"), **more)


async def test_list_that_is_dropped_is_corrected_seen_through_and_started(comes: Comes, office: Office) -> None:
    otto = await comes("otto")
    await otto.page.get_by_role("link", name="Bring your list").click()
    await expect(otto.page.get_by_role("heading", name="New run")).to_be_focused()
    await drop(otto)
    await otto.sees("3 rows, 4 columns, 1 kB")
    address = otto.page.get_by_label("What Adresse is taken as")
    await expect(address).to_have_value("")
    counts = otto.page.locator(".counts")
    await expect(counts.locator(".sourced strong")).to_have_text("2")
    await otto.sees("No column gives an e-mail address.")
    await address.select_option("email")
    await expect(otto.page.get_by_role("row", name="Adresse")).to_contain_text("you said so")
    await expect(otto.page.get_by_role("table", name="The first leads")).to_contain_text(f"amy@new.{DOMAIN}")
    await otto.page.get_by_label("What Phone is taken as").select_option("")
    await expect(otto.page.get_by_role("table", name="The first leads")).not_to_contain_text("123")
    refused = otto.page.get_by_role("table", name="Refused rows")
    await expect(refused).to_contain_text("E-mail address")
    await expect(refused).to_contain_text("Give one address")
    async with otto.page.expect_download() as coming:
        await otto.page.get_by_role("link", name="Download them to mend").click()
    assert (await coming.value).suggested_filename == "refused.csv"
    await otto.page.reload()
    await expect(address).to_have_value("email")
    await expect(otto.page.get_by_label("What Phone is taken as")).to_have_value("")

    start = otto.page.get_by_role("button", name="Start with 2 leads")
    await start.click()
    await otto.sees("Say whether these people are invented or real.")
    otto.bears("status of 422")
    await otto.page.get_by_label("Real: production").check()
    await otto.page.get_by_label("To confirm").fill("main")
    await start.click()
    await otto.sees("has to be confirmed")
    await expect(otto.page.get_by_label("To confirm")).to_be_focused()
    await otto.page.get_by_label("To confirm").fill(office.backend.log.namespace)
    await otto.page.get_by_text("Limits and tiers").click()
    await otto.page.get_by_label("Only the first rows").fill("0")
    await start.click()
    await otto.sees("1 or more")
    await otto.page.get_by_label("Only the first rows").fill("2")
    await start.click()
    await expect(otto.page.get_by_role("heading", level=1, name="people.csv")).to_be_visible()
    await expect(otto.page.locator(".run-standing")).to_contain_text("Running")
    [asked] = await requested(office)
    assert (asked.terms.mode, asked.limit) == ("production", 2)
    assert asked.file is not None
    assert asked.file.mapping == {"email": "Adresse", "full_name": "Full Name", "company": "Company"}
    await otto.press("g", "q")
    await otto.sees("The first letters are on their way")


async def test_file_that_cannot_be_read_says_why_where_it_was_dropped(comes: Comes) -> None:
    otto = await comes("otto", path="/runs/new")
    otto.bears("status of 422")
    await drop(otto, "amy@new.example,Amy Engel\n")
    await expect(otto.page.locator(".field .form-problem").first).to_contain_text("no header")
    await otto.page.goto(f"{otto.house.url}/runs/new/{'0' * 32}")
    otto.bears("status of 404")
    await otto.sees("This file is not here any more")


async def test_invented_people_are_a_run_of_two_fields(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path="/runs/new")
    otto.bears("status of 422")
    await otto.page.get_by_label("How many").fill("21")
    await otto.page.get_by_role("button", name="Invent them").click()
    await otto.sees("at most 20")
    await expect(otto.page.get_by_label("How many")).to_be_focused()
    await otto.page.get_by_label("How many").fill("3")
    await otto.press("Enter")
    await otto.sees("A mixed list of people, invented")
    [asked] = await requested(office)
    assert (asked.source, asked.limit, asked.terms.mode) == ("default", 3, "sandbox")


async def test_stages_move_by_themselves_and_a_stopped_run_says_why_and_goes_on(comes: Comes, office: Office) -> None:
    await office.tell(Step(0, (began(),), ADA))
    otto = await comes("otto", path=f"/runs/{RUN}")
    await otto.settled()
    enrich = otto.page.locator(".stage").nth(1)
    await expect(enrich).to_contain_text("not yet")
    tallies = {"scrape": Tally(out=1), "enrich": Tally(entered=1, held=1)}
    await office.tell(
        Step(0, (controls.run_chunk_read(run_id=RUN), controls.run_tallied(run_id=RUN, stages=tallies))),
        Step(0, (controls.lead_refused(run_id=RUN, reason="No address.", remedy="Give one."),)),
        Step(0, (controls.run_stopped(run_id=RUN),)),
    )
    await expect(enrich).to_contain_text("1 held")
    await otto.sees("Stage enrich failed: Too many leads err.")
    await otto.page.get_by_role("button", name="Why 1 row was refused").click()
    await expect(otto.page.get_by_role("table", name="Refused rows")).to_contain_text("Give one.")
    await otto.page.get_by_role("button", name="Resume").click()
    await expect(otto.page.get_by_role("button", name="Resume it")).to_be_focused()
    await otto.sees("1 lead that is held is let go")
    await otto.press("Enter")
    await expect(otto.page.locator(".run-standing")).to_contain_text("Running")


async def test_withdrawing_says_what_it_takes_back_and_asks_why(comes: Comes, office: Office) -> None:
    await office.tell(Step(0, (began(), controls.run_waiting_for_review(run_id=RUN, waiting=2)), ADA))
    otto = await comes("otto", path="/runs")
    await otto.page.get_by_role("link", name="leads.csv").click()
    await otto.page.get_by_role("button", name="Withdraw").click()
    dialog = otto.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("2 drafts that wait leave the queue")
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await otto.press("Enter")
    await expect(dialog.get_by_role("alert").first).to_contain_text("Say why")
    await otto.type("The wrong list.")
    await otto.press("Enter")
    await expect(otto.page.locator(".run-standing")).to_contain_text("Withdrawn")
    await otto.sees("It was withdrawn: The wrong list.")
    await expect(otto.page.get_by_role("button", name="Withdraw …")).to_have_count(0)


async def test_who_may_not_start_runs_is_told_who_may(comes: Comes, office: Office) -> None:
    grace = await comes("grace", path="/runs")
    await grace.sees("You are a reviewer: you can look. Operators and admins start one.")
    await office.tell(Step(0, (began(),), ADA))
    await grace.page.get_by_role("link", name="leads.csv").click()
    await grace.sees("Operators and admins cancel, resume or withdraw it.")
    await expect(grace.page.get_by_role("button", name=re.compile("Cancel|Withdraw"))).to_have_count(0)
    await grace.page.goto(f"{grace.house.url}/runs/new")
    await grace.sees("You cannot start runs")


async def test_drafts_of_a_run_are_one_step_away(comes: Comes, office: Office) -> None:
    mine, other = Lead(number=1, run_id=RUN), Lead(number=2)
    waits = controls.run_waiting_for_review(run_id=RUN, waiting=1)
    tally = controls.run_tallied(run_id=RUN, stages={"approve": Tally(entered=1)})
    await office.tell(Step(0, (began(), tally, waits), ADA), mine.step(), other.step())
    grace = await comes("grace", path=f"/runs/{RUN}")
    await grace.page.get_by_role("link", name="Read and decide").click()
    await expect(grace.rows).to_have_count(1)
    await expect(grace.chosen).to_contain_text("Person 1")


async def test_server_away_keeps_what_is_seen_and_a_first_look_says_so(
    comes: Comes, house: House, office: Office
) -> None:
    await office.tell(Step(0, (began(),), ADA))
    otto = await comes("otto", path="/runs")
    otto.bears("status of 503")
    problem = {"type": "urn:swarm:store-unavailable", "detail": "The log cannot be reached.", "remedy": "Wait."}

    async def away(route: Route) -> None:
        await route.fulfill(status=503, json=problem)

    await otto.sees("leads.csv")
    await otto.page.route("**/api/runs?*", away)
    await office.tell(Step(0, (controls.run_cancelled(run_id=RUN),), ADA))
    await otto.sees("The log cannot be reached; trying again.")
    await expect(otto.page.get_by_role("link", name="leads.csv")).to_be_visible()
    await otto.page.reload()
    await otto.sees("The store is away")
    await otto.page.unroute("**/api/runs?*")
    await expect(otto.page.get_by_role("row", name="leads.csv")).to_contain_text("Cancelled")


async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    found: list[str] = []
    otto = await comes("otto", path="/runs", bypass_csp=True)
    await otto.sees("Your list, your first draft")
    found += await otto.violations()
    await office.tell(Step(0, (began(), controls.run_chunk_read(run_id=RUN), controls.run_stopped(run_id=RUN)), ADA))
    await otto.page.get_by_role("link", name="leads.csv").click()
    await otto.sees("What was asked for")
    found += await otto.violations()
    await otto.page.get_by_role("button", name="Withdraw").click()
    await expect(otto.page.get_by_role("dialog")).to_be_visible()
    found += await otto.violations()
    await otto.press("Escape")
    await otto.page.goto(f"{otto.house.url}/runs/new")
    await otto.sees("Drop a list of people here")
    found += await otto.violations()
    await drop(otto)
    await otto.page.get_by_label("Real: production").check()
    await expect(otto.page.get_by_role("table", name="The first leads")).to_be_visible()
    found += await otto.violations()
    phone = await comes("otto", path="/runs", size=NARROW, bypass_csp=True)
    await phone.sees("Stopped")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
