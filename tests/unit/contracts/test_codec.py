"""Facts become bytes and come back; damage is found, history is read, and what is unknown is carried."""

import msgspec
import pytest

from contracts.codec import (
    CODEC,
    UPCASTS,
    Body,
    Codec,
    Entry,
    Upcast,
    check,
    decode_state,
    encode_state,
    outward,
    to_json,
)
from contracts.envelope import ERASED, Envelope, Event, Personal, Position, Unknown, reveal
from contracts.errors import DamagedEntry
from contracts.facts import FACTS
from contracts.lead import LeadSourced
from tests import controls
from tests.controls import AGENT, AT, CAUSE, RUN, envelope, lead_sourced
from tests.unit.contracts.catalogue import by_tag

HERE = Position(0, 7)
SEALED = Personal(key_id="k-1", algorithm=1, content=b"\x00\xff sealed")


def test_every_fact_has_a_control() -> None:
    assert set(by_tag()) == set(FACTS)


@pytest.mark.parametrize("tag", FACTS)
def test_fact_comes_back_as_it_was(tag: str) -> None:
    sent = envelope(by_tag()[tag], 3, traceparent="00-aa-bb-01", synthetic=True, position=HERE)
    entry = CODEC.encode(sent)
    assert CODEC.decode(entry, HERE) == sent
    assert CODEC.encode(CODEC.decode(entry, HERE)) == entry
    assert (entry.t.decode(), entry.a.decode(), entry.n) == (tag, sent.aggregate_id, b"3")


@pytest.mark.parametrize("field", Entry._fields)
def test_damaged_byte_anywhere_is_found(field: str) -> None:
    entry = CODEC.encode(envelope(lead_sourced()))
    whole: bytes = getattr(entry, field)
    for at in range(len(whole)):
        for changed in (whole[at] ^ 1, whole[at] ^ 0x80):
            broken = entry._replace(**{field: whole[:at] + bytes([changed]) + whole[at + 1 :]})
            with pytest.raises(DamagedEntry):
                CODEC.decode(broken, HERE)


@pytest.mark.parametrize("field", Entry._fields)
def test_shortened_or_lengthened_field_is_found(field: str) -> None:
    entry = CODEC.encode(envelope(lead_sourced()))
    whole: bytes = getattr(entry, field)
    for broken in (whole[:-1], whole + b"\x00", b""):
        with pytest.raises(DamagedEntry):
            CODEC.decode(entry._replace(**{field: broken}), HERE)


def test_byte_that_moves_between_fields_is_found() -> None:
    entry = CODEC.encode(envelope(lead_sourced()))
    with pytest.raises(DamagedEntry):
        CODEC.decode(entry._replace(t=entry.t + entry.a[:1], a=entry.a[1:]), HERE)


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x80", msgspec.msgpack.encode({"recorded_at": "yesterday"})])
def test_body_that_does_not_read_is_damage(body: bytes) -> None:
    entry = CODEC.encode(envelope(lead_sourced()))
    for tag in (entry.t, b"lead.vanished.v9"):
        fields = (tag, entry.a, entry.n, entry.i, body)
        with pytest.raises(DamagedEntry) as caught:
            CODEC.decode(Entry(*fields, check(*fields)), HERE)
        assert caught.value.values == {"position": "0:7"}


class LeadSpotted(Event, frozen=True, kw_only=True, tag="lead.spotted.v1"):
    """A fact of a program that is no more."""

    lead_id: str
    name: str

    def about(self) -> str:
        return self.lead_id


class LeadSpottedAgain(Event, frozen=True, kw_only=True, tag="lead.spotted.v3"):
    """What it means today."""

    lead_id: str
    first: str
    last: str

    def about(self) -> str:
        return self.lead_id


def split_name(data: dict[str, object]) -> tuple[str, dict[str, object]]:
    first, _, last = str(data["name"]).partition(" ")
    return "lead.spotted.v2", {"lead_id": data["lead_id"], "given": first, "last": last}


def rename_given(data: dict[str, object]) -> tuple[str, dict[str, object]]:
    return "lead.spotted.v3", {"lead_id": data["lead_id"], "first": data["given"], "last": data["last"]}


