"""The page of feedback: how often drafts are approved, how sure that is, and what was said."""

import re

from playwright.async_api import Locator, expect

from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import ADA, Step


async def answered(office: Office, *, approvals: int = 1) -> list[Lead]:
    """One rejection by Ada, and approvals by Grace of letters of another angle."""
    rejected = Lead(number=1, angle="broken_cards")
    approved = [Lead(number=number) for number in range(2, 2 + approvals)]
    await office.tell(
        *(lead.step() for lead in (rejected, *approved)),
        Step(0, (controls.email_rejected(**rejected.seen),), ADA),
        *(Step(0, (controls.email_approved(**lead.seen),), controls.REVIEWER) for lead in approved),
    )
    return [rejected, *approved]


def groups(reader: Reader) -> Locator:
    """The rows of the chart."""
    return reader.page.locator(".fared-table tbody tr")


def answers(reader: Reader) -> Locator:
    """The newest answers."""
    return reader.page.locator(".answer-list li")


async def comes_to_feedback(comes: Comes, login: str = "grace", path: str = "/feedback", **how: object) -> Reader:
    reader = await comes(login, path=path, **how)
    await reader.settled()
    return reader


async def test_shares_are_shown_with_what_they_stand_on(comes: Comes, office: Office) -> None:
    await answered(office, approvals=12)
    grace = await comes_to_feedback(comes)
    many, few = groups(grace).filter(has_text="Grace"), groups(grace).filter(has_text="Ada")
    await expect(many).to_contain_text("100 %")
    await expect(many).to_contain_text("between 76 and 100 %")
    await expect(many).not_to_contain_text("too few")
    await expect(few).to_contain_text("1 draft answered: too few to say")
    await expect(groups(grace).locator("svg")).to_have_count(2)
    await grace.page.get_by_role("button", name="Angle").click()
    await expect(groups(grace).filter(has_text="broken cards")).to_contain_text("0 %")
    await grace.page.get_by_role("button", name="Tag").click()
    await expect(groups(grace)).to_have_count(1)
    await expect(groups(grace)).to_contain_text("Ask")
    await expect(groups(grace)).to_contain_text("1 rejection in all: too few to say")
    await grace.page.reload()
    await expect(grace.page.get_by_role("button", name="Tag")).to_have_attribute("aria-pressed", "true")
    await expect(groups(grace)).to_contain_text("Ask")


async def test_newest_answers_are_in_words_and_filtered(comes: Comes, office: Office) -> None:
    leads = await answered(office, approvals=2)
    grace = await comes_to_feedback(comes)
    await expect(answers(grace)).to_have_count(3)
    rejected = answers(grace).filter(has_text="Rejected")
    await expect(rejected).to_contain_text("It asks for nothing.")
    await expect(rejected).to_contain_text("by Ada")
    await expect(rejected.get_by_role("link", name="Person 1, Works 1")).to_have_attribute(
        "href", f"/leads/{leads[0].lead_id}"
    )
    await grace.press("f")
    await grace.page.get_by_label(re.compile("^answer")).select_option("approved")
    await expect(answers(grace)).to_have_count(2)
    await grace.page.get_by_label(re.compile("^tag")).select_option("other")
    await grace.sees("No answer fits these filters")
    await grace.page.get_by_role("button", name="Clear filters").click()
    await expect(answers(grace)).to_have_count(3)


async def test_answer_arrives_by_itself(comes: Comes, office: Office) -> None:
    await answered(office)
    grace = await comes_to_feedback(comes)
    lead = Lead(number=9)
    await office.tell(lead.step(), Step(0, (controls.email_approved(**lead.seen),), ADA))
    await expect(answers(grace)).to_have_count(3)
    await expect(answers(grace).first).to_contain_text("Person 9")
    await expect(groups(grace).filter(has_text="Ada")).to_contain_text("50 %")


async def test_empty_says_why_and_names_the_next_step(comes: Comes, office: Office) -> None:
    grace = await comes_to_feedback(comes)
    await grace.sees("No draft yet")
    await expect(grace.page.get_by_role("link", name="Start a run")).to_be_visible()
    await office.tell(Lead(number=1).step())
    await grace.sees("Nobody has answered a draft yet")
    await grace.page.get_by_role("button", name="Sample data").click()
    await grace.sees("No draft for sample data")
    await grace.page.get_by_role("button", name="Show real leads").click()
    await grace.sees("Nobody has answered a draft yet")


async def test_auditor_reads_outcomes_and_no_words(comes: Comes, office: Office) -> None:
    await answered(office)
    vera = await comes_to_feedback(comes, "vera")
    await expect(answers(vera).last).to_contain_text("What was said is hidden from your role.")
    await expect(answers(vera).last).to_contain_text("Name hidden")
    content = await vera.page.content()
    assert not re.search(r"redacted|Person 1|It asks for nothing\.", content)


async def test_nothing_is_wrong_in_any_state(comes: Comes, office: Office) -> None:
    reader = await comes_to_feedback(comes, bypass_csp=True)
    await reader.sees("No draft yet")
    found = await reader.violations()
    await answered(office, approvals=11)
    await expect(answers(reader)).to_have_count(12)
    await reader.press("f")
    found += await reader.violations()
    phone = await comes_to_feedback(comes, size=NARROW, bypass_csp=True)
    await expect(answers(phone)).to_have_count(12)
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
