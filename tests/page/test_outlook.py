"""What a file says before its run begins: columns to look at twice, rows that came before, leads without an address."""

import hashlib

import msgspec
from playwright.async_api import expect

from contracts.envelope import Personal
from tests import controls
from tests.integration.gateway.office import DOMAIN, Lead, Office
from tests.page.house import NARROW, Comes, Reader
from tests.page.test_runs import drop
from tests.unit.projections.stories import ADA, Step

RUN = "run_20260302_090000_abcdef"
KNOWN = Lead(number=1, run_id=RUN)
HEADER = "email,full_name,company\n"
BEFORE = f"{HEADER}{KNOWN.address},Person 1,Works 1\n"


async def knows(office: Office, content: str) -> None:
    """A run that brought this very file, and the lead that came of it."""
    origin = msgspec.structs.replace(
        controls.ORIGIN, source="file", file_sha256=hashlib.sha256(content.encode()).hexdigest()
    )
    sourced = msgspec.structs.replace(next(iter(KNOWN.story())), origin=origin)
    await office.tell(Step(0, (controls.run_requested(run_id=RUN), sourced), ADA))


async def test_column_that_holds_something_else_is_looked_at_twice_and_mended_in_one_step(comes: Comes) -> None:
    otto = await comes("otto", path="/runs/new")
    await drop(otto, f"Kundin,Haus,Adresse\nAmy Engel,New Works,amy@new.{DOMAIN}\n")
    await otto.page.get_by_label("What Haus is taken as").select_option("email")
    doubt = otto.page.get_by_role("alert").filter(has_text="Look twice")
    await expect(doubt).to_contain_text(
        "E-mail address is taken from the column “Haus”, and none of its first 1 value is an e-mail address."
    )
    await expect(doubt).to_contain_text("“Adresse” looks like it.")
    await doubt.get_by_role("button", name="Take Adresse as e-mail address").click()
    await expect(doubt).to_have_count(0)
    await expect(otto.page.get_by_label("What Adresse is taken as")).to_have_value("email")
    await expect(otto.page.get_by_label("What Haus is taken as")).to_have_value("")


async def test_file_that_came_before_says_in_which_run_and_that_nobody_is_written_to_twice(
    comes: Comes, office: Office
) -> None:
    await knows(office, BEFORE)
    otto = await comes("otto", path="/runs/new")
    await drop(otto, BEFORE)
    said = otto.page.get_by_role("list", name="What to know of these rows")
    await expect(said).to_contain_text("This very file came before, in leads.csv, ")
    await expect(said).to_contain_text("Every row came before with nothing new; nobody is written to twice.")
    await said.get_by_role("link", name="leads.csv").click()
    await expect(otto.page.get_by_role("heading", level=1, name="leads.csv")).to_be_visible()


async def test_leads_without_an_address_and_older_values_are_told_with_what_mends_it(
    comes: Comes, office: Office
) -> None:
    await knows(office, BEFORE)
    name = {"full_name": Personal.plain("Person One")}
    origin = msgspec.structs.replace(controls.ORIGIN, source="file")
    await office.tell(Step(0, (controls.lead_updated(lead_id=KNOWN.lead_id, origin=origin, fields=name),)))
    content = f"{HEADER}{KNOWN.address},Somebody Else,Works 1\n,Amy Engel,New Works\n"
    found = await office.http.post(
        "/api/imports",
        files={"file": ("old.csv", content.encode(), "text/csv")},
        data={"as_of": "2001-02-03T04:05:06Z"},
        headers=office.headers("operator"),
    )
    otto = await comes("otto", path=f"/runs/new/{found.json()['import_id']}")
    said = otto.page.get_by_role("list", name="What to know of these rows").get_by_role("listitem")
    await expect(said).to_have_count(2)
    await expect(said.first).to_have_text(
        "1 row has an older value than is known, and the newer stays. "
        "If this file is right after all, bring it again here: it then counts as of now."
    )
    await expect(said.last).to_contain_text("1 lead without an e-mail address; kept until one comes.")


async def test_axe_finds_nothing(comes: Comes, office: Office) -> None:
    await knows(office, BEFORE)
    for size in ({}, {"size": NARROW}):
        otto: Reader = await comes("otto", path="/runs/new", bypass_csp=True, **size)
        await drop(otto, BEFORE)
        await otto.page.get_by_label("What company is taken as").select_option("linkedin_url")
        await otto.sees("Look twice:")
        await otto.sees("This very file came before")
        assert await otto.violations() == []
        assert await otto.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
