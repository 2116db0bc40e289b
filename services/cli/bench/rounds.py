"""All measurements in turn, round after round, so that whatever else the machine does falls on all of them alike."""

import gc
from collections.abc import Callable

from services.cli.bench.approve import approvals
from services.cli.bench.figures import Gathered, Place
from services.cli.bench.latency import idle
from services.cli.bench.limit import HOPS, bare, raw_adds
from services.cli.bench.over_http import over_http
from services.cli.bench.pipeline import in_one_process, in_processes
from services.cli.bench.replay import replay
from services.cli.bench.shape import Shape, recorded
from services.cli.bench.shape_limit import shape_limit
from services.cli.bench.space import weigh
from services.cli.bench.wire import Wire


async def measure(place: Place, told: Callable[[int], None]) -> Gathered:
    """Every figure, `place.sizes.rounds` times.

    Args:
        told: called with the number of each round, from 1, before it begins.

    Raises:
        StoreUnavailable: something did not do what it is measured for; no figure would mean anything.
    """
    gathered = Gathered()
    # Recording is also what warms everything up.
    shape = await recorded(place, "recorded")
    # What the bench keeps of it is no part of what it measures, so the collector does not go over it.
    gc.collect()
    gc.freeze()
    for number in range(1, place.sizes.rounds + 1):
        told(number)
        await _round(place, shape, number, gathered)
        async with Wire(place.url) as wire:
            await wire.ask("FLUSHALL", "SYNC")  # A round does not pay for what the one before left in memory.
    return gathered


async def _round(place: Place, shape: Shape, number: int, gathered: Gathered) -> None:
    sizes, seed = place.sizes, place.sizes.seed + number
    leads = sizes.pipeline_leads
    gathered.add("raw_adds", "XADD/s", await raw_adds(place, f"raw-{number}"))
    rate, lone_s = await bare(place, f"bare-{number}")
    gathered.add("bare", "leads/s", rate)
    gathered.add("bare_hops", "hops/s", rate * HOPS)
    gathered.add("shape", "leads/s", await shape_limit(place, f"shape-{number}", shape))

    ran = await in_one_process(place, one := f"one-{number}", leads, seed)
    gathered.add("pipeline", "leads/s", leads / ran.took_s)
    apart = await in_processes(place, f"apart-{number}", leads, seed)
    gathered.add("pipeline_processes", "leads/s", leads / apart.took_s)
    gathered.add("approved_share", "of 1", min(ran.simulated, apart.simulated) / leads)

    gathered.add("latency_bare", "ms", lone_s * 1_000)
    one_s, five_s = await idle(place, f"idle-{number}")
    gathered.add("latency_one", "ms", one_s * 1_000)
    gathered.add("latency_five", "ms", five_s * 1_000)

    replayed = await replay(place, one)
    gathered.add("replay_read", "facts/s", replayed.read)
    gathered.add("replay_rebuild", "facts/s", replayed.rebuilt)

    answers = await approvals(place, f"approve-{number}", seed)
    asked = await over_http(place, f"http-{number}", seed)
    for name, unit, pace in (
        ("approve", "answers/s", answers.answered),
        ("approve_bare", "commits/s", answers.bare),
        ("approve_http", "answers/s", asked.answered),
        ("approve_http_bare", "commits/s", asked.bare),
    ):
        gathered.add(name, unit, pace.rate)
        gathered.add(f"{name}_p50", "ms", pace.p50_ms)
        gathered.add(f"{name}_p99", "ms", pace.p99_ms)
    for name, delay in (("feed", asked.feed), ("fanout", asked.fanout)):
        gathered.add(f"{name}_p50", "ms", delay.p50_ms)
        gathered.add(f"{name}_p99", "ms", delay.p99_ms)

    space = await weigh(place, one)
    gathered.add("fact_bytes", "bytes", space.all / ran.facts)
    for name, weight in (
        ("lead_bytes", space.all),
        ("lead_bytes_log", space.streams),
        ("lead_bytes_snapshots", space.snapshots),
        ("lead_bytes_views", space.views),
    ):
        gathered.add(name, "bytes", weight / leads)
