"""What was said of the columns of a file, kept by name and offered again."""

from playwright.async_api import Locator, expect

from tests.page.house import NARROW, Comes, Reader
from tests.page.test_runs import CSV, drop


async def said(reader: Reader) -> None:
    """Bring the file, and say what its first column is."""
    await drop(reader)
    await reader.page.get_by_label("What Adresse is taken as").select_option("email")
    await expect(reader.page.get_by_role("row", name="Adresse")).to_contain_text("you said so")


async def test_mapping_is_kept_by_name_and_offered_for_the_same_columns_alone(comes: Comes) -> None:
    otto = await comes("otto", path="/runs/new")
    otto.bears("status of 422")
    await drop(otto)
    await otto.sees("1. What the columns mean")
    name = otto.page.get_by_label("Keep what you said")
    await expect(name).to_have_count(0)
    await otto.page.get_by_label("What Adresse is taken as").select_option("email")
    await name.fill("My export")
    await otto.press("Enter")
    await otto.sees("This cannot be the name of a mapping.")
    await expect(name).to_be_focused()
    await name.fill("my-export")
    await otto.press("Enter")
    await expect(offered_in(otto)).to_have_attribute("aria-pressed", "true")
    await expect(name).to_have_count(0)

    otto = await comes("otto", path="/runs/new")
    await drop(otto, CSV.replace("amy", "ann"))
    await expect(offered_in(otto)).to_have_attribute("aria-pressed", "false")
    await offered_in(otto).click()
    await expect(otto.page.get_by_label("What Adresse is taken as")).to_have_value("email")
    await expect(offered_in(otto)).to_have_attribute("aria-pressed", "true")
    await otto.page.get_by_role("button", name="Forget my-export").click()
    await expect(offered_in(otto)).to_have_count(0)
    await expect(otto.page.get_by_label("What Adresse is taken as")).to_have_value("email")
    await expect(otto.page.get_by_label("Keep what you said")).to_be_visible()


def offered_in(reader: Reader) -> Locator:
    """What is offered by its name."""
    return reader.page.get_by_role("button", name="Take them as in my-export")


async def test_axe_finds_nothing(comes: Comes) -> None:
    found: list[str] = []
    for size in ({}, {"size": NARROW}):
        otto = await comes("otto", path="/runs/new", bypass_csp=True, **size)
        await said(otto)
        found += await otto.violations()
        await otto.page.get_by_label("Keep what you said").fill("my-export")
        await otto.press("Enter")
        await expect(offered_in(otto)).to_be_visible()
        found += await otto.violations()
        await otto.page.get_by_role("button", name="Forget my-export").click()
        await expect(offered_in(otto)).to_have_count(0)
        assert await otto.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert found == []
