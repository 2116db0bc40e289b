"""What axe-core finds in each state, in both themes: nothing."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader

Reaches = Callable[[Reader], Awaitable[None]]


async def queue(reader: Reader) -> None:
    await reader.settled()


async def edit(reader: Reader) -> None:
    await reader.press("e")
    await reader.type("More. ")
    await expect(reader.page.locator(".changes ins")).to_have_count(1)


async def reject(reader: Reader) -> None:
    await reader.press("r", "t", "Enter")
    await reader.sees("Say why in a few words")


async def changes(reader: Reader) -> None:
    await reader.press("c", "1")
    await expect(reader.page.get_by_role("button", name="Other angle")).to_have_attribute("aria-pressed", "true")


async def later(reader: Reader) -> None:
    await reader.press("s")
    await expect(reader.page.locator(".panel")).to_be_visible()


async def comment(reader: Reader) -> None:
    await reader.press("m")
    await expect(reader.page.locator(".panel")).to_be_visible()


async def approved(reader: Reader) -> None:
    await reader.press("a")
    await expect(reader.said).to_contain_text("Approved")


async def failed_check(reader: Reader) -> None:
    await edit(reader)
    await reader.press("Control+Enter")
    await expect(reader.page.get_by_role("button", name="Approve anyway")).to_be_visible()
    await reader.press("a")
    await expect(reader.page.get_by_role("dialog", name="Approve although a check failed")).to_be_visible()


async def many(reader: Reader) -> None:
    await reader.press("x", "j", "x", "Shift+R")
    await expect(reader.page.get_by_role("dialog")).to_be_visible()


async def filters(reader: Reader) -> None:
    await reader.press("f")
    await expect(reader.page.get_by_role("group", name="Filters")).to_be_visible()


async def filtered_away(reader: Reader) -> None:
    await reader.press("/")
    await reader.type("nobody")
    await reader.sees("No letter fits these filters")


async def keys(reader: Reader) -> None:
    await reader.press("?")
    await expect(reader.page.get_by_role("dialog", name="Keys")).to_be_visible()


async def history(reader: Reader) -> None:
    await reader.press("h")
    await expect(reader.page.locator(".beside .versions > li").first).to_be_visible()


async def menu(reader: Reader) -> None:
    await reader.page.get_by_label("Grace: you").click()
    await expect(reader.page.get_by_role("button", name="Sign out")).to_be_visible()


async def offline(reader: Reader) -> None:
    reader.bears("ERR_INTERNET_DISCONNECTED")
    await reader.context.set_offline(True)
    await reader.sees("Decisions are refused until")


STATES: dict[str, Reaches] = {
    one.__name__: one
    for one in (
        queue, edit, reject, changes, later, comment, approved, failed_check, many, filters, filtered_away, keys, history,
        menu, offline,
    )
}  # fmt: skip
"""By name: how to get there from a queue of five."""


@pytest.mark.parametrize("names", [list(STATES)[::2], list(STATES)[1::2]], ids=["one half", "the other"])
async def test_nothing_is_wrong_in_any_state(comes: Comes, letters: list[Lead], names: list[str]) -> None:
    found: list[str] = []
    for name in names:
        reader = await comes(bypass_csp=True)
        await reader.settled()
        await STATES[name](reader)
        found += [f"{name}: {one}" for one in await reader.violations()]
        await reader.context.close()
    assert found == []


async def test_nothing_is_wrong_for_who_has_no_letters_or_may_not_see_them(comes: Comes, office: Office) -> None:
    stranger = await comes("", bypass_csp=True)
    await stranger.sees("Sign in")
    found = await stranger.violations()
    grace = await comes(bypass_csp=True)
    await grace.sees("Nothing has come yet")
    found += await grace.violations()
    await office.tell(Lead(number=1).step())
    for login in ("vera", "otto"):
        reader = await comes(login, bypass_csp=True)
        await reader.settled()
        await expect(reader.rows).to_have_count(1)
        found += await reader.violations()
    assert found == []


async def test_nothing_is_wrong_on_a_phone(comes: Comes, letters: list[Lead]) -> None:
    reader = await comes(size=NARROW, bypass_csp=True)
    await reader.settled()
    found = await reader.violations()
    await reader.row("Person 2").click()
    await expect(reader.letter).to_contain_text("Hello Person 2")
    found += await reader.violations()
    await reader.page.get_by_role("button", name="Reject").click()
    await expect(reader.page.get_by_role("dialog", name="Reject")).to_be_visible()
    found += await reader.violations()
    assert found == []
