"""The reviewers' page: the same document at each of its addresses, and the files that it is made of. No data in them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from litestar import Response, get
from litestar.params import FromPath, HeaderParameter

from contracts.errors import NotFound
from gateway.auth import OPEN_TO_ALL

INDEX = "index.html"
TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
"""By ending; a file with another one is not served."""
FRESH = "no-cache"
"""Kept by the browser, and asked about each time: a new version is seen at once."""

IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match", description="The ETag of the copy kept.")]


@dataclass(frozen=True)
class File:
    """One file as it is sent."""

    body: bytes
    media_type: str
    etag: str


def _read(folder: Traversable, prefix: str = "") -> dict[str, File]:
    """The files below a folder by their path in it."""
    found: dict[str, File] = {}
    for entry in folder.iterdir():
        path = prefix + entry.name
        if entry.is_dir():
            found |= _read(entry, f"{path}/")
        elif media_type := TYPES.get(path.rpartition(".")[2]):
            body = entry.read_bytes()
            found[path] = File(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    return found


FILES: Mapping[str, File] = _read(files("gateway") / "page")
"""Read once: what is installed does not change under a process that runs."""


@get(
    [
        "/",
        "/runs",
        "/runs/new",
        "/runs/{run_id:str}",
        "/runs/new/{import_id:str}",
        "/leads",
        "/leads/{lead_id:str}",
        "/feedback",
        "/activity",
        "/health",
        "/set-up",
        "/set-up/{tab:str}",
        "/settings",
    ],
    opt=OPEN_TO_ALL,
    include_in_schema=False,
)
async def index(if_none_match: IfNoneMatch = None) -> Response[bytes]:
    """The page; it looks at its address itself and asks for data, and for who reads, like any other client."""
    return _answer(FILES[INDEX], if_none_match)


@get("/page/{path:path}", opt=OPEN_TO_ALL, include_in_schema=False)
async def page_file(path: FromPath[str], if_none_match: IfNoneMatch = None) -> Response[bytes]:
    """One file of the page."""
    file = FILES.get(path.removeprefix("/"))
    if file is None:
        raise NotFound("The page has no such file.")
    return _answer(file, if_none_match)


def _answer(file: File, kept: str | None) -> Response[bytes]:
    headers = {"ETag": file.etag, "Cache-Control": FRESH}
    known = {one.strip().removeprefix("W/") for one in (kept or "").split(",")}
    if file.etag in known or "*" in known:
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    return Response(file.body, headers=headers, media_type=file.media_type)


ROUTES = (index, page_file)
