"""From the beginning of an id, or from an address, to the one thing it means."""

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeVar, cast

from contracts.errors import Ambiguous, BadInput, NotFound
from contracts.identity import lead_id
from services.projections.views import FEEDBACK, LEADS, RUNS, AnyView
from services.reading.rows import address_of
from services.runtime import keys
from services.runtime.redis_client import ask, named_failures
from services.runtime.view_store import ViewStore

T = TypeVar("T")
NAMED = 5
COUNT = 1_000
_ID = re.compile(r"[0-9a-f-]{1,36}")
_RUN = re.compile(r"(?:run_)?[0-9a-f_]{1,22}")


class Found(NamedTuple):
    """A lead and its e-mail; the e-mail's id is empty where none was ever drafted or tried."""

    lead_id: str
    email_id: str


async def find(views: ViewStore, given: str) -> Found:
    """The lead that the beginning of its id, or of its e-mail's, names.

    Raises:
        NotFound: none has it.
        Ambiguous: several have.
    """
    text = given.strip().lower()
    if not _ID.fullmatch(text):
        raise NotFound(f"There is no lead or e-mail {given!r}.", "`swarm queue` shows the ids of drafts.")
    found: dict[Found, str] = {}
    for email_id in await _matching(views, cast(AnyView, FEEDBACK), f"{text}*"):
        row = await views.get(FEEDBACK, email_id)
        if row is not None:
            found.setdefault(Found(row.lead_id, email_id), email_id)
    for one in await _matching(views, cast(AnyView, LEADS), f"{text}*"):
        lead = await views.get(LEADS, one)
        if lead is not None:
            found.setdefault(Found(one, lead.email_id), one)
        if len(found) > NAMED:
            break
    return _only(found, given)


async def find_address(views: ViewStore, identity_key: bytes, address: str) -> Found:
    """The lead with an e-mail address; ids are made of addresses, so none is looked through.

    Raises:
        BadInput: it is no address.
        NotFound: nobody with it is a lead. The sentence does not repeat the address.
    """
    checked = address_of(address)
    if checked is None:
        raise BadInput("This is no e-mail address.", "Write it as ada@example.com.", field="address")
    one = lead_id(identity_key, address=checked, full_name="", company="", domain="")
    row = await views.get(LEADS, one)
    if row is None:
        raise NotFound("No lead has this address.", "`swarm leads --search NAME` looks for a name.")
    return Found(one, row.email_id)


async def find_run(views: ViewStore, given: str) -> str:
    """The run that the beginning or the end of its id names.

    Raises:
        NotFound: none has it.
        Ambiguous: several have.
    """
    text = given.strip().lower()
    if not _RUN.fullmatch(text):
        raise NotFound(f"There is no run {given!r}.", "`swarm runs` lists them.")
    bare = text.removeprefix("run_")
    runs = await _matching(views, cast(AnyView, RUNS), f"run_{bare}*")
    if not runs and not text.startswith("run_"):
        runs = await _matching(views, cast(AnyView, RUNS), f"run_*_{bare}*")
    if not runs:
        raise NotFound(f"There is no run {given!r}.", "`swarm runs` lists them.")
    return _only({run: run for run in sorted(runs)}, given)


def _only(found: Mapping[T, str], given: str) -> T:
    if not found:
        raise NotFound(f"There is no lead or e-mail {given!r}.", "`swarm queue` shows the ids of drafts.")
    if len(found) > 1:
        names = list(found.values())
        more = ", …" if len(names) > NAMED else ""
        raise Ambiguous(
            f"{given!r} is the beginning of several ids: {', '.join(names[:NAMED])}{more}.", "Type more of it."
        )
    return next(iter(found))


async def _matching(views: ViewStore, view: AnyView, pattern: str) -> list[str]:
    """The keys of a view that fit, found by the server; at most a few more than are named."""
    rows = keys.view_rows(views.namespace, view.name, await views.generation(view))
    cursor, found = 0, dict[str, None]()
    while True:
        async with named_failures():
            cursor, page = await ask(views.client, "HSCAN", rows, cursor, "MATCH", pattern, "COUNT", COUNT)
        found |= dict.fromkeys(one.decode() for one in page)
        if not int(cursor) or len(found) > NAMED:
            return list(found)
