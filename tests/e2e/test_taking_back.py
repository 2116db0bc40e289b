"""What a run brought is taken back, told, and can come again; what was answered stays answered."""

import csv
from pathlib import Path

import pytest

from tests.e2e.console import swarm

HEADER = "Vorname,Nachname,Rolle,Abteilung,Firma,Mail,Mitarbeiter,Branche\n"
PEOPLE = (
    ("Ada", "Vale", "ada@umberford-software.example", "Umberford Software"),
    ("Ben", "Stone", "ben@northmoor-systems.example", "Northmoor Systems"),
    ("Cleo", "Marsh", "cleo@eastgate-analytics.example", "Eastgate Analytics"),
)
ROWS = "".join(
    f"{first},{last},Chief Executive Officer,Assistant,{company},{mail},120,Software\n"
    for first, last, mail, company in PEOPLE
)
STAGING = ("run", "--mode", "staging", "--synthetic", "--draft", "tier_4", "--input")
WRONG, RIGHT = ("--map", "title=Abteilung"), ("--map", "title=Rolle")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + ROWS + "Dora,,,,,nobody,,\n")
    return path


def test_a_run_over_the_wrong_column_is_withdrawn_and_the_file_comes_again(shared_home: Path, file: Path) -> None:
    first = swarm(shared_home, *STAGING, str(file), *WRONG, "--json").json
    assert (first["status"], first["rows"]["sourced"]) == ("waiting_for_review", 3)
    drafts = swarm(shared_home, "queue", "--json").json["drafts"]
    assert len(drafts) == 3
    answered = drafts[0]["email_id"]
    rejected = swarm(shared_home, "reject", answered, "--tag", "weak_cta", "--reason", "It asks for nothing.")
    assert rejected.code == 0

    told = swarm(shared_home, "runs", "withdraw", first["run_id"], "--reason", "The wrong column.")
    assert (told.code, told.err) == (0, "")
    assert f"{first['run_id']} is withdrawn." in told.out
    assert "taken back: 3 leads and 2 drafts; they are in no queue." in told.out
    assert "stays:      1 rejected: what was answered or sent is history" in told.out
    assert swarm(shared_home, "queue", "--json").json["drafts"] == []
    again = swarm(shared_home, "runs", "withdraw", first["run_id"], "--json").json
    assert (again["receipt"], again["taken_back"]) == (None, {"leads": 3, "drafts": 2, "stayed": {"rejected": 1}})
    assert "taken back: 3 leads and 2 drafts" in swarm(shared_home, "runs", first["run_id"]).out

    second = swarm(shared_home, *STAGING, str(file), *RIGHT, "--json").json
    assert (second["rows"]["updated"], second["rows"]["duplicate"], second["status"]) == (2, 1, "waiting_for_review")
    lines = {line["stage"]: (line["in"], line["out"], line["waiting"]) for line in second["stages"]}
    assert lines["craft"] == (2, 2, 0)
    assert lines["approve"] == (2, 0, 2)
    drafts = swarm(shared_home, "queue", "--json").json["drafts"]
    assert answered not in {one["email_id"] for one in drafts}
    assert [one["title"] for one in drafts] == ["Chief Executive Officer"] * 2
    approved = swarm(shared_home, "approve", drafts[0]["email_id"])
    assert approved.code == 0, approved
    assert swarm(shared_home, "verify").code == 0


def test_refused_rows_are_mended_and_come_in(shared_home: Path, file: Path, tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    swarm(shared_home, *STAGING, str(file), *RIGHT, "--refused", str(refused))
    with refused.open(encoding="utf-8-sig", newline="") as lines:
        [row] = list(csv.DictReader(lines))
    assert (row["Vorname"], row["field"]) == ("Dora", "email")
    row["Mail"], row["Nachname"], row["Rolle"] = "dora@fenwick-tools.example", "Lane", "CEO"
    with refused.open("w", encoding="cp1252", newline="") as lines:
        writer = csv.DictWriter(lines, row, delimiter=";")
        writer.writeheader()
        writer.writerow(row)
    told = swarm(shared_home, *STAGING, str(refused), *RIGHT, "--refused", str(refused))
    told.failed_with(2, "is the file that is read")
    shown = swarm(shared_home, "run", "--mode", "dry_run", "--input", str(refused), *RIGHT)
    assert "These rows were refused before" in shown.out
    mended = swarm(shared_home, *STAGING, str(refused), *RIGHT, "--json").json
    assert (mended["rows"]["sourced"], mended["rows"]["refused"]) == (1, 0)
