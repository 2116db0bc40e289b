"""The campaigns of a folder, and what keeps one from being used."""

from pathlib import Path

import pytest

from contracts.errors import BadInput, NotSetUp
from services.runtime.campaigns import Campaigns

WHOLE = 'angles = ["value_first"]\nlanguage = "en"\n[audience]\ntiers = ["tier_1"]\n'


@pytest.fixture
def campaigns(tmp_path: Path) -> Campaigns:
    (tmp_path / "founders.toml").write_text(WHOLE)
    return Campaigns(tmp_path)


def test_a_whole_file_is_a_campaign_and_an_empty_one_is_too(campaigns: Campaigns, tmp_path: Path) -> None:
    found = campaigns.find("founders")
    assert (found.angles, found.audience.tiers, found.changes()) == (("value_first",), ("tier_1",), {"language": "en"})
    (tmp_path / "all.toml").write_text("")
    assert campaigns.find("all").changes() == {}
    assert campaigns.names() == ["all", "founders"]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('angels = ["x"]', "angels", "Perhaps angles is meant."),
        ("angles = 3", "angles", "Mend it"),
        ('[audience]\ntiers = ["tier_9"]', "audience.tiers[0]", "Mend it"),
        ("[audience]\nsizes = [1]", "audience", "Mend it"),
        ("angles = ", "", "Mend the file."),
    ],
)
def test_what_is_wrong_is_told_by_its_key(
    campaigns: Campaigns, tmp_path: Path, text: str, key: str, words: str
) -> None:
    (tmp_path / "broken.toml").write_text(text)
    [gap] = campaigns.read("broken").gaps
    assert gap.key == key
    assert words in gap.remedy
    with pytest.raises(NotSetUp, match="'broken' cannot be used"):
        campaigns.find("broken")


def test_everything_that_is_wrong_is_told_at_once(campaigns: Campaigns, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('angels = 1\nangles = 3\nreply_to = 7\n[audience]\ntitles = "CEO"\n')
    assert [one.key for one in campaigns.read("broken").gaps] == ["angels", "angles", "reply_to", "audience.titles"]


@pytest.mark.parametrize("name", ["founder", "../founders", "Founders", "", "a" * 41, "a/b", "a\n"])
def test_a_name_that_is_none_names_no_file(campaigns: Campaigns, tmp_path: Path, name: str) -> None:
    (tmp_path.parent / "founders.toml").write_text(WHOLE)
    with pytest.raises(NotSetUp):
        campaigns.find(name)
    with pytest.raises(BadInput) as refused:
        campaigns.check_name(name)
    assert refused.value.values["field"] == "campaign"


def test_a_misspelt_name_is_told_the_near_one(campaigns: Campaigns) -> None:
    campaigns.check_name("founders")
    with pytest.raises(BadInput) as refused:
        campaigns.check_name("founder")
    assert refused.value.remedy == "Perhaps founders is meant."


def test_a_file_with_a_name_that_cannot_be_used_is_listed_and_says_so(campaigns: Campaigns, tmp_path: Path) -> None:
    (tmp_path / "Big Ones.toml").write_text(WHOLE)
    assert "Big Ones" in campaigns.names()
    assert "small letters" in campaigns.read("Big Ones").gaps[0].remedy


@pytest.mark.parametrize("folder", [None, Path("/no/such/folder")])
def test_without_a_folder_there_is_none(folder: Path | None) -> None:
    assert Campaigns(folder).names() == []
    with pytest.raises(BadInput, match="There is no campaign"):
        Campaigns(folder).check_name("founders")


def test_a_change_of_the_file_holds_from_then_on(campaigns: Campaigns, tmp_path: Path) -> None:
    first = campaigns.find("founders")
    assert campaigns.find("founders") is first
    (tmp_path / "founders.toml").write_text(WHOLE.replace("value_first", "quick_win_x"))
    assert campaigns.find("founders").angles == ("quick_win_x",)
    (tmp_path / "founders.toml").unlink()
    with pytest.raises(NotSetUp):
        campaigns.find("founders")
