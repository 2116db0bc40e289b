"""Several people and a stream of facts: nobody overwrites anybody, and nothing is missed."""

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect

from gateway.answers import POSITION
from tests.integration.gateway.office import Lead, Office
from tests.page.house import Comes, House, Reader


async def test_letters_arrive_and_leave_by_themselves(reader: Reader, office: Office, letters: list[Lead]) -> None:
    await office.tell(Lead(number=6).step())
    await expect(reader.row("Person 6")).to_be_visible()
    await expect(reader.page.get_by_role("link", name="Queue")).to_contain_text("6")
    await office.post(f"/api/emails/{letters[2].email_id}/reject", rejection(), "admin")
    await expect(reader.row("Person 3")).to_have_count(0)
    await expect(reader.chosen).to_contain_text("Person 1")


def rejection() -> dict[str, object]:
    """What somebody else says of a first version."""
    return {"expected_version": 1, "tag": "tone_style_issue", "reason": "Too stiff."}


async def test_many_letters_at_once_arrive_as_one_list(reader: Reader, office: Office) -> None:
    await office.tell(*(Lead(number=number).step() for number in range(6, 46)))
    await expect(reader.rows).to_have_count(45)


async def test_who_comes_second_is_told_who_was_first(
    reader: Reader, comes: Comes, office: Office, letters: list[Lead]
) -> None:
    """Ana decides in the moment in which Grace does; Grace hears of it as the answer to her own decision."""
    ana = await comes("ana")
    await ana.settled()
    reader.bears("status of 409", "ERR_FAILED")
    await reader.page.route("**/api/feed*", lambda route: route.abort())
    await reader.page.route("**/reject", hold_until(ana, letters[0]))
    await reader.press("r", "t")
    await reader.type("Too stiff.")
    await reader.press("Enter")
    await expect(reader.row("Person 1")).to_contain_text("decided")
    await expect(reader.said).to_have_text(
        re.compile(r"Person 1: Ana approved it at \d\d:\d\d\. Your answer was not recorded")
    )
    await reader.page.get_by_role("button", name="Show").click()
    await expect(reader.letter).to_contain_text("Ana approved it")
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile("There is nothing left to decide"))
    await reader.press("j")
    await expect(reader.row("Person 1")).to_have_count(0)


async def test_word_about_a_letter_that_somebody_else_decided_waits_until_it_was_read(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """What is heard of the letter meanwhile does not take it away."""
    address = f"/api/emails/{letters[0].email_id}"

    async def be_first(route: Route) -> None:
        await office.post(f"{address}/approve", {"expected_version": 1}, "reviewer 2")
        await route.continue_()

    reader.bears("status of 409")
    await reader.page.route("**/reject", be_first)
    await reader.press("r", "t")
    await reader.type("Too stiff.")
    await reader.press("Enter")
    await expect(reader.row("Person 1")).to_contain_text("decided")
    async with reader.page.expect_response(f"**{address}*"):
        answer = await office.post(f"{address}/comment", {"text": "I know her."}, "reviewer 2")
        assert answer.status_code == 200
    await reader.page.get_by_role("button", name="Show").click()
    await expect(reader.letter).to_contain_text("Ana approved it")


async def test_look_from_before_somebody_else_decided_takes_nothing_back(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """Facts from before the decision, such as our own claim, are looked up when the refusal is already there.

    Once the word about it was read, what the gateway says counts again.
    """
    address = f"/api/emails/{letters[0].email_id}"
    before = await office.get(address)

    async def be_first(route: Route) -> None:
        await office.post(f"{address}/approve", {"expected_version": 1}, "reviewer 2")
        await route.continue_()

    async def as_it_was(route: Route) -> None:
        headers = {POSITION.lower(): f"0:{await office.backend.log.head(0)}"}
        await route.fulfill(status=200, headers=dict(before.headers) | headers, body=before.content)

    reader.bears("status of 409")
    await reader.page.route("**/reject", be_first)
    await reader.page.route(f"**{address}?after=*", as_it_was)
    await reader.press("r", "t")
    await reader.type("Too stiff.")
    await reader.press("Enter")
    await expect(reader.row("Person 1")).to_contain_text("decided")
    async with reader.page.expect_response(f"**{address}?after=*"):
        await office.post(f"{address}/comment", {"text": "I know her."}, "reviewer 2")
    await reader.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(reader.row("Person 1")).to_contain_text("decided", timeout=1)
    await reader.page.get_by_role("button", name="Show").click()
    await reader.press("j")
    await expect(reader.row("Person 1")).to_have_count(0)
    await office.post(f"{address}/comment", {"text": "And her sister."}, "reviewer 2")
    await expect(reader.row("Person 1")).to_have_count(1)
    await expect(reader.row("Person 1")).not_to_contain_text("decided")


def hold_until(ana: Reader, lead: Lead) -> Callable[[Route], Awaitable[None]]:
    """Let the other reviewer decide before this request goes on."""

    async def handle(route: Route) -> None:
        async with ana.page.expect_response(f"**/api/emails/{lead.email_id}/approve"):
            await ana.press("a")
        await route.continue_()

    return handle


async def test_letter_under_the_eyes_stays_when_somebody_else_decides_it(
    reader: Reader, comes: Comes, letters: list[Lead]
) -> None:
    ana = await comes("ana")
    await ana.settled()
    await ana.press("a")
    await reader.sees("Ana approved it")
    await expect(reader.chosen).to_contain_text("Person 1")
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile("There is nothing left to decide"))
    await reader.press("j")
    await expect(reader.chosen).to_contain_text("Person 2")
    await expect(reader.rows).to_have_count(4)


async def test_reviewers_see_each_other_at_work(reader: Reader, comes: Comes) -> None:
    ana = await comes("ana")
    await ana.settled()
    await ana.press("e")
    await expect(reader.row("Person 1")).to_contain_text("Ana is on it")
    await expect(reader.letter).to_contain_text("Ana is on it")
    await ana.press("Escape")
    await expect(reader.row("Person 1")).not_to_contain_text("Ana is on it")


async def test_comment_reaches_the_others(reader: Reader, comes: Comes) -> None:
    ana = await comes("ana")
    await ana.settled()
    await ana.press("m")
    await ana.type("I know her, let me ask.")
    await ana.press("Control+Enter")
    await expect(reader.page.locator(".beside")).to_contain_text("I know her, let me ask.")


async def test_nothing_is_missed_while_the_gateway_restarts(
    reader: Reader, house: House, office: Office, letters: list[Lead]
) -> None:
    reader.bears(
        "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"
    )
    await office.tell(Lead(number=6).step())
    await expect(reader.rows).to_have_count(6)
    await house.stop()
    await expect(reader.page.locator(".band.stale")).to_contain_text("reconnecting")
    await office.tell(*(Lead(number=number).step() for number in range(7, 12)))
    await house.start()
    await expect(reader.page.locator(".band.stale")).to_have_count(0)
    await expect(reader.rows).to_have_count(11)
    await office.tell(Lead(number=12).step())
    await expect(reader.rows).to_have_count(12)


async def test_decision_whose_answer_was_lost_is_carried_out_once(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """The first answer never arrives; the page asks again under the same key."""
    reader.bears("ERR_FAILED")
    keys: list[str] = []

    async def lose_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await reader.page.route("**/approve", lose_first)
    await reader.press("a")
    await expect(reader.said).to_have_text(re.compile("Approved: Person 1"))
    assert len(keys) == 2
    assert len(set(keys)) == 1
