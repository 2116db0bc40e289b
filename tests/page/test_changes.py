"""Asking for another text by wishes and words, and what a letter says of the texts that it had."""

import re
from collections.abc import Sequence

import msgspec
from playwright.async_api import expect

from contracts.email import EmailChangesRequested, EmailDrafted, Wish, content_hash
from contracts.envelope import Personal
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import ADA, Step

LABELS = ("Other angle", "Shorter", "Softer ask", "Other fact", "Other subject")


async def asked(office: Office) -> list[tuple[tuple[Wish, ...], str]]:
    """What was asked of texts, in the order of asking."""
    entries = await office.backend.log.tail(0, ["email"], 0, count=99)
    events = [one.decode(0).event for one in entries]
    return [(one.wishes, one.instruction) for one in events if isinstance(one, EmailChangesRequested)]


def again(
    lead: Lead, version: int, *, wishes: Sequence[Wish] = (), instruction: str = "", variant: int
) -> EmailDrafted:
    """Another text of a letter, as somebody asked for it."""
    content = msgspec.structs.replace(lead.content, subject=Personal.plain(f"Subject {lead.number}, anew"))
    before = lead.drafted().writing
    writing = msgspec.structs.replace(before, wishes=tuple(wishes), instruction=instruction, variant=variant)
    return lead.drafted(draft_version=version, content=content, content_hash=content_hash(content), writing=writing)


def changes(lead: Lead, version: int, *, wishes: Sequence[Wish] = (), instruction: str = "") -> Step:
    """Ada asks for another text."""
    fact = controls.email_changes_requested(
        **lead.seen, account_id=lead.account_id, draft_version=version, wishes=tuple(wishes), instruction=instruction
    )
    return Step(0, (fact,), ADA)


async def test_wishes_alone_are_asked_for_by_number(reader: Reader, office: Office) -> None:
    await reader.press("c")
    group = reader.page.get_by_role("group", name="What should change")
    await expect(group.get_by_role("button")).to_have_text([f"{one} {at}" for at, one in enumerate(LABELS, 1)])
    await reader.press("3", "2", "5", "5")
    for label in LABELS:
        pressed = "true" if label in {"Shorter", "Softer ask"} else "false"
        await expect(group.get_by_role("button", name=label)).to_have_attribute("aria-pressed", pressed)
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Asked for changes: Person 1"))
    assert await asked(office) == [(("shorter", "softer_ask"), "")]
    await office.caught_up()
    await reader.press("g", "a")
    await reader.sees("asked for another text, shorter, softer ask")


async def test_nothing_and_too_little_are_refused_where_they_are_said(reader: Reader, office: Office) -> None:
    await reader.press("c", "Control+Enter")
    await reader.sees("Choose what should change, or say it in words.")
    words = reader.page.get_by_label("In your words")
    await words.fill("no")
    await reader.press("Control+Enter")
    await reader.sees("Say it in a few words, or leave the words out.")
    assert await asked(office) == []
    await words.fill("12 words at most.")
    await reader.press("Control+Enter")
    await expect(reader.said).to_have_text(re.compile("Asked for changes: Person 1"))
    assert await asked(office) == [((), "12 words at most.")]


async def test_wishes_that_were_not_sent_are_kept(reader: Reader, office: Office) -> None:
    await reader.press("c", "4")
    await reader.press("Escape")
    await reader.page.reload()
    await reader.settled()
    await reader.press("c")
    await expect(reader.page.get_by_role("button", name="Other fact")).to_have_attribute("aria-pressed", "true")
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Asked for changes: Person 1"))
    assert await asked(office) == [(("other_fact",), "")]


async def test_history_says_who_asked_what_and_what_became_of_it(comes: Comes, office: Office) -> None:
    lead = Lead(number=1)
    await office.tell(
        lead.step(),
        changes(lead, 1, wishes=("shorter",)),
        Step(0, (again(lead, 2, wishes=("shorter",), variant=2),)),
        changes(lead, 2, wishes=("other_fact", "other_subject"), instruction="Name a day."),
        Step(0, (again(lead, 3, wishes=("other_fact", "other_subject"), instruction="Name a day.", variant=4),)),
    )
    grace = await comes()
    await grace.settled()
    await grace.press("h")
    versions = grace.page.locator(".beside .versions > li")
    await expect(versions).to_have_count(3)
    await expect(versions.nth(0)).to_contain_text("Angle: waiting cards, opener 3.")
    await expect(versions.nth(0)).not_to_contain_text("asked")
    await expect(versions.nth(1)).to_contain_text("Ada asked: “shorter”")
    await expect(versions.nth(1)).to_contain_text("opener 3, both as before.")
    await expect(versions.nth(2)).to_contain_text("Ada asked: “other fact, other subject: Name a day.”")
    await expect(versions.nth(2)).to_contain_text("Angle: waiting cards, opener 5.")


async def test_text_that_comes_back_says_who_asked_for_it(comes: Comes, office: Office) -> None:
    lead, other = Lead(number=1), Lead(number=2)
    await office.tell(lead.step(), other.step())
    grace = await comes()
    await grace.settled()
    await office.tell(changes(lead, 1, wishes=("softer_ask",)))
    await grace.sees("Ada asked for changes")
    await office.tell(Step(0, (again(lead, 2, wishes=("softer_ask",), variant=2),)))
    await expect(grace.letter).to_contain_text("This text is new.")
    await expect(grace.letter).to_contain_text("Ada asked: “softer ask”")


async def test_who_may_not_see_words_sees_that_there_were_some(comes: Comes, office: Office) -> None:
    lead = Lead(number=1)
    second = again(lead, 2, wishes=("shorter",), instruction="Her son is ill.", variant=2)
    await office.tell(
        lead.step(), changes(lead, 1, wishes=("shorter",), instruction="Her son is ill."), Step(0, (second,))
    )
    vera = await comes("vera")
    await vera.settled()
    await vera.press("h")
    versions = vera.page.locator(".beside .versions > li")
    await expect(versions.nth(1)).to_contain_text("Ada asked for it; the words are hidden from you.")
    await expect(versions.nth(1)).not_to_contain_text("ill")


async def test_wishes_fit_a_phone(comes: Comes, letters: list[Lead]) -> None:
    grace = await comes(size=NARROW, bypass_csp=True)
    await grace.settled()
    await grace.row("Person 1").click()
    await grace.page.get_by_role("button", name="Changes").click()
    await grace.page.get_by_role("button", name="Shorter").click()
    heights = await grace.page.locator(".panel .chip").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 44
    assert await grace.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert await grace.violations() == []
