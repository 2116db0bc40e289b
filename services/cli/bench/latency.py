"""Idle latency: one run of one lead, or of five, while nothing else is under way; from the request to the completed run."""

import asyncio
import secrets
import time
from statistics import median

from contracts.commands import RequestRun
from contracts.identity import CONTROL
from contracts.lead import RunTerms
from services.cli.bench.figures import Place
from services.cli.bench.pipeline import ACTOR, SOURCE, WAIT_S, opened, over
from services.cli.bootstrap import Swarm
from services.cli.session import settle, working
from services.runs.decide import run_id
from services.runtime.execute import command_id

PAUSE_S = 0.02


async def idle(place: Place, namespace: str) -> tuple[float, float]:
    """Seconds for one lead and for five, each the median of some runs, all services in this process."""
    seed = place.sizes.seed
    async with opened(place, namespace) as swarm, working(swarm):
        await _once(swarm, 5, seed)  # The first run loads code and templates.
        ones, fives = [], []
        for repeat in range(place.sizes.latency_repeats):
            ones.append(await _once(swarm, 1, seed + 2 * repeat + 1))
            fives.append(await _once(swarm, 5, seed + 2 * repeat + 2))
        return median(ones), median(fives)


async def _once(swarm: Swarm, leads: int, seed: int) -> float:
    """One sandbox run as a person asks for it, until the fact that it is completed can be read."""
    run = run_id(swarm.clock(), secrets.token_hex(3))
    terms = RunTerms(run_id=run, mode="sandbox")
    command = RequestRun(run_id=run, terms=terms, source=SOURCE, limit=leads, seed=seed)
    before = await swarm.log.head(CONTROL)
    began = time.perf_counter()
    await swarm.runs().command(command, ACTOR, command_id(ACTOR, run))
    await over(swarm, run, before)
    took_s = time.perf_counter() - began
    await settle(swarm, timeout_s=WAIT_S)
    await asyncio.sleep(PAUSE_S)
    return took_s
