"""What builds on each other is one unit: expecting what the first found, leaving what the last leaves."""

from contracts.facts import Ref
from services.runtime.chains import FACTS_MAX, Chain, chains
from services.runtime.log import Delivery, Save, Unit
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import sourced, together, unit, updated
from tests.controls import email_approved, email_drafted

FIRST = unit(sourced(1), hears=[Delivery("lead", "g", 1)])
SECOND = unit(updated(1), at=1, hears=[Delivery("lead", "g", 2)])
OTHER = unit(sourced(2), hears=[Delivery("lead", "g", 3)])


def test_units_of_different_aggregates_stay_apart() -> None:
    made, waiting = chains([("a", FIRST), ("b", OTHER)])
    assert [one.items for one in made] == [["a"], ["b"]]
    assert [one.unit() for one in made] == [FIRST, OTHER]
    assert not waiting


def test_unit_joins_the_one_it_was_decided_on() -> None:
    made, waiting = chains([("a", FIRST), ("b", OTHER), ("c", SECOND)])
    assert [one.items for one in made] == [["a", "c"], ["b"]]
    assert not waiting
    joined = made[0].unit()
    assert joined.expects == [(FIRST.expects[0][0], 0)]
    assert joined.facts == [*FIRST.facts, *SECOND.facts]
    assert [save.version for save in joined.saves] == [2]
    assert joined.deliveries == [*FIRST.deliveries, *SECOND.deliveries]


def test_unit_that_builds_on_two_chains_waits_with_all_behind_it() -> None:
    both = together(SECOND, unit(updated(2), at=1))
    behind = unit(updated(2), at=2)
    made, waiting = chains([("a", FIRST), ("b", OTHER), ("c", both), ("d", behind)])
    assert [one.items for one in made] == [["a"], ["b"]]
    assert [item for item, _ in waiting] == ["c", "d"]


def test_long_chain_is_cut() -> None:
    ready = [(0, FIRST), *((at, unit(updated(1), at=at)) for at in range(1, 2 * FACTS_MAX))]
    made, waiting = chains(ready)
    assert [one.facts() for one in made] == [FACTS_MAX]
    assert len(waiting) == FACTS_MAX


def test_unit_that_only_read_does_not_tie_others_together() -> None:
    shared = (Ref("policy", "policy"), 0)
    reads = [one._replace(expects=[*one.expects, shared]) for one in (FIRST, OTHER)]
    made, _ = chains([("a", reads[0]), ("b", reads[1])])
    assert len(made) == 2


async def test_mark_of_a_joined_unit_points_to_its_own_fact() -> None:
    log = MemoryLog()
    drafted = unit(email_drafted())
    approved = unit(email_approved(), at=1)
    before = unit(sourced(1))
    joined = Chain(["a", "b", "c"], [before, drafted, approved]).unit()
    await log.commit(0, [joined])
    (ref,) = [save.ref for save in drafted.saves]
    assert (await log.load(0, [ref]))[ref].mark == 2


def test_mark_stays_where_a_later_save_has_none() -> None:
    ref = Ref("email", "e")
    first = Unit([(ref, 0)], [FIRST.facts[0]], [Save(ref, 1, b"1", 1)])
    second = Unit([(ref, 1)], [FIRST.facts[0]], [Save(ref, 2, b"2", 0)])
    third = Unit([(ref, 2)], [FIRST.facts[0]], [Save(ref, 3, b"3", 1)])
    assert Chain(["a", "b"], [first, second]).unit().saves == [Save(ref, 2, b"2", 1)]
    assert Chain(["a", "b", "c"], [first, second, third]).unit().saves == [Save(ref, 3, b"3", 3)]
