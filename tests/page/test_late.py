"""Answers that come late: what was read before takes back nothing of what is known since."""

import asyncio
import re
from dataclasses import dataclass, field

from playwright.async_api import Route, expect

from tests.integration.gateway.office import Lead, Office
from tests.page.house import Reader
from tests.page.test_changes import changes


@dataclass
class Late:
    """Holds answers back that were read; a list says so at Person 2, so that it is seen when it comes."""

    read: asyncio.Event = field(default_factory=asyncio.Event)
    may_come: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        for card in told.get("items", ()):
            if card["card"]["name"] == "Person 2":
                card["card"]["company"] = "As it was"
        self.read.set()
        await self.may_come.wait()
        await route.fulfill(response=answer, json=told)


def single(lead: Lead) -> "re.Pattern[str]":
    """Where one card is asked for."""
    return re.compile(rf"/api/emails/{lead.email_id}(\?|$)")


async def order_by(reader: Reader, order: str) -> None:
    """Ask for the list anew."""
    await reader.press("f")
    await reader.page.get_by_label("order").select_option(order)


async def test_list_keeps_the_letter_under_the_eyes_while_it_is_rewritten(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    """The list is told of it too, for it waits for another text; what became of it is looked up for itself."""
    late = Late()
    await reader.page.route(single(letters[0]), late)
    await office.tell(changes(letters[0], 1))
    async with reader.page.expect_response("**/api/pending-emails*"):
        await order_by(reader, "newest")
    await expect(reader.rows).to_have_count(5)
    await expect(reader.chosen).to_contain_text("Person 1")
    late.may_come.set()
    await reader.sees("Ada asked for changes")
    await expect(reader.chosen).to_contain_text("Person 1")


async def test_late_list_brings_nothing_back_and_takes_nothing_away(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    late = Late()
    await reader.page.route("**/api/pending-emails*", late)
    await order_by(reader, "newest")
    await late.read.wait()
    await office.tell(Lead(number=6).step())
    rejected = {"expected_version": 1, "tag": "tone_style_issue", "reason": "Too stiff."}
    await office.post(f"/api/emails/{letters[2].email_id}/reject", rejected, "reviewer 2")
    await expect(reader.row("Person 6")).to_be_visible()
    await expect(reader.row("Person 3")).to_have_count(0)
    late.may_come.set()
    await expect(reader.row("As it was")).to_be_visible()
    await expect(reader.row("Person 6")).to_be_visible()
    await expect(reader.row("Person 3")).to_have_count(0)


async def test_late_card_does_not_bring_the_text_before_back(
    reader: Reader, office: Office, letters: list[Lead]
) -> None:
    late = Late()
    await reader.page.route(single(letters[1]), late, times=1)
    await reader.press("j")
    await late.read.wait()
    edited = {"expected_version": 1, "subject": "Another subject"}
    answer = await office.post(f"/api/emails/{letters[1].email_id}/edit", edited, "reviewer 2")
    assert answer.status_code == 200
    await expect(reader.letter).to_contain_text("Another subject")
    async with reader.page.expect_response(single(letters[1])) as came:
        late.may_come.set()
    await (await came.value).finished()
    await reader.page.evaluate(
        "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )
    assert "Another subject" in await reader.letter.inner_text()


async def test_position_is_behind_where_a_partition_lacks_something_and_none_is_ahead(reader: Reader) -> None:
    pairs = {
        ("0:7", "0:8"): True,
        ("0:8", "0:8"): False,
        ("0:10", "0:9"): False,
        ("0:7.1:5", "0:7.1:6"): True,
        ("0:8.1:5", "0:7.1:6"): False,
        ("0:7", "0:7.1:1"): True,
        ("", "0:1"): True,
        ("0:1", ""): False,
    }
    asked = "async (pairs) => { const { behind } = await import('/page/core/position.js'); return pairs.map(([one, other]) => behind(one, other)); }"
    assert await reader.page.evaluate(asked, [list(pair) for pair in pairs]) == list(pairs.values())
