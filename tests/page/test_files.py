"""The files of the page: what is served, and what must not be in them."""

import hashlib
import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from contracts.facts import FACTS
from gateway.app import create_app
from gateway.routes.page import FILES

ROOT = Path(__file__).parents[2]
ADDRESSES = [
    "/",
    "/runs",
    "/runs/run_1",
    "/runs/new",
    "/runs/new/1",
    "/leads",
    "/leads/one",
    "/feedback",
    "/activity",
    "/health",
    "/set-up",
    "/set-up/templates",
    "/settings",
]
OURS = sorted(path for path in FILES if path.endswith(".js") and not path.startswith("vendor"))


without_store = cache(create_app)


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """An app without a store: the page needs none."""
    transport = httpx.ASGITransport(app=without_store())  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_every_address_of_a_page_answers_with_the_same_document(http: httpx.AsyncClient) -> None:
    answers = [await http.get(address) for address in ADDRESSES]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {"text/html; charset=utf-8"}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("path", sorted(FILES))
async def test_a_file_has_its_type_and_is_not_sent_twice(http: httpx.AsyncClient, path: str) -> None:
    first = await http.get(f"/page/{path}")
    again = await http.get(f"/page/{path}", headers={"If-None-Match": f'W/"other", {first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["content-type"].split(";")[0] in {
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
        "image/svg+xml",
    }
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["nothing.js", "../app.py", "%2e%2e/app.py", "core", "core/", "", "/etc/passwd"])
async def test_no_other_file_can_be_had(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(f"/page/{path}")).status_code == 404


def test_bundle_is_the_one_that_was_recorded() -> None:
    lines = (ROOT / "tools" / "vendor" / "vendor.sha256").read_text().splitlines()
    recorded = {path: sha256 for sha256, path in map(str.split, lines)}
    assert {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in recorded} == recorded


def test_licences_of_all_that_is_bundled_are_there() -> None:
    licences = FILES["vendor.licences.txt"].body.decode()
    for name in ("preact", "@preact/signals", "@preact/signals-core", "htm", "tinykeys", "diff", "uplot"):
        assert re.search(rf"^{re.escape(name)} \d+\.\d+\.\d+ \(", licences, re.MULTILINE)


def test_document_has_no_script_and_no_style_of_its_own() -> None:
    document = FILES["index.html"].body.decode()
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", document) == []
    assert set(re.findall(r'(?:src|href)="([^"]+)"', document)) <= {f"/page/{path}" for path in FILES}


def test_every_fact_has_words_for_people() -> None:
    table = FILES["core/facts.js"].body.decode()
    assert sorted(re.findall(r'^  "([a-z_.0-9]+)": \[', table, re.MULTILINE)) == sorted(FACTS)


@pytest.mark.parametrize("path", OURS)
def test_module_imports_only_what_is_there(path: str) -> None:
    text = FILES[path].body.decode()
    folder = Path(path).parent
    for asked in re.findall(r'from "([^"]+)"', text):
        assert asked.startswith("."), asked
        parts: list[str] = []
        for part in (folder / asked).parts:
            parts = parts[:-1] if part == ".." else [*parts, part]
        assert "/".join(parts) in FILES, f"{path} imports {asked}"


@pytest.mark.parametrize("path", OURS)
def test_nothing_puts_a_text_into_the_page_as_markup(path: str) -> None:
    text = FILES[path].body.decode()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerously|\beval\(|new Function", text
    )
    assert not re.search(r"\bstyle=", text), "a style attribute is refused by the browser; use a class"
    assert not re.search(r"https?://", text), "the page asks nobody but its own server"
