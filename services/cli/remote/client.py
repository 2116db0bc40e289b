"""Requests to a gateway: who asks is in the header, failures are ours, and a command is carried out once."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, NamedTuple, TypeAlias

import aiohttp
import msgspec

from contracts.codec import hidden
from contracts.envelope import Personal
from contracts.errors import BadInput, StoreUnavailable, SwarmError
from gateway.columns import TRUNCATED
from services.cli.csv_file import Table
from services.cli.given import URL
from services.cli.remote.address import Address
from services.cli.remote.problems import error_of
from services.cli.words import HIDDEN

TIMEOUT_S = 30.0
STORED_WITHIN_S = 180.0
"""A large file on its way, and the reading of it there."""
CONNECT_S = 10.0
ATTEMPTS = 5
PAUSE_S, PAUSE_S_MAX = 0.5, 5.0
PAGE_FIRST, PAGE = 25, 200
"""Most look at the beginning alone."""
REDACTED = hidden(Personal())
POSITION, TOTAL = "X-Swarm-Position", "X-Swarm-Total"

Pause: TypeAlias = Callable[[float], Awaitable[None]]
Query: TypeAlias = Mapping[str, str | int | list[str]]


class Answer(NamedTuple):
    """What the gateway said."""

    document: Any
    headers: Mapping[str, str]


class Lost(Exception):
    """The request went out and no answer came: nobody here knows what became of it."""


class Away(StoreUnavailable):
    """Nobody was reached, so nothing was asked."""


class Gateway:
    """One gateway, asked as one person.

    Args:
        session: with this token in its header, and sending nothing anywhere else.
        pause: waits so many seconds.
    """

    def __init__(self, address: Address, session: aiohttp.ClientSession, pause: Pause = asyncio.sleep) -> None:
        self.origin = address.origin
        self._session = session
        self._pause = pause
        self._namespace = ""

    async def namespace(self) -> str:
        """The one that it serves."""
        if not self._namespace:
            self._namespace = str((await self.get("/api/me")).document["namespace"])
        return self._namespace

    async def get(self, path: str, **query: str | int | list[str]) -> Answer:
        """Read; asked again where no answer came. What is empty is not asked for."""
        return await self._asked("GET", path, params={name: value for name, value in query.items() if value})

    async def pages(self, path: str, limit: int, cursor: str = "cursor", **query: Any) -> AsyncGenerator[Any]:
        """The rows of a list, at most so many.

        Args:
            cursor: what the list calls the place to go on from.
        """
        place, left, size = "", limit, PAGE_FIRST
        while left > 0:
            page = (await self.get(path, **query, limit=min(left, size), **({cursor: place} if place else {}))).document
            for item in page["items"]:
                yield item
            place, left = page["next"], left - len(page["items"])
            if not place:
                return
            size = min(2 * size, PAGE)

    async def table(self, path: str, limit: int, **query: Any) -> Table:
        """A list as a file; that it leaves as one is recorded there. What is empty is not asked for."""
        asked = {name: value for name, value in query.items() if value} | {"format": "csv"}
        raw, headers = await self._file(path, asked)
        return Table.read(raw, limit, more=headers.get(TRUNCATED) == "true")

    async def _file(self, path: str, query: Mapping[str, Any]) -> tuple[bytes, Mapping[str, str]]:
        """The body of an answer as it came; not asked again, for each time is recorded."""
        timeout = aiohttp.ClientTimeout(total=STORED_WITHIN_S, sock_connect=CONNECT_S)
        try:
            async with self._open("GET", path, params=query, timeout=timeout) as answer:
                return await answer.read(), answer.headers
        except Lost:
            raise self._unknown("GET") from None

    async def post(self, path: str, body: object, *, within_s: float = TIMEOUT_S) -> Answer:
        """Command, under one key however often it has to be said."""
        headers = {"Idempotency-Key": secrets.token_hex(16), "Content-Type": "application/json"}
        return await self._asked("POST", path, within_s=within_s, headers=headers, data=msgspec.json.encode(body))

    async def say_once(self, path: str, body: object) -> Answer:
        """Command what has no key: where no answer came, it is not said again."""
        headers = {"Content-Type": "application/json"}
        return await self._asked("POST", path, attempts=1, headers=headers, data=msgspec.json.encode(body))

    async def bring(self, path: str, name: str, content: bytes, fields: Mapping[str, str]) -> Answer:
        """Send a file."""
        form = aiohttp.FormData(quote_fields=False)
        for field, text in fields.items():
            form.add_field(field, text)
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        return await self._asked("POST", path, attempts=1, within_s=STORED_WITHIN_S, data=form)

    async def drop(self, path: str) -> Answer:
        """Let something go."""
        return await self._asked("DELETE", path, attempts=1)

    async def listen(self, path: str, query: Query, place: str) -> AsyncIterator[tuple[str, str, str]]:
        """Event, place and data of each message of a feed from a place on, until the gateway or the line ends it.

        Raises:
            Lost: the line went dead.
            SwarmError: nobody answers, or as the gateway says.
        """
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": place} if place else {})
        patient = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=2 * TIMEOUT_S)
        async with self._open("GET", path, params=query, headers=headers, timeout=patient) as answer:
            message: dict[str, str] = {}
            async for raw in answer.content:
                name, _, value = raw.decode(errors="replace").rstrip("\r\n").partition(":")
                if name:
                    value = value.removeprefix(" ")
                    message[name] = f"{message[name]}\n{value}" if name in message and name == "data" else value
                elif raw.strip() == b"" and message:
                    if "data" in message:
                        yield message.get("event", ""), message.get("id", ""), message["data"]
                    message = {}

    async def _asked(
        self, method: str, path: str, *, attempts: int = ATTEMPTS, within_s: float = TIMEOUT_S, **sent: Any
    ) -> Answer:
        """Ask until there is an answer.

        Raises:
            SwarmError: as the gateway says, or nobody answers.
        """
        pause_s = PAUSE_S
        for left in reversed(range(attempts)):
            try:
                return await self._once(method, path, within_s, sent)
            except Lost:
                if not left:
                    raise self._unknown(method) from None
            except StoreUnavailable as error:
                if not left or isinstance(error, Away) or not error.retryable:
                    raise
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, PAUSE_S_MAX)
        raise AssertionError("the last attempt answers or raises")

    async def _once(self, method: str, path: str, within_s: float, sent: dict[str, Any]) -> Answer:
        timeout = aiohttp.ClientTimeout(total=within_s, sock_connect=CONNECT_S)
        async with self._open(method, path, timeout=timeout, **sent) as answer:
            raw = await answer.read()
            return Answer(read_answer(raw) if raw else None, answer.headers)

    @asynccontextmanager
    async def _open(self, method: str, path: str, **sent: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """One request, and whatever can go wrong with it under our names."""
        try:
            async with self._session.request(method, self.origin + path, allow_redirects=False, **sent) as answer:
                if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                    raise await self._failure(answer)
                yield answer
        except aiohttp.ClientSSLError as error:
            raise Away(f"The certificate of {self.origin} cannot be trusted.", "See who answers there.") from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Away(
                f"The gateway at {self.origin} cannot be reached.", f"See that it runs, and that {URL} is right."
            ) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Lost(type(error).__name__) from error

    async def _failure(self, answer: aiohttp.ClientResponse) -> SwarmError:
        if answer.status < HTTPStatus.BAD_REQUEST:
            # Whoever follows it would show the token to whoever is there.
            return BadInput(f"{self.origin} sends elsewhere.", f"Set {URL} to the gateway itself.", field=URL)
        return error_of(answer.status, read_answer(await answer.read(), whatever=True))

    def _unknown(self, method: str) -> StoreUnavailable:
        if method == "GET":
            return StoreUnavailable(f"The gateway at {self.origin} does not answer.", "Try again later.")
        return StoreUnavailable(
            f"The gateway at {self.origin} does not answer, so whether this was recorded is not known.",
            "Look how things stand before you say it again.",
        )


def read_answer(raw: bytes, *, whatever: bool = False) -> Any:
    """What an answer holds.

    Args:
        whatever: that it is no JSON is no failure.

    Raises:
        StoreUnavailable: it is no JSON: somebody else answers there.
    """
    try:
        return _named(msgspec.json.decode(raw))
    except msgspec.DecodeError as error:
        if whatever:
            return None
        raise Away("What answers there is no gateway of a swarm.", f"See that {URL} is right.") from error


def _named(value: Any) -> Any:
    """The same, with what is not shown called as we call it."""
    if isinstance(value, dict):
        return {name: _named(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_named(one) for one in value]
    return HIDDEN if value == REDACTED else value
