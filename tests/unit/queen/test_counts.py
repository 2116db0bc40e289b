"""The counts reconcile whatever the leads do, in whatever batches and partitions QUEEN hears of it."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.envelope import Event
from contracts.lead import LeadUpdated
from contracts.run import OVER, STAGES, Run, RunTallied
from services.queen.tally import COUNTED, ENTERING, moves
from tests.controls import lead_updated
from tests.unit.queen.ways import ENDS, OPEN, SENT, Watch, of_lead

WAYS = ENDS | OPEN
ways = st.lists(st.sampled_from(sorted(WAYS)), max_size=30)


def interleaved(names: list[str], seed: st.DataObject) -> list[tuple[int, Event]]:
    """Each lead's facts in their order, those of different leads mixed."""
    left = {number: of_lead(number, WAYS[name]) for number, name in enumerate(names)}
    order = seed.draw(st.permutations([number for number, way in left.items() for _ in way]))
    return [(number, left[number].pop(0)) for number in order]


def run_of(names: list[str], mixed: list[tuple[int, Event]], *, partitions: int = 1, batch: int = 7) -> Watch:
    watch = Watch("staging").start()
    watch.read(len(names))
    for start in range(0, len(mixed), batch):
        piece = mixed[start : start + batch]
        for partition in range(partitions):
            here = [event for number, event in piece if number % partitions == partition]
            if here:
                watch.hear(*here, partition=0 if partitions == 1 else 1 + partition)
    return watch


@given(ways, st.data())
@settings(max_examples=60, deadline=None)
def test_I2_each_lead_is_under_one_outcome_and_none_is_lost(names: list[str], data: st.DataObject) -> None:
    watch = run_of(names, interleaved(names, data))
    tallies = watch.tallies()
    for before, after in pairwise(STAGES):
        assert tallies[after].entered == tallies[before].out
    waiting = 0
    for stage in STAGES:
        one = tallies[stage]
        assert min(one.entered, one.out, one.errors, one.held, *one.ended.values(), 0) == 0
        assert one.entered >= one.settled()
        waiting += one.entered - one.settled()
    outcomes = Counter(names)
    segment = tallies["segment"]
    assert segment.detail.get("tier:needs_data", 0) == segment.ended.get("needs_data", 0)
    ended = sum(sum(one.ended.values()) + one.errors + one.held for one in tallies.values()) + tallies["send"].out
    assert ended + waiting == len(names)
    assert waiting == sum(outcomes[name] for name in OPEN if not name.startswith("held"))


@given(ways, st.data(), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_batches_and_partitions_make_no_difference(names: list[str], data: st.DataObject, batch: int) -> None:
    mixed = interleaved(names, data)
    one, four = run_of(names, mixed, batch=batch), run_of(names, mixed, partitions=4, batch=1 + batch // 2)
    assert one.numbers() == four.numbers()
    assert [tally.ended for tally in one.tallies().values()] == [tally.ended for tally in four.tallies().values()]
    assert [tally.detail for tally in one.tallies().values()] == [tally.detail for tally in four.tallies().values()]
    # Whether it said on the way that it waits depends on the moment; how it ended does not.
    assert (one.status in OVER) == (four.status in OVER)
    # Which stages were reported depends on the moment as well, until the run is over: a revoke reopens one. A dead letter
    # can come back after that, and what was reported stays as it was.
    if one.status in OVER and "dead and back" not in names:
        assert reported(one.run) == reported(four.run)


def reported(run: Run) -> dict[str, tuple[int, int, bool | None]]:
    return {stage: (result.entered, result.out, result.passed) for stage, result in run.results.items()}


@given(ways, st.data())
@settings(max_examples=30, deadline=None)
def test_I3_batch_that_comes_again_changes_nothing(names: list[str], data: st.DataObject) -> None:
    watch = Watch("staging").start()
    watch.read(len(names))
    heard = watch.hear(*(event for _, event in interleaved(names, data)), batch=5)
    before, said = watch.numbers(), len(watch.said)
    watch.replay(heard)
    watch.replay(heard[len(heard) // 2 :])
    assert watch.numbers() == before
    assert not [event for event in watch.said[said:] if isinstance(event, RunTallied)]


def test_I2_forgotten_position_would_count_twice() -> None:
    """The checks above can fail: without the position that the counts go up to, a repeat doubles them."""
    watch = Watch("staging").start()
    heard = watch.hear(*SENT)
    watch.run.through.clear()
    watch.replay(heard)
    assert watch.numbers()["enrich"] == (2, 2, 0)


def test_one_batch_gives_one_count_per_run() -> None:
    watch = Watch("staging").start()
    watch.hear(*SENT)
    assert [type(event) for event in watch.said] == [RunTallied]


def test_news_of_a_lead_that_goes_no_further_counts_nothing() -> None:
    watch = Watch("staging").start()
    watch.hear(lead_updated())
    assert watch.said == []
    watch.hear(lead_updated(reopened=True))
    assert watch.numbers()["enrich"] == (1, 0, 0)


def test_facts_by_which_a_lead_enters_a_stage_are_those_that_queen_waits_on() -> None:
    facts = [event for way in WAYS.values() for event in of_lead(0, way)]
    entering = {type(event) for event in facts if any(move.entered > 0 for move in moves(event))}
    # A lead that comes again is counted by what the file brought anew.
    assert entering | {LeadUpdated} == ENTERING
    assert ENTERING < COUNTED
