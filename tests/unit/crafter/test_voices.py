"""Real people are written to in the user's own words alone; the demonstration's are for invented ones."""

import shutil
from pathlib import Path

import pytest

from contracts.errors import NotSetUp
from contracts.lead import Lead
from services.crafter.offer import DEMO
from services.crafter.voices import Voices
from tests.own_offer import OWN_OFFER

REAL, INVENTED = Lead(synthetic=False), Lead(synthetic=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "offer.toml"


def test_a_whole_offer_speaks_to_everybody() -> None:
    voices = Voices(OWN_OFFER)
    assert voices.gaps() == ()
    assert {voices.of(one).offer.company for one in (REAL, INVENTED)} == {"Tidewater Calibration"}


@pytest.mark.parametrize("own", [None, Path("/no/such/offer.toml"), DEMO], ids=["unset", "no-file", "demonstration"])
def test_without_one_of_the_users_own_only_invented_people_are_written_to(own: Path | None) -> None:
    voices = Voices(own)
    assert voices.of(INVENTED).offer.company == "Fieldnote Works"
    with pytest.raises(NotSetUp) as refused:
        voices.of(REAL)
    assert len(voices.gaps()) == 1
    assert refused.value.values["missing"]


def test_the_refusal_names_every_key_that_is_missing(file: Path) -> None:
    file.write_text(OWN_OFFER.read_text().replace("Ines Brandt", "").replace("Europe/London", ""))
    with pytest.raises(NotSetUp, match="sender_name, time_zone") as refused:
        Voices(file).of(REAL)
    assert refused.value.values["missing"] == "sender_name, time_zone"


def test_what_is_mended_holds_for_the_next_draft_and_so_does_what_is_broken(file: Path) -> None:
    voices = Voices(file)
    assert voices.gaps()
    shutil.copy(OWN_OFFER, file)
    first = voices.of(REAL)
    assert first is voices.of(REAL)
    file.write_text(OWN_OFFER.read_text().replace("Tidewater Calibration", "Tidewater Works"))
    assert voices.of(REAL).offer.company == "Tidewater Works"
    assert voices.of(REAL).hash != first.hash
    file.write_text("company = ")
    with pytest.raises(NotSetUp, match="no TOML"):
        voices.of(REAL)
