"""The aggregates of one partition as this process read or left them last.

Several agents of a process work on one lead in turn, and each would load what the one before has just committed. What
is at hand may be behind what stands: it is only for decisions whose unit expects every aggregate that they stood on.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from contracts.facts import SPREAD, Ref
from services.runtime.log import Answer, Snapshot, Unit

KEPT_MAX = 4_096


class AtHand:
    """See the module. Of leads, e-mails and accounts alone: people stop runs and change policy, and who asks about
    those is to see them as they stand."""

    def __init__(self) -> None:
        self._kept: dict[Ref, Snapshot] = {}

    def find(self, refs: Iterable[Ref], at_least: Mapping[Ref, int]) -> dict[Ref, Snapshot]:
        """Those of them that are at hand, and not known to be behind."""
        kept = self._kept
        return {ref: kept[ref] for ref in refs if ref in kept and kept[ref].version >= at_least.get(ref, 0)}

    def read(self, loaded: Iterable[tuple[Ref, Snapshot]]) -> None:
        """Keep what was loaded, unless it was read before something that is kept was written."""
        for ref, snapshot in loaded:
            before = self._kept.get(ref)
            if ref.category in SPREAD and (before is None or before.version < snapshot.version):
                self._keep(ref, snapshot)

    def committed(self, units: Sequence[Unit], answers: Sequence[Answer]) -> None:
        """Keep what was left by the units that were done, and nothing that any other stood on."""
        for unit, answer in zip(units, answers, strict=True):
            if answer.outcome != "done":
                self.forget([unit])
                continue
            found = dict(unit.expects) if unit.saves else {}
            for ref, version, _, marked, state in unit.saves:
                before = self._kept.pop(ref, None)
                if state is None or ref.category not in SPREAD:
                    continue
                if marked:
                    self._keep(ref, Snapshot(version, state, answer.first + marked - 1))
                elif found[ref] == 0:
                    self._keep(ref, Snapshot(version, state))
                elif before and before.version == found[ref]:
                    self._keep(ref, Snapshot(version, state, before.mark))

    def forget(self, units: Iterable[Unit]) -> None:
        """Keep nothing of what these units stood on: it was behind, or nobody knows."""
        for unit in units:
            for ref, _ in unit.expects:
                self._kept.pop(ref, None)

    def clear(self) -> None:
        """Keep nothing: the store was away, and may have come back with less."""
        self._kept.clear()

    def _keep(self, ref: Ref, snapshot: Snapshot) -> None:
        self._kept[ref] = snapshot
        if len(self._kept) > KEPT_MAX:
            self._kept = dict(islice(self._kept.items(), KEPT_MAX // 2, None))
