"""Every page in every state as a picture, in both themes and three widths: `python -m tests.page.shots FOLDER [NAME …]`.

The services work on the sample with a clock that stands where it is set, so a picture changes where the page does. What
axe-core finds in a scene, and what a browser complains of, is told at the end. Names take only the scenes that begin with
one of them.
"""

import asyncio
import base64
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, Route, ViewportSize, async_playwright, expect

from services.cli.given import SAMPLE_LEADS
from tests.page.house import Reader, come, launch
from tests.page.showroom import Showroom, at_work, fill, showroom

SIZES = {
    "desktop": ViewportSize(width=1440, height=900),
    "tablet": ViewportSize(width=820, height=1180),
    "phone": ViewportSize(width=390, height=844),
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHOWN = Path("docs/shots")
FEW = {
    "queue-desktop-light",
    "reject-desktop-dark",
    "lead-why-desktop-light",
    "feedback-desktop-dark",
    "run-desktop-light",
    "set-up-icp-compared-desktop-light",
    "letter-phone-light",
}
"""What goes into docs/shots; everything else only into the folder that was given."""

Reaches = Callable[[Reader], Awaitable[None]]
Answers = Literal["", "never", "away"]


async def nothing(_: Reader) -> None:
    """As it is."""


def pressing(*keys: str) -> Reaches:
    """Reach a state by keys."""

    async def reach(reader: Reader) -> None:
        await reader.press(*keys)

    return reach


def then(*steps: Reaches) -> Reaches:
    """One step after another."""

    async def reach(reader: Reader) -> None:
        for step in steps:
            await step(reader)

    return reach


def seeing(text: str) -> Reaches:
    """Wait until it is there."""

    async def reach(reader: Reader) -> None:
        await reader.sees(text)

    return reach


def clicking(name: str, role: Literal["button", "link", "row", "checkbox", "radio"] = "button") -> Reaches:
    """By what it is called."""

    async def reach(reader: Reader) -> None:
        await reader.page.get_by_role(role, name=name).first.click()

    return reach


async def letter(reader: Reader) -> None:
    """The first letter, also on a screen that shows one thing at a time."""
    if await reader.rows.first.is_visible():
        await reader.rows.first.click()
    await expect(reader.page.locator(".letter-head")).to_be_visible()
    if await reader.page.locator(".facts").count():
        await expect(reader.page.locator(".fact-from time").first).to_be_attached()


async def rewritten(reader: Reader) -> None:
    """A letter that came back after somebody asked for another text, with what became of it."""
    found = "async () => (await (await fetch('/api/pending-emails?limit=200')).json()).items.find(one => one.versions.at(-1).asked_by)"
    card = await reader.page.evaluate(found)
    await reader.page.get_by_role("searchbox").fill(card["card"]["company"])
    await expect(reader.rows).to_have_count(1)
    await reader.page.get_by_role("searchbox").blur()
    await letter(reader)
    await reader.press("h")
    await reader.page.locator(".versions:visible").last.evaluate("one => one.scrollIntoView({block: 'center'})")


async def edit(reader: Reader) -> None:
    """A sentence more in the middle of the letter."""
    await reader.press("e")
    area = reader.page.get_by_label("Text", exact=True)
    await area.evaluate("one => { const at = one.value.indexOf('.') + 1; one.setSelectionRange(at, at); }")
    await reader.type(" Fifteen minutes would do.")
    await reader.page.locator(".letter-scroll").evaluate("one => one.scrollTo(0, 0)")


async def reject(reader: Reader) -> None:
    """A tag and a reason."""
    await reader.press("r", "t")
    await reader.type("Too stiff for a first mail.")


async def approved(reader: Reader) -> None:
    """The bar with the way back; the answer is made up, so that the next picture has the same queue."""
    await reader.page.route("**/api/emails/*/approve", lambda route: route.fulfill(json={"status": "recorded"}))
    await reader.press("a")
    await expect(reader.page.locator(".notice.done")).to_be_visible()


async def conflict(reader: Reader) -> None:
    """Somebody else was first."""
    problem = {
        "type": "urn:swarm:already-decided",
        "detail": "This e-mail was decided before.",
        "values": {"who": "person:ana@swarm", "when": reader.house.office.watch.now.isoformat(), "what": "rejected"},
    }
    reader.bears("status of 409")
    await reader.page.route("**/api/emails/*/approve", lambda route: route.fulfill(status=409, json=problem))
    await reader.press("a")
    await reader.page.get_by_role("button", name="Show").click()


async def failed_check(reader: Reader) -> None:
    """A letter that may go out with a reason alone."""
    row = reader.rows.filter(has_text="failed").first
    if await row.is_visible():
        await row.click()
    else:
        await reader.press("j", "j", "j")
    await reader.press("a")


async def filtered_away(reader: Reader) -> None:
    """A search that finds nobody."""
    await reader.press("/")
    await reader.type("nobody of that name")
    await expect(reader.page.get_by_text(re.compile("fits these filters")).first).to_be_visible()


async def offline(reader: Reader) -> None:
    """No network at all."""
    reader.bears("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED")
    await reader.context.set_offline(True)
    await expect(reader.page.locator(".band.offline")).to_be_visible()


async def menu(reader: Reader) -> None:
    """Who reads, and the theme."""
    await reader.page.locator(".menu summary").click()


async def first_lead(reader: Reader) -> None:
    """A lead whose mail went out, with all that led to it."""
    await reader.page.goto(f"{reader.house.url}/leads?stands=sent%2C+simulated")
    await reader.page.locator(".lead-link").first.click()
    await expect(reader.page.locator(".why-list li").first).to_be_attached()


async def to_the_drawing(reader: Reader) -> None:
    """Further down, where it is told what led to what."""
    await reader.page.locator("#why-title").evaluate("one => one.scrollIntoView()")


async def the_run(reader: Reader) -> None:
    """The one that waits for people."""
    await reader.page.get_by_role("link", name="demo.csv").first.click()
    await expect(reader.page.locator(".strip.large")).to_be_visible()


async def brought(reader: Reader) -> None:
    """A file with the names of columns that everybody knows, and people whom the swarm does not."""
    people = ("Elif,Kaya,COO", "Hugo,Costa,VP Sales", "Ines,Moreau,Founder", "Olu,Adeyemi,Head of Operations")
    rows = [
        f"{one},Elmstone {number},{one.split(',')[0].lower()}@elmstone{number}.example,{40 * number},Consulting"
        for number, one in enumerate(people, start=1)
    ]
    text = "\n".join(["First Name,Last Name,Title,Company,Email,# Employees,Industry", *rows, ""])
    file = {"name": "conference.csv", "mimeType": "text/csv", "buffer": text.encode()}
    await reader.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    await expect(reader.page.get_by_role("heading", name="1. What the columns mean")).to_be_visible()


async def brought_unclear(reader: Reader) -> None:
    """A file whose columns nobody knows, with rows that can be no lead."""
    text = "Kontakt,Firma,Rolle,Mail\nElif Kaya,Elmstone,COO,elif@elmstone.example\nHugo,,VP,not an address\n"
    file = {"name": "kontakte.csv", "mimeType": "text/csv", "buffer": text.encode()}
    await reader.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    await expect(reader.page.get_by_role("heading", name="1. What the columns mean")).to_be_visible()


async def brought_again(reader: Reader) -> None:
    """The very file that came before, of which one column is taken for what it is not."""
    await reader.page.locator("input[type=file]").set_input_files(SAMPLE_LEADS)
    await reader.sees("This very file came before")
    await reader.page.get_by_label("What Company is taken as").first.select_option("linkedin_url")
    await reader.sees("Look twice:")


def typed_icp(text: str) -> Reaches:
    """Another ideal customer in the field."""

    async def reach(reader: Reader) -> None:
        await reader.page.get_by_label("The whole file").fill(text)

    return reach


async def compared(reader: Reader) -> None:
    """The shipped one with a higher bar, and whom it moves."""
    await reader.page.get_by_role("button", name="Change a copy of it").click()
    field = reader.page.get_by_label("The whole file")
    await field.fill(
        re.sub(r"(tier_[12]) = (\d+)", lambda one: f"{one[1]} = {int(one[2]) + 9}", await field.input_value())
    )
    await reader.page.get_by_role("button", name="Compare").click()
    await reader.sees("Who moves")
    above = "one => { one.scrollIntoView(); one.closest('.paper').scrollBy(0, -24); }"
    await reader.page.get_by_role("button", name="Compare").evaluate(above)


async def previewed(reader: Reader) -> None:
    """A letter of one angle to the first lead that there is."""
    await reader.page.get_by_role("button", name="Read for a lead: a quick win").click()
    await reader.page.get_by_role("list", name="Leads that fit").get_by_role("button").first.click()
    await reader.sees("What it says of them")
    await reader.page.get_by_role("heading", name="As a lead would get it").evaluate("one => one.scrollIntoView()")


async def looked_up(reader: Reader) -> None:
    """Somebody who is covered by a domain."""
    await reader.page.get_by_label("Address or domain to look up").fill("kim@mail.granite.example")
    await reader.press("Enter")
    await reader.sees("Excluded by its domain")


async def kept(reader: Reader) -> None:
    """What was said of the columns is kept by a name, and something else is said now."""
    await brought_unclear(reader)
    name = reader.page.get_by_label("Keep what you said")
    if not await reader.page.locator(".kept").count():
        await reader.page.get_by_label("What Kontakt is taken as").select_option("full_name")
        await name.fill("crm-export")
        await reader.press("Enter")
        await expect(reader.page.locator(".kept")).to_be_visible()
    await reader.page.get_by_label("What Rolle is taken as").select_option("title")
    await expect(name).to_be_visible()
    await reader.page.locator(".kept").evaluate("one => one.scrollIntoView({block: 'center'})")


CAMPAIGN = {
    "name": "founders",
    "audience": {"tiers": ["tier_1", "tier_2"], "industries": ["consulting"], "titles": ["CEO", "founder"]},
    "angles": ["quick_win", "time_savings"],
    "company": "Fieldnote Works",
    "sender": "Mara Lindqvist <mara.lindqvist@fieldnote.example>",
    "language": "en",
    "offer_hash": "",
    "missing": [],
}
UNREADY = CAMPAIGN | {
    "name": "agencies",
    "missing": [{"key": "reply_to", "why": "is empty", "remedy": "Write the address where answers are read."}],
}


async def with_campaigns(reader: Reader) -> None:
    """One that can be used and one that cannot; made up, for the demonstration has none."""
    set_up = {"campaigns": [UNREADY, CAMPAIGN]}
    await reader.page.route("**/api/setup", lambda route: route.fulfill(json=set_up))
    await brought(reader)
    await reader.page.locator(".start select[name=campaign]").select_option("founders")
    await to_the_start(reader)


async def with_filters(reader: Reader) -> None:
    """The choices unfolded, once there are any."""
    await expect(reader.page.locator(".toolbar")).to_be_visible()
    await reader.press("f")


async def to_the_start(reader: Reader) -> None:
    """The end of a page that is read from top to bottom."""
    await reader.page.get_by_role("heading", name="3. Start").evaluate("one => one.scrollIntoView()")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A page in a state. `answers` says what becomes of its questions, if they are not answered as they are."""

    name: str
    path: str = "/"
    login: str = "alan"
    reach: Reaches = nothing
    answers: Answers = ""


def states(name: str, path: str, *, login: str = "alan") -> list[Scene]:
    """What every page has: filled, while it is loaded, where the store is away, and without a network."""
    return [
        Scene(name=name, path=path, login=login),
        Scene(name=f"{name}-loading", path=path, login=login, answers="never"),
        Scene(name=f"{name}-store-away", path=path, login=login, answers="away"),
        Scene(name=f"{name}-offline", path=path, login=login, reach=offline),
    ]


def empties() -> list[Scene]:
    """Before anything came."""
    pages = ("leads", "feedback", "activity", "runs", "health", "settings")
    return [
        Scene(name="queue-empty", login="alan"),
        Scene(name="queue-empty-reviewer", login="grace"),
        *(Scene(name=f"{page}-empty", path=f"/{page}") for page in pages),
        Scene(name="runs-empty-reviewer", path="/runs", login="grace"),
    ]


def of_the_queue() -> list[Scene]:
    """Reading and deciding."""
    reached: dict[str, Reaches] = {
        "letter": letter,
        "edit": then(letter, edit),
        "reject": then(letter, reject),
        "changes": then(letter, pressing("c", "2")),
        "rewritten": rewritten,
        "later": then(letter, pressing("s")),
        "comment": then(letter, pressing("m")),
        "failed-check": failed_check,
        "conflict": then(letter, conflict),
        "approved": then(letter, approved),
        "history": then(letter, pressing("h")),
        "many": pressing("x", "j", "x", "Shift+A"),
        "filters": pressing("f"),
        "keys": pressing("?"),
        "menu": menu,
        "filtered-away": filtered_away,
    }
    return [
        *states("queue", "/", login="grace"),
        *(Scene(name=name, login="grace", reach=reach) for name, reach in reached.items()),
        Scene(name="queue-auditor", login="vera", reach=letter),
        Scene(name="queue-operator", login="otto", reach=letter),
    ]


def of_the_others() -> list[Scene]:
    """Every other page."""
    return [
        *states("leads", "/leads"),
        Scene(name="leads-filters", path="/leads", reach=pressing("f")),
        Scene(name="leads-filtered-away", path="/leads", reach=filtered_away),
        Scene(name="leads-auditor", path="/leads", login="vera"),
        Scene(name="lead", path="/leads", reach=first_lead),
        Scene(name="lead-why", path="/leads", reach=then(first_lead, to_the_drawing)),
        Scene(name="lead-auditor", path="/leads", login="vera", reach=first_lead),
        Scene(name="lead-unknown", path="/leads/nobody"),
        *states("feedback", "/feedback?synthetic=true"),
        Scene(name="feedback-tag", path="/feedback?synthetic=true&by=tag"),
        Scene(name="feedback-real", path="/feedback"),
        Scene(name="feedback-auditor", path="/feedback?synthetic=true", login="vera"),
        *states("activity", "/activity"),
        Scene(name="activity-filters", path="/activity", reach=pressing("f")),
        Scene(name="activity-filtered-away", path="/activity?type=email.expired.v1"),
        Scene(name="activity-auditor", path="/activity", login="vera"),
        *states("runs", "/runs"),
        Scene(name="runs-reviewer", path="/runs", login="grace"),
        Scene(name="runs-filters", path="/runs", reach=with_filters),
        Scene(name="run", path="/runs", reach=the_run),
        Scene(name="run-refused", path="/runs", reach=then(the_run, clicking("rows were refused"))),
        Scene(name="run-withdraw", path="/runs", reach=then(the_run, clicking("Withdraw"))),
        Scene(name="run-reviewer", path="/runs", login="grace", reach=the_run),
        Scene(name="run-unknown", path="/runs/run_20200101_000000_000000"),
        Scene(name="new-run", path="/runs/new"),
        Scene(name="new-run-reviewer", path="/runs/new", login="grace"),
        Scene(name="new-run-preview", path="/runs/new", reach=brought),
        Scene(name="new-run-start", path="/runs/new", reach=then(brought, to_the_start)),
        Scene(name="new-run-campaign", path="/runs/new", reach=with_campaigns),
        Scene(name="new-run-unclear", path="/runs/new", reach=brought_unclear),
        Scene(name="new-run-again", path="/runs/new", reach=brought_again),
        Scene(name="new-run-kept", path="/runs/new", reach=kept),
        Scene(name="new-run-gone", path="/runs/new/nothing"),
        *states("health", "/health"),
        Scene(name="health-reviewer", path="/health", login="grace"),
        *states("set-up-offer", "/set-up/offer"),
        *states("set-up-icp", "/set-up/ideal-customer"),
        Scene(name="set-up-icp-compared", path="/set-up/ideal-customer", reach=compared),
        Scene(
            name="set-up-icp-wrong",
            path="/set-up/ideal-customer",
            reach=then(typed_icp("size = 7"), clicking("Compare")),
        ),
        Scene(name="set-up-icp-reviewer", path="/set-up/ideal-customer", login="grace", reach=compared),
        *states("set-up-templates", "/set-up/templates"),
        Scene(name="set-up-templates-read", path="/set-up/templates", login="grace", reach=previewed),
        Scene(name="set-up-templates-auditor", path="/set-up/templates", login="vera"),
        *states("set-up-alone", "/set-up/leave-alone", login="otto"),
        Scene(name="set-up-alone-check", path="/set-up/leave-alone", login="otto", reach=looked_up),
        Scene(name="set-up-alone-off", path="/set-up/leave-alone", login="otto", reach=clicking("Take off")),
        Scene(name="set-up-alone-reviewer", path="/set-up/leave-alone", login="grace"),
        *states("settings", "/settings"),
        Scene(name="settings-reviewer", path="/settings", login="grace"),
        Scene(name="settings-person", path="/settings", reach=clicking("Add a person")),
        Scene(name="settings-token", path="/settings", reach=clicking("New token")),
        Scene(name="sign-in", login=""),
    ]


AWAY = {
    "type": "urn:swarm:store-unavailable",
    "detail": "The log cannot be reached.",
    "remedy": "It is tried again by itself; if it stays so, look whether the store runs.",
}


async def keep_from_answering(page: Page, answers: Answers) -> list[Route]:
    """What the page asks for, but for who reads, is answered never, or by a store that is away; the former come back."""
    held: list[Route] = []

    async def handle(route: Route) -> None:
        if re.search(r"/api/(session|feed($|\?))", route.request.url):
            await route.continue_()
        elif answers == "away":
            await route.fulfill(status=503, json=AWAY)
        else:
            held.append(route)

    if answers:
        await page.route("**/api/**", handle)
    return held


async def take(browser: Browser, room: Showroom, folder: Path, scene: Scene) -> None:
    """One scene in each width and theme."""
    for size, viewport in SIZES.items():
        readers: list[Reader] = []
        reader = await come(
            browser,
            room.house,
            readers,
            scene.login,
            session=await room.session(scene.login),
            bypass_csp=True,
            size=viewport,
            at=room.office.watch.now,
            path="/page/icon.svg",
        )
        reader.bears("status of (403|404|422|503)", "ERR_FAILED")
        held = await keep_from_answering(reader.page, scene.answers)
        await reader.page.goto(room.house.url + scene.path)
        if scene.login:
            await expect(reader.page.locator(".fresh.live")).to_be_attached()
        if scene.answers != "never":
            await expect(reader.page.locator(".bones")).to_have_count(0)
        await scene.reach(reader)
        if scene.answers != "never":
            await expect(reader.page.locator(".bones")).to_have_count(0)
        # Names are looked up after the lines that they stand in.
        await expect(reader.page.get_by_role("link", name="The lead", exact=True)).to_have_count(0)
        await expect(reader.page.locator(".letter-pane:not([data-ready]):not(.bones)")).to_have_count(0)
        for theme in THEMES:
            await reader.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            await reader.page.screenshot(path=folder / f"{scene.name}-{size}-{theme}.png", animations="disabled")
        wrong.extend(f"{scene.name} {size}: {one}" for one in await reader.violations())
        if await reader.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{scene.name} {size}: wider than its screen")
        wrong.extend(f"{scene.name} {size}: {one}" for one in reader.unexpected)
        for route in held:
            await route.abort()
        await reader.context.close()


async def sheet(browser: Browser, folder: Path, name: str) -> None:
    """All pictures of a scene on one, to look at."""
    shots = [(size, theme) for theme in THEMES for size in SIZES]
    images = "".join(
        f"<img height=450 src='data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}'>"
        for size, theme in shots
        if (file := folder / f"{name}-{size}-{theme}.png").exists()
    )
    page = await browser.new_page(viewport=ViewportSize(width=1300, height=940))
    await page.set_content(f"<body style='margin:8px;background:#888;display:flex;flex-wrap:wrap;gap:8px'>{images}")
    (folder / "sheets").mkdir(exist_ok=True)
    await page.screenshot(path=folder / "sheets" / f"{name}.png")
    await page.close()


async def main(folder: Path, wanted: tuple[str, ...]) -> None:
    """Serve the sample, and go through all scenes."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in empties() if one.name.startswith(wanted)]
    others = [one for one in (*of_the_queue(), *of_the_others()) if one.name.startswith(wanted)]
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        async with showroom() as room:
            if chosen:
                async with at_work(room.swarm):
                    await room.office.caught_up()
                    for scene in chosen:
                        await shown(browser, room, folder, scene)
            if others:
                await fill(room)
                async with at_work(room.swarm):
                    for scene in others:
                        await shown(browser, room, folder, scene)
        await browser.close()
    SHOWN.mkdir(parents=True, exist_ok=True)
    for name in FEW:
        if (file := folder / f"{name}.png").exists():
            (SHOWN / file.name).write_bytes(file.read_bytes())


async def shown(browser: Browser, room: Showroom, folder: Path, scene: Scene) -> None:
    """Take a scene, and say so; one that cannot be reached does not keep the others from being taken."""
    try:
        await take(browser, room, folder, scene)
        await sheet(browser, folder, scene.name)
        print(scene.name, flush=True)
    except Exception as why:  # noqa: BLE001 - It is told, and counted at the end.
        wrong.append(f"{scene.name} was not taken: {str(why)[:400]}")


wrong: list[str] = []
"""What was found wrong with the scenes."""

if __name__ == "__main__":
    given = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")
    asyncio.run(main(given, tuple(sys.argv[2:]) or ("",)))
    sys.exit("\n".join(wrong) or None)
