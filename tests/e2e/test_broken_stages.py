"""Each stage broken in turn: just that one fails, is named, and the command ends with 1."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.email import EmailApproved, EmailDrafted
from contracts.envelope import Event
from contracts.lead import LeadEnriched, LeadScored, LeadSourced
from services.cli.app import main
from services.hunter import source_work
from tests.e2e.broken import break_agent

BROKEN: dict[str, tuple[str, type[Event]]] = {
    "enrich": ("enricher", LeadSourced),
    "segment": ("segmentor", LeadEnriched),
    "craft": ("crafter", LeadScored),
    "approve": ("operator", EmailDrafted),
    "send": ("operator", EmailApproved),
}


def run(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    code = main(["run", "--mode", "sandbox", "--source", "default", "--limit", "10", "--seed", "3", "--json"])
    told = capsys.readouterr()
    document: dict[str, Any] = json.loads(told.out)
    return code, document, told.err


def failed(document: dict[str, Any]) -> list[str]:
    return [line["stage"] for line in document["stages"] if line["passed"] is False]


@pytest.mark.parametrize("stage", BROKEN)
def test_a_broken_stage_alone_fails_and_is_named(
    stage: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SWARM_HOME", str(home))
    break_agent(monkeypatch, *BROKEN[stage])
    code, document, told = run(capsys)
    assert (code, document["status"], failed(document), document["failed_stage"]) == (1, "failed", [stage], stage)
    assert f"Stage {stage} failed" in told
    assert "Traceback" not in told


def test_a_source_that_gives_nothing_fails_scrape(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SWARM_HOME", str(home))

    async def no_rows(*_: object) -> None:
        return None

    monkeypatch.setattr(source_work, "_rows", no_rows)
    code, document, told = run(capsys)
    assert (code, document["status"], failed(document), document["failed_stage"]) == (1, "failed", ["scrape"], "scrape")
    assert "Stage scrape failed" in told
