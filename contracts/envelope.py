"""What every fact carries besides itself: who, when, because of what, and where in the log.

Facts and states are trees that never change, so no cycle goes through one, and the collector passes them (`gc=False`).
"""

from datetime import datetime
from functools import cache
from typing import Annotated, ClassVar, Generic, Literal, TypeAlias, TypeVar, get_args

import msgspec

from contracts.uuid5 import uuid5

EventId: TypeAlias = str
ActorKind: TypeAlias = Literal["person", "agent", "policy", "system"]

PLAIN = 0
UUID_BYTES = 16


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="type"):
    """A fact: past tense, never refused once recorded. Its tag is `<category>.<fact>.v<n>`."""

    unshown: ClassVar[frozenset[str]] = frozenset()
    """Fields that no reader outside gets: hashes of secrets, which stay in the log."""

    def about(self) -> str:
        """The id of the aggregate that this fact is recorded on."""
        raise NotImplementedError

    @classmethod
    def type_tag(cls) -> str:
        """The type tag on the wire, such as `lead.sourced.v1`."""
        return str(cls.__struct_config__.tag)

    @classmethod
    def type_category(cls) -> str:
        """The stream category, which is the first word of the tag."""
        return cls.type_tag().split(".", 1)[0]


class Unknown(Event, frozen=True, kw_only=True, tag="unknown"):
    """A fact of a type or version that this program does not know; carried, counted, never interpreted."""

    name: str
    aggregate_id: str

    def about(self) -> str:
        return self.aggregate_id


class Personal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A value that belongs to a person and can be erased by destroying a key.

    On the wire `{k, a, c}`: key id (empty for plain), algorithm (0 is plain), content. States carry it unopened, so a
    fold gives the same bytes with or without the key.
    """

    key_id: str = msgspec.field(default="", name="k")
    algorithm: int = msgspec.field(default=PLAIN, name="a")
    content: bytes = msgspec.field(default=b"", name="c")

    @staticmethod
    def plain(text: str) -> "Personal":
        """Wrap a text that is not sealed."""
        return Personal(content=text.encode())


FREE_TEXT = msgspec.Meta(extra={"free_text": True})
FreeText: TypeAlias = Annotated[str, FREE_TEXT]
"""What somebody of the team typed about a prospect. It may name the person, so readers who may not see what belongs to
a person do not see it either; it lies in the log as plain text."""


@cache
def free_texts(kind: type[msgspec.Struct]) -> frozenset[str]:
    """The fields of a fact, state or row that hold what somebody typed."""
    return frozenset(one.name for one in msgspec.structs.fields(kind) if FREE_TEXT in get_args(one.type))


ERASED = "[erased]"


def reveal(value: Personal) -> str:
    """The text inside; `[erased]` where it is sealed and this process holds no key for it."""
    return value.content.decode(errors="replace") if value.algorithm == PLAIN else ERASED


class Actor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who caused a fact: a person as `<login>@<realm>`, an agent by its name; as text with the kind before it."""

    kind: ActorKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Position(msgspec.Struct, frozen=True, gc=False, order=True):
    """A place in the log: the partition and the dense number that its commit script gave."""

    partition: int = 0
    seq: int = 0

    def __str__(self) -> str:
        return f"{self.partition}:{self.seq}"


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Envelope(msgspec.Struct, Generic[E_co], frozen=True, kw_only=True, gc=False):
    """One fact with its surroundings.

    `version` counts the facts of one aggregate from 1 without a hole. `position` is 0:0 until the fact is recorded.
    `correlation_id` names the run or request that everything belongs to, `causation_id` the fact or command that led
    straight to this one. `synthetic` is set at birth and inherited by every later fact.
    """

    event_id: EventId
    version: int
    recorded_at: datetime
    actor: Actor
    correlation_id: str
    causation_id: str
    event: E_co
    traceparent: str = ""
    synthetic: bool = False
    position: Position = Position()

    @property
    def aggregate_id(self) -> str:
        return self.event.about()


AnyEnvelope: TypeAlias = Envelope[Event]


def event_id(cause_id: str, service: str, aggregate_id: str, index: int) -> EventId:
    """The id of the fact number `index` that `service` records about an aggregate because of `cause_id`.

    Derived, so a redelivered cause asks for the same id again and two agents that hear one fact never draw the same. It
    is `uuid5(cause_id, "<service>:<aggregate_id>:<index>")`.

    Raises:
        ValueError: the cause's id is no UUID.
    """
    namespace = bytes.fromhex(cause_id.replace("-", ""))
    if len(namespace) != UUID_BYTES:
        raise ValueError("the id of a cause is a UUID")
    return uuid5(namespace, f"{service}:{aggregate_id}:{index}")
