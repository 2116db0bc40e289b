"""Who was shown what belongs to other people: noted where it is opened, recorded before the answer leaves.

The two hooks belong to every route, so that none can forget it. `gateway.answers.shown` notes by itself; whoever opens
a `Personal` in another way says so with `note`.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from litestar import Response

from contracts.access import Person, ReadingPlace
from gateway.backend import Backend
from gateway.query import Asking

PLACES: Mapping[str, ReadingPlace] = {
    "/api/pending-emails": "queue",
    "/api/emails/{email_id}": "email",
    "/api/find/lead": "lead",
    "/api/leads": "leads",
    "/api/leads/{lead_id}": "lead",
    "/api/leads/{lead_id}/dossier": "lead",
    "/api/leads/{lead_id}/timeline": "timeline",
    "/api/leads/{lead_id}/why": "why",
    "/api/templates/{angle}/preview": "lead",
    "/api/feedback": "feedback",
    "/api/events": "events",
    "/api/feed": "feed",
    "/api/users": "people",
    "/api/imports": "imports",
    "/api/imports/{import_id}": "imports",
    "/api/imports/{import_id}/mapping": "imports",
    "/api/imports/{import_id}/refused.csv": "imports",
}
"""What the record calls each path; any other is `elsewhere`."""
GOES_ON = frozenset({"feed"})
"""Places whose answers have no end: that they were opened is recorded, whatever will come."""


class Reading:
    """One request, and whose personal data its answer shows."""

    def __init__(self, request: Asking) -> None:
        self.request = request
        self.people: dict[str, None] = {}
        self.exported = False


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def note(about: str) -> None:
    """The answer that is being made shows what belongs to this person, named by the id of their lead or account."""
    if reading := _reading.get():
        reading.people[about] = None


def exporting() -> None:
    """The answer that is being made is a file."""
    if reading := _reading.get():
        reading.exported = True


async def begin(request: Asking) -> None:
    """Before each request: nothing was shown."""
    _reading.set(Reading(request))


async def feed_opened(backend: Backend, person: Person) -> None:
    """Before a feed over a WebSocket, for which the hooks of a request are not called: record that it was opened.

    Raises:
        StoreUnavailable: it cannot be recorded; the feed is not opened.
    """
    if person.may("read_personal"):
        await backend.personal_reads.record(person, "feed", [], exported=False)


async def recorded(response: Response[Any]) -> Response[Any]:
    """Before each answer leaves: record what it shows.

    Raises:
        StoreUnavailable: it cannot be recorded; the answer is not given.
    """
    reading = _reading.get()
    if reading is None:
        return response
    person = reading.request.scope.get("user")
    where = PLACES.get(reading.request.scope.get("path_template", ""), "elsewhere")
    goes_on = where in GOES_ON and isinstance(person, Person) and person.may("read_personal")
    if isinstance(person, Person) and (reading.people or goes_on):
        backend: Backend = reading.request.app.state.backend
        await backend.personal_reads.record(person, where, list(reading.people), exported=reading.exported)
    return response
