"""Real people are written to in the user's own words alone; the demonstration's are for invented ones."""

import shutil
from pathlib import Path

import pytest

from contracts.errors import NotSetUp
from contracts.lead import Lead, RunTerms
from services.crafter.offer import DEMO
from services.crafter.voices import Voices
from services.runtime.campaigns import Campaigns
from tests.own_offer import OWN_OFFER

NO_CAMPAIGNS = Campaigns(None)
REAL, INVENTED = Lead(synthetic=False), Lead(synthetic=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "offer.toml"


def test_a_whole_offer_speaks_to_everybody() -> None:
    voices = Voices(OWN_OFFER, NO_CAMPAIGNS)
    assert voices.gaps() == ()
    assert {voices.of(one).offer.company for one in (REAL, INVENTED)} == {"Tidewater Calibration"}


@pytest.mark.parametrize("own", [None, Path("/no/such/offer.toml"), DEMO], ids=["unset", "no-file", "demonstration"])
def test_without_one_of_the_users_own_only_invented_people_are_written_to(own: Path | None) -> None:
    voices = Voices(own, NO_CAMPAIGNS)
    assert voices.of(INVENTED).offer.company == "Fieldnote Works"
    with pytest.raises(NotSetUp) as refused:
        voices.of(REAL)
    assert len(voices.gaps()) == 1
    assert refused.value.values["missing"]


def test_the_refusal_names_every_key_that_is_missing(file: Path) -> None:
    file.write_text(OWN_OFFER.read_text().replace("Ines Brandt", "").replace("Europe/London", ""))
    with pytest.raises(NotSetUp, match="sender_name, time_zone") as refused:
        Voices(file, NO_CAMPAIGNS).of(REAL)
    assert refused.value.values["missing"] == "sender_name, time_zone"


def test_what_is_mended_holds_for_the_next_draft_and_so_does_what_is_broken(file: Path) -> None:
    voices = Voices(file, NO_CAMPAIGNS)
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


def of_campaign(name: str, *, synthetic: bool = False) -> Lead:
    return Lead(synthetic=synthetic, run=RunTerms(run_id="run", mode="production", campaign=name))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Campaigns with another sender, with another offer, and with what cannot be used."""
    (tmp_path / "otto.toml").write_text('sender_name = "Otto Brandt"\nangles = ["quick_win"]\n')
    (tmp_path / "works.toml").write_text('offer = "works-offer.toml"\n')
    (tmp_path / "works-offer.toml").write_text(
        OWN_OFFER.read_text().replace("Tidewater Calibration", "Tidewater Works")
    )
    (tmp_path / "nowhere.toml").write_text('offer = "none.toml"\n')
    (tmp_path / "wrong.toml").write_text('reply_to = "nobody"\n')
    return tmp_path


def test_a_campaign_speaks_in_its_own_words(folder: Path) -> None:
    voices = Voices(OWN_OFFER, Campaigns(folder))
    otto, works = voices.of(of_campaign("otto")), voices.of(of_campaign("works"))
    assert (otto.sender, otto.angles) == ("Otto Brandt <ines.brandt@tidewater.example>", frozenset({"quick_win"}))
    assert otto.compliance.signature == "Otto Brandt"
    assert (works.offer.company, works.angles) == ("Tidewater Works", frozenset())
    assert len({otto.hash, works.hash, voices.of(REAL).hash}) == 3
    assert voices.of(REAL).sender == "Ines Brandt <ines.brandt@tidewater.example>"


def test_a_change_of_the_campaign_or_of_its_offer_holds_from_then_on(folder: Path) -> None:
    voices = Voices(OWN_OFFER, Campaigns(folder))
    assert voices.of(of_campaign("otto")).offer.sender_name == "Otto Brandt"
    (folder / "otto.toml").write_text('sender_name = "Olga Brandt"\n')
    assert voices.of(of_campaign("otto")).offer.sender_name == "Olga Brandt"
    assert voices.of(of_campaign("works")).offer.company == "Tidewater Works"
    (folder / "works-offer.toml").write_text(OWN_OFFER.read_text().replace("Tidewater Calibration", "Tidewater Labs"))
    assert voices.of(of_campaign("works")).offer.company == "Tidewater Labs"


@pytest.mark.parametrize(
    ("name", "keys"),
    [("nowhere", ["offer"]), ("wrong", ["reply_to"]), ("gone", [""]), ("../otto", [""])],
)
@pytest.mark.parametrize("synthetic", [False, True])
def test_what_cannot_be_used_writes_to_nobody(folder: Path, name: str, keys: list[str], synthetic: bool) -> None:
    voices = Voices(OWN_OFFER, Campaigns(folder))
    assert [one.key for one in voices.gaps(name)] == keys
    with pytest.raises(NotSetUp, match="campaign"):
        voices.of(of_campaign(name, synthetic=synthetic))


def test_a_campaign_over_an_offer_that_is_not_whole_names_the_file(folder: Path) -> None:
    (folder / "works-offer.toml").write_text(OWN_OFFER.read_text().replace("Europe/London", ""))
    assert [one.key for one in Voices(OWN_OFFER, Campaigns(folder)).gaps("works")] == ["works-offer.toml: time_zone"]
    assert [one.key for one in Voices(None, Campaigns(folder)).gaps("otto")] == ["offer"]
