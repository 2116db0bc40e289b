"""Invented leads walk through all six stages, and every count adds up."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.console import swarm

STAGES = ["scrape", "enrich", "segment", "craft", "approve", "send"]


def check(report: dict[str, Any], leads: int) -> None:
    stages, rows = report["stages"], report["rows"]
    assert report["status"] == "completed"
    assert [line["stage"] for line in stages] == STAGES
    assert [line["passed"] for line in stages] == [True] * 6
    assert [line["errors"] for line in stages] == [0] * 6
    assert [line["in"] for line in stages[1:]] == [line["out"] for line in stages[:-1]]
    for line in stages:
        assert line["in"] == line["out"] + line["errors"] + line["held"] + sum(line["ended"].values())
    assert rows["rows"] == leads == sum(count for name, count in rows.items() if name != "rows")
    assert report["cost_estimate"]["usd"] == 0.0


@pytest.mark.parametrize(
    ("source", "limit"),
    [("competitor_gong", 5)] * 3 + [("event_saastr", 5), ("default", 10)],
    ids=["first", "second", "third", "event", "default"],
)
def test_a_sandbox_run_passes_all_stages(shared_home: Path, source: str, limit: int) -> None:
    told = swarm(shared_home, "run", "--mode", "sandbox", "--source", source, "--limit", str(limit), "--json")
    assert (told.code, told.err) == (0, "")
    check(told.json, limit)


def test_a_person_gets_the_report_and_nothing_on_stderr(shared_home: Path) -> None:
    told = swarm(shared_home, "run", "--mode", "sandbox")
    assert (told.code, told.err) == (0, "")
    assert told.out.count("PASS") == 12  # Each stage when it is over, and once more in the report.
    for words in ("SHADOW: nothing leaves this machine", "5 sourced", "0.00 USD, nothing paid was called", "Next:"):
        assert words in told.out


def test_the_runs_are_listed_and_found_by_the_end_of_their_id(shared_home: Path) -> None:
    newest = swarm(shared_home, "--json", "runs").json["runs"][0]["run_id"]
    report = swarm(shared_home, "runs", newest.rpartition("_")[2], "--json").json
    assert (report["run_id"], report["status"]) == (newest, "completed")


def test_verify_finds_nothing_and_replay_changes_nothing(shared_home: Path) -> None:
    assert swarm(shared_home, "verify").code == 0
    assert swarm(shared_home, "replay").code == 0
    told = swarm(shared_home, "verify", "--json")
    assert (told.code, told.err, told.json["total"]) == (0, "", 0)


def test_the_log_is_one_document_a_line(shared_home: Path) -> None:
    import json

    told = swarm(shared_home, "tail", "--json", "--type", "email.sent")
    facts = [json.loads(line) for line in told.out.splitlines()]
    assert {(fact["type"], fact["data"]["simulated"]) for fact in facts} == {("email.sent.v1", True)}
    later = swarm(shared_home, "tail", "--json", "--type", "email.sent", "--from", facts[-2]["position"])
    assert [json.loads(line)["position"] for line in later.out.splitlines()] == [facts[-1]["position"]]


def test_doctor_finds_all_well(shared_home: Path) -> None:
    told = swarm(shared_home, "doctor", "--json")
    assert (told.code, told.err) == (0, "")
    assert {one["name"] for one in told.json["checks"]} >= {"server", "durability", "disk", "services", "dead letters"}
