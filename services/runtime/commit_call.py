"""Lays units out as the flat arguments of the commit script, and reads its answers."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from services.runtime import keys
from services.runtime.log import COMMAND_TTL_S, MAX_BYTES, MAX_FACTS, MAX_UNITS, Answer, Outcome, Unit

Argument = bytes | str | int
EXPECTED_MAX = 1024
"""Expectations in a call, as the script bounds them."""


def weigh(unit: Unit) -> tuple[int, int, int]:
    """How many facts, expectations and roughly how many bytes a unit adds to a call."""
    size = 100
    for _, entry in unit.facts:
        size += len(entry.b) + 200
    for save in unit.saves:
        size += len(save.blob) + 80
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


class _Places(dict[str, int]):
    """Gives each key of a call its 1-based index, when it is first asked for."""

    def __missing__(self, name: str) -> int:
        self[name] = place = len(self) + 1
        return place


def lay_out(namespace: str, partition: int, units: Sequence[Unit]) -> tuple[list[str], list[Argument]]:
    """KEYS and ARGV for a piece, as the head of commit.lua describes them."""
    streams, hashes, commands = _Places(), _Places(), _Places()
    body: list[Argument] = []
    for expects, facts, saves, deliveries, command in units:
        body.append(len(deliveries))
        for category, group, seq in deliveries:
            body += (streams[category], group, seq)
        body.append(len(expects))
        for (category, aggregate), version in expects:
            body += (hashes[category], aggregate, version)
        body.append(len(facts))
        for category, entry in facts:
            body += (streams[category], *entry)
        body.append(len(saves))
        for (category, aggregate), version, blob, marked, _ in saves:
            body += (hashes[category], aggregate, version, marked, blob)
        if command is None:
            body.append(0)
        else:
            body += (commands[command.id], command.body_hash, command.answer)
    head: list[Argument] = [len(streams), len(hashes), len(commands), len(units), COMMAND_TTL_S * 1000]
    for category in hashes:
        head += (category, keys.fold(category))
    names = [keys.seq(namespace, partition), keys.folds(namespace, partition)]
    names += [keys.stream(namespace, partition, category) for category in streams]
    names += [keys.snapshots(namespace, partition, category) for category in hashes]
    names += [keys.command(namespace, partition, one) for one in commands]
    return names, head + body


def read_answer(raw: Sequence[Any]) -> Answer:
    """One unit's answer: the outcome, then the first and the last position of what was done, or what a repeat gets."""
    outcome = cast(Outcome, raw[0].decode())
    if outcome == "done":
        return Answer(outcome, raw[1], raw[2])
    if outcome == "repeated":
        return read_kept(raw[1])[1]
    return Answer(outcome)


def read_kept(value: bytes) -> tuple[str, Answer]:
    """The body hash and the answer in what a command key holds."""
    body_hash, first, last, answer = value.split(b"|", 3)
    return body_hash.decode(), Answer("repeated", int(first), int(last), answer)
