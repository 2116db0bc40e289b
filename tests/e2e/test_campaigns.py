"""Campaigns from their files to the drafts: whom they take, in whose words, and how they are found again."""

import csv
import io
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.segmentor.model import own_text
from tests.e2e.console import ROOT, swarm
from tests.e2e.test_gateway import serving, token_of
from tests.own_offer import OWN_OFFER

LEADS = (
    b"First Name,Last Name,Title,Company,Email,Employees,Industry\n"
    b"Ada,Vale,CEO,Umberford Software,ada.vale@umberford-software.com,120,Software\n"
    b"Bea,Hill,Director of Sales,Northmoor Agency,bea.hill@northmoor.com,120,Marketing Agency\n"
)
FOUNDERS = """
angles = ["value_first", "quick_win"]
sender_name = "Otto Brandt"
sender_address = "otto@tidewater.example"

[audience]
titles = ["CEO", "founder"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the user's own, with a list, an offer and two campaigns, of which one is broken."""
    made = tmp_path_factory.mktemp("mine")
    (made / "leads.csv").write_bytes(LEADS)
    (made / "offer.toml").write_text(OWN_OFFER.read_text())
    (made / "swarm.toml").write_text('offer = "offer.toml"\ncampaigns = "campaigns"\n')
    (made / "campaigns").mkdir()
    (made / "campaigns" / "founders.toml").write_text(FOUNDERS)
    (made / "campaigns" / "broken.toml").write_text('angles = ["valu_first"]\n')
    return made


@pytest.fixture(scope="module")
def run(shared_home: Path, folder: Path) -> str:
    """A run for the campaign that can be used."""
    arguments = ("run", "--mode", "production", "--yes", "--input", "leads.csv", "--campaign", "founders", "--json")
    told = swarm(shared_home, *arguments, cwd=folder)
    assert (told.code, told.err) == (0, "")
    assert (told.json["campaign"], told.json["campaigns"]) == ("founders", {"founders": 1})
    assert told.json["stages"][2]["ended"] == {"not_in_audience": 1}
    return str(told.json["run_id"])


def test_its_drafts_are_written_in_its_words_and_with_its_angles(shared_home: Path, folder: Path, run: str) -> None:
    [draft] = swarm(shared_home, "queue", "--run", run, "--json", cwd=folder).json["drafts"]
    assert draft["campaign"] == "founders"
    assert draft["angle"] in {"value_first", "quick_win"}
    shown = swarm(shared_home, "show", draft["email_id"], "--json", cwd=folder).json
    assert shown["content"]["sender"] == "Otto Brandt <otto@tidewater.example>"
    assert "\nOtto Brandt\n" in shown["content"]["text"]


def test_an_edit_is_judged_by_the_words_of_its_campaign(shared_home: Path, folder: Path, run: str) -> None:
    [draft] = swarm(shared_home, "queue", "--run", run, "--json", cwd=folder).json["drafts"]
    text = swarm(shared_home, "show", draft["email_id"], "--json", cwd=folder).json["content"]["text"]
    edited = text.replace("Best regards", "Kind regards")
    for body, verdict in ((edited, True), (edited.replace("Otto Brandt", "Ines Brandt"), False)):
        told = swarm(shared_home, "edit", draft["email_id"], "--body-file", "-", stdin=body, cwd=folder)
        assert (told.code, told.err) == (0, "")
        assert swarm(shared_home, "show", draft["email_id"], "--json", cwd=folder).json["verdict"]["passed"] is verdict


def test_comparison_says_who_would_leave_its_audience(shared_home: Path, folder: Path, run: str) -> None:
    assert run
    (folder / "other.toml").write_text(own_text().replace("customers = []", 'customers = ["umberford-software.com"]'))
    told = swarm(shared_home, "icp", "compare", "other.toml", cwd=folder)
    assert told.code == 0, told
    assert "disqualified: the company is a customer already; leaves the audience of founders" in " ".join(
        told.out.split()
    )
    assert re.search(r"founders +2 +1 +0 +0 +1\n", told.out)
    found = swarm(shared_home, "icp", "compare", "other.toml", "--json", cwd=folder).json
    assert [one["leave"] for one in found["campaigns"] if one["campaign"] == "founders"] == [1]


