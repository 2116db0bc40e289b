"""What an agent decided on aggregates that were behind is refused and decided again on what stands."""

from collections.abc import Mapping, Sequence

import pytest

from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref
from services.runtime.log import Snapshot
from services.runtime.log_memory import MemoryLog
from services.runtime.service import States
from tests.conformance.logs import lead_number
from tests.controls import given, lead_enriched, lead_sourced
from tests.unit.runtime_loop.loops import enrich, enriched, service, work_off, write_leads

ENRICHED = Snapshot(2, given("lead", lead_sourced(), lead_enriched()))


class Behind(MemoryLog):
    """A log of a process that last saw its leads as `seen`; what was refused it reads anew."""

    def __init__(self, seen: Snapshot) -> None:
        super().__init__()
        self.seen = seen
        self.loads = 0

    async def recall(
        self, partition: int, refs: Sequence[Ref], at_least: Mapping[Ref, int] | None = None
    ) -> dict[Ref, Snapshot]:
        return dict.fromkeys(refs, self.seen)

    async def load(self, partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        self.loads += 1
        return await super().load(partition, refs)


@pytest.mark.parametrize("seen", [Snapshot(), ENRICHED], ids=["as if it were unknown", "as if all were done"])
async def test_decided_behind_is_decided_again(seen: Snapshot) -> None:
    log = Behind(seen)
    await write_leads(log, 1, 5)
    log.loads = 0
    await work_off(log, service(enrich))
    assert await enriched(log) == [lead_number(number) for number in range(1, 6)]
    assert log.loads == 1


async def test_alone_nothing_is_recalled() -> None:
    seen: list[object] = []

    async def note(heard: AnyEnvelope, states: States) -> Sequence[Event]:
        seen.append(states)
        if len(seen) == 1:
            raise KeyError(heard.aggregate_id)
        return await enrich(heard, states)

    log = Behind(ENRICHED)
    await write_leads(log, 1, 1)
    log.loads = 0
    await work_off(log, service(note))
    assert len(await enriched(log)) == 1
    assert log.loads == 1
