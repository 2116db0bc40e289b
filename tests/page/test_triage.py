"""Reading and deciding by keyboard alone."""

import re

from playwright.async_api import expect

from services.projections.feedback import Row
from services.projections.views import FEEDBACK
from tests.integration.gateway.office import Lead, Office
from tests.page.house import Comes, Reader


async def outcomes(office: Office, leads: list[Lead]) -> list[str]:
    """What became of each letter, as the view has it once it has everything."""
    await office.caught_up()
    rows = [await office.backend.views.get(FEEDBACK, lead.email_id) for lead in leads]
    return [row.outcome if row else "none" for row in rows]


async def test_twenty_letters_are_decided_without_a_mouse(comes: Comes, office: Office) -> None:
    leads = [Lead(number=number) for number in range(1, 21)]
    await office.tell(*(lead.step() for lead in leads))
    grace = await comes()
    await grace.settled()
    await expect(grace.rows).to_have_count(20)
    for number in range(1, 21):
        await expect(grace.chosen).to_contain_text(f"Person {number}")
        await expect(grace.letter).to_contain_text(f"Hello Person {number}")
        match number % 4:
            case 1 | 2:
                await grace.press("a")
            case 3:
                await grace.press("r", "t")
                await grace.type("Too stiff.")
                await grace.press("Enter")
            case _:
                await grace.press("c", "2", "Control+Enter")
        await expect(grace.said).to_have_text(re.compile(rf"(Approved|Rejected|Asked for changes): Person {number}\b"))
    await grace.sees("Nothing waits right now")
    await grace.sees("5 letters are being rewritten")
    expected = ["approved", "approved", "rejected", "changes_requested"] * 5
    assert await outcomes(office, leads) == expected


async def test_keys_move_open_and_help(reader: Reader) -> None:
    await reader.press("j", "j")
    await expect(reader.chosen).to_contain_text("Person 3")
    await reader.press("k")
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.press("Enter")
    await expect(reader.page.locator(".letter-scroll")).to_be_focused()
    await reader.press("Escape")
    await expect(reader.page.get_by_role("listbox")).to_be_focused()
    await reader.press("?")
    await expect(reader.page.get_by_role("dialog", name="Keys")).to_be_visible()
    await reader.press("j")
    await reader.press("Escape")
    await expect(reader.page.get_by_role("dialog")).to_have_count(0)
    await expect(reader.chosen).to_contain_text("Person 2")


async def test_letter_after_g_decides_nothing(reader: Reader, office: Office, letters: list[Lead]) -> None:
    """Who goes to a page, or hits a letter that leads nowhere, must not have approved anything."""
    await reader.press("g", "a")
    await expect(reader.page.get_by_role("link", name="Activity")).to_have_attribute("aria-current", "page")
    await reader.press("g", "q")
    await reader.settled()
    await reader.press("g", "x")
    await reader.press("j")
    await expect(reader.chosen).to_contain_text("Person 2")
    assert await outcomes(office, letters) == ["undecided"] * 5


async def test_reject_takes_a_tag_and_a_reason_and_offers_the_reason_again(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("r")
    await expect(reader.page.get_by_role("dialog", name="Reject")).to_be_visible()
    await reader.press("Enter")
    await reader.press("a")
    await expect(reader.page.get_by_role("radio", name="Ask")).to_be_checked()
    await expect(reader.page.get_by_role("textbox", name="Reason")).to_be_focused()
    await reader.press("Enter")
    await reader.sees("Say why in a few words")
    await reader.type("It asks for an hour.")
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Rejected: Person 1"))
    await expect(reader.chosen).to_contain_text("Person 2")
    row = await found(office, letters[0])
    assert (row.outcome, row.tag, row.reason) == ("rejected", "weak_cta", "It asks for an hour.")

    await reader.press("r", "7")
    await reader.page.get_by_role("button", name="It asks for an hour.").click()
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Rejected: Person 2"))
    await expect(reader.chosen).to_contain_text("Person 3")
    assert (await found(office, letters[1])).reason == "It asks for an hour."


async def found(office: Office, lead: Lead) -> Row:
    """The row of a letter that was decided."""
    await office.caught_up()
    row = await office.backend.views.get(FEEDBACK, lead.email_id)
    assert row is not None
    return row


async def test_changes_are_asked_for_in_the_drafters_words(reader: Reader, office: Office, letters: list[Lead]) -> None:
    await reader.press("c", "1", "2")
    await expect(reader.page.get_by_role("button", name="Shorter")).to_have_attribute("aria-pressed", "true")
    await reader.page.get_by_label("In your words").fill("Name a day.")
    await reader.press("Control+Enter")
    await expect(reader.said).to_have_text(re.compile("Asked for changes: Person 1"))
    row = await found(office, letters[0])
    assert (row.outcome, row.reason) == ("changes_requested", "other angle, shorter: Name a day.")


async def test_undo_brings_the_letter_back(reader: Reader, office: Office, letters: list[Lead]) -> None:
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile(r"Approved: Person 1, goes out \(simulated\)"))
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.press("u")
    await expect(reader.chosen).to_contain_text("Person 1")
    await expect(reader.said).to_have_text("Taken back: Person 1 waits again.")
    assert await outcomes(office, letters[:1]) == ["revoked"]
    await reader.press("u")
    await expect(reader.said).to_have_text(re.compile("There is nothing to undo"))


