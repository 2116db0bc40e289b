"""A key is meant for the letter that was on the screen when it was pressed: it answers that one, or nothing."""

import asyncio
import json
import re

from playwright.async_api import Route, expect

from services.projections.feedback import Row
from services.projections.views import FEEDBACK
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader

TOO_EARLY = "That came before this letter was on the screen, so it did nothing"


class Stalled:
    """Requests that are held until they are let go, in the order in which they came."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        self.asked.append(route.request.url)
        await self.let_go.wait()
        await route.continue_()

    def emails(self) -> list[str]:
        """Of which e-mails, in order."""
        return [url.split("/")[-2] for url in self.asked]


def at_once(*keys: str) -> str:
    """Keys that come in one breath, as they do after the page was held up: nothing is drawn between them."""
    press = "new KeyboardEvent('keydown', {key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true})"
    return f"() => {json.dumps(keys)}.forEach((key) => document.body.dispatchEvent({press}))"


async def outcomes(office: Office, leads: list[Lead]) -> list[str]:
    """What became of each letter, as the view has it once it has everything."""
    await office.caught_up()
    rows: list[Row | None] = [await office.backend.views.get(FEEDBACK, lead.email_id) for lead in leads]
    return [row.outcome if row else "none" for row in rows]


async def test_five_approvals_in_one_breath_approve_the_one_that_was_seen(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.looks()
    await reader.page.evaluate(at_once("a", "a", "a", "a", "a"))
    await reader.sees(TOO_EARLY)
    await expect(reader.chosen).to_contain_text("Person 2")
    await expect(reader.rows).to_have_count(4)
    await reader.sees("Approved: Person 1")
    assert await outcomes(office, letters) == ["approved", *["undecided"] * 4]


async def test_words_typed_behind_a_key_that_came_too_early_decide_nothing(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """Whoever types ahead opens no panel, so the words meant for it must not be taken for keys."""
    await reader.looks()
    await reader.page.evaluate(at_once("a", "r", "t", *"as a demo, later", "Enter"))
    await reader.sees(TOO_EARLY)
    await expect(reader.chosen).to_contain_text("Person 2")
    await expect(reader.page.locator(".panel")).to_have_count(0)
    await reader.sees("Approved: Person 1")
    assert await outcomes(office, letters) == ["approved", *["undecided"] * 4]


async def test_each_of_five_quick_answers_is_about_its_letter_whenever_they_arrive(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """The gateway answers none before the last was given: the page goes on, and nothing is lost or doubled."""
    stalled = Stalled()
    await reader.page.route("**/api/emails/*/approve", stalled)
    for number in range(1, 6):
        await expect(reader.letter).to_contain_text(f"Hello Person {number},")
        await reader.press("a")
    await expect(reader.rows).to_have_count(0)
    stalled.let_go.set()
    await reader.sees("All is decided")
    await reader.sees("5 approved")
    assert stalled.emails() == [lead.email_id for lead in letters]
    assert await outcomes(office, letters) == ["approved"] * 5


async def test_list_that_was_read_before_an_answer_does_not_bring_the_letter_back(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    stale = await (await reader.page.request.get(f"{reader.house.url}/api/pending-emails")).json()
    await reader.page.route("**/api/pending-emails*", lambda route: route.fulfill(json=stale))
    await reader.press("a")
    await reader.sees("Approved: Person 1")
    await reader.press("f")
    async with reader.page.expect_response("**/api/pending-emails*"):
        await reader.page.get_by_label("order").select_option("newest")
    await expect(reader.rows).to_have_count(4)
    await expect(reader.row("Person 1")).to_have_count(0)
    await reader.page.unroute("**/api/pending-emails*")
    await office.post(f"/api/emails/{letters[0].email_id}/revoke", {"expected_version": 1}, "admin")
    await expect(reader.row("Person 1")).to_be_visible()


async def test_undo_of_what_is_under_way_takes_that_back_and_not_the_one_before(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.press("a")
    await reader.sees("Approved: Person 1")
    stalled = Stalled()
    await reader.page.route("**/api/emails/*/approve", stalled)
    await reader.press("a", "u")
    await reader.sees("Approving: Person 2, to be taken back")
    stalled.let_go.set()
    await reader.sees("Taken back: Person 2 waits again")
    assert await outcomes(office, letters[:2]) == ["approved", "revoked"]


async def test_letter_taken_back_does_not_push_in_front_of_who_reads_on(reader: Reader, letters: list[Lead]) -> None:
    await reader.press("a")
    await reader.sees("Approved: Person 1")
    stalled = Stalled()
    await reader.page.route("**/api/emails/*/revoke", stalled)
    await reader.press("u", "j")
    await expect(reader.chosen).to_contain_text("Person 3")
    stalled.let_go.set()
    await reader.sees("Taken back: Person 1 waits again")
    await expect(reader.row("Person 1")).to_be_visible()
    await expect(reader.chosen).to_contain_text("Person 3")
    await reader.page.get_by_role("button", name="Show").click()
    await expect(reader.letter).to_contain_text("Hello Person 1,")


async def test_letter_that_is_read_stays_when_the_whole_list_is_read_anew_without_it(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """Many facts at once make the page read the list anew; the one that was decided meanwhile says so."""
    await reader.press("j")
    await expect(reader.letter).to_contain_text("Hello Person 2,")
    stalled = Stalled()
    await reader.page.route("**/api/pending-emails*", stalled)
    await office.post(f"/api/emails/{letters[1].email_id}/approve", {"expected_version": 1}, "admin")
    await office.tell(*(Lead(number=number).step() for number in range(6, 26)))
    stalled.let_go.set()
    await expect(reader.rows).to_have_count(25)
    await expect(reader.letter).to_contain_text("Alan approved it")
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile("There is nothing left to decide"))


async def test_letter_that_somebody_else_puts_off_stays_under_the_eyes(
    reader: Reader, comes: Comes, letters: list[Lead]
) -> None:
    ana = await comes("ana")
    await ana.settled()
    await ana.press("s", "2")
    await expect(reader.letter).to_contain_text("It was put off until")
    await expect(reader.chosen).to_contain_text("Person 1")
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile("There is nothing left to decide"))


async def test_second_click_of_a_double_click_is_for_no_letter(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    await reader.looks()
    await reader.page.get_by_role("button", name="Approve").dblclick()
    await reader.sees(TOO_EARLY)
    await expect(reader.chosen).to_contain_text("Person 2")
    await reader.sees("Approved: Person 1")
    assert await outcomes(office, letters) == ["approved", *["undecided"] * 4]


async def test_key_does_nothing_where_the_list_hides_the_letter(
    comes: Comes, office: Office, letters: list[Lead]
) -> None:
    grace = await comes(size=NARROW)
    await grace.settled()
    await expect(grace.letter).to_be_hidden()
    await grace.press("a", "r", "j")
    await expect(grace.chosen).to_contain_text("Person 2")
    await expect(grace.rows).to_have_count(5)
    assert await outcomes(office, letters) == ["undecided"] * 5


async def test_words_of_an_edit_that_was_held_up_never_reach_another_letter(reader: Reader) -> None:
    """Whoever turns away from the question for a reason and approves another letter sends that one as it is."""
    reader.bears("status of 422")
    await reader.press("e")
    await reader.page.get_by_label("Text", exact=True).press("Control+End")
    await reader.type("Act now!!!")
    await reader.press("Control+Shift+Enter")
    panel = reader.page.get_by_role("dialog", name="Approve although a check failed")
    await expect(panel).to_be_visible()
    await reader.press("Escape", "j", "e")
    await reader.page.get_by_label("Text", exact=True).press("Control+End")
    await reader.type("Buy now!!!")
    await reader.press("Control+Enter")
    await expect(reader.page.get_by_role("button", name="Approve anyway")).to_be_visible()
    sent: list[dict[str, object]] = []

    async def note(route: Route) -> None:
        sent.append(dict(route.request.post_data_json or {}))
        await route.continue_()

    await reader.page.route("**/api/emails/*/approve", note)
    await reader.press("a")
    await expect(panel).to_be_visible()
    await reader.type("They asked us to.")
    await reader.press("Enter")
    await expect(reader.said).to_have_text(re.compile("Approved: Person 2"))
    assert [set(one) & {"subject", "body"} for one in sent] == [set()]
