"""The sender's own words: read, checked, and never a way into a header."""

from pathlib import Path

import msgspec
import pytest

from contracts.errors import BadInput
from services.crafter.headers import is_address
from services.crafter.offer import DEMO, Offer, checked, load_offer, offer_hash


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