async def test_what_a_panel_was_told_is_kept_until_it_is_sent(reader: Reader) -> None:
    await reader.press("r", "t")
    await reader.type("Too st")
    await reader.press("Escape")
    await expect(reader.page.get_by_role("button", name="Reject", exact=False).first).to_be_visible()
    await reader.page.reload()
    await reader.settled()
    await reader.press("r")
    await expect(reader.page.get_by_role("textbox", name="Reason")).to_have_value("Too st")


async def test_many_are_shown_first_and_each_is_answered_for_itself(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("x", "j", "x", "j", "x")
    await reader.sees("3 letters marked")
    await reader.press("Shift+A")
    dialog = reader.page.get_by_role("dialog")
    await expect(dialog.get_by_role("listitem")).to_have_count(3)
    # While they are shown: before, the page may have heard of it and mark two.
    await office.post(f"/api/emails/{letters[1].email_id}/reject", rejection(), "admin")
    await reader.press("Enter")
    await expect(reader.page.get_by_role("dialog", name="2 of 3 done")).to_be_visible()
    await expect(dialog.locator(".failed")).to_contain_text("Person 2")
    await expect(dialog.locator(".failed")).to_contain_text("rejected it")
    await reader.page.get_by_role("button", name="Done").click()
    await expect(reader.rows).to_have_count(2)
    assert await outcomes(office, letters[:3]) == ["approved", "rejected", "approved"]


async def test_approval_of_many_is_taken_back_as_one(reader: Reader, office: Office, letters: list[Lead]) -> None:
    await reader.press("x", "j", "x", "j", "x", "Shift+A")
    await expect(reader.page.get_by_role("dialog")).to_be_visible()
    await reader.press("Enter")
    await expect(reader.said).to_contain_text("Approved: 3 of 3")
    await expect(reader.rows).to_have_count(2)
    await reader.press("u")
    await expect(reader.said).to_have_text("Taken back: 3 letters wait again.")
    await expect(reader.rows).to_have_count(5)
    assert await outcomes(office, letters[:3]) == ["revoked"] * 3


async def test_what_was_sent_meanwhile_is_named_where_many_are_taken_back(reader: Reader, letters: list[Lead]) -> None:
    """The answer of one is made up: its time was over."""
    problem = {"detail": "The time to take it back is over.", "remedy": "Write to them yourself."}
    results = [
        {"email_id": letters[0].email_id, "status": 200, "receipt": {"status": "recorded"}, "problem": None},
        {"email_id": letters[1].email_id, "status": 409, "receipt": None, "problem": problem},
    ]
    await reader.page.route("**/api/bulk/revoke", lambda route: route.fulfill(json={"done": 1, "results": results}))
    await reader.press("x", "j", "x", "Shift+A")
    await expect(reader.page.get_by_role("dialog")).to_be_visible()
    await reader.press("Enter")
    await expect(reader.said).to_contain_text("Approved: 2 of 2")
    await reader.press("u")
    await expect(reader.said).to_contain_text(
        "Taken back: 1 of 2. 1 approval stands: The time to take it back is over."
    )


async def test_drawing_of_what_led_to_a_letter_is_one_key_away_and_back(reader: Reader) -> None:
    await reader.press("j", "w")
    await expect(reader.page.locator("#why-title")).to_be_focused()
    await expect(reader.page.locator(".lead-pane h2")).to_have_text("Person 2")
    await reader.press("Escape")
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.press("g", "l")
    await reader.page.get_by_role("link", name="Person 3").press("Enter")
    await reader.press("Escape")
    await expect(reader.page).to_have_url(re.compile("/leads$"))


def rejection() -> dict[str, object]:
    """What somebody else says of a first version."""
    return {"expected_version": 1, "tag": "weak_cta", "reason": "It asks for nothing."}


async def test_search_and_filters_narrow_the_list_and_can_be_cleared(reader: Reader) -> None:
    await reader.press("/")
    await reader.type("Works 4")
    await expect(reader.rows).to_have_count(1)
    await reader.page.get_by_role("searchbox").fill("nobody at all")
    await reader.sees("No letter fits these filters")
    await reader.page.get_by_role("button", name="Clear filters").click()
    await expect(reader.rows).to_have_count(5)
    await reader.page.get_by_role("searchbox").blur()
    await reader.press("f")
    await reader.page.get_by_label("tier").select_option("tier_2")
    await reader.sees("No letter fits these filters")
    await reader.page.get_by_role("button", name="Clear all").click()
    await expect(reader.rows).to_have_count(5)


async def test_claim_and_fact_light_each_other(reader: Reader) -> None:
    claim = reader.page.locator(".claim").first
    await claim.hover()
    await expect(reader.page.locator(".beside .fact.lit")).to_have_count(1)
    await reader.page.locator(".beside .fact").first.focus()
    await expect(claim).to_have_class(re.compile("lit"))
