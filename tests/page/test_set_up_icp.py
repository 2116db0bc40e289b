"""The ideal customer in a browser: the one in force, whom another one would move, and letting it score."""

import json

from playwright.async_api import expect

from contracts.identity import partition_of
from services.segmentor.model import OWN_ID, own_text
from tests import controls
from tests.integration.gateway.office import Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.unit.projections.stories import Step

PATH = "/set-up/ideal-customer"
STRICT = own_text().replace("tier_1 = 80, tier_2 = 60, tier_3 = 40", "tier_1 = 100, tier_2 = 99, tier_3 = 98")
STRICT = STRICT.replace(OWN_ID, "strict-icp")


async def known(office: Office, *numbers: int) -> None:
    """Leads of whom enough is known to be judged."""
    for number in numbers:
        lead = Lead(number=number)
        ids = {"lead_id": lead.lead_id, "account_id": lead.account_id}
        story = (
            controls.lead_sourced(**ids, fields=controls.FIELDS | {"company": f"Company {number}"}),
            controls.lead_enriched(lead_id=lead.lead_id),
            controls.lead_scored(**ids),
        )
        await office.tell(Step(partition_of(lead.lead_id, office.backend.log.partitions), story))


async def compares(reader: Reader, text: str) -> None:
    """Put a file into the field and ask."""
    await reader.page.get_by_label("The whole file").fill(text)
    await reader.press("Control+Enter")


async def test_one_in_force_says_where_it_comes_from_and_shows_its_file(comes: Comes, office: Office) -> None:
    grace = await comes(path=PATH)
    await grace.sees("nothing was ever activated")
    await grace.page.get_by_text("The whole file").first.click()
    await expect(grace.page.locator(".whole-file pre")).to_contain_text("tier_1 = 80")
    await grace.page.get_by_role("button", name="Change a copy of it").click()
    field = grace.page.get_by_label("The whole file")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(own_text())
    await grace.page.reload()
    await expect(field).to_have_value(own_text())


async def test_admin_sees_whom_another_one_moves_and_lets_it_score(comes: Comes, office: Office) -> None:
    await known(office, 1, 2)
    alan = await comes("alan", path=PATH)
    await compares(alan, STRICT)
    await alan.sees("2 leads judged by both, as they are known now. Nothing was recorded.")
    await alan.sees("2 leads move between tiers")
    moves = alan.page.get_by_role("table", name="Who moves").get_by_role("row")
    await expect(moves).to_have_count(3)
    await expect(moves.nth(1)).to_contain_text("→")
    await expect(moves.nth(1)).to_contain_text("begins at")
    await alan.page.get_by_role("button", name="Activate …").click()
    await alan.page.get_by_role("button", name="Activate it").click()
    await alan.sees("Say why in a few words.")
    await alan.page.get_by_label("Reason").fill("Only the best this quarter.")
    await alan.press("Enter")
    await expect(alan.said).to_contain_text("is in force, in place of my-icp-1")
    await expect(alan.page.get_by_role("row", name="Only the best this quarter.")).to_contain_text("in force")
    active = (await office.get("/api/icp", "admin")).json()["active"]
    assert (active["text"], active["way"]) == (STRICT, "activated")
    await alan.page.get_by_role("button", name="Take up").click()
    await expect(alan.page.get_by_label("The whole file")).to_have_value(STRICT)
    await alan.page.get_by_role("button", name="Compare").click()
    await alan.sees("Both say the same, so nobody moves.")
    await expect(alan.page.get_by_role("button", name="Activate …")).to_have_count(0)


async def test_changed_file_under_an_id_that_said_something_else_is_told_which_id_is_free(
    comes: Comes, office: Office
) -> None:
    await office.post("/api/icp/activate", {"text": own_text(), "reason": "To begin with."}, "admin")
    alan = await comes("alan", path=PATH)
    alan.bears("status of 409")
    await compares(alan, STRICT.replace("strict-icp", OWN_ID))
    await alan.page.get_by_role("button", name="Activate …").click()
    await alan.page.get_by_label("Reason").fill("A higher bar.")
    await alan.press("Enter")
    await expect(alan.page.get_by_role("dialog")).to_contain_text('such as id = "my-icp-2"')


