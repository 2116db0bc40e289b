"""The sender's own words: read, checked, and never a way into a header."""

from pathlib import Path

import msgspec
import pytest

from contracts.errors import BadInput
from services.crafter.headers import is_address
from services.crafter.offer import DEMO, Offer, checked, is_zone, load_offer, offer_hash, read_offer
from tests.own_offer import OWN_OFFER


def test_the_shipped_offer_is_fictional_and_complete() -> None:
    offer = load_offer()
    assert offer.sender_address.endswith(".example")
    assert all(proof.evidence for proof in offer.proofs)
    assert offer.sender() == "Mara Lindqvist <mara.lindqvist@fieldnote.example>"


def test_hash_names_the_content() -> None:
    offer = load_offer()
    assert offer_hash(offer) == offer_hash(load_offer(DEMO))
    assert offer_hash(offer) != offer_hash(msgspec.structs.replace(offer, line="Something else."))


@pytest.mark.parametrize(
    "field", ["company", "sender_name", "sender_title", "sender_address", "reply_to", "postal_address", "opt_out"]
)
@pytest.mark.parametrize("mark", ["\r", "\n", "\0", "\r\nBcc: x@evil.example"])
def test_line_end_in_a_header_value_is_refused_by_name(field: str, mark: str) -> None:
    offer = load_offer()
    spoiled: Offer = msgspec.convert(msgspec.to_builtins(offer) | {field: f"{getattr(offer, field)}{mark}"}, Offer)
    with pytest.raises(BadInput, match=field) as refused:
        checked(spoiled)
    assert refused.value.values["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reply_to", "not an address"),
        ("booking_link", "http://x"),
        ("language", "it"),
        ("sender_name", " "),
        ("resource_evidence", ""),
    ],
)
def test_unfit_field_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(msgspec.convert(msgspec.to_builtins(load_offer()) | {field: value}, Offer))
    assert refused.value.values["field"] == field


def test_file_that_is_no_offer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "offer.toml"
    path.write_text('company = "x"\n')
    with pytest.raises(BadInput, match=r"offer\.toml"):
        load_offer(path)
    with pytest.raises(BadInput, match=r"missing\.toml"):
        load_offer(tmp_path / "missing.toml")


def test_everything_that_is_missing_is_told_at_once_each_by_its_key(tmp_path: Path) -> None:
    path = tmp_path / "offer.toml"
    path.write_text(
        'company = "Tidewater"\nsender_address = "ines"\nbooking_link = "http://x"\nsendr_name = "Ines"\n'
        'time_zone = "Europe/Lundon"\nresource = "a list"\npostal_address = 7\n[[proofs]]\ntext = "One visit."\n'
    )
    offer, gaps = read_offer(path)
    assert offer is None
    assert {one.key: one.why for one in gaps} == {
        "sendr_name": "is no key of an offer",
        "sender_name": "is missing",
        "sender_title": "is missing",
        "sender_address": "is no e-mail address",
        "reply_to": "is missing",
        "postal_address": "is no text",
        "opt_out": "is missing",
        "line": "is missing",
        "line_evidence": "is missing",
        "proofs[1].evidence": "is missing",
        "time_zone": "is no time zone of the IANA list",
        "resource_evidence": "is missing for the resource",
        "booking_link": "is no https address",
    }
    assert all(one.remedy for one in gaps)
    remedies = {one.key: one.remedy for one in gaps}
    assert (remedies["sendr_name"], remedies["time_zone"]) == (
        "Perhaps sender_name is meant.",
        "Perhaps Europe/London is meant.",
    )


def test_a_problem_has_a_topic_and_a_text(tmp_path: Path) -> None:
    path = tmp_path / "offer.toml"
    whole = OWN_OFFER.read_text(encoding="utf-8")
    path.write_text(f'{whole}\n[[problems]]\ntopic = ""\n[[problems]]\nevidence = "x"\n', encoding="utf-8")
    gaps = read_offer(path).gaps
    assert {one.key: one.why for one in gaps} == {
        "problems[3].topic": "is empty",
        "problems[3].text": "is missing",
        "problems[4]": "is not topic and text",
    }
    assert all(one.remedy for one in gaps)


def test_what_stands_in_place_of_a_value_is_judged_with_the_rest() -> None:
    offer, gaps = read_offer(OWN_OFFER, {"sender_name": "Otto Brandt"})
    assert (offer and offer.sender(), gaps) == ("Otto Brandt <ines.brandt@tidewater.example>", ())
    assert [one.key for one in read_offer(OWN_OFFER, {"reply_to": "nobody"}).gaps] == ["reply_to"]


@pytest.mark.parametrize("zone", ["Europe", "../Europe/London", "europe/london", "Mars/Olympus", "/etc/passwd", "\0"])
def test_a_zone_is_a_name_of_the_list_and_no_path(zone: str) -> None:
    assert not is_zone(zone)
    assert is_zone("Europe/London")


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("dana@northwind.example", True),
        ('"dana x"@northwind.example', False),
        ("@relay.example:dana@northwind.example", False),
        ("dana@[127.0.0.1]", False),
        ("dana@northwind.example\r\nBcc: x@evil.example", False),
        ("Dana <dana@northwind.example>", False),
        ("dana@localhost", False),
    ],
)
def test_only_bare_addresses_are_recipients(address: str, fits: bool) -> None:
    assert is_address(address) is fits
