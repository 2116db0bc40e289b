"""A recorded run as it was committed: what each service committed for each fact it was handed, encoded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from contracts.codec import CODEC, Entry
from contracts.envelope import Position
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.cli.bench.figures import Place
from services.cli.bench.pipeline import opened, run_through
from services.cli.bench.recording import Committed, RecordingLog
from services.cli.bootstrap import Swarm
from services.cli.session import working
from services.hunter.source_work import NAME as HUNTER
from services.queen.service import NAME as QUEEN
from services.runtime.consumer import OPS
from services.runtime.log import WATERMARKS, Save, Unit


class Answered(NamedTuple):
    """What a service committed for one delivery, or for several at once; HUNTER's leads go `before`, by themselves."""

    unit: Unit
    heard: frozenset[bytes]
    before: Sequence[Unit] = ()


class Carried(NamedTuple):
    """What a follower recorded because of one fact, and the aggregates it looked at."""

    refs: Sequence[Ref]
    facts: Sequence[tuple[str, Entry]]
    saves: Sequence[Save]


@dataclass
class Shape:
    """A run as it was committed.

    `answers` is by service, `carried` by follower, both by the id of the fact that was heard. QUEEN's facts depend on
    how her batches fell, so hers are one list, a unit a batch.
    """

    leads: int
    facts: int
    request: Unit
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, dict[bytes, Answered]] = field(default_factory=dict)
    followed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    carried: dict[str, dict[bytes, Carried]] = field(default_factory=dict)
    tallies: list[Unit] = field(default_factory=list)


async def recorded(place: Place, namespace: str) -> Shape:
    """Run the pipeline once and keep what it committed."""
    async with opened(place, namespace) as swarm:
        log = RecordingLog(place.url, namespace, swarm.log.partitions)
        try:
            recording = replace(swarm, log=log)
            async with working(recording):
                await run_through(recording, place.sizes.pipeline_leads, place.sizes.seed)
            return _shape(recording, log.committed, place.sizes.pipeline_leads)
        finally:
            await log.close()


def _shape(swarm: Swarm, committed: Sequence[Committed], leads: int) -> Shape:
    entries = {first + i: entry for unit, first in committed for i, (_, entry) in enumerate(unit.facts)}
    requests = [unit for unit, _ in committed if unit.command and unit.facts]
    shape = Shape(leads, len(entries), requests[0]._replace(command=None))
    for name in swarm.agents():
        shape.categories[name] = tuple(sorted({*swarm.agent(name).categories(), OPS}))
        shape.answers[name] = {}
    loose: list[Unit] = []
    for unit, _ in committed:
        if unit.deliveries:
            group = unit.deliveries[0].group
            before, loose = (loose, []) if group == HUNTER else ((), loose)
            heard = frozenset(entries[delivery.seq].i for delivery in unit.deliveries)
            shape.answers[group] |= dict.fromkeys(heard, Answered(unit, heard, before))
        elif _follower(unit).startswith(f"{QUEEN}:"):
            if unit.facts:
                shape.tallies.append(Unit(unit.expects[1:], unit.facts, unit.saves[1:]))
        elif not _follower(unit) and not unit.command:
            loose.append(unit)
    _carry(shape, swarm, committed, entries)
    return shape


def _follower(unit: Unit) -> str:
    """Whose place this unit moves; empty where it moves none."""
    if not unit.expects or unit.expects[0][0].category != WATERMARKS:
        return ""
    return unit.expects[0][0].id


def _carry(shape: Shape, swarm: Swarm, committed: Sequence[Committed], entries: dict[int, Entry]) -> None:
    """What followers recorded, by the fact that caused it; a fact that led to nothing is there with what it loads."""
    facts: dict[tuple[str, str], list[tuple[str, Entry]]] = defaultdict(list)
    saves: dict[tuple[str, Ref], Save] = {}
    for unit, first in committed:
        for i, (category, entry) in enumerate(unit.facts if _follower(unit) else ()):
            cause = CODEC.decode(entry, Position(CONTROL, first + i)).causation_id
            facts[_follower(unit), cause].append((category, entry))
        saves |= {(_follower(unit), save.ref): save for save in unit.saves}
    for _, follows, source, _ in swarm.followers():
        name = f"{follows.name}:{source}"
        shape.followed[name] = follows.categories()
        shape.carried[name] = {}
        tags = {fact.type_tag().encode() for fact in follows.hears}
        for seq, entry in entries.items():
            if entry.t not in tags:
                continue
            refs = tuple(follows.loads(CODEC.decode(entry, Position(source, seq))))
            own = [] if follows.name == QUEEN else facts[name, entry.i.decode()]
            written = dict.fromkeys(Ref(category, fact.a.decode()) for category, fact in own)
            kept = [saves[name, ref] for ref in written]
            shape.carried[name][entry.i] = Carried(refs, own, kept)