def test_old_fact_reads_as_what_it_means_today() -> None:
    upcasts: dict[str, Upcast] = {"lead.spotted.v1": split_name, "lead.spotted.v2": rename_given}
    then = Codec({"lead.spotted.v1": LeadSpotted}, {})
    now = Codec({"lead.spotted.v3": LeadSpottedAgain}, upcasts)
    old = envelope(LeadSpotted(lead_id="l1", name="Ada Lovelace"), 4, synthetic=True)
    read = now.decode(then.encode(old), HERE)
    assert read.event == LeadSpottedAgain(lead_id="l1", first="Ada", last="Lovelace")
    assert (read.event_id, read.version, read.synthetic, read.position) == (old.event_id, 4, True, HERE)


def test_old_fact_that_lacks_what_its_upcast_needs_is_damage() -> None:
    codec = Codec({"lead.spotted.v3": LeadSpottedAgain}, {"lead.sourced.v1": split_name})
    with pytest.raises(DamagedEntry):
        codec.decode(CODEC.encode(envelope(lead_sourced())), HERE)


def test_upcasts_lead_from_tags_no_longer_written_to_known_ones() -> None:
    assert not set(UPCASTS) & set(FACTS)


def test_unknown_fact_is_carried_and_not_interpreted() -> None:
    sent = envelope(LeadSpotted(lead_id="l1", name="Ada"), 2, position=HERE)
    read = CODEC.decode(Codec({}, {}).encode(sent), HERE)
    assert read == Envelope(
        event_id=sent.event_id,
        version=2,
        recorded_at=sent.recorded_at,
        actor=AGENT,
        correlation_id=RUN,
        causation_id=CAUSE,
        event=Unknown(name="lead.spotted.v1", aggregate_id="l1"),
        position=HERE,
    )


def test_field_of_a_later_program_is_passed_over() -> None:
    entry = CODEC.encode(envelope(lead_sourced()))
    body = msgspec.msgpack.decode(entry.b)
    body["data"]["invented_later"] = 1
    fields = (*entry[:4], msgspec.msgpack.encode(body))
    assert CODEC.decode(Entry(*fields, check(*fields)), HERE).event == lead_sourced()


def test_plain_and_sealed_values_of_persons_come_together() -> None:
    fields = controls.FIELDS | {"email": SEALED}
    read = CODEC.decode(CODEC.encode(envelope(lead_sourced(fields=fields))), HERE).event
    assert isinstance(read, LeadSourced)
    name, address = read.fields["full_name"], read.fields["email"]
    assert isinstance(name, Personal)
    assert isinstance(address, Personal)
    assert (reveal(name), reveal(address)) == ("Ada Lovelace", ERASED)
    assert (address.key_id, address.content) == ("k-1", SEALED.content)


def test_sealed_value_is_on_the_wire_as_key_algorithm_and_content() -> None:
    entry = CODEC.encode(envelope(lead_sourced(fields={"email": SEALED})))
    assert msgspec.msgpack.decode(entry.b)["data"]["fields"]["email"] == {"k": "k-1", "a": 1, "c": SEALED.content}


def test_outward_opens_what_it_can_and_names_the_rest() -> None:
    fact = outward(lead_sourced(fields=controls.FIELDS | {"email": SEALED}))
    assert fact["type"] == "lead.sourced.v1"
    assert isinstance(fact["fields"], dict)
    assert (fact["fields"]["full_name"], fact["fields"]["email"]) == ("Ada Lovelace", ERASED)


@pytest.mark.parametrize("fact", [controls.token_created(), controls.password_set()], ids=["token", "password"])
def test_hash_of_a_secret_goes_nowhere_outward(fact: Event) -> None:
    assert fact.unshown
    assert fact.unshown.isdisjoint(outward(fact))
    assert not any(getattr(fact, name) in to_json(fact) for name in fact.unshown)
    assert all(name in msgspec.msgpack.decode(CODEC.encode(envelope(fact)).b)["data"] for name in fact.unshown)


def test_equal_states_give_equal_bytes_whatever_their_order() -> None:
    turned = dict(reversed(list(controls.FIELDS.items())))
    states = [controls.given("lead", lead_sourced(fields=fields)) for fields in (controls.FIELDS, turned)]
    assert encode_state(states[0]) == encode_state(states[1])


def test_bytes_that_are_no_state_are_damage() -> None:
    for blob in (b"", b"\x01", encode_state(controls.given("deal", controls.account_approached()))[:-1]):
        with pytest.raises(DamagedEntry):
            decode_state("lead", blob)


def test_body_on_the_wire_has_the_names_that_the_design_gives() -> None:
    assert Body.__struct_fields__[:5] == ("recorded_at", "actor", "correlation_id", "causation_id", "data")
    assert AT.tzinfo is not None
