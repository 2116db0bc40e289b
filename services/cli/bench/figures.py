"""What a bench works with: how much of everything, where, and a figure with its spread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

ROUNDS = 5


@dataclass(frozen=True)
class Sizes:
    """How much each measurement does in one round. The shipped sizes keep the whole bench under two minutes.

    Args:
        bare_leads: through the six hops of the bare limit.
        raw_adds: entries of the raw pipelined XADD.
        pipeline_leads: through the whole pipeline, in one process and in several; the shape limit replays as many.
        latency_repeats: how often one lead, and five, are timed.
        approvals: drafts that are approved, and bare commits beside them; `at_once` of each are under way.
        subscribers: of the feed, and of the fan-out beside it; `feed_facts` are committed one after the other. With fewer
            than a hundred, the slowest fact alone would be the last percent.
    """

    rounds: int = ROUNDS
    bare_leads: int = 2_048
    payload_bytes: int = 730
    raw_adds: int = 12_288
    pipeline_leads: int = 700
    latency_repeats: int = 4
    approvals: int = 384
    at_once: int = 16
    subscribers: int = 500
    feed_facts: int = 120
    seed: int = 20_261


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """The median of all rounds, with what each round gave."""

    median: float
    lowest: float
    highest: float
    unit: str
    rounds: tuple[float, ...]


def figure(unit: str, rounds: Sequence[float]) -> Figure:
    """A figure of what the rounds gave; at least one."""
    kept = tuple(round(one, 4) for one in rounds)
    return Figure(median=round(median(rounds), 4), lowest=min(kept), highest=max(kept), unit=unit, rounds=kept)


@dataclass
class Gathered:
    """The rounds of every figure, by name, as they come in."""

    rounds: dict[str, list[float]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, unit: str, value: float) -> None:
        """One round's value."""
        self.rounds.setdefault(name, []).append(value)
        self.units[name] = unit

    def figures(self) -> dict[str, Figure]:
        """All figures, in the order in which they first came."""
        return {name: figure(self.units[name], values) for name, values in self.rounds.items()}


class Place(NamedTuple):
    """The one server that everything is measured on, and a home for the identity key."""

    url: str
    home: Path
    sizes: Sizes


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share, 0 to 1, of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
