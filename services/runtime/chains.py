"""Puts units that build on each other into one: what was decided on a state that was refused must be refused with it.

A version alone cannot say so: where a stranger's fact took the place of the refused one, the versions of the units
behind it fit again, and their snapshots would hold a fact that was never recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from contracts.facts import Ref
from services.runtime.log import Save, Unit

FACTS_MAX = 128
T = TypeVar("T")


@dataclass
class Chain(Generic[T]):
    """Some deliveries whose answers stand or fall together."""

    items: list[T] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)

    def facts(self) -> int:
        """How many facts they record."""
        return sum(len(unit.facts) for unit in self.units)

    def unit(self) -> Unit:
        """All of them as one: expecting what the first found, leaving what the last leaves."""
        if len(self.units) == 1:
            return self.units[0]
        expects: dict[Ref, int] = {}
        saves: dict[Ref, Save] = {}
        offset = 0
        for unit in self.units:
            for ref, version in unit.expects:
                expects.setdefault(ref, version)
            for save in unit.saves:
                before = saves.get(save.ref)
                marked = save.marked + offset if save.marked else before.marked if before else 0
                saves[save.ref] = save._replace(marked=marked)
            offset += len(unit.facts)
        return Unit(
            expects=list(expects.items()),
            facts=[fact for unit in self.units for fact in unit.facts],
            saves=list(saves.values()),
            deliveries=[delivery for unit in self.units for delivery in unit.deliveries],
        )


def chains(ready: Sequence[tuple[T, Unit]]) -> tuple[list[Chain[T]], list[tuple[T, Unit]]]:
    """What can be committed at once, and what has to wait until that has been answered.

    Args:
        ready: in the order in which they were decided; each unit expects every aggregate that it was decided on.
    """
    made: list[Chain[T]] = []
    waiting: list[tuple[T, Unit]] = []
    left_by: dict[Ref, Chain[T] | None] = {}
    for item, unit in ready:
        before = [left_by[ref] for ref, _ in unit.expects if ref in left_by]
        first = before[0] if before else Chain[T]()
        alone = all(one is first for one in before)
        if first is None or not alone or (first.units and first.facts() + len(unit.facts) > FACTS_MAX):
            waiting.append((item, unit))
            left_by |= {save.ref: None for save in unit.saves}
            continue
        if not first.units:
            made.append(first)
        first.items.append(item)
        first.units.append(unit)
        left_by |= {save.ref: first for save in unit.saves}
    return made, waiting
