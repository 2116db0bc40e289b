"""Health in a browser: what runs, what was given up, and what is seen while nobody answers."""

import re
from uuid import uuid4

from playwright.async_api import expect

from services.projections.views import VIEWS
from services.runtime.slots import Slot
from tests import controls
from tests.integration.gateway.office import Office
from tests.page.house import NARROW, Comes, House
from tests.unit.projections.stories import Step


async def test_service_that_does_not_run_is_named_with_what_starts_it(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path="/health")
    projector = otto.page.locator(".service").filter(has_text="Projector")
    await expect(projector).to_contain_text("does not run")
    await expect(projector).to_contain_text("swarm serve projector")
    await expect(otto.page.locator(".verdict")).to_contain_text("Projector does not run")
    slot = Slot(office.backend.views.client, office.backend.views.namespace, "projector", "one")
    await slot.take()
    await expect(projector).to_contain_text("turns facts into what these pages show")
    await expect(otto.page.locator(".verdict")).to_have_text("Everything runs.")
    await expect(otto.page.locator(".views li")).to_have_count(len(VIEWS))
    await expect(otto.page.locator(".views")).not_to_contain_text("behind")
    await slot.leave()


async def given_up(office: Office, reason: str = "The directory gave no country.") -> str:
    """What a service could not do; its id."""
    dead_id = str(uuid4())
    await office.tell(Step(0, (controls.dead_lettered(dead_id=dead_id, reason=reason),)))
    return dead_id


async def test_dead_letter_says_why_and_is_tried_again(comes: Comes, office: Office) -> None:
    otto = await comes("otto", path="/health")
    await otto.sees("Nothing waits")
    await given_up(office)
    row = otto.page.get_by_role("row", name="Researcher failed")
    await expect(row).to_contain_text("“lead came”")
    await expect(row).to_contain_text("The directory gave no country. after 3 attempts")
    await otto.page.get_by_role("button", name="Try again: Researcher").press("Enter")
    await expect(otto.said).to_contain_text("Researcher: it is tried again")
    await otto.sees("Nothing waits")
    await otto.page.get_by_label("Show those that were answered, too").check()
    await expect(row).to_contain_text("sent back by Otto")
    await expect(row.get_by_role("button")).to_have_count(0)


async def test_dead_letter_is_dropped_with_a_reason_alone(comes: Comes, office: Office) -> None:
    await given_up(office)
    otto = await comes("otto", path="/health")
    await otto.page.get_by_role("button", name="Drop: Researcher").press("Enter")
    dialog = otto.page.get_by_role("dialog", name="Drop what the researcher gave up")
    await otto.press("Enter")
    await expect(dialog).to_contain_text("Say why in a few words.")
    await otto.type("It needs no answer.")
    await otto.press("Enter")
    await expect(otto.said).to_contain_text("Researcher: dropped.")
    await otto.page.get_by_label("Show those that were answered, too").check()
    row = otto.page.get_by_role("row", name="Researcher failed")
    await expect(row).to_contain_text("dropped by Otto: It needs no answer.")


async def test_who_answers_second_is_told_who_was_first(comes: Comes, office: Office) -> None:
    dead_id = await given_up(office)
    otto = await comes("otto", path="/health")
    otto.bears("status of 409", "ERR_FAILED")
    again = otto.page.get_by_role("button", name="Try again: Researcher")
    await expect(again).to_be_visible()
    await otto.page.route("**/api/dead-letters?*", lambda route: route.abort())
    await office.post(f"/api/dead-letters/{dead_id}/drop", {"reason": "It needs no answer."}, "admin")
    await again.press("Enter")
    await expect(otto.said).to_have_text(
        re.compile(r"Researcher: Alan dropped it at \d\d:\d\d\. Your answer was not recorded\.")
    )
    await otto.page.unroute("**/api/dead-letters?*")
    await otto.sees("Nothing waits")


async def test_auditor_sees_what_was_given_up_and_who_answers_it(comes: Comes, office: Office) -> None:
    await given_up(office)
    vera = await comes("vera", path="/health")
    await vera.sees("Operators and admins answer these")
    await expect(vera.page.get_by_role("button", name="Try again")).to_have_count(0)


async def test_reviewer_is_told_who_sees_what_was_given_up(comes: Comes) -> None:
    grace = await comes("grace", path="/health")
    await grace.sees("Operators, auditors and admins see what was given up.")
    await grace.sees("acknowledged, kept by this test")


async def test_while_nobody_answers_it_says_as_of_when_and_then_goes_on(comes: Comes, house: House) -> None:
    otto = await comes("otto", path="/health")
    otto.bears(
        "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET"
    )
    await otto.settled()
    await otto.sees("looked at every 5 s")
    await house.stop()
    await otto.sees("Nobody can say how it stands now")
    await otto.sees("The server cannot be reached; trying again.")
    await house.start()
    await expect(otto.page.locator(".verdict")).to_contain_text("does not run", timeout=20_000)


async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    await office.tell(Step(0, (controls.dead_lettered(),)))
    otto = await comes("otto", path="/health", bypass_csp=True)
    await otto.sees("Mend the cause first")
    found = await otto.violations()
    phone = await comes("vera", path="/health", size=NARROW, bypass_csp=True)
    await phone.sees("Operators and admins answer these")
    found += await phone.violations()
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert found == []
