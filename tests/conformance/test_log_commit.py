"""Both logs commit alike: each unit is all or nothing, in order, and exactly once."""

import asyncio

import pytest
from redis.exceptions import ResponseError

from contracts.codec import CODEC, encode_state
from contracts.facts import Ref
from services.runtime.log import MAX_UNITS, WATERMARKS, Answer, CommandKey, Save, Snapshot, Unit
from tests.conformance.logs import (
    Store,
    acknowledging,
    done,
    everything,
    hand_out,
    heard,
    lead_number,
    seqs,
    sourced,
    together,
    unit,
    updated,
    version,
)
from tests.controls import (
    account_approached,
    email_approved,
    email_drafted,
    email_edited,
    envelope,
    given,
    lead_sourced,
)

LEAD = Ref("lead", lead_number(1))
EMAIL = Ref("email", email_drafted().about())


def asks(body: str = "body", command_id: str = "c1") -> CommandKey:
    return CommandKey(command_id, body, b"first|answer\x00")


async def test_recorded(store: Store) -> None:
    assert await store.log.commit(store.partition, [unit(sourced())]) == [done(1)]
    [one] = await everything(store)
    assert one.decode(store.partition).event == sourced()
    state = given("lead", sourced())
    assert await store.log.load(store.partition, [LEAD]) == {LEAD: Snapshot(1, state, 0)}
    assert await store.log.head(store.partition) == 1


async def test_aggregates_are_those_of_one_category_that_have_a_fact(store: Store) -> None:
    assert await store.log.aggregates(store.partition, "lead") == []
    units = [unit(sourced(1)), unit(updated(1), at=1), unit(sourced(2)), unit(email_drafted())]
    await store.log.commit(store.partition, units)
    found = await store.log.aggregates(store.partition, "lead")
    assert sorted(found) == sorted(Ref("lead", lead_number(number)) for number in (1, 2))
    assert await store.log.aggregates(store.partition, "email") == [EMAIL]
    assert await store.log.aggregates(store.partition, "run") == []
    assert await (await store.neighbour()).aggregates(store.partition, "lead") == []


async def test_unknown_aggregates_load_as_nothing(store: Store) -> None:
    wanted = [LEAD, EMAIL, Ref(WATERMARKS, "queen"), LEAD]
    assert await store.log.load(store.partition, wanted) == dict.fromkeys(wanted, Snapshot())
    assert await store.log.load(store.partition, []) == {}
    assert await store.log.head(store.partition) == 0


async def test_conflict_writes_nothing(store: Store) -> None:
    await store.log.commit(store.partition, [unit(sourced())])
    for stale in (0, 2):
        assert await store.log.commit(store.partition, [unit(updated(), at=stale)]) == [Answer("conflict")]
    assert seqs(await everything(store)) == [1]
    assert await version(store, LEAD) == 1


async def test_one_version_of_several_is_enough_for_a_conflict(store: Store) -> None:
    await store.log.commit(store.partition, [unit(account_approached())])
    both = together(unit(sourced()), unit(account_approached()))
    assert await store.log.commit(store.partition, [both]) == [Answer("conflict")]
    assert await version(store, LEAD) == 0


async def test_units_of_one_aggregate_follow_each_other(store: Store) -> None:
    units = [unit(sourced()), unit(updated(), at=1), unit(updated(), updated(), at=2)]
    assert await store.log.commit(store.partition, units) == [done(1), done(2), done(3, 4)]
    assert await version(store, LEAD) == 4


async def test_refused_unit_refuses_those_after_it_and_no_others(store: Store) -> None:
    units = [unit(sourced()), unit(updated(), at=5), unit(updated(), at=6), unit(sourced(2)), unit(updated(), at=1)]
    answers = await store.log.commit(store.partition, units)
    assert [one.outcome for one in answers] == ["done", "conflict", "conflict", "done", "done"]
    assert seqs(await everything(store)) == [1, 2, 3]


