"""Leads explained at the console: where each stands, why, what would move it, and what led to what."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from gateway.columns import COLUMNS
from tests.e2e.console import SAMPLES, Told, swarm

FILE = """Name,Company,Email,Title,Employees
Ada Lovelace,Analytical Works,ada@works.example,CEO,200
Grace Hopper,=Compilers,grace@compilers.example,VP Sales,
,,broken,,
"""


@pytest.fixture(scope="module")
def home(shared_home: Path) -> Path:
    """A swarm that read the demonstration's leads, and a file with one row that cannot be one."""
    demo = ("run", "--mode", "staging", "--input", str(SAMPLES / "demo.csv"), "--limit", "8")
    assert swarm(shared_home, *demo).code == 0
    file = shared_home.parent / "mine.csv"
    file.write_text(FILE)
    assert swarm(shared_home, "run", "--mode", "staging", "--synthetic", "--input", str(file)).code == 0
    return shared_home


def listed(home: Path, *arguments: str) -> list[Any]:
    told = swarm(home, "leads", "--json", *arguments)
    assert (told.code, told.err) == (0, ""), told
    found: list[Any] = told.json["leads"]
    return found


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def file_of(home: Path, tmp_path: Path, *arguments: str) -> tuple[Told, list[dict[str, str]]]:
    file = tmp_path / "out.csv"
    told = swarm(home, *arguments, "--csv", str(file))
    return told, table(file.read_bytes().decode())


def test_each_lead_says_where_it_stands_why_and_what_would_move_it(home: Path) -> None:
    [ada] = listed(home, "--search", "lovelace")
    assert (ada["stands"], ada["said"]["origin"]) == ("a draft waits for a person", "the file, row 1")
    [refused] = listed(home, "--state", "refused")
    assert refused["said"]["moves"] == refused["remedy"] != ""
    assert swarm(home, "leads", "--search", "lovelace").out.startswith(
        "1 lead in namespace main, the newest change first. SHADOW: "
    )
    shown = " ".join(swarm(home, "leads", "--state", "refused").out.split())
    assert "row 3" in shown
    assert "Refused: email: " in shown


def test_list_is_narrowed_by_each_filter_and_says_when_there_are_more(home: Path) -> None:
    everyone = listed(home, "--limit", "100")
    assert len(everyone) == 11
    drafted = listed(home, "--state", "drafted")
    assert drafted == listed(home, "--state", "A draft waits for a person") != []
    assert {one["email_status"] for one in drafted} == {"drafted"}
    tier = listed(home, "--tier", drafted[0]["tier"])
    assert drafted[0]["id"] in {one["id"] for one in tier}
    assert [one["name"] for one in listed(home, "--company", "ANALYTICAL")] == ["Ada Lovelace"]
    assert listed(home, "--campaign", drafted[0]["campaign"])
    assert listed(home, "--campaign", "no_such") == []
    assert len(listed(home, "--run", drafted[-1]["run_id"], "--limit", "100")) < len(everyone)
    assert "and more; --limit shows them" in swarm(home, "leads", "--limit", "2").out
    assert "No lead that fits is in namespace main." in swarm(home, "leads", "--campaign", "no_such").out
    swarm(home, "leads", "--state", "bored").failed_with(2, "'bored'", "a draft waits for a person", "send_blocked")
    swarm(home, "leads", "--tier", "gold").failed_with(2, "tier_4")


def test_list_is_a_file_whose_cells_are_not_run(home: Path, tmp_path: Path) -> None:
    told, rows = file_of(home, tmp_path, "leads")
    assert (told.code, told.out, told.err) == (0, f"11 rows written to {tmp_path / 'out.csv'}.\n", "")
    assert list(rows[0]) == list(COLUMNS["leads"].values())
    by_name = {row["Name"]: row for row in rows}
    assert by_name["Grace Hopper"]["Company"] == "'=Compilers"
    ada = by_name["Ada Lovelace"]
    assert ada["Stands"] == "a draft waits for a person"
    told, rows = file_of(home, tmp_path, "leads", "--limit", "2", "--state", "drafted")
    assert len(rows) == 2
    assert "There are more than these 2 rows" in told.err
    streamed = swarm(home, "leads", "--search", "lovelace", "--csv", "-")
    assert [row["Lead"] for row in table(streamed.out)] == [ada["Lead"]]
    swarm(home, "leads", "--csv", str(tmp_path / "no" / "where.csv")).failed_with(2, "--csv")


