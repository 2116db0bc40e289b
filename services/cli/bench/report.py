"""What a bench says: raw figures, the ratios of them, and beside each the least that is asked for and the goal."""

import os
import platform
from statistics import median
from typing import Literal, NamedTuple

import msgspec

from services.cli.bench.figures import Figure, Sizes

LIMIT_SHARE_MIN = 0.5
"""Of the raw XADDs in a second, the share that the bare limit's hops have to reach; else it is no limit."""


class Target(NamedTuple):
    """One ratio: of which figures, the bound that has to hold, and the goal."""

    above: str
    below: str
    kind: Literal["at least", "at most"]
    bound: float
    goal: float


TARGETS: dict[str, Target] = {
    "pipeline": Target("pipeline", "bare", "at least", 0.1, 0.25),
    "pipeline_processes": Target("pipeline_processes", "bare", "at least", 0.1, 0.25),
    "logic": Target("pipeline", "shape", "at least", 0.4, 0.6),
    "latency": Target("latency_five", "latency_bare", "at most", 10.0, 3.5),
    "replay": Target("replay_rebuild", "replay_read", "at least", 0.3, 0.6),
    "approve": Target("approve", "approve_bare", "at least", 0.5, 0.8),
    "approve_http": Target("approve_http", "approve_http_bare", "at least", 0.5, 0.8),
    "feed": Target("feed_p99", "fanout_p99", "at most", 2.0, 1.5),
}

TITLES: dict[str, str] = {
    "raw_adds": "raw pipelined XADD",
    "bare": "bare limit, six hops",
    "bare_hops": "bare limit, hops",
    "shape": "shape limit, our own commits",
    "pipeline": "whole pipeline, one process",
    "pipeline_processes": "whole pipeline, {processes} processes",
    "approved_share": "leads approved and simulated",
    "latency_bare": "one lead over the bare hops",
    "latency_one": "one lead, request to completed",
    "latency_five": "five leads, request to completed",
    "replay_read": "read and decode",
    "replay_rebuild": "rebuild of all views",
    "approve": "approvals, {at_once} at once",
    "approve_p50": "approval, median",
    "approve_p99": "approval, 99 of 100",
    "approve_bare": "bare one-unit commits, {at_once} at once",
    "approve_bare_p50": "bare commit, median",
    "approve_bare_p99": "bare commit, 99 of 100",
    "approve_http": "approvals over HTTP, {at_once} at once",
    "approve_http_p50": "approval over HTTP, median",
    "approve_http_p99": "approval over HTTP, 99 of 100",
    "approve_http_bare": "bare commits over HTTP, {at_once} at once",
    "approve_http_bare_p50": "bare commit over HTTP, median",
    "approve_http_bare_p99": "bare commit over HTTP, 99 of 100",
    "feed_p50": "commit to {subscribers} subscribers, median",
    "feed_p99": "commit to {subscribers} subscribers, 99 of 100",
    "fanout_p50": "minimal fan-out to {subscribers}, median",
    "fanout_p99": "minimal fan-out to {subscribers}, 99 of 100",
    "fact_bytes": "memory per fact",
    "lead_bytes": "memory per lead",
    "lead_bytes_log": "  of it the log",
    "lead_bytes_snapshots": "  of it snapshots",
    "lead_bytes_views": "  of it views",
}


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What it was measured on."""

    cores: int
    load_before: float
    python: str
    platform: str
    loop: str
    server: str
    durability: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole outcome. Without `ratios`, `no_ratios` says why there are none.

    A ratio is the median of those of the rounds, which are in `ratio_rounds`: both its figures met the same machine.
    """

    figures: dict[str, Figure]
    ratios: dict[str, float]
    ratio_rounds: dict[str, tuple[float, ...]]
    no_ratios: str
    met: dict[str, bool]
    machine: Machine
    sizes: Sizes
    took_s: float


def machine(server: str, loop: str, load_before: float) -> Machine:
    """What this process runs on."""
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        load_before=round(load_before, 2),
        python=platform.python_version(),
        platform=platform.platform(),
        loop=loop,
        server=server,
        durability="appendonly yes, appendfsync always",
    )


def report(figures: dict[str, Figure], facts: Machine, sizes: Sizes, took_s: float) -> Report:
    """Put figures and ratios together."""
    hops, adds = figures["bare_hops"].median, figures["raw_adds"].median
    why = ""
    if hops < LIMIT_SHARE_MIN * adds:
        why = (
            f"The bare limit made {hops:,.0f} hops a second, less than half of the {adds:,.0f} raw XADDs: "
            "it was held up by something else, so nothing is compared with it."
        )
    rounds = {} if why else {name: _ratios(figures, one) for name, one in TARGETS.items()}
    ratios = {name: round(median(each), 4) for name, each in rounds.items()}
    met = {
        name: value >= TARGETS[name].bound if TARGETS[name].kind == "at least" else value <= TARGETS[name].bound
        for name, value in ratios.items()
    }
    return Report(
        figures=figures,
        ratios=ratios,
        ratio_rounds=rounds,
        no_ratios=why,
        met=met,
        machine=facts,
        sizes=sizes,
        took_s=round(took_s, 1),
    )


def _ratios(figures: dict[str, Figure], target: Target) -> tuple[float, ...]:
    above, below = figures[target.above].rounds, figures[target.below].rounds
    return tuple(round(one / other, 4) for one, other in zip(above, below, strict=True))