async def test_positions_are_dense_and_rise_across_categories(store: Store) -> None:
    answers = [
        *await store.log.commit(store.partition, [together(unit(sourced()), unit(email_drafted()))]),
        *await store.log.commit(store.partition, [unit(updated(), at=9), unit(account_approached())]),
        *await store.log.commit(store.partition, [unit(email_approved(), at=1), unit(updated(), at=1)]),
    ]
    assert [(one.first, one.last) for one in answers] == [(1, 2), (0, 0), (3, 3), (4, 4), (5, 5)]
    assert [(one.category, one.seq) for one in await everything(store)] == [
        ("lead", 1),
        ("email", 2),
        ("deal", 3),
        ("email", 4),
        ("lead", 5),
    ]


async def test_I12_versions_of_an_aggregate_have_no_hole(store: Store) -> None:
    async def writes(title: str) -> None:
        for _ in range(50):
            at = await version(store, LEAD)
            [answer] = await store.log.commit(store.partition, [unit(updated(title=title), at=at)])
            if answer.outcome == "done":
                return
        pytest.fail("fifty conflicts in a row")

    await asyncio.gather(*(writes(str(n)) for n in range(8)))
    versions = [int(one.entry.n) for one in await everything(store)]
    assert versions == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_mark_keeps_the_position_of_the_last_text(store: Store) -> None:
    async def mark() -> int:
        return (await store.log.load(store.partition, [EMAIL]))[EMAIL].mark

    await store.log.commit(store.partition, [together(unit(sourced()), unit(email_drafted()))])
    assert await mark() == 2
    await store.log.commit(store.partition, [unit(email_approved(), at=1)])
    assert await mark() == 2
    await store.log.commit(store.partition, [unit(email_edited(), email_approved(draft_version=2), at=2)])
    assert await mark() == 4


async def test_unit_without_facts_moves_a_watermark(store: Store) -> None:
    ref = Ref(WATERMARKS, "queen:1")
    assert await store.log.commit(store.partition, [Unit([(ref, 0)], saves=[Save(ref, 841, b"")])]) == [done(0)]
    carried = unit(sourced())._replace(expects=[(ref, 841), (LEAD, 0)])
    carried = carried._replace(saves=[*carried.saves, Save(ref, 900, b"")])
    assert await store.log.commit(store.partition, [carried, carried]) == [done(1), Answer("conflict")]
    assert await store.log.load(store.partition, [ref]) == {ref: Snapshot(900)}


async def test_I7_repeated_command_gets_the_first_answer(store: Store) -> None:
    first = [unit(sourced(), command=asks())]
    assert await store.log.commit(store.partition, first) == [done(1)]
    repeated = Answer("repeated", 1, 1, b"first|answer\x00")
    assert await store.log.commit(store.partition, first) == [repeated]
    later = unit(updated(), at=1, command=asks()._replace(answer=b"second"))
    assert await store.log.commit(store.partition, [later]) == [repeated]
    assert seqs(await everything(store)) == [1]


async def test_I7_command_that_recorded_nothing_is_repeated_the_same(store: Store) -> None:
    await store.log.commit(store.partition, [unit(sourced())])
    nothing = Unit([(LEAD, 1)], command=asks())
    assert await store.log.commit(store.partition, [nothing, nothing]) == [
        done(0),
        Answer("repeated", 0, 0, b"first|answer\x00"),
    ]


async def test_I7_key_with_another_body_is_refused(store: Store) -> None:
    await store.log.commit(store.partition, [unit(sourced(), command=asks())])
    other = unit(updated(), at=1, command=asks("another body"))
    assert await store.log.commit(store.partition, [other]) == [Answer("key_reused")]
    assert await version(store, LEAD) == 1


async def test_I7_repeat_within_one_call_is_recognised(store: Store) -> None:
    units = [unit(sourced(n), command=asks()) for n in (1, 2)]
    assert [one.outcome for one in await store.log.commit(store.partition, units)] == ["done", "repeated"]


async def test_refused_command_may_be_tried_again(store: Store) -> None:
    assert await store.log.commit(store.partition, [unit(updated(), at=3, command=asks())]) == [Answer("conflict")]
    assert await store.log.commit(store.partition, [unit(sourced(), command=asks())]) == [done(1)]


