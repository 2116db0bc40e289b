"""Each stage broken in turn: just that one fails, is named, and the command ends with 1."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contracts.email import EmailApproved, EmailDrafted
from contracts.envelope import AnyEnvelope, Event
from contracts.lead import LeadEnriched, LeadScored, LeadSourced
from services.cli import bootstrap
from services.cli.app import main
from services.cli.bootstrap import Swarm
from services.hunter import source_work
from services.runtime.consumer import Pace
from services.runtime.service import Hears, Service, States

BROKEN: dict[str, tuple[str, type[Event]]] = {
    "enrich": ("enricher", LeadSourced),
    "segment": ("segmentor", LeadEnriched),
    "craft": ("crafter", LeadScored),
    "approve": ("operator", EmailDrafted),
    "send": ("operator", EmailApproved),
}


async def fail(_heard: AnyEnvelope, _states: States) -> Sequence[Event]:
    raise RuntimeError("broken by a test")


def break_agent(monkeypatch: pytest.MonkeyPatch, name: str, fact: type[Event]) -> None:
    real = Swarm.agent

    def broken(self: Swarm, asked: str) -> Service:
        agent = real(self, asked)
        if asked != name:
            return agent
        hears = dict(agent.hears)
        hears[fact] = Hears(fail, hears[fact].loads, hears[fact].actor)
        return Service(agent.name, hears, agent.concurrency, agent.timeout_s)

    monkeypatch.setattr(Swarm, "agent", broken)
    # Five failures before an entry is given up; the waiting between them is not what is tested here.
    monkeypatch.setattr(bootstrap, "Pace", partial(Pace, retry_delay_s=0.02))


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
    monkeypatch.setenv("SWARM_LEASE_MS", "300")
    monkeypatch.setenv("SWARM_LOG_LEVEL", "CRITICAL")
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
