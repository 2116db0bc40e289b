"""Why somebody got a letter, asked over HTTP of a swarm at work: from the run that was asked for to the sending."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.console import SAMPLES, swarm
from tests.e2e.test_gateway import ask, serving, token_of

PATIENCE_S = 20.0
WAY = [
    "run.requested.v1",
    "lead.sourced.v1",
    "lead.enriched.v1",
    "lead.scored.v1",
    "email.drafted.v1",
    "email.approved.v1",
    "email.send_requested.v1",
    "policy.send_granted.v1",
    "email.sent.v1",
]


def way_back(document: dict[str, Any], last: str) -> list[str]:
    """The types of fact from the first cause to the last effect."""
    types = {node["id"]: node["type"] for node in document["nodes"]}
    causes = {edge["to"]: edge["from"] for edge in document["edges"]}
    (place,) = [one for one, kind in types.items() if kind == last]
    found = [types[place]]
    while place in causes:
        place = causes[place]
        found.append(types[place])
    return found[::-1]


@pytest.mark.parametrize("partitions", ["1", "2"])
def test_letter_leads_back_to_the_run_that_was_asked_for(home: Path, partitions: str) -> None:
    env = {"SWARM_PARTITIONS": partitions, "SWARM_REVIEW__UNDO_WINDOW_S": "0"}
    with serving(home, "up", env=env) as (_, address):
        token = token_of(home, "ada", "reviewer")
        rows = ("--input", str(SAMPLES / "demo.csv"), "--limit", "12")
        run = swarm(home, "run", "--mode", "staging", *rows, "--json", env=env).json
        card = ask(address, "/api/pending-emails", token)[1]["items"][0]
        body = {"expected_version": card["draft_version"]}
        assert ask(address, f"/api/emails/{card['email_id']}/approve", token, body)[0] == 200
        document: dict[str, Any] = {"nodes": []}
        deadline = time.monotonic() + PATIENCE_S
        while "email.sent.v1" not in [node["type"] for node in document["nodes"]] and time.monotonic() < deadline:
            time.sleep(0.1)
            status, document = ask(address, f"/api/leads/{card['lead_id']}/why", token)
            assert status == 200
    assert [kind for kind in way_back(document, "email.sent.v1") if kind in WAY] == WAY
    nodes = {node["type"]: node for node in document["nodes"]}
    assert nodes["run.requested.v1"]["about"] == run["run_id"]
    assert nodes["email.approved.v1"]["actor"] == "person:ada@swarm"
    assert all(node["words"] for node in document["nodes"])
    how = {edge["to"]: edge["how"] for edge in document["edges"]}
    assert how[nodes["email.approved.v1"]["id"]] == "found"
    assert how[nodes["email.drafted.v1"]["id"]] == "caused"
