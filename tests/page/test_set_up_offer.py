"""The offer in a browser: as it is used, what is missing with what mends it, and the campaigns."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from services.cli.set_up import SetUp
from tests.integration.gateway.office import Office
from tests.own_offer import OWN_OFFER
from tests.page.house import NARROW, Comes

PATH = "/set-up/offer"


@pytest.fixture
def files(office: Office, tmp_path: Path) -> Path:
    """An offer and two campaigns, one of them with a fault, to be changed by whoever tests."""
    (tmp_path / "offer.toml").write_text(OWN_OFFER.read_text())
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "founders.toml").write_text('angles = ["quick_win"]\n[audience]\ntitles = ["CEO"]\n')
    (tmp_path / "campaigns" / "broken.toml").write_text("angels = 1\n")
    assert isinstance(office.backend.set_up, SetUp)
    office.backend.set_up.voices._own = tmp_path / "offer.toml"
    office.backend.set_up.voices.campaigns.folder = tmp_path / "campaigns"
    return tmp_path


async def test_offer_stands_there_as_drafts_use_it_with_the_evidence(comes: Comes, office: Office, files: Path) -> None:
    grace = await comes(path="/set-up")
    await grace.sees("Nothing is missing. A run over real people can start.")
    used = (await office.get("/api/setup")).json()["offer"]
    offer = grace.page.locator(".offer")
    for seen in (used["company"], used["line"], used["proofs"][0]["text"], used["proofs"][0]["evidence"], "English"):
        await expect(offer).to_contain_text(seen)
    await grace.sees(used["hash"][:12])


async def test_what_is_missing_is_told_with_its_key_and_is_gone_once_mended(
    comes: Comes, office: Office, files: Path
) -> None:
    whole = OWN_OFFER.read_text()
    broken = "\n".join(line for line in whole.splitlines() if not line.startswith("reply_to"))
    (files / "offer.toml").write_text(broken)
    vera = await comes("vera", path=PATH)
    await vera.sees("One thing is missing. A run over real people is refused until it is mended.")
    row = vera.page.get_by_role("table", name="What is missing", exact=True).get_by_role("row").nth(1)
    await expect(row).to_contain_text("reply_to")
    (files / "offer.toml").write_text(whole)
    await vera.page.get_by_role("button", name="Look again").click()
    await vera.sees("Nothing is missing.")


async def test_campaigns_say_whom_they_are_for_and_what_keeps_one_from_being_used(
    comes: Comes, office: Office, files: Path
) -> None:
    grace = await comes(path=PATH)
    row = grace.page.get_by_role("row", name="founders")
    for seen in ("as CEO", "a quick win", "can be used"):
        await expect(row).to_contain_text(seen)
    await expect(grace.page.get_by_role("row", name="broken")).to_contain_text("1 thing missing")
    await expect(grace.page.get_by_role("table", name="What is missing for broken")).to_contain_text("angels")
    for one in (files / "campaigns").iterdir():
        one.unlink()
    await grace.page.get_by_role("button", name="Look again").click()
    await grace.sees("There is no campaign.")


async def test_set_up_that_cannot_be_read_says_so(comes: Comes, office: Office) -> None:
    grace = await comes(path="/settings")
    grace.bears("status of 503")
    away = '{"type": "urn:swarm:store-unavailable", "detail": "The log cannot be reached."}'
    await grace.page.route("**/api/setup", lambda route: route.fulfill(status=503, body=away))
    await grace.page.goto(grace.house.url + PATH)
    await grace.sees("The store is away")


async def test_axe_finds_nothing(comes: Comes, office: Office, files: Path) -> None:
    (files / "offer.toml").write_text('company = "Tidewater Calibration"\n')
    grace = await comes(path=PATH, bypass_csp=True)
    await grace.sees("founders")
    await grace.sees("things are missing")
    found = await grace.violations()
    phone = await comes(path=PATH, size=NARROW, bypass_csp=True)
    await phone.sees("founders")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
