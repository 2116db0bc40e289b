"""The containers as `docker-compose.yml` ships them: each is killed during a run, and nothing is lost or done twice.

Needs a Docker engine, the free ports of the compose file and some ten minutes, so it runs with SWARM_DOCKER=1 alone:
`SWARM_DOCKER=1 pytest -n 0 tests/containers`.
"""

import asyncio
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contracts.email import EmailDrafted
from contracts.envelope import AnyEnvelope
from services.cli.bootstrap import SERVICES
from services.cli.serving import GATEWAY
from services.runtime import keys
from services.runtime.log_redis import RedisLog
from tests.samples.make_leads import MadeFile, make_with_key
from tests.storm.checks import examine, facts_of, pending

pytestmark = [
    pytest.mark.skipif(os.environ.get("SWARM_DOCKER") != "1", reason="set SWARM_DOCKER=1 where a Docker engine runs"),
    pytest.mark.timeout(900),
]

ROOT = Path(__file__).parents[2]
PROJECT = "swarm-drill"
STORE = "redis"
STORE_URL = "redis://127.0.0.1:6379/0"
VICTIMS = (STORE, *SERVICES, GATEWAY)
ROWS = 3_000
KILL_AFTER = {"hunter": 200}
KILL_AFTER_FACTS = 2_500
"""How many facts stand when the kill comes: HUNTER is done early, for the others something has to be there to do."""
HEALTHY_S = 120
RUN_S = 300
STAGES = ("stage", "in", "out", "errors", "held", "ended", "waiting", "passed")


@dataclass(frozen=True)
class Outcome:
    """What a run came to, and what is wrong with its log."""

    report: Mapping[str, Any]
    violations: list[str]
    outcomes: Mapping[str, int]

    def counts(self) -> dict[str, Any]:
        """What has to be the same however often somebody was killed."""
        stages = [{name: stage[name] for name in STAGES} for stage in self.report["stages"]]
        return {"rows": self.report["rows"], "tiers": self.report["tiers"], "stages": stages, "leads": self.outcomes}


