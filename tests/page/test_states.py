"""What the page says when there is nothing to show, nothing to reach, or nothing that this reader may do."""

import asyncio

import msgspec
from playwright.async_api import Route, expect

from tests import controls
from tests.integration.gateway.office import FOUNDER, Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import Step


async def test_empty_because_nothing_came_names_the_next_step(comes: Comes) -> None:
    grace = await comes()
    await grace.sees("Nothing has come yet")
    await expect(grace.page.locator(".steps h3")).to_have_text(["Your company", "Your list", "Your first draft"])
    await grace.sees("swarm run --namespace")
    otto = await comes("otto")
    await otto.page.get_by_role("link", name="Bring your list").press("Enter")
    await otto.sees("Drop a list of people here")


async def test_empty_because_all_is_decided_says_what_was_done(reader: Reader) -> None:
    for number in range(1, 6):
        await expect(reader.letter).to_contain_text(f"Hello Person {number},")
        await reader.press("a")
    await reader.sees("All is decided")
    await reader.sees("5 approved")


async def test_first_letter_that_arrives_ends_the_emptiness(comes: Comes, office: Office) -> None:
    grace = await comes()
    await grace.sees("Nothing has come yet")
    await grace.settled()
    await office.tell(Lead(number=1).step())
    await expect(grace.chosen).to_contain_text("Person 1")