def test_lists_of_what_is_set_up_are_files_too(shared_home: Path, folder: Path, run: str) -> None:
    assert run
    mapped = ("--map", "title=Title", "--save-map", "crm")
    assert swarm(shared_home, "run", "--mode", "dry_run", "--input", "leads.csv", *mapped, cwd=folder).code == 0

    def listed(*arguments: str) -> list[dict[str, str]]:
        told = swarm(shared_home, *arguments, "--csv", "-", cwd=folder)
        assert (told.code, told.err) == (0, "")
        assert told.out.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(told.out.removeprefix("\ufeff"), newline="")))

    broken, founders = listed("campaigns")
    assert (founders["Campaign"], founders["With titles"], founders["Angles"]) == (
        "founders",
        "CEO; founder",
        "value_first; quick_win",
    )
    assert (founders["What is missing"], broken["What is missing"]) == ("", "angles names 'valu_first'")
    texts = listed("templates", "list", "--language", "de")
    assert {one["Language"] for one in texts} == {"de"}
    assert "quick_win" in {one["Angle"] for one in texts}
    (kept,) = listed("mappings")
    assert (kept["Name"], kept["Takes"]) == ("crm", '{"title":"Title"}')
    for arguments in (("campaigns", "check"), ("templates", "lint"), ("mappings", "drop", "crm")):
        told = swarm(shared_home, *arguments, "--csv", "-", cwd=folder)
        told.failed_with(2, f"--csv does not go with {arguments[1]}.")


def test_lists_are_narrowed_to_a_campaign(shared_home: Path, folder: Path, run: str) -> None:
    def found(*arguments: str) -> int:
        document = swarm(shared_home, *arguments, "--json", cwd=folder).json
        return len(document["runs" if arguments[0] == "runs" else "drafts"])

    assert found("runs", "--campaign", "founders") == found("queue", "--campaign", "founders") == 1
    assert found("runs", "--campaign", "broken") == found("queue", "--campaign", "broken") == 0
    told = swarm(shared_home, "runs", "--campaign", "broken", cwd=folder)
    assert "No run of the campaign broken" in told.out
    assert run not in told.out


def test_what_keeps_one_from_being_used_is_told_before_anything_starts(shared_home: Path, folder: Path) -> None:
    listed = {one["name"]: one for one in swarm(shared_home, "campaigns", "--json", cwd=folder).json["campaigns"]}
    assert [one["key"] for one in listed["broken"]["missing"]] == ["angles"]
    assert listed["founders"]["missing"] == []
    for arguments, code in ((("check",), 1), (("check", "broken"), 1), (("check", "founders"), 0)):
        assert swarm(shared_home, "campaigns", *arguments, cwd=folder).code == code
    swarm(shared_home, "campaigns", "check", "founder", cwd=folder).failed_with(2, "There are broken and founders.")
    start = ("run", "--mode", "production", "--yes", "--input", "leads.csv", "--campaign")
    swarm(shared_home, *start, "broken", cwd=folder).failed_with(3, "'broken'", "campaigns check broken")
    swarm(shared_home, *start, "founder", cwd=folder).failed_with(2, "Perhaps founders is meant.")
    checks = swarm(shared_home, "doctor", "--json", cwd=folder).json["checks"]
    assert [one["ok"] for one in checks if one["name"] == "campaigns"] == [False]


@pytest.fixture(scope="module")
def there(shared_home: Path, folder: Path, run: str) -> Iterator[dict[str, str]]:
    """The environment of somebody elsewhere."""
    assert run
    env = {"SWARM_OFFER": str(folder / "offer.toml"), "SWARM_CAMPAIGNS": str(folder / "campaigns")}
    with serving(shared_home, "up", env=env) as (process, address):
        yield {"SWARM_URL": address, "SWARM_TOKEN": token_of(shared_home, "otto", "operator")}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_over_a_gateway_it_is_the_same(shared_home: Path, folder: Path, there: dict[str, str], tmp_path: Path) -> None:
    away = tmp_path / "away"
    here = swarm(shared_home, "campaigns", "--json", cwd=folder).json
    assert swarm(away, "campaigns", "--json", env=there, cwd=ROOT).json == here
    assert len(swarm(away, "runs", "--campaign", "founders", "--json", env=there).json["runs"]) == 1
    assert swarm(away, "queue", "--campaign", "broken", "--json", env=there).json["drafts"] == []
    start = ("run", "--mode", "sandbox", "--limit", "2", "--json", "--campaign")
    swarm(away, *start, "broken", env=there).failed_with(3, "'broken'")
    told = swarm(away, *start, "founders", env=there)
    assert (told.code, told.json["campaign"]) == (0, "founders")