def test_why_tells_the_chain_from_the_row_to_the_decision(home: Path) -> None:
    email_id = listed(home, "--search", "lovelace")[0]["email_id"]
    assert swarm(home, "reject", email_id, "--tag", "weak_cta", "--reason", "It asks for nothing.").code == 0
    told = swarm(home, "why", "ADA@works.example")
    assert (told.code, told.err) == (0, "")
    steps = [
        "run over the file asked for",
        "came from the file, row 1",
        "points, tier",
        "drafted, angle",
        "rejected: ask",
    ]
    chain = told.out.partition("What led to what")[2]
    places = [chain.find(step) for step in steps]
    assert places == sorted(places), told.out
    assert places[0] > 0
    assert "(after) version 1 rejected: ask" in told.out
    assert "Ask, template " in told.out
    assert "It asks for nothing." in told.out
    document = swarm(home, "why", email_id[:13], "--json").json
    assert document["lead"]["said"]["why"] == "version 1 rejected: ask"
    assert [one["tag"] for one in document["rejections"]] == ["weak_cta"]
    ids = {node["id"] for node in document["nodes"]}
    assert {edge[end] for edge in document["edges"] for end in ("from", "to")} <= ids


def test_feedback_says_what_gets_approved_edited_and_rejected_with_test_traffic_apart(
    home: Path, tmp_path: Path
) -> None:
    one, other = (row["email_id"] for row in listed(home, "--state", "drafted", "--limit", "2"))
    assert swarm(home, "approve", one, "--subject", "Another subject").code == 0
    assert swarm(home, "reject", other, "--tag", "tone_style_issue", "--reason", "Too stiff.").code == 0
    told = swarm(home, "feedback", "--by", "reviewer", "--json").json
    assert (told["by"], told["real"]) == ("reviewer", [])
    [line] = told["test"]
    assert (line["approved"], line["edited"], line["edits"]) == (1, 1, {"minor": 1})
    assert line["tags"]["tone_style_issue"] == 1
    assert line["low"] < line["share"] < line["high"]
    shown = " ".join(swarm(home, "feedback", "--by", "reviewer", env={"COLUMNS": "200"}).out.split())
    assert "Test traffic: " in shown
    assert f"{line['share']:.0%}, between {line['low']:.0%} and {line['high']:.0%}, too few to say" in shown
    assert "1 tone" in shown
    assert ", opener " in " ".join(swarm(home, "feedback", "--by", "opener").out.split())
    _, rows = file_of(home, tmp_path, "feedback", "--by", "tier", "--traffic", "test")
    assert {row["Traffic"] for row in rows} == {"test"}
    assert sum(int(row["Approved"]) for row in rows) == 1
    empty = swarm(home, "feedback", "--traffic", "real")
    assert "No draft is there yet in namespace main." in empty.out
    swarm(home, "feedback", "--by", "weather").failed_with(2, "opener")


def test_row_that_became_no_lead_says_what_would_mend_it(home: Path) -> None:
    [refused] = listed(home, "--state", "refused")
    told = swarm(home, "why", refused["id"])
    assert told.code == 0
    assert f"would move it: {refused['remedy']}" in told.out
    assert "a row that was refused has no history" in told.out


def test_address_that_is_none_or_nobodys_is_not_repeated(home: Path) -> None:
    swarm(home, "why", "nobody@works.example").failed_with(2, "No lead has this address.")
    assert "nobody@works" not in swarm(home, "why", "nobody@works.example").err
    swarm(home, "why", "ada@@works").failed_with(2, "no e-mail address")
    swarm(home, "why", "ffffffff").failed_with(2, "no lead or e-mail")
