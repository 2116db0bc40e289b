"""What a feed tells: which facts a reader wants and may hear, and each of them as JSON, made once for all who hear it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple, TypeAlias, get_args

import msgspec
from litestar.params import QueryParameter

from contracts.access import Person, PersonalRead
from contracts.codec import CODEC
from contracts.envelope import ActorKind, AnyEnvelope, Position
from contracts.errors import BadInput
from contracts.facts import CATEGORIES, FACTS
from gateway.answers import position_text, redacted
from gateway.query import TEXT_MAX, among
from gateway.server import chunk_of
from services.runtime.log import Recorded

PART_BYTES = 32_768
"""What one step of a feed holds at most, beside its last message: as much as this waits for a reader who is slow."""


Actors: TypeAlias = Annotated[
    tuple[str, ...],
    QueryParameter(
        description="Who caused it, as in the rows: `person:ada@swarm`, `agent:crafter`. Given several times, any of them."
    ),
]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader wants to hear; an empty part leaves nothing out."""

    categories: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    lead_id: str = ""
    run_id: str = ""

    def fits(self, line: "Line") -> bool:
        """Whether this fact is among it."""
        return (
            (not self.categories or line.tag.partition(".")[0] in self.categories)
            and (not self.types or line.tag in self.types)
            and (not self.actors or line.actor in self.actors)
            and (not self.lead_id or line.lead_id == self.lead_id)
            and (not self.run_id or self.run_id in line.runs)
        )


def wish_of(categories: Sequence[str], types: Sequence[str], actors: Sequence[str], lead_id: str, run_id: str) -> Wish:
    """What a request asks for.

    Raises:
        BadInput: there is no such category or type, or nobody can be written so; a typo must not make a feed silent.
    """
    for one in actors:
        kind, _, name = one.partition(":")
        if kind not in get_args(ActorKind) or not name:
            kinds = ", ".join(f"`{known}:`" for known in get_args(ActorKind))
            raise BadInput(
                f"There is no actor {one[:TEXT_MAX]!r}.", f"Write it as in the rows, with {kinds} first.", field="actor"
            )
    return Wish(
        categories=among("category", categories, CATEGORIES),
        types=among("type", types, FACTS),
        actors=frozenset(actors),
        lead_id=lead_id,
        run_id=run_id,
    )


class Line:
    """One fact of the log as feeds tell it.

    Args:
        one: the entry.
        partition: where it lies.

    Raises:
        DamagedEntry: it does not read.
    """

    __slots__ = (
        "_entry",
        "_partition",
        "_told",
        "account_id",
        "actor",
        "lead_id",
        "private",
        "runs",
        "seq",
        "tag",
        "weight",
    )

    def __init__(self, one: Recorded, partition: int) -> None:
        fact = CODEC.decode(one.entry, Position(partition, one.seq))
        # Bytes and text are kept rather than the fact: many small objects take more, and the collector goes over them.
        self._entry, self._partition = one.entry, partition
        self._told: dict[bool, str] = {}
        self.seq = one.seq
        self.weight = len(one.entry.b)
        self.tag = fact.event.type_tag()
        self.actor = str(fact.actor)
        self.lead_id = about(fact, "lead_id")
        self.runs = (fact.correlation_id, about(fact, "run_id"))
        self.private = one.category == "access"
        # That somebody read changes nobody's rights.
        self.account_id = fact.aggregate_id if self.private and not isinstance(fact.event, PersonalRead) else ""

    def told(self, *, personal: bool) -> str:
        """The fact as JSON, for who may see what belongs to a prospect, or for who may not."""
        if personal not in self._told:
            fact = CODEC.decode(self._entry, Position(self._partition, self.seq))
            self._told[personal] = _json(fact, personal=personal)
        return self._told[personal]


def about(fact: AnyEnvelope, what: str) -> str:
    """The id of the lead, run or e-mail that a fact speaks of; empty for none."""
    return str(getattr(fact.event, what, ""))


def _json(fact: AnyEnvelope, *, personal: bool) -> str:
    told = {
        "position": str(fact.position),
        "event_id": fact.event_id,
        "type": fact.event.type_tag(),
        "at": fact.recorded_at.isoformat(),
        "actor": str(fact.actor),
        "about": fact.aggregate_id,
        "version": fact.version,
        "lead_id": about(fact, "lead_id"),
        "email_id": about(fact, "email_id"),
        "correlation_id": fact.correlation_id,
        "causation_id": fact.causation_id,
        "traceparent": fact.traceparent,
        "synthetic": fact.synthetic,
        "data": redacted(fact.event, personal=personal),
    }
    return msgspec.json.encode(told, order="sorted").decode()


class Form(NamedTuple):
    """How a way of telling writes a message: a fact, and a place where there is nothing to tell."""

    fact: Callable[[str, str, str], bytes]
    here: Callable[[str], bytes]
    joined: bool
    """Whether messages may follow each other in one write."""

    def word(self, event: str, place: str, text: str) -> bytes:
        """Something about the feed itself."""
        return self.fact(event, place, msgspec.json.encode(text).decode())


def _event(event: str, place: str, data: str) -> bytes:
    return f"id: {place}\r\nevent: {event}\r\ndata: {data}\r\n\r\n".encode()


def _message(event: str, place: str, data: str) -> bytes:
    return f'{{"event":"{event}","id":"{place}","data":{data}}}'.encode()


EVENTS = Form(_event, lambda place: f": here\r\nid: {place}\r\n\r\n".encode(), joined=True)
"""Server-sent events. JSON has no line breaks, so a message is one line of data."""
MESSAGES = Form(_message, lambda place: f'{{"event":"here","id":"{place}"}}'.encode(), joined=False)
"""One JSON object for each message of a WebSocket."""


class Ear(NamedTuple):
    """What readers have in common who hear the same in the same words."""

    wish: Wish
    personal: bool
    audit: bool
    form: Form

    @staticmethod
    def of(person: Person, wish: Wish, form: Form) -> "Ear":
        """How this person hears."""
        return Ear(wish, person.may("read_personal"), person.may("audit"), form)


class Part(NamedTuple):
    """A piece of a feed: where it ends by partition, what is written of it, and whose accounts it is about.

    `chunk` is the messages once more, as one piece of an answer over HTTP; empty where they go another way.
    """

    places: Mapping[int, int]
    messages: tuple[bytes, ...]
    accounts: frozenset[str]
    chunk: bytes = b""


def part(ear: Ear, places: Mapping[int, int], partition: int, lines: Iterable[Line]) -> Part:
    """The next lines of a partition, as far as they are wanted and may be heard, up to `PART_BYTES`."""
    reached, found, accounts, size = dict(places), list[bytes](), set[str](), 0
    for line in lines:
        reached[partition] = line.seq
        if line.account_id:
            accounts.add(line.account_id)
        if ear.wish.fits(line) and (ear.audit or not line.private):
            found.append(ear.form.fact(line.tag, position_text(reached), line.told(personal=ear.personal)))
            size += len(found[-1])
            if size >= PART_BYTES:
                break
    if not found or not ear.form.joined:
        return Part(reached, tuple(found), frozenset(accounts))
    joined = b"".join(found)
    return Part(reached, (joined,), frozenset(accounts), chunk_of(joined))
