"""Whether a run may start with what is set up, and what is shown of it."""

from pathlib import Path

import pytest

from contracts.commands import RequestRun
from contracts.errors import BadInput, DecisionRefused, NotSetUp
from contracts.lead import Mode, RunTerms
from services.cli.set_up import SetUp
from services.crafter.voices import Voices
from services.runtime.campaigns import Campaigns
from tests.own_offer import OWN_OFFER

RUN = "run_20260302_091500_4f2a9c"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "founders.toml").write_text('sender_name = "Otto Brandt"\n[audience]\ntitles = ["CEO"]\n')
    (tmp_path / "misspelt.toml").write_text('angles = ["valu_first", "quick_win"]\n')
    return tmp_path


def set_up(folder: Path | None, own: Path | None = OWN_OFFER, namespace: str = "main") -> SetUp:
    return SetUp(namespace, Voices(own, Campaigns(folder)))


def request(mode: Mode, campaign: str = "") -> RequestRun:
    return RequestRun(run_id=RUN, terms=RunTerms(run_id=RUN, mode=mode, campaign=campaign), source="file")


@pytest.mark.parametrize("mode", ["sandbox", "staging", "production"])
@pytest.mark.parametrize("campaign", ["", "founders"])
def test_with_a_whole_offer_every_run_may_start(folder: Path, mode: Mode, campaign: str) -> None:
    set_up(folder).ready(request(mode, campaign))


@pytest.mark.parametrize("mode", ["sandbox", "staging", "production"])
def test_without_one_invented_people_alone_are_worked_through(folder: Path, mode: Mode) -> None:
    without = set_up(folder, own=None)
    if mode != "production":
        without.ready(request(mode))
    else:
        with pytest.raises(NotSetUp, match="offer"):
            without.ready(request(mode))
    with pytest.raises(NotSetUp, match="campaign 'founders'"):
        without.ready(request(mode, "founders"))


def test_an_angle_that_nobody_wrote_keeps_a_campaign_from_being_used(folder: Path) -> None:
    with pytest.raises(NotSetUp) as refused:
        set_up(folder).ready(request("sandbox", "misspelt"))
    assert refused.value.values == {"missing": "angles", "field": "campaign"}
    [gap] = set_up(folder).missing("misspelt")
    assert gap.why == "names 'valu_first'"
    assert "value_first" in gap.remedy


def test_a_campaign_that_is_not_there_is_bad_input_in_any_mode(folder: Path) -> None:
    for mode in ("sandbox", "dry_run", "production"):
        with pytest.raises(BadInput, match="no campaign 'nobody'"):
            set_up(folder).ready(request(mode, "nobody"))


def test_the_demonstration_takes_nothing_of_the_users_own(folder: Path) -> None:
    demo = set_up(folder, namespace="demo")
    demo.ready(request("staging"))
    for command in (request("production"), request("staging", "founders")):
        with pytest.raises(DecisionRefused, match="demonstration"):
            demo.ready(command)
    assert not demo.shown().own_rows


def test_shown_is_what_drafts_are_written_with(folder: Path) -> None:
    shown = set_up(folder).shown()
    assert (shown.namespace, shown.own_rows, shown.missing) == ("main", True, [])
    assert (shown.offer.whose, shown.offer.company) == ("own", "Tidewater Calibration")
    assert shown.offer.hash == set_up(None).voices.find(synthetic=False).hash
    founders, misspelt = shown.campaigns
    assert (founders.name, founders.sender, founders.missing) == (
        "founders",
        "Otto Brandt <ines.brandt@tidewater.example>",
        [],
    )
    assert founders.offer_hash not in {"", shown.offer.hash}
    assert ([one.key for one in misspelt.missing], misspelt.offer_hash) == (["angles"], "")


def test_shown_without_an_offer_names_the_demonstration_and_what_is_missing(tmp_path: Path) -> None:
    own = tmp_path / "offer.toml"
    own.write_text(OWN_OFFER.read_text().replace("Ines Brandt", ""))
    shown = set_up(None, own).shown()
    assert (shown.offer.whose, shown.offer.company) == ("demonstration", "Fieldnote Works")
    assert [one.key for one in shown.missing] == ["sender_name"]
