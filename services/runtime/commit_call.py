"""Lays units out as the flat arguments of the commit script, and reads its answers."""

from collections.abc import Iterable, Sequence
from typing import cast

from services.runtime import keys
from services.runtime.log import COMMAND_TTL_S, MAX_BYTES, MAX_FACTS, MAX_UNITS, Answer, Outcome, Unit

Argument = bytes | str | int
EXPECTED_MAX = 1024
"""Expectations in a call, as the script bounds them."""


def weigh(unit: Unit) -> tuple[int, int, int]:
    """How many facts, expectations and roughly how many bytes a unit adds to a call."""
    facts = sum(len(entry.b) + 200 for _, entry in unit.facts)
    size = facts + sum(len(save.blob) + 80 for save in unit.saves) + 100
    return len(unit.facts), len(unit.expects), size


def pieces(units: Sequence[Unit]) -> Iterable[list[Unit]]:
    """Cut units, in order, into calls within the bounds. A single unit past a bound makes a call of its own."""
    piece: list[Unit] = []
    facts = expected = size = 0
    for unit in units:
        more_facts, more_expected, more = weigh(unit)
        too_much = facts + more_facts > MAX_FACTS or expected + more_expected > EXPECTED_MAX or size + more > MAX_BYTES
        if piece and (len(piece) == MAX_UNITS or too_much):
            yield piece
            piece, facts, expected, size = [], 0, 0, 0
        piece.append(unit)
        facts += more_facts
        expected += more_expected
        size += more
    if piece:
        yield piece


class _Places:
    """Gives each key of a call its 1-based index."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self.found.setdefault(name, len(self.found) + 1)


def lay_out(namespace: str, partition: int, units: Sequence[Unit]) -> tuple[list[str], list[Argument]]:
    """KEYS and ARGV for a piece, as the head of commit.lua describes them."""
    streams, hashes, commands = _Places(), _Places(), _Places()
    body: list[Argument] = []
    for unit in units:
        body.append(len(unit.deliveries))
        for category, group, seq in unit.deliveries:
            body += (streams.of(category), group, seq)
        body.append(len(unit.expects))
        for (category, aggregate), version in unit.expects:
            body += (hashes.of(category), aggregate, version)
        body.append(len(unit.facts))
        for category, entry in unit.facts:
            body.append(streams.of(category))
            body += entry
        body.append(len(unit.saves))
        for save in unit.saves:
            body += (hashes.of(save.ref.category), save.ref.id, save.version, save.marked, save.blob)
        if unit.command is None:
            body.append(0)
        else:
            body += (commands.of(unit.command.id), unit.command.body_hash, unit.command.answer)
    head: list[Argument] = [
        len(streams.found),
        len(hashes.found),
        len(commands.found),
        len(units),
        COMMAND_TTL_S * 1000,
    ]
    for category in hashes.found:
        head += (category, keys.fold(category))
    names = [keys.seq(namespace, partition), keys.folds(namespace, partition)]
    names += [keys.stream(namespace, partition, category) for category in streams.found]
    names += [keys.snapshots(namespace, partition, category) for category in hashes.found]
    names += [keys.command(namespace, partition, command) for command in commands.found]
    return names, head + body


def read_answer(raw: Sequence[bytes]) -> Answer:
    """One unit's answer."""
    outcome = cast(Outcome, raw[0].decode())
    if outcome == "done":
        return Answer(outcome, int(raw[1]), int(raw[2]))
    if outcome == "repeated":
        return read_kept(raw[1])[1]
    return Answer(outcome)


def read_kept(value: bytes) -> tuple[str, Answer]:
    """The body hash and the answer in what a command key holds."""
    body_hash, first, last, answer = value.split(b"|", 3)
    return body_hash.decode(), Answer("repeated", int(first), int(last), answer)
