"""The shipped sample against its key, as far as HUNTER decides it; and a large made file against its own."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from contracts.lead import (
    LeadDuplicate,
    LeadEvent,
    LeadRefused,
    LeadSourced,
    LeadUpdated,
    Origin,
    RunTerms,
)
from services.reading.chunks import chunks, read_chunk
from services.reading.decide import Counts, Item, Outcome, decide
from services.reading.file import read_file
from services.reading.rows import candidates
from tests.samples.make_leads import make, make_with_key

SAMPLES = Path(__file__).parents[3] / "services" / "hunter" / "samples"
OUTCOMES = {LeadSourced: "sourced", LeadUpdated: "updated", LeadDuplicate: "duplicate", LeadRefused: "refused"}
REFUSALS = {
    "bad_address": ("email", "not one valid"),
    "nobody": ("email", "no full name"),
    "no_company": ("company", "no company"),
    "wrong_columns": ("row", "cells, the header"),
    "quotes": ("row", "quotation marks"),
    "too_long": ("title", "300 characters"),
}


def sourcing(name: str, content: bytes) -> Outcome:
    """The whole file in one decision, as if no chunk ended between two rows of one lead."""
    sheet = read_file(name, content)
    items: list[Item] = [one for blob in chunks(sheet) for one in candidates(read_chunk(blob), b"key")]
    origin = Origin(source=name, kind="import", row=0, file_sha256=sheet.sha256)
    return decide(items, {}, run=RunTerms(run_id="run_a", mode="staging"), origin=origin, limit=None)


def by_row(outcome: Outcome) -> dict[int, LeadEvent]:
    rows: dict[int, LeadEvent] = {}
    for _, events in outcome.leads:
        for event in events:
            assert isinstance(event, LeadSourced | LeadUpdated | LeadDuplicate | LeadRefused)
            rows[event.origin.row] = event
    return rows


@pytest.fixture(scope="module")
def key() -> dict[int, dict[str, str]]:
    with (SAMPLES / "demo.key.csv").open(encoding="utf-8", newline="") as file:
        return {int(line["row"]): line for line in csv.DictReader(file)}


def test_each_row_of_the_sample_ends_as_its_key_says(key: dict[int, dict[str, str]]) -> None:
    outcome = sourcing("demo.csv", (SAMPLES / "demo.csv").read_bytes())
    found = by_row(outcome)
    assert sorted(found) == sorted(key) == list(range(1, 201))
    for row, line in key.items():
        event = found[row]
        wanted = line["outcome"] if line["outcome"] in {"duplicate", "updated", "refused"} else "sourced"
        assert (row, OUTCOMES[type(event)]) == (row, wanted)
        if isinstance(event, LeadRefused):
            field, words = REFUSALS[line["reason"]]
            assert (row, event.field) == (row, field)
            assert words in event.reason
            assert event.remedy
    assert outcome.counts.rows == 200


def test_the_sample_is_recognised_and_wholly_fictional() -> None:
    sheet = read_file("demo.csv", (SAMPLES / "demo.csv").read_bytes())
    assert sheet.preset == "apollo"
    assert {"hiring", "technologies", "employees", "company", "email_status"} <= set(sheet.mapping)
    for row in sheet.rows:
        for cell in row.cells:
            address = cell.rpartition("@")[2].lower()
            # Nobody can have these addresses: Google gives none with a hyphen.
            assert "@" not in cell or address.endswith((".example", "]")) or "-" in cell.partition("@")[0]


def test_the_key_has_every_outcome_and_enough_drafts(key: dict[int, dict[str, str]]) -> None:
    counts = Counter(line["outcome"] for line in key.values())
    assert counts["drafted"] >= 140
    assert set(counts) == {"drafted", "disqualified", "needs_data", "tier_4", "duplicate", "updated", "refused"}
    assert {line["reason"] for line in key.values() if line["outcome"] == "refused"} == set(REFUSALS)


def test_ten_thousand_made_leads_end_as_their_key_says() -> None:
    made = make_with_key(10_000, 3, 0.03)
    outcome = sourcing("big.csv", made.content)
    found = by_row(outcome)
    assert [OUTCOMES[type(found[row])] for row in range(1, 10_001)] == list(made.key)
    fates = Counter(made.key)
    assert outcome.counts == Counts(
        rows=10_000,
        sourced=fates["sourced"],
        updated=fates["updated"],
        duplicate=fates["duplicate"],
        refused=fates["refused"],
    )
    assert 10_000 - fates["sourced"] == 300


def test_a_made_file_is_the_same_for_a_seed() -> None:
    assert make(300, 5, 0.1) == make(300, 5, 0.1) != make(300, 6, 0.1)
