"""What `swarm init` writes can be read again, and says what is missing."""

import tomllib
from pathlib import Path

import pytest

from services.cli.init import offer_text, settings_text
from services.crafter.offer import Offer, read_offer
from services.runtime.settings import read_file

ODD = 'Käse & "Brot" \\ 100 % — ´x´ \x7f'
ANSWERS: dict[str, object] = {
    "company": ODD.replace("\x7f", ""),
    "sender_name": "Ines Brandt",
    "sender_title": "Partner",
    "sender_address": "ines@tidewater.example",
    "reply_to": "ines@tidewater.example",
    "postal_address": "3 Quay Road, Bristol",
    "line": "We measure.",
    "line_evidence": "Section 1.",
    "time_zone": "Europe/London",
    "proofs": [{"text": "One visit.", "evidence": "Section 2."}, {"text": "On the day.", "evidence": "Section 3."}],
}


def test_answers_come_back_as_they_were_given(tmp_path: Path) -> None:
    file = tmp_path / "offer.toml"
    file.write_text(offer_text(ANSWERS), encoding="utf-8")
    offer, gaps = read_offer(file)
    assert gaps == ()
    assert offer is not None
    assert (offer.company, [one.evidence for one in offer.proofs]) == (
        ANSWERS["company"],
        ["Section 2.", "Section 3."],
    )


@pytest.mark.parametrize("words", [ODD, "\t", "a\u2028b"])
def test_whatever_is_answered_stays_toml(words: str) -> None:
    assert tomllib.loads(offer_text({"company": words}))["company"] == words


def test_without_answers_every_key_is_there_to_be_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "offer.toml"
    file.write_text(offer_text({}), encoding="utf-8")
    assert set(tomllib.loads(file.read_text())) == set(Offer.__struct_fields__) - {"lines", "problems"}
    assert {"# [[lines]]", "# [[problems]]"} <= set(file.read_text().splitlines())
    assert {one.why for one in read_offer(file).gaps} == {"is empty"}


def test_the_settings_can_be_used_and_name_the_offer(tmp_path: Path) -> None:
    file = tmp_path / "swarm.toml"
    file.write_text(settings_text("north"), encoding="utf-8")
    assert read_file(file) == {"namespace": "north", "offer": "offer.toml"}