async def test_page_of_another_one_is_asked_for_by_its_cursor(comes: Comes, office: Office) -> None:
    await known(office, 1)
    whole = (await office.post("/api/icp/compare", {"text": STRICT}, "admin")).json()
    first = whole | {"next": "0123456789abcdef01234567.1"}
    second = whole | {"items": [whole["items"][0] | {"lead_id": "lead_other", "company": "On the next page"}]}
    grace = await comes(path=PATH)
    asked: list[object] = []

    async def answer(route) -> None:  # type: ignore[no-untyped-def]
        asked.append(json.loads(route.request.post_data or "{}").get("cursor"))
        await route.fulfill(json=second if asked[-1] else first)

    await grace.page.route("**/api/icp/compare", answer)
    await compares(grace, STRICT)
    await grace.page.get_by_role("button", name="Show more").click()
    await grace.sees("On the next page")
    assert asked == [None, first["next"]]


async def test_campaigns_say_who_would_enter_and_leave_their_audience(comes: Comes, office: Office) -> None:
    await known(office, 1)
    whole = (await office.post("/api/icp/compare", {"text": STRICT}, "admin")).json()
    assert whole["compared"]["campaigns"] == []
    reached = [
        {"campaign": "founders", "leads": 1200, "before": 700, "after": 650, "enter": 0, "leave": 50},
        {"campaign": "heads", "leads": 3, "before": None, "after": None, "enter": 0, "leave": 0},
    ]
    whole["compared"]["campaigns"] = reached
    whole["items"][0] |= {"campaign": "founders", "audience": "leaves"}
    grace = await comes(path=PATH)

    async def answer(route) -> None:  # type: ignore[no-untyped-def]
        await route.fulfill(json=whole)

    await grace.page.route("**/api/icp/compare", answer)
    await compares(grace, STRICT)
    rows = grace.page.get_by_role("table", name="Campaigns").get_by_role("row")
    await expect(rows.nth(1)).to_have_text("founders1,20070065050")
    await expect(rows.nth(2)).to_have_text("heads3cannot be readcannot be read")
    moves = grace.page.get_by_role("table", name="Who moves").get_by_role("row")
    await expect(moves.nth(1)).to_contain_text("leaves the audience of founders")


async def test_file_that_is_wrong_names_field_and_line_and_leads_there(comes: Comes, office: Office) -> None:
    grace = await comes(path=PATH)
    grace.bears("status of 422")
    wrong = own_text().replace("tier_1 = 80", 'tier_1 = "many"')
    number = wrong[: wrong.index('"many"')].count("\n") + 1
    await compares(grace, wrong)
    field = grace.page.get_by_label("The whole file")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await grace.sees(f"tiers.tier_1, line {number}:")
    await grace.page.get_by_role("button", name=f"Go to line {number}").click()
    chosen = await field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen == wrong.splitlines()[number - 1]


async def test_file_that_is_dropped_is_compared_at_once(comes: Comes, office: Office) -> None:
    grace = await comes(path=PATH)
    file = {"name": "icp.toml", "mimeType": "text/plain", "buffer": STRICT.encode()}
    await grace.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    await grace.sees("0 leads judged by both")
    await grace.sees("You are a reviewer: you can look. Admins let another one score.")
    await expect(grace.page.get_by_role("button", name="Activate …")).to_have_count(0)


async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    await known(office, 1)
    await office.post("/api/icp/activate", {"text": own_text(), "reason": "To begin with."}, "admin")
    alan = await comes("alan", path=PATH, bypass_csp=True)
    await compares(alan, STRICT)
    await alan.sees("Who moves")
    await alan.page.get_by_text("The whole file").first.click()
    found = await alan.violations()
    await alan.page.get_by_role("button", name="Activate …").click()
    await expect(alan.page.get_by_role("dialog")).to_be_visible()
    found += await alan.violations()
    phone = await comes("alan", path=PATH, size=NARROW, bypass_csp=True)
    await compares(phone, STRICT)
    await phone.sees("Who moves")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
