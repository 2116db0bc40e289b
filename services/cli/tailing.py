"""The log as it lies there, from a position on, and as it grows."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from contracts.codec import outward, to_json
from contracts.envelope import AnyEnvelope
from contracts.errors import BadInput
from contracts.facts import CATEGORIES
from contracts.run import RunTallied
from services.cli import csv_file
from services.cli.command import FILED
from services.cli.csv_file import Table
from services.cli.given import Given
from services.cli.opening import call
from services.cli.printing import say
from services.cli.store import Store, open_store
from services.cli.words import at, clean, line, short
from services.projections import words

COUNT = 500
BLOCK_MS = 2_000


async def print_facts(given: Given, position: str, prefix: str, *, follow: bool) -> int:
    """Print the facts past a position, one a line; of several partitions one after another."""
    categories = _categories(prefix)
    if given.elsewhere():
        from services.cli.remote.facts import print_told

        if not await print_told(given, position, prefix, follow=follow, told=partial(_print, given)):
            _nothing(given, narrowed=bool(position or prefix))
        return 0
    async with open_store(given.settings()) as store:
        places = parse(position, store.partitions())
        shown = 0
        for partition in places:
            shown += await _print_to_end(given, store, partition, places, categories, prefix)
        if follow:
            await asyncio.gather(
                *(_follow(given, store, partition, places, categories, prefix) for partition in places)
            )
    if not shown:
        _nothing(given, narrowed=bool(position or prefix))
    return 0


async def write_facts(given: Given, position: str, prefix: str, path: Path) -> int:
    """Write the facts past a position to a file, as the gateway does: the oldest first, and a bounded number."""
    categories = _categories(prefix)
    csv_file.check(path)
    if given.elsewhere():
        from services.cli.remote.facts import table_of

        return csv_file.write(given, path, await table_of(given, position, prefix, FILED))
    items: list[dict[str, object]] = []
    async with open_store(given.settings()) as store:
        for partition, place in parse(position, store.partitions()).items():
            reached = place
            while len(items) <= FILED and (page := await store.log.tail(partition, categories, reached, count=COUNT)):
                reached = page[-1].seq
                facts = (
                    one.decode(partition) for one in page if one.entry.t.decode(errors="replace").startswith(prefix)
                )
                items += map(_item, facts)
    return csv_file.write(given, path, Table.of("events", items[:FILED], more=len(items) > FILED))


def _item(fact: AnyEnvelope) -> dict[str, object]:
    """A fact as HTTP tells it: whoever has the salt of an erased message can guess the rest of it from its hash."""
    data = outward(fact.event)
    content = data.get("content")
    if isinstance(content, dict):
        content.pop("salt", None)
    return {
        "position": str(fact.position),
        "at": fact.recorded_at.isoformat(),
        "type": fact.event.type_tag(),
        "actor": str(fact.actor),
        "about": fact.aggregate_id,
        "version": fact.version,
        "lead_id": str(getattr(fact.event, "lead_id", "")),
        "correlation_id": fact.correlation_id,
        "causation_id": fact.causation_id,
        "synthetic": fact.synthetic,
        "data": data,
    }


def _nothing(given: Given, *, narrowed: bool) -> None:
    if given.json:
        return
    if narrowed:
        say("No such fact here yet.")
    else:
        say(f"No fact here yet. `{call(given, 'run --mode sandbox')}` makes some.")


def parse(position: str, known: Sequence[int]) -> dict[int, int]:
    """By partition where to begin; a bare number speaks of the only one.

    Raises:
        BadInput: it is no position of this namespace.
    """
    places = dict.fromkeys(known, 0)
    for part in position.split(".") if position else ():
        partition, colon, seq = part.rpartition(":")
        one = partition if colon else "0"
        if not seq.isdecimal() or not one.isdecimal() or int(one) not in places or (not colon and len(places) > 1):
            raise BadInput(
                f"{position!r} is no position here.", "Write it as 841, or as 0:841.1:77 with partitions.", field="from"
            )
        places[int(one)] = int(seq)
    return places


def _categories(prefix: str) -> Sequence[str]:
    """The categories in which types can begin so.

    Raises:
        BadInput: there are none.
    """
    first, dot, _ = prefix.partition(".")
    found = [one for one in CATEGORIES if one == first or (not dot and one.startswith(first))]
    if not found:
        raise BadInput(
            f"No type begins with {prefix!r}.", f"Types begin with {', '.join(CATEGORIES)} and a dot.", field="type"
        )
    return found


async def _print_to_end(
    given: Given, store: Store, partition: int, places: dict[int, int], categories: Sequence[str], prefix: str
) -> int:
    shown = 0
    while page := await store.log.tail(partition, categories, places[partition], count=COUNT):
        places[partition] = page[-1].seq
        for one in page:
            if one.entry.t.decode(errors="replace").startswith(prefix):
                _print(given, one.decode(partition))
                shown += 1
    sys.stdout.flush()
    return shown


async def _follow(
    given: Given, store: Store, partition: int, places: dict[int, int], categories: Sequence[str], prefix: str
) -> None:
    while True:
        await store.log.tail(partition, categories, places[partition], count=1, block_ms=BLOCK_MS)
        await _print_to_end(given, store, partition, places, categories, prefix)


def _print(given: Given, fact: AnyEnvelope) -> None:
    sys.stdout.write((to_json(_plain(fact)) if given.json else _line(fact)) + "\n")


def _line(fact: AnyEnvelope) -> str:
    name = fact.event.type_tag().rpartition(".")[0]
    said = line(words.of(fact.event)) or _about_run(fact)
    return f"{fact.position!s:>9}  {at(fact.recorded_at)}  {clean(fact.actor.id):<14} {name:<24} {short(fact.aggregate_id)}  {said}"


def _about_run(fact: AnyEnvelope) -> str:
    """What a fact says that concerns no lead."""
    if isinstance(fact.event, RunTallied):
        return "counts so far"
    told = outward(fact.event)
    names = ("stage", "reason", "gate", "source", "rows", "service")
    return line(", ".join(f"{name} {told[name]}" for name in names if told.get(name)))


def _plain(fact: AnyEnvelope) -> Mapping[str, object]:
    return {
        "position": str(fact.position),
        "type": fact.event.type_tag(),
        "event_id": fact.event_id,
        "aggregate_id": fact.aggregate_id,
        "version": fact.version,
        "recorded_at": fact.recorded_at,
        "actor": {"kind": fact.actor.kind, "id": fact.actor.id},
        "correlation_id": fact.correlation_id,
        "causation_id": fact.causation_id,
        "traceparent": fact.traceparent,
        "synthetic": fact.synthetic,
        "data": outward(fact.event),
    }
