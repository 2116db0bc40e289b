"""A file on its way in: a multipart body taken in pieces, held once, and left as soon as it is too large."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from litestar.exceptions import HTTPException
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from contracts.errors import BadInput, TooLarge
from gateway.query import Asking

MULTIPART = "multipart/form-data"
FILE = "file"
FIELD_BYTES_MAX = 64_000
PARTS_MAX = 8
FRAME_BYTES = 100_000
"""What a body may weigh beside its file: the boundaries, the headers of the parts, and the other fields."""


class Upload(NamedTuple):
    """The file, its name as the sender calls it, and the other fields as texts."""

    name: str
    content: bytes
    fields: dict[str, str]


async def read_upload(request: Asking, bytes_max: int, known: frozenset[str] = frozenset()) -> Upload:
    """Take the body of a request.

    Args:
        bytes_max: the most that the file may have.
        known: the names that fields may have beside the file.

    Raises:
        TooLarge: the body says, or turns out, to be larger than it may be.
        BadInput: it is no multipart body, has no file or several, or a field that nobody knows.
        HTTPException: 415, it is of another type.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != MULTIPART:
        raise HTTPException(status_code=415, detail=f"Send the file as {MULTIPART}, in a part named `{FILE}`.")
    if (request.content_length or 0) > bytes_max + FRAME_BYTES:
        raise _too_large(FILE, bytes_max)
    parts = _Parts(bytes_max, known)
    try:
        with PushMultipartParser(options.get("boundary", ""), max_segment_count=PARTS_MAX) as parser:
            taken = 0
            async for some in request.stream():
                taken += len(some)
                if taken > bytes_max + FRAME_BYTES:
                    raise _too_large(FILE, bytes_max)
                if some:
                    parts.take(parser.parse(some))
    except ParserLimitReached as error:
        raise BadInput(f"{error}.", f"Send one part named `{FILE}`, and few others.", field="body") from error
    except MultipartError as error:
        raise BadInput(f"The body is no {MULTIPART}: {error}.", "Send it as a form does.", field="body") from error
    return parts.upload()


class _Parts:
    """The parts of one body, as they come."""

    def __init__(self, bytes_max: int, known: frozenset[str]) -> None:
        self._bytes_max, self._known = bytes_max, known
        self._texts: dict[str, io.BytesIO] = {}
        self._file: io.BytesIO | None = None
        self._file_name = ""
        self._into, self._title, self._most = io.BytesIO(), "", 0

    def take(self, events: Iterator[MultipartSegment | bytes | None]) -> None:
        """Put what came where it belongs."""
        for event in events:
            if isinstance(event, MultipartSegment):
                self._begin(event)
            elif event:
                if self._into.tell() + len(event) > self._most:
                    raise _too_large(self._title, self._most)
                self._into.write(event)

    def _begin(self, part: MultipartSegment) -> None:
        title = part.name or ""
        if title != FILE and title not in self._known:
            others = "".join(f", `{one}`" for one in sorted(self._known))
            raise BadInput(f"There is no field {title[:80]!r} here.", f"It takes `{FILE}`{others}.", field=title[:80])
        if title in self._texts or (title == FILE and self._file is not None):
            raise BadInput(f"The field {title} came twice.", "Send it once.", field=title)
        self._title, self._into = title, io.BytesIO()
        if title == FILE:
            self._file, self._file_name, self._most = self._into, part.filename or "", self._bytes_max
        else:
            self._texts[title], self._most = self._into, FIELD_BYTES_MAX

    def upload(self) -> Upload:
        """All of it. Whoever gets the file gets the bytes that were written, and no copy."""
        if self._file is None:
            raise BadInput("There is no file.", f"Send it in a part named `{FILE}`.", field=FILE)
        try:
            fields = {title: text.getvalue().decode() for title, text in self._texts.items()}
        except UnicodeDecodeError as error:
            raise BadInput("A field is no UTF-8.", "Send texts as UTF-8.", field="body") from error
        return Upload(self._file_name, self._file.getvalue(), fields)


def _too_large(title: str, most: int) -> TooLarge:
    return TooLarge(f"`{title}` has more than {most:,} bytes.", "Split it into several files.", field=title, limit=most)
