"""Every state of the page as a picture, in both themes and three widths, over the sample run: `python -m tests.page.shots FOLDER`.

The gateway and all services run as people run them, in a home of their own that is removed at the end.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.page.house import launch

SWARM = Path(sys.executable).with_name("swarm")
SAMPLE = Path("services/hunter/samples/demo.csv")
NAMESPACE = "shots"
SIZES = {
    "desktop": ViewportSize(width=1440, height=900),
    "tablet": ViewportSize(width=900, height=1100),
    "phone": ViewportSize(width=390, height=844),
}
FEW = {
    ("queue", "desktop", "light"),
    ("queue", "desktop", "dark"),
    ("edit", "desktop", "light"),
    ("letter", "phone", "light"),
}
"""What goes into docs/shots; everything else only into the folder that was given."""

Reaches = Callable[[Page], Awaitable[None]]


def pressing(*keys: str) -> Reaches:
    """Reach a state by keys."""

    async def reach(page: Page) -> None:
        for key in keys:
            await page.keyboard.press(key)

    return reach


async def letter(page: Page) -> None:
    """The first letter, on a screen that shows one thing at a time."""
    await page.locator(".list [role=option]").first.click()


async def edit(page: Page) -> None:
    """A sentence more in the middle of the letter."""
    await page.keyboard.press("e")
    area = page.get_by_label("Text", exact=True)
    await area.evaluate("one => { const at = one.value.indexOf('.') + 1; one.setSelectionRange(at, at); }")
    await page.keyboard.type(" Fifteen minutes would do.")
    await page.locator(".letter-scroll").evaluate("one => one.scrollTo(0, 0)")


async def reject(page: Page) -> None:
    """A tag and a reason."""
    await pressing("r", "t")(page)
    await page.keyboard.type("Too stiff for a first mail.")


async def approved(page: Page) -> None:
    """The bar with the way back; taken at once, so that the next picture has the same queue."""
    await page.keyboard.press("a")
    await expect(page.locator(".notice.done")).to_be_visible()


async def unapproved(page: Page) -> None:
    """As it was."""
    await page.keyboard.press("u")
    await expect(page.locator(".notices + [role=status]")).to_have_text(re.compile("Taken back"))


async def filtered_away(page: Page) -> None:
    """A search that finds nobody."""
    await page.keyboard.press("/")
    await page.keyboard.type("nobody of that name")
    await expect(page.get_by_text("No letter fits")).to_be_visible()


async def offline(page: Page) -> None:
    """No network at all."""
    await page.context.set_offline(True)
    await expect(page.locator(".band.offline")).to_be_visible()


async def menu(page: Page) -> None:
    """Who reads, and the theme."""
    await page.locator(".menu summary").click()


STATES: dict[str, Reaches] = {
    "queue": pressing(),
    "letter": letter,
    "edit": edit,
    "reject": reject,
    "changes": pressing("c", "2"),
    "later": pressing("s"),
    "many": pressing("x", "j", "x", "Shift+A"),
    "filters": pressing("f"),
    "keys": pressing("?"),
    "menu": menu,
    "filtered-away": filtered_away,
    "offline": offline,
    "approved": approved,
}
AFTERWARDS: dict[str, Reaches] = {"approved": unapproved}


async def take(browser: Browser, url: str, cookies: Path | None, folder: Path, name: str, reach: Reaches) -> None:
    """One state in each theme and width."""
    for theme in ("light", "dark"):
        for size, viewport in SIZES.items():
            context = await browser.new_context(
                viewport=viewport,
                color_scheme="dark" if theme == "dark" else "light",
                storage_state=cookies,
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/Oslo",
            )
            page = await context.new_page()
            await page.goto(url)
            if cookies:
                await expect(page.locator(".fresh.live")).to_be_attached()
                await expect(page.locator(".bones")).to_have_count(0)
                await expect(page.locator(".fact-from time").first).to_be_attached()
                if size == "phone" and name in {"edit", "reject", "changes", "later", "approved"}:
                    await letter(page)
            else:
                await expect(page.get_by_label("Login")).to_be_visible()
            await reach(page)
            await page.screenshot(path=folder / f"{name}-{size}-{theme}.png")
            if afterwards := AFTERWARDS.get(name):
                await afterwards(page)
            await context.close()


async def main(folder: Path) -> None:
    """Serve the sample, sign in by link, and go through all states."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="swarm-") as home:
        there = os.environ | {"SWARM_HOME": home, "SWARM_PORT": "8190", "SWARM_NAMESPACE": NAMESPACE}
        await swarm(there, "run", "--mode", "staging", "--input", str(SAMPLE))
        serving = await asyncio.create_subprocess_exec(SWARM, "up", env=there, stdout=asyncio.subprocess.PIPE)
        try:
            assert serving.stdout is not None
            said = ""
            while "answers at" not in said:
                said = (await serving.stdout.readline()).decode()
            found = re.search(r"http://[^\s,]+", said)
            assert found
            await shoot(found[0], there, folder)
        finally:
            serving.terminate()
            await serving.wait()


async def swarm(there: dict[str, str], *words: str) -> str:
    """What a command prints."""
    running = await asyncio.create_subprocess_exec(SWARM, *words, env=there, stdout=asyncio.subprocess.PIPE)
    said, _ = await running.communicate()
    assert running.returncode == 0, said
    return said.decode()


async def shoot(url: str, there: dict[str, str], folder: Path) -> None:
    """All pictures, of nobody and of a reviewer."""
    await swarm(there, "user", "add", "ana", "--name", "Ana Kowalska", "--role", "reviewer")
    link = re.search(r"#sign-in=\S+", await swarm(there, "user", "link", "ana"))
    assert link
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        await take(browser, url, None, folder, "sign-in", pressing())
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(f"{url}/{link[0]}")
        await page.get_by_role("button", name="Not now").click()
        cookies = folder / "session.json"
        await context.storage_state(path=cookies)
        try:
            for name, reach in STATES.items():
                await take(browser, url, cookies, folder, name, reach)
        finally:
            cookies.unlink()
        await browser.close()
    shown = Path("docs/shots")
    shown.mkdir(parents=True, exist_ok=True)
    for name, size, theme in FEW:
        (shown / f"{name}-{size}-{theme}.png").write_bytes((folder / f"{name}-{size}-{theme}.png").read_bytes())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")))
