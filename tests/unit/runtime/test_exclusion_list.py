"""The list is asked afresh, many at once in one look; only that it is empty is believed, and not past a change."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from contracts.errors import DamagedEntry, StoreUnavailable
from contracts.exclusion import domain_key
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import Policy
from services.commands.exclusions import ExclusionDesk
from services.runtime.exclusion_list import FRESH_S, ExclusionList, count_of, standing_of
from services.runtime.log import Snapshot
from services.runtime.log_memory import MemoryLog
from tests.controls import AT, CAUSE, IDENTITY_KEY, REVIEWER

SECOND = "0b9a0e2a-5f7c-5c0c-8a61-9b1b8b0a0002"
ACME = domain_key(IDENTITY_KEY, "acme.example")
ADA = {"email": "ada@acme.example"}


class CountingLog(MemoryLog):
    """Counts the looks, and can be away."""

    looks = 0
    away = False

    async def load(self, partition: int, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        if self.away:
            raise StoreUnavailable("away")
        self.looks += 1
        return await super().load(partition, refs)


class Bench:
    def __init__(self) -> None:
        self.log = CountingLog(partitions=4)
        self.now = 100.0
        self.list = ExclusionList(self.log, IDENTITY_KEY, lambda: self.now)
        self.desk = ExclusionDesk(self.log, IDENTITY_KEY, self.list, lambda: AT)

    async def exclude(self, who: str = "acme.example", desk: ExclusionDesk | None = None) -> None:
        await (desk or self.desk).add(who, actor=REVIEWER, command_id=CAUSE)

    def elsewhere(self) -> ExclusionDesk:
        """The desk of another process."""
        return ExclusionDesk(self.log, IDENTITY_KEY, ExclusionList(self.log, IDENTITY_KEY, lambda: 0.0), lambda: AT)


async def test_empty_list_is_looked_at_once_in_a_while() -> None:
    bench = Bench()
    for _ in range(50):
        assert await bench.list.covering(ADA) == ""
    assert bench.log.looks == 1
    bench.now += FRESH_S
    await bench.list.covering(ADA)
    assert bench.log.looks == 2


async def test_those_who_ask_at_once_share_one_look() -> None:
    bench = Bench()
    await bench.exclude()
    bench.log.looks = 0
    asked = [{"email": f"p{n}@{'acme' if n % 2 else 'engine'}.example"} for n in range(200)]
    found = await asyncio.gather(*(bench.list.covering(one) for one in asked))
    assert found == [ACME if n % 2 else "" for n in range(200)]
    assert bench.log.looks == 1


async def test_who_asks_after_a_look_began_gets_one_of_their_own() -> None:
    bench = Bench()
    await bench.exclude("engine.example")
    first = asyncio.create_task(bench.list.covering(ADA))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await bench.elsewhere().add("acme.example", actor=REVIEWER, command_id=SECOND)
    assert await bench.list.covering(ADA) == ACME
    await first


async def test_first_exclusion_is_known_here_at_once_and_elsewhere_in_a_moment() -> None:
    here, moment = Bench(), FRESH_S
    assert await here.list.covering(ADA) == ""
    await here.exclude()
    assert await here.list.covering(ADA) == ACME
    there = Bench()
    assert await there.list.covering(ADA) == ""
    await there.exclude(desk=there.elsewhere())
    there.now += moment
    assert await there.list.covering(ADA) == ACME


async def test_list_that_was_seen_filled_is_not_believed_empty() -> None:
    """A look of the clock that takes drafts back ends what an agent believed a moment before."""
    bench = Bench()
    assert await bench.list.covering(ADA) == ""
    await bench.exclude(desk=bench.elsewhere())
    assert await bench.list.version() == (1, 1)
    assert await bench.list.covering(ADA) == ACME


async def test_list_found_empty_is_told_with_its_version_and_read_again_in_a_moment() -> None:
    bench = Bench()
    assert [await bench.list.empty() for _ in range(9)] == [Snapshot()] * 9
    assert bench.log.looks == 1
    await bench.exclude(desk=bench.elsewhere())
    assert await bench.list.empty() == Snapshot()
    bench.now += FRESH_S
    assert await bench.list.empty() is None
    assert await bench.list.empty() is None
    await bench.desk.remove("acme.example", actor=REVIEWER, command_id=SECOND)
    found = await bench.list.empty()
    assert found is not None
    assert (found.version, count_of(found.state)) == (2, 0)


async def test_list_filled_here_is_not_told_as_empty() -> None:
    bench = Bench()
    assert await bench.list.empty() == Snapshot()
    await bench.exclude()
    assert await bench.list.empty() is None


async def test_look_that_began_before_a_change_makes_nobody_believe_the_list_empty() -> None:
    bench = Bench()
    looking = asyncio.create_task(bench.list.version())
    await asyncio.sleep(0)
    bench.list.changed()
    assert (await looking)[1] == 0
    bench.log.looks = 0
    await bench.list.covering(ADA)
    assert bench.log.looks == 1


async def test_lifted_exclusion_covers_nobody() -> None:
    bench = Bench()
    await bench.exclude()
    await bench.desk.remove("acme.example", actor=REVIEWER, command_id=SECOND)
    assert await bench.list.covering(ADA) == ""
    assert (await bench.list.version())[1] == 0


async def test_store_that_is_away_is_an_error_for_everybody_who_asked() -> None:
    bench = Bench()
    await bench.exclude()
    bench.log.away = True
    asked = await asyncio.gather(*(bench.list.covering(ADA) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in asked] == [StoreUnavailable] * 3
    bench.log.away = False
    assert await bench.list.covering(ADA) == ACME


def test_state_that_is_no_exclusion_is_never_taken_for_none() -> None:
    with pytest.raises(DamagedEntry):
        standing_of(Policy())
    with pytest.raises(DamagedEntry):
        count_of(Policy())
    assert (standing_of(None), count_of(None)) == (None, 0)


async def test_list_lies_in_control() -> None:
    bench = Bench()
    await bench.exclude()
    found: Mapping[Ref, Snapshot] = await bench.log.load(CONTROL, [Ref("policy", ACME)])
    assert found[Ref("policy", ACME)].version == 1
