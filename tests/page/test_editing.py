"""Editing in place: the difference while typing, the checks again, and a text that nothing loses."""

import re
from datetime import timedelta

from playwright.async_api import expect

from services.projections.views import QUEUE
from tests.integration.gateway.office import NOW, Lead, Office
from tests.page.house import Reader


async def edit(reader: Reader, text: str) -> None:
    """Put a text at the end of the letter that is being edited."""
    area = reader.page.get_by_label("Text", exact=True)
    await area.press("Control+End")
    await reader.type(text)


async def test_difference_is_shown_while_typing_and_the_original_one_key_away(reader: Reader) -> None:
    await reader.press("e")
    await edit(reader, "Or on Tuesday?")
    await expect(reader.page.locator(".changes ins")).to_have_text(re.compile("Or on Tuesday"))
    await reader.page.get_by_label("Subject", exact=True).fill("Another subject")
    await expect(reader.page.locator(".changes-subject ins").first).to_have_text(re.compile("Another"))
    await reader.press("Alt+o")
    await expect(reader.page.get_by_label("Subject", exact=True)).to_have_value("Subject 1")
    await reader.press("Alt+o")
    await expect(reader.page.get_by_label("Subject", exact=True)).to_have_value("Another subject")


async def test_saved_edit_is_a_new_version_whose_checks_ran_again(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("e")
    await edit(reader, "Or on Tuesday?")
    await reader.press("Control+Enter")
    await expect(reader.letter).to_contain_text("Or on Tuesday?")
    await expect(reader.page.locator(".beside .failed-checks li").first).to_be_visible()
    await office.caught_up()
    row = await office.backend.views.get(QUEUE, letters[0].email_id)
    assert row is not None
    assert (row.draft_version, row.versions[-1].by) == (2, "person:grace@swarm")
    await reader.press("h")
    await expect(reader.page.locator(".beside")).to_contain_text("Version 2 by Grace")


async def test_text_that_failed_a_check_goes_out_with_a_reason_alone(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("e")
    await edit(reader, "Act now!!!")
    await reader.press("Control+Enter")
    await expect(reader.page.get_by_role("button", name="Approve anyway")).to_be_visible()
    await reader.press("a")
    panel = reader.page.get_by_role("dialog", name="Approve although a check failed")
    await reader.press("Enter")
    await expect(panel).to_contain_text("Say why it may go out all the same")
    await reader.type("They asked us to.")
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Approved: Person 1"))
    await office.caught_up()
    row = await office.backend.views.get(QUEUE, letters[0].email_id)
    assert row is not None
    assert row.status == "approved"


async def test_edit_and_approval_in_one_step_asks_for_the_reason_and_keeps_the_text(reader: Reader) -> None:
    reader.bears("status of 422")
    await reader.press("e")
    await edit(reader, "Act now!!!")
    await reader.press("Control+Shift+Enter")
    await expect(reader.page.get_by_role("dialog", name="Approve although a check failed")).to_be_visible()
    await expect(reader.chosen).to_contain_text("Person 1")
    await reader.type("They asked us to.")
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Approved with your edit: Person 1"))
    await reader.press("u")
    await expect(reader.letter).to_contain_text("Act now!!!")


async def test_unsaved_text_outlives_another_letter_and_a_reload(reader: Reader) -> None:
    await reader.press("e")
    await edit(reader, "Unsaved words.")
    await reader.press("Escape", "j", "k")
    await reader.sees("You have an unsaved edit")
    await reader.page.reload()
    await reader.settled()
    await expect(reader.row("Person 1")).to_contain_text("unsaved edit")
    await reader.press("e")
    await expect(reader.page.get_by_label("Text", exact=True)).to_have_value(re.compile("Unsaved words"))
    await reader.page.get_by_role("button", name="Discard").click()
    await expect(reader.row("Person 1")).not_to_contain_text("unsaved edit")


async def test_open_edit_survives_what_happens_meanwhile(reader: Reader, office: Office, letters: list[Lead]) -> None:
    await reader.press("e")
    await edit(reader, "My words.")
    area = reader.page.get_by_label("Text", exact=True)
    caret = await area.evaluate("one => one.selectionStart")
    await office.tell(Lead(number=6).step(), Lead(number=7).step())
    await office.post(f"/api/emails/{letters[1].email_id}/approve", {"expected_version": 1}, "admin")
    await expect(reader.rows).to_have_count(6)
    await expect(area).to_be_focused()
    await expect(area).to_have_value(re.compile("My words"))
    assert await area.evaluate("one => one.selectionStart") == caret

    other = {"expected_version": 1, "subject": "A better subject"}
    await office.post(f"/api/emails/{letters[0].email_id}/edit", other, "admin")
    await reader.sees("Version 2 came while you wrote")
    await expect(area).to_have_value(re.compile("My words"))
    await expect(reader.page.get_by_role("button", name="Save as new version")).to_be_disabled()
    await reader.page.get_by_role("button", name="Go on against it").click()
    await reader.context.clock.set_fixed_time(NOW + timedelta(seconds=5))
    await area.focus()
    await reader.press("Control+Enter")
    await expect(reader.letter).to_contain_text("My words.")


async def test_edit_of_a_letter_that_somebody_else_decided_is_kept_and_said(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("e")
    await edit(reader, "Too late.")
    await office.post(f"/api/emails/{letters[0].email_id}/approve", {"expected_version": 1}, "admin")
    await reader.sees("Alan approved it")
    await expect(reader.page.get_by_label("Text", exact=True)).to_have_value(re.compile("Too late"))
    await expect(reader.page.get_by_role("button", name="Save as new version")).to_be_disabled()
    await reader.page.get_by_role("button", name="Next letter").click()
    await expect(reader.chosen).to_contain_text("Person 2")
    await expect(reader.rows).to_have_count(4)