async def test_more_units_than_a_call_takes_are_cut(store: Store) -> None:
    units = [unit(sourced(n)) for n in range(MAX_UNITS * 5 + 7)]
    assert await store.log.commit(store.partition, units) == [done(n) for n in range(1, len(units) + 1)]


async def test_more_expectations_than_a_call_takes_are_cut(store: Store) -> None:
    expects = [(Ref("lead", lead_number(n)), 0) for n in range(100, 200)]
    units = [unit(sourced(n))._replace(expects=[*expects, (Ref("lead", lead_number(n)), 0)]) for n in range(20)]
    assert await store.log.commit(store.partition, units) == [done(n) for n in range(1, 21)]


async def test_commits_that_arrive_together_each_get_their_own_answers(store: Store) -> None:
    calls = [[unit(sourced(n)), unit(updated(n), at=1 + n % 2)] for n in range(30)]
    answers = await asyncio.gather(*(store.log.commit(store.partition, call) for call in calls))
    for n, (first, second) in enumerate(answers):
        assert first.outcome == "done"
        assert second == (Answer("conflict") if n % 2 else done(first.last + 1))


@pytest.mark.parametrize("wrong", ["not expected", "mark past its facts", "version too long", "delivery twice"])
async def test_malformed_unit_raises_and_writes_nothing(store: Store, wrong: str) -> None:
    await store.log.commit(store.partition, [unit(sourced(9))])
    await hand_out(store)
    good = unit(sourced())
    blob = encode_state(given("lead", lead_sourced()))
    bad = {
        "not expected": Unit([(EMAIL, 0)], good.facts, good.saves),
        "mark past its facts": good._replace(saves=[Save(LEAD, 1, blob, 2)]),
        "version too long": good._replace(saves=[Save(LEAD, 10**10, blob)]),
        "delivery twice": acknowledging(heard(1), heard(1)),
    }[wrong]
    with pytest.raises(ResponseError, match="MALFORMED"):
        await store.log.commit(store.partition, [good, bad])
    assert seqs(await everything(store)) == [1]
    assert await store.log.commit(store.partition, [acknowledging(heard(1))]) == [done(0)]


async def test_entry_is_found_by_its_position(store: Store) -> None:
    await store.log.commit(store.partition, [together(unit(sourced()), unit(email_drafted()))])
    found = await store.log.entry(store.partition, "email", 2)
    assert found is not None
    assert found.entry == CODEC.encode(envelope(email_drafted(), 1))
    for category, seq in (("email", 1), ("email", 3), ("run", 1)):
        assert await store.log.entry(store.partition, category, seq) is None


async def test_namespaces_do_not_see_each_other(store: Store) -> None:
    neighbour = await store.neighbour()
    await store.log.commit(store.partition, [unit(sourced(), command=asks())])
    assert await neighbour.head(store.partition) == 0
    assert await neighbour.load(store.partition, [LEAD]) == {LEAD: Snapshot()}
    assert await neighbour.tail(store.partition, ["lead"], 0, count=10) == []
    assert await neighbour.commit(store.partition, [unit(sourced(), command=asks("b"))]) == [done(1)]
    assert await store.log.head(store.partition) == 1


async def test_partitions_do_not_see_each_other(store: Store) -> None:
    other = store.partition + 1
    if store.log.partitions == 1:
        pytest.skip("there is one partition")
    await store.log.commit(store.partition, [unit(sourced(), command=asks())])
    assert await store.log.head(other) == 0
    assert await store.log.commit(other, [unit(sourced(), command=asks("b"))]) == [done(1)]


async def test_I7_answer_of_a_command_can_be_looked_up(store: Store) -> None:
    assert await store.log.answered(store.partition, "c1") is None
    await store.log.commit(store.partition, [unit(sourced(), updated(), command=asks())])
    assert await store.log.answered(store.partition, "c1") == ("body", Answer("repeated", 1, 2, b"first|answer\x00"))
