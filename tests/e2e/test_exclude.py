"""Whoever is excluded before a list is brought is no lead, and whoever is excluded after waits in no queue."""

from pathlib import Path

import pytest

from tests.e2e.console import SAMPLES, swarm

DEMO = ("--namespace", "demo")
BEFORE, AFTER = "indigowick-realty.example", "harrowmere-works.example"
ROWS_BEFORE = 2
"""How many of the first rows of the sample are at the company that is excluded before."""


@pytest.mark.parametrize("partitions", [1, 4])
def test_excluded_company_gets_no_draft_and_loses_the_one_that_waits(kept_home: Path, partitions: int) -> None:
    env = {"SWARM_PARTITIONS": str(partitions)}

    def waiting() -> dict[str, str]:
        drafts = swarm(kept_home, "queue", "--json", *DEMO, env=env).json["drafts"]
        return {one["company"]: one["email_id"] for one in drafts}

    added = swarm(kept_home, "exclude", "add", BEFORE, "--reason", "A customer.", *DEMO, env=env)
    assert (added.code, BEFORE in added.out) == (0, False)
    run = ("run", "--mode", "staging", "--input", str(SAMPLES / "demo.csv"), "--limit", "12")
    report = swarm(kept_home, *run, "--json", *DEMO, env=env).json
    assert report["rows"]["refused"] == ROWS_BEFORE + 1  # One names nobody.
    before = waiting()
    assert "Indigowick Realty" not in before
    assert swarm(kept_home, "exclude", "add", AFTER, *DEMO, env=env).code == 0
    assert waiting() == {company: one for company, one in before.items() if company != "Harrowmere Works"}
    assert swarm(kept_home, "approve", before["Harrowmere Works"], *DEMO, env=env).code == 3
    assert swarm(kept_home, "exclude", "list", "--check", f"x@{AFTER}", "--json", *DEMO, env=env).json["excluded"]
    assert swarm(kept_home, "verify", *DEMO, env=env).code == 0