async def test_skeleton_until_the_first_answer(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes("")
    answered = asyncio.Event()

    async def wait(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await grace.page.route("**/api/pending-emails*", wait)
    text = await grace.house.office.session("reviewer")
    await grace.context.add_cookies([{"name": "swarm-session", "value": text, "url": grace.house.url}])
    await grace.page.reload()
    await expect(grace.page.locator(".list-pane .bones").first).to_be_visible()
    await expect(grace.page.get_by_role("status").first).to_contain_text("Loading the queue")
    answered.set()
    await expect(grace.rows).to_have_count(5)


async def test_offline_refuses_decisions_and_loses_nothing(reader: Reader) -> None:
    reader.bears("ERR_INTERNET_DISCONNECTED")
    await reader.context.set_offline(True)
    await reader.sees("Decisions are refused until")
    await expect(reader.page.get_by_role("button", name="Approve")).to_be_disabled()
    await reader.press("a")
    await expect(reader.said).to_contain_text("Offline: nothing was decided")
    await reader.press("j")
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.context.set_offline(False)
    await expect(reader.page.locator(".band.offline")).to_have_count(0)
    await expect(reader.page.get_by_role("button", name="Approve")).to_be_enabled()


async def test_halt_stands_across_the_page_and_goes_when_it_is_over(reader: Reader, office: Office) -> None:
    await office.tell(Step(0, (controls.outbound_halted(),), FOUNDER))
    await expect(reader.page.locator(".band.halted")).to_contain_text("Nothing goes out")
    await office.tell(Step(0, (controls.outbound_resumed(),), FOUNDER))
    await expect(reader.page.locator(".band.halted")).to_have_count(0)


async def test_letter_of_unknown_outcome_is_told_of_as_long_as_there_is_one(reader: Reader, office: Office) -> None:
    band = reader.page.locator(".band").filter(has_text="nobody knows whether it arrived")
    await expect(band).to_have_count(0)
    lead = Lead(number=7)
    ids = {"lead_id": lead.lead_id, "email_id": lead.email_id}
    hashed = {"content_hash": lead.drafted().content_hash}
    await office.tell(lead.step())
    await office.tell(Step(0, (controls.email_approved(**ids, **hashed),), controls.REVIEWER))
    await office.tell(Step(0, (controls.email_send_requested(**ids, **hashed),)))
    await office.tell(
        Step(0, (controls.email_send_reserved(**ids, **hashed), controls.email_send_started(**ids, **hashed)))
    )
    await office.tell(Step(0, (controls.email_unresolved(**ids),)))
    await expect(band).to_contain_text("not sent again by itself")
    await reader.press("g", "h")
    await reader.sees("Letters of unknown outcome")
    await expect(reader.page.locator(".verdict")).to_contain_text("1 letter of unknown outcome")
    await reader.page.get_by_role("link", name="See whose it is").press("Enter")
    await expect(reader.page.locator(".records tbody tr")).to_have_count(1)
    await reader.sees("sent or not, a person has to look")
    await reader.press("g", "q")
    await expect(band).to_be_visible()
    await office.tell(Step(0, (controls.email_sent(**ids, **hashed),)))
    await expect(band).to_have_count(0)


async def test_store_away_is_said_and_looked_at_again(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes("")
    grace.bears("status of 503")
    problem = {"type": "urn:swarm:store-unavailable", "detail": "The log cannot be reached.", "remedy": "Wait."}
    await grace.page.route("**/api/pending-emails*", lambda route: route.fulfill(status=503, json=problem))
    text = await grace.house.office.session("reviewer")
    await grace.context.add_cookies([{"name": "swarm-session", "value": text, "url": grace.house.url}])
    await grace.page.reload()
    await grace.sees("The store is away")
    await grace.page.unroute("**/api/pending-emails*")
    await expect(grace.rows).to_have_count(5)


async def test_auditor_sees_no_name_and_no_text_and_can_decide_nothing(comes: Comes, letters: list[Lead]) -> None:
    vera = await comes("vera")
    await vera.settled()
    await expect(vera.rows).to_have_count(5)
    await expect(vera.letter).to_contain_text("Subject and text are hidden")
    await expect(vera.letter).to_contain_text("You read as an auditor")
    assert "Person 1" not in await vera.page.content()
    assert "redacted" not in await vera.page.content()
    await vera.press("a")
    await expect(vera.said).to_contain_text("You can read here; reviewers decide")
    await expect(vera.rows).to_have_count(5)


async def test_operator_reads_and_is_told_who_decides(comes: Comes, letters: list[Lead]) -> None:
    otto = await comes("otto")
    await otto.settled()
    await expect(otto.letter).to_contain_text("Hello Person 1")
    await expect(otto.letter).to_contain_text("You read as an operator")


async def test_hostile_name_and_text_are_shown_as_text_without_what_hides(comes: Comes, office: Office) -> None:
    evil = "<img src=x onerror=alert(1)>\u202egnp.exe\u0007"
    lead = Lead(number=1)
    card = msgspec.structs.replace(lead.drafted().card, company=evil, title=evil)
    await office.tell(Step(0, (lead.drafted(card=card),)))
    grace = await comes()
    await grace.settled()
    await expect(grace.chosen).to_contain_text("<img src=x onerror=alert(1)>gnp.exe")
    assert await grace.page.locator("img").count() == 0
    assert "\u202e" not in await grace.page.content()


async def test_phone_shows_the_list_then_the_letter_with_the_actions_at_hand(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes(size=NARROW)
    await grace.settled()
    await expect(grace.letter).to_be_hidden()
    await grace.row("Person 2").click()
    await expect(grace.page.get_by_role("listbox")).to_be_hidden()
    approve = grace.page.get_by_role("button", name="Approve")
    box = await approve.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= NARROW["height"]
    assert box["x"] >= 0
    assert await grace.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    await grace.looks()
    await approve.click()
    await expect(grace.letter).to_contain_text("Hello Person 3")
    await grace.page.get_by_role("button", name="Queue").click()
    await expect(grace.rows).to_have_count(4)


async def test_phone_edits_within_its_width(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes(size=NARROW)
    await grace.settled()
    await grace.row("Person 2").click()
    await grace.page.get_by_role("button", name="Edit").click()
    save = grace.page.get_by_role("button", name="Save as new version")
    box = await save.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    assert await grace.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


async def test_theme_is_kept(reader: Reader) -> None:
    await reader.page.get_by_label("Grace: you").click()
    await reader.page.get_by_label("dark").check()
    await expect(reader.page.locator("html")).to_have_attribute("data-theme", "dark")
    await reader.page.reload()
    await expect(reader.page.locator("html")).to_have_attribute("data-theme", "dark")