class Stack:
    """The services of the compose file, in one namespace at a time."""

    def __init__(self, file: MadeFile) -> None:
        self.file = file
        self.namespace = "drill"

    def compose(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            self.words(*arguments), cwd=ROOT, env=self.environment(), capture_output=True, check=False
        )

    def words(self, *arguments: str) -> list[str]:
        return ["docker", "compose", "--project-name", PROJECT, *arguments]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SWARM_")}
        return kept | {"SWARM_NAMESPACE": self.namespace}

    def up(self) -> None:
        """Start what does not run, and wait until all are healthy."""
        done = self.compose("up", "-d")
        assert done.returncode == 0, done.stderr.decode()
        deadline = time.monotonic() + HEALTHY_S
        while (health := self.health()) != dict.fromkeys(VICTIMS, "healthy"):
            assert time.monotonic() < deadline, health
            time.sleep(0.5)

    def health(self) -> dict[str, str]:
        """By service what its container says of itself."""
        ids = self.compose("ps", "-q").stdout.decode().split()
        form = '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Health.Status}}'
        told = subprocess.run(["docker", "inspect", "-f", form, *ids], capture_output=True, text=True, check=True)
        return dict(line.split(" ", 1) for line in told.stdout.splitlines())

    def swarm(self, beside: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        """A command in a container that is not the victim."""
        return self.compose("exec", "-T", "projector" if beside == GATEWAY else GATEWAY, "swarm", *arguments)

    async def run(self, victim: str = "") -> Outcome:
        """One run over the file, with a kill in the midst of it where a victim is named."""
        self.namespace = f"drill-{victim or 'calm'}"
        self.up()
        log = RedisLog(STORE_URL, self.namespace, 1)
        try:
            words = ["swarm", "run", "--mode", "staging", "--synthetic", "--input", "/dev/stdin", "--json"]
            place = "projector" if victim == GATEWAY else GATEWAY
            asking = await asyncio.create_subprocess_exec(
                *self.words("exec", "-T", place, *words),
                cwd=ROOT,
                env=self.environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            told = asyncio.create_task(asking.communicate(self.file.content))
            if victim:
                await self._reached(log, KILL_AFTER.get(victim, KILL_AFTER_FACTS), told)
                killed = self.compose("kill", victim)
                assert killed.returncode == 0, killed.stderr.decode()
                assert not told.done(), "the run was over before the kill"
                self.up()
            out, err = await asyncio.wait_for(told, RUN_S)
            # The command itself may give up while its store is away; the run goes on all the same.
            assert asking.returncode == 0 or victim == STORE, (asking.returncode, out, err)
            report = self._rested(victim)
            found = examine(facts := await facts_of(log), {report["run_id"]: self.file.key}, waiting={"drafted"})
            verified = self.swarm(victim, "verify")
            wrong = [*found.violations, *_drafted_twice(facts), *await pending(log)]
            wrong += [] if verified.returncode == 0 else [verified.stdout.decode()]
            return Outcome(report, wrong, found.outcomes)
        finally:
            await log.close()

    async def _reached(self, log: RedisLog, facts: int, told: "asyncio.Task[Any]") -> None:
        async with asyncio.timeout(RUN_S):
            while int(await log.store.get(keys.seq(self.namespace, 0)) or 0) < facts:
                assert not told.done(), told.result()
                await asyncio.sleep(0.01)

    def _rested(self, victim: str) -> dict[str, Any]:
        """The report of the one run, once it waits for people and all that it caused is worked off."""
        deadline = time.monotonic() + RUN_S
        while True:
            listed = json.loads(self.swarm(victim, "runs", "--json").stdout)["runs"]
            assert len(listed) == 1
            report: dict[str, Any] = json.loads(self.swarm(victim, "runs", listed[0]["run_id"], "--json").stdout)
            if report["status"] == "waiting_for_review":
                return report
            assert time.monotonic() < deadline, report
            time.sleep(0.5)


def _drafted_twice(facts: list[AnyEnvelope]) -> list[str]:
    drafts = Counter(fact.event.lead_id for fact in facts if isinstance(fact.event, EmailDrafted))
    return [f"lead {one} has {n} drafts" for one, n in drafts.items() if n > 1]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    found = Stack(make_with_key(ROWS, 7, 0.02))
    built = found.compose("build")
    assert built.returncode == 0, built.stderr.decode()
    try:
        yield found
    finally:
        found.compose("down", "-v", "--timeout", "20")


@pytest.fixture(scope="module")
def calm(stack: Stack) -> Outcome:
    """The run that nobody disturbs."""
    return asyncio.run(stack.run())


def test_run_that_nobody_disturbs_is_whole(calm: Outcome) -> None:
    assert calm.violations == []
    assert calm.report["rows"]["rows"] == ROWS
    assert calm.outcomes["drafted"] > ROWS // 2


@pytest.mark.parametrize("victim", VICTIMS)
async def test_kill_of_any_container_loses_nothing_and_repeats_nothing(
    stack: Stack, calm: Outcome, victim: str
) -> None:
    found = await stack.run(victim)
    assert found.violations == []
    assert found.counts() == calm.counts()


@pytest.mark.parametrize("wait_s", [0.2, 0.5, 1.0])
def test_container_ends_soon_when_told_to_while_it_loads(stack: Stack, wait_s: float) -> None:
    # Before Python itself runs nobody takes the signal; such a container has done nothing when its grace is over.
    stack.up()
    [container] = stack.compose("ps", "-q", "enricher").stdout.decode().split()
    for words in (["stop"], ["start"]):
        subprocess.run(["docker", *words, container], capture_output=True, check=True)
    time.sleep(wait_s)
    began = time.monotonic()
    subprocess.run(["docker", "stop", "--time", "20", container], capture_output=True, check=True)
    form = "{{.State.ExitCode}}"
    told = subprocess.run(["docker", "inspect", "-f", form, container], capture_output=True, text=True, check=True)
    assert told.stdout.strip() in {"0", "143"}
    assert time.monotonic() - began < 10
