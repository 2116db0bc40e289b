"""A swarm of which one agent fails at one fact, until somebody mends it."""

from collections.abc import Sequence
from functools import partial

import pytest

from contracts.envelope import AnyEnvelope, Event
from services.cli import bootstrap
from services.cli.bootstrap import Swarm
from services.runtime.consumer import Pace
from services.runtime.service import Hears, Service, States


async def fail(_heard: AnyEnvelope, _states: States) -> Sequence[Event]:
    raise RuntimeError("broken by a test")


def break_agent(monkeypatch: pytest.MonkeyPatch, name: str, fact: type[Event]) -> None:
    """Let this agent of this process fail whenever it hears this fact; undoing the patch mends it."""
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
    monkeypatch.setenv("SWARM_LEASE_MS", "300")
    monkeypatch.setenv("SWARM_LOG_LEVEL", "CRITICAL")
