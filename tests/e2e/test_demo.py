"""The shipped sample from file to queue, row by row against its hand-written key."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gateway.dossier import gather
from gateway.lookup import Found
from services.cli.given import Given
from services.cli.opening import reading
from tests.e2e.console import SAMPLES, Told, swarm

DEMO = ("--namespace", "demo")
RUN = ("run", "--mode", "staging", *DEMO, "--input", str(SAMPLES / "demo.csv"))
ROW_OUTCOMES = {"lead.updated.v1": "updated", "lead.duplicate.v1": "duplicate", "lead.refused.v1": "refused"}
REFUSED = {
    "bad_address": ("email", "not one valid"),
    "nobody": ("email", "no full name"),
    "no_company": ("company", "no company"),
    "wrong_columns": ("row", "cells, the header"),
    "quotes": ("row", "quotation marks"),
    "too_long": ("title", "300 characters"),
}


@pytest.fixture(scope="module")
def first(shared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Path]:
    refused = tmp_path_factory.mktemp("refused") / "refused.csv"
    return swarm(shared_home, *RUN, "--json", "--refused", str(refused)), refused


@pytest.fixture(scope="module")
def facts(first: tuple[Told, Path], shared_home: Path) -> list[dict[str, Any]]:
    _ = first
    return [json.loads(line) for line in swarm(shared_home, "tail", "--json", *DEMO).out.splitlines()]


def fates(facts: list[dict[str, Any]]) -> dict[int, tuple[str, dict[str, Any]]]:
    """By row its outcome and the fact that says so."""
    rows: dict[int, tuple[str, dict[str, Any]]] = {}
    of_lead: dict[str, tuple[str, dict[str, Any]]] = {}
    sourced: dict[int, str] = {}
    for fact in facts:
        kind, data = fact["type"], fact["data"]
        if kind in ROW_OUTCOMES:
            rows[data["origin"]["row"]] = (ROW_OUTCOMES[kind], data)
        elif kind == "lead.sourced.v1":
            sourced[data["origin"]["row"]] = data["lead_id"]
        elif kind == "lead.disqualified.v1":
            of_lead[data["lead_id"]] = ("disqualified", data)
        elif kind == "lead.scored.v1" and data["next"] == "stop":
            of_lead[data["lead_id"]] = (data["tier"] if data["tier"] == "tier_4" else data["stop_reason"], data)
        elif kind == "email.drafted.v1":
            of_lead[data["lead_id"]] = ("drafted", data)
    return rows | {row: of_lead[lead] for row, lead in sourced.items()}


def test_the_report_adds_up_and_waits_for_review(first: tuple[Told, Path]) -> None:
    told, _ = first
    assert (told.code, told.err) == (0, "")
    report = told.json
    assert report["status"] == "waiting_for_review"
    assert report["rows"]["rows"] == 200 == sum(n for name, n in report["rows"].items() if name != "rows")
    by_stage = {line["stage"]: line for line in report["stages"]}
    assert [by_stage[one]["passed"] for one in ("scrape", "enrich", "segment", "craft")] == [True] * 4
    assert (by_stage["approve"]["passed"], by_stage["approve"]["waiting"]) == (None, by_stage["craft"]["out"])
    assert by_stage["craft"]["out"] >= 120
    assert len(report["angles"]) >= 8
    assert report["would_help"]
    assert all("--namespace demo" in one for one in report["next"])


def test_each_row_ends_as_its_key_says(facts: list[dict[str, Any]]) -> None:
    found = fates(facts)
    with (SAMPLES / "demo.key.csv").open(encoding="utf-8", newline="") as file:
        key = {int(line["row"]): line for line in csv.DictReader(file)}
    assert {row: outcome for row, (outcome, _) in found.items()} == {row: line["outcome"] for row, line in key.items()}
    for row, line in key.items():
        if line["outcome"] == "refused":
            field, words = REFUSED[line["reason"]]
            _, data = found[row]
            assert (row, data["field"], words in data["reason"], bool(data["remedy"])) == (row, field, True, True)


def test_the_refused_rows_are_written_as_they_came_and_hold_no_formula(first: tuple[Told, Path]) -> None:
    _, path = first
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 12
    assert all(line["reason"] and line["remedy"] for line in lines)
    assert not [cell for line in lines for cell in line.values() if cell and cell[0] in "=+-@\t\r\0"]
    assert any(line["as_it_came"].startswith("Farid,") for line in lines)


async def test_each_claim_of_each_draft_has_its_fact(
    first: tuple[Told, Path], shared_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ = first
    drafts = swarm(shared_home, "queue", "--json", "--limit", "1000", *DEMO).json
    assert drafts["total"] == len(drafts["drafts"]) >= 120
    assert len({one["angle"] for one in drafts["drafts"]}) >= 8
    monkeypatch.setenv("SWARM_HOME", str(shared_home))
    async with reading(Given(namespace="demo")) as store:
        for one in drafts["drafts"]:
            dossier = await gather(store.log, store.views, Found(one["lead_id"], one["email_id"]))
            assert dossier.shown
            assert dossier.text is not None
            assert dossier.text.verdict.passed
            for claim in dossier.shown:
                assert (claim.value, claim.source, claim.at, claim.position) > ("", "", "", ""), (
                    one["email_id"],
                    claim,
                )


def test_a_second_run_names_the_duplicates(first: tuple[Told, Path], shared_home: Path) -> None:
    before = first[0].json["stages"][3]["out"]
    told = swarm(shared_home, *RUN, "--json")
    assert (told.code, told.err, told.json["status"]) == (0, "", "completed")
    rows = told.json["rows"]
    assert (rows["sourced"], rows["refused"], rows["updated"] + rows["duplicate"]) == (0, 12, 188)
    assert rows["duplicate"] == told.json["stages"][0]["ended"]["duplicate"] >= 180
    assert swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["total"] == before


def test_show_prints_the_message_the_reasons_and_the_facts(first: tuple[Told, Path], shared_home: Path) -> None:
    _ = first
    one = swarm(shared_home, "queue", "--json", "--limit", "1", *DEMO).json["drafts"][0]
    told = swarm(shared_home, "show", one["email_id"][:10], *DEMO)
    assert (told.code, told.err) == (0, "")
    for words in (one["subject"], one["name"], "Why this lead", "since (UTC)", "rules kept", "History", "From: "):
        assert words in told.out


def test_queue_can_be_narrowed(first: tuple[Told, Path], shared_home: Path) -> None:
    run = first[0].json["run_id"]
    drafts = swarm(shared_home, "queue", "--json", "--tier", "tier_3", "--run", run, "--limit", "500", *DEMO).json
    assert Counter(one["tier"] for one in drafts["drafts"]) == {"tier_3": drafts["total"]}


def test_a_dry_run_says_what_would_come_and_records_nothing(first: tuple[Told, Path], shared_home: Path) -> None:
    _ = first
    before = swarm(shared_home, "runs", "--json", *DEMO).json["total"]
    told = swarm(shared_home, "run", "--mode", "dry_run", *DEMO, "--input", str(SAMPLES / "demo.csv"), "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json["preset"] == "apollo"
    assert told.json["rows"]["sourced"] == 0
    assert len(told.json["first"]) == 5
    assert len(told.json["refusals"]) == told.json["rows"]["refused"] == 12
    assert swarm(shared_home, "runs", "--json", *DEMO).json["total"] == before
