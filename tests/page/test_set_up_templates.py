"""The templates in a browser: the angles by language, what is wrong with own ones, and how one reads for a lead."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from services.cli.template_desk import TemplateDesk
from services.crafter.library import shipped_file
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader

PATH = "/set-up/templates"


async def finds(reader: Reader, name: str) -> Locator:
    """Look for a lead; while the search is on its way the list shows more than the one who fits."""
    await reader.page.get_by_label("Lead", exact=True).fill(name)
    fitting = reader.page.get_by_role("list", name="Leads that fit").get_by_role("button")
    await expect(fitting).to_have_count(1)
    await expect(fitting).to_contain_text(name)
    return fitting


@pytest.fixture
def own(office: Office, tmp_path: Path) -> Path:
    """A folder of somebody's own texts: a copy, and one with a fault."""
    desk = office.backend.templates
    assert isinstance(desk, TemplateDesk)
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"templates": tmp_path}))
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "quick_win.j2").write_text(shipped_file("en", "quick_win").read_text())
    broken = shipped_file("en", "tech_stack").read_text().replace("{{ ask }}", "{{ ask }")
    (folder / "tech_stack.j2").write_text(broken)
    return tmp_path


async def test_angles_are_listed_in_the_language_of_the_offer_and_in_any_other(comes: Comes, office: Office) -> None:
    grace = await comes(path=PATH)
    await grace.sees("11 angles in English, all of them shipped.")
    row = grace.page.get_by_role("row", name="quick_win")
    for seen in ("a quick win", "shipped", "tier 3"):
        await expect(row).to_contain_text(seen)
    await grace.sees("No folder of your own is set; the shipped ones are in use.")
    await grace.page.get_by_role("button", name="German").click()
    await grace.sees("11 angles in German, all of them shipped.")


async def test_fault_is_told_with_file_line_and_reason_and_blocks_its_angle_alone(
    comes: Comes, office: Office, own: Path
) -> None:
    vera = await comes("vera", path=PATH)
    await vera.sees("1 fault in your own texts")
    await vera.sees("Not written until mended:")
    fault = vera.page.get_by_role("table", name="Faults in your own texts").get_by_role("row").nth(1)
    await expect(fault).to_contain_text("en/tech_stack.j2:")
    await vera.sees(own.name)
    assert str(own) not in await vera.page.content()
    await expect(vera.page.get_by_role("row", name="quick_win")).to_contain_text("own")
    await expect(vera.page.get_by_role("row", name="tech_stack").filter(has_text="shipped")).to_have_count(0)
    (own / "en" / "tech_stack.j2").unlink()
    await vera.page.get_by_role("button", name="Look again").click()
    await expect(vera.page.get_by_role("table", name="Faults in your own texts")).to_have_count(0)
    await vera.sees("11 angles in English, 1 of them your own.")


async def test_lead_is_found_by_keyboard_and_reads_what_it_would_get(
    comes: Comes, office: Office, letters: list[Lead]
) -> None:
    grace = await comes(path=PATH)
    await grace.page.get_by_role("button", name="Read for a lead: a quick win").click()
    await expect(grace.page.get_by_label("Lead", exact=True)).to_be_focused()
    await grace.type("Person 1")
    await expect(grace.page.get_by_role("list", name="Leads that fit").get_by_role("listitem")).to_have_count(1)
    await grace.press("Tab", "Enter")
    await expect(grace.page.get_by_label("Angle", exact=True)).to_be_focused()
    letter = grace.page.get_by_role("article", name="The letter")
    await expect(letter).to_contain_text("Head of Engines")
    await grace.sees("The guard lets it pass.")
    await grace.sees("A quick win in English, opener 1 of 5, the shipped template.")
    first = await letter.inner_text()
    await grace.page.get_by_label("Opener").select_option("2")
    await grace.sees("opener 2 of 5")
    await expect(letter).not_to_have_text(first, use_inner_text=True)
    await grace.page.get_by_role("button", name="German").click()
    await grace.sees("A quick win in German")


async def test_angle_that_says_what_nobody_knows_says_so(comes: Comes, office: Office, letters: list[Lead]) -> None:
    grace = await comes(path=PATH)
    grace.bears("status of 422")
    await grace.page.get_by_label("Lead", exact=True).fill("nobody of that name")
    await grace.sees("No lead fits. Leads come from a run.")
    await (await finds(grace, "Person 2")).click()
    await grace.page.get_by_label("Angle", exact=True).select_option("hiring_trigger")
    await grace.sees(
        "The angle an open position says role, which nobody knows of this lead. Try another angle, or another lead."
    )
    await expect(grace.page.get_by_role("article", name="The letter")).to_have_count(0)


async def test_who_may_not_read_letters_sees_the_angles_and_is_told_who_may(comes: Comes, office: Office) -> None:
    vera = await comes("vera", path=PATH)
    await vera.sees("You are an auditor: you can look. Reviewers, operators and admins read letters.")
    await expect(vera.page.get_by_role("row", name="quick_win")).to_be_visible()
    await expect(vera.page.get_by_role("button", name="Read for a lead: a quick win")).to_have_count(0)


async def test_axe_finds_nothing(comes: Comes, office: Office, own: Path, letters: list[Lead]) -> None:
    found: list[str] = []
    for size in (None, NARROW):
        grace = await comes(path=PATH, bypass_csp=True, **({"size": size} if size else {}))
        await grace.sees("1 fault in your own texts")
        fitting = await finds(grace, "Person 1")
        found += await grace.violations()
        await fitting.click()
        await grace.sees("The guard lets it pass.")
        found += await grace.violations()
    assert await grace.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
