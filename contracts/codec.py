"""The one way facts and states become bytes and come back.

In the log an entry has the fields `t a n i b h`: type tag, aggregate id, aggregate version, event id, a msgpack body
with the rest of the envelope, and 16 bytes of SHA-256 over the others, which find damage. Outward a fact is JSON.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeAlias, cast

import msgspec

from contracts.envelope import (
    Actor,
    AnyEnvelope,
    E_co,
    Envelope,
    Event,
    Personal,
    Position,
    Unknown,
    free_texts,
    reveal,
)
from contracts.errors import DamagedEntry
from contracts.facts import FACTS, KINDS, State

CHECK_BYTES = 16
Upcast = Callable[[dict[str, object]], tuple[str, dict[str, object]]]
"""Takes the data of an old type, gives the next type's tag and data."""

UPCASTS: dict[str, Upcast] = {}
"""By the tag that is no longer written. Empty until a fact changes its meaning."""


class Entry(NamedTuple):
    """One fact as it lies in a stream."""

    t: bytes
    a: bytes
    n: bytes
    i: bytes
    b: bytes
    h: bytes


class Body(msgspec.Struct, Generic[E_co], frozen=True, kw_only=True, gc=False):
    """The part of an envelope that lies in field `b`."""

    recorded_at: datetime
    actor: Actor
    correlation_id: str
    causation_id: str
    data: E_co
    traceparent: str = ""
    synthetic: bool = False


class _LooseBody(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    recorded_at: datetime
    actor: Actor
    correlation_id: str
    causation_id: str
    data: dict[str, object]
    traceparent: str = ""
    synthetic: bool = False


def check(t: bytes, a: bytes, n: bytes, i: bytes, b: bytes) -> bytes:
    """The sum that finds damage: lengths and contents of the five fields."""
    head = b"%d %d %d %d|" % (len(t), len(a), len(n), len(i))
    return hashlib.sha256(head + t + a + n + i + b).digest()[:CHECK_BYTES]


def _body_decoder(fact: type[Event]) -> msgspec.msgpack.Decoder[Body[Event]]:
    return msgspec.msgpack.Decoder(Body[fact])  # type: ignore[valid-type]


class Codec:
    """Encodes and decodes the facts of a register; a second register stands in for history in tests."""

    def __init__(self, facts: Mapping[str, type[Event]], upcasts: Mapping[str, Upcast]) -> None:
        self._facts = facts
        self._upcasts = upcasts
        self._encoder = msgspec.msgpack.Encoder(order="deterministic")
        self._decoders = {tag.encode(): _body_decoder(fact) for tag, fact in facts.items()}
        self._loose = msgspec.msgpack.Decoder(_LooseBody)

    def encode(self, envelope: AnyEnvelope) -> Entry:
        """The entry for a fact."""
        body = self._encoder.encode(
            Body(
                recorded_at=envelope.recorded_at,
                actor=envelope.actor,
                correlation_id=envelope.correlation_id,
                causation_id=envelope.causation_id,
                data=envelope.event,
                traceparent=envelope.traceparent,
                synthetic=envelope.synthetic,
            )
        )
        t = envelope.event.type_tag().encode()
        a, n, i = envelope.aggregate_id.encode(), b"%d" % envelope.version, envelope.event_id.encode()
        return Entry(t, a, n, i, body, check(t, a, n, i, body))

    def decode(self, entry: Entry, position: Position) -> AnyEnvelope:
        """The fact in an entry; of a type nobody knows, an `Unknown`.

        Raises:
            DamagedEntry: the sum or the bytes do not fit.
        """
        if check(*entry[:5]) != entry.h:
            raise DamagedEntry(f"Entry {position} does not carry the sum it was written with.", position=str(position))
        try:
            body = self._body(entry)
            event_id, version = entry.i.decode(), int(entry.n)
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            name = entry.t.decode(errors="replace")
            raise DamagedEntry(f"Entry {position} does not read as {name}.", position=str(position)) from error
        return Envelope(
            event_id=event_id,
            version=version,
            recorded_at=body.recorded_at,
            actor=body.actor,
            correlation_id=body.correlation_id,
            causation_id=body.causation_id,
            event=body.data,
            traceparent=body.traceparent,
            synthetic=body.synthetic,
            position=position,
        )

    def _body(self, entry: Entry) -> Body[Event]:
        decoder = self._decoders.get(entry.t)
        if decoder is not None:
            return decoder.decode(entry.b)
        loose, tag = self._loose.decode(entry.b), entry.t.decode()
        data = loose.data
        while tag in self._upcasts:
            tag, data = self._upcasts[tag](data)
        fact = self._facts.get(tag)
        event: Event = (
            Unknown(name=tag, aggregate_id=entry.a.decode())
            if fact is None
            else msgspec.convert(data | {"type": tag}, fact)
        )
        return Body(
            recorded_at=loose.recorded_at,
            actor=loose.actor,
            correlation_id=loose.correlation_id,
            causation_id=loose.causation_id,
            data=event,
            traceparent=loose.traceparent,
            synthetic=loose.synthetic,
        )


CODEC = Codec(FACTS, UPCASTS)

_state_encoder = msgspec.msgpack.Encoder(order="deterministic")
_state_decoders: dict[str, msgspec.msgpack.Decoder[State]] = {
    category: msgspec.msgpack.Decoder(cast(type[State], kind.state)) for category, kind in KINDS.items()
}


def encode_state(state: State) -> bytes:
    """The bytes of a state or row; equal states give equal bytes."""
    return _state_encoder.encode(state)


def decode_state(category: str, blob: bytes) -> State:
    """The state of a category from its snapshot.

    Raises:
        DamagedEntry: the bytes are not a state of this category.
    """
    try:
        return _state_decoders[category].decode(blob)
    except msgspec.MsgspecError as error:
        raise DamagedEntry(f"A snapshot of category {category} does not read.", "Run `swarm verify`.") from error


Opening: TypeAlias = Callable[[Personal], str]
"""How a personal value is shown."""


def hidden(_: Personal) -> str:
    """For readers who may not see what belongs to a person."""
    return "[redacted]"


_PLAIN = frozenset({str, int, float, bool, type(None), datetime})


def _outward(value: object, opened: Opening = reveal) -> object:
    """Plain JSON values."""
    if type(value) in _PLAIN:  # As most are; looking for a mapping is what takes the time.
        return value
    if isinstance(value, Personal):
        return opened(value)
    if isinstance(value, msgspec.Struct):
        tag, unshown = value.__struct_config__.tag, value.unshown if isinstance(value, Event) else ()
        fields = (field for field in value.__struct_fields__ if field not in unshown)
        named = {field: _outward(getattr(value, field), opened) for field in fields}
        named |= {
            field: opened(Personal.plain(text)) for field in free_texts(type(value)) if (text := getattr(value, field))
        }
        return {"type": tag} | named if tag else named
    if isinstance(value, Mapping):
        return {str(key): _outward(one, opened) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_outward(one, opened) for one in value]
    return value


def outward(value: msgspec.Struct, opened: Opening = reveal) -> dict[str, object]:
    """What a reader outside gets of a fact, state or row: JSON-ready, personal values as text or `[erased]`.

    What a fact keeps to itself (`Event.unshown`) is left out.
    """
    plain: dict[str, object] = msgspec.to_builtins(_outward(value, opened))
    return plain


def to_json(value: object) -> str:
    """Canonical JSON: sorted keys, UTF-8."""
    return msgspec.json.encode(_outward(value), order="sorted").decode()
