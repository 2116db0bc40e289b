"""What a log recalls is what stands, as long as nobody else writes; and a commit on anything else is refused."""

import pytest

from contracts.errors import StoreUnavailable
from contracts.facts import Ref, State
from services.runtime import at_hand
from services.runtime.at_hand import AtHand
from services.runtime.log import Answer, Save, Snapshot, Unit
from services.runtime.record import Cause, record
from tests.conformance.logs import Store, lead_number, redis_store, sourced, unit, updated
from tests.controls import (
    AGENT,
    AT,
    RUN,
    email_approved,
    email_commented,
    email_drafted,
    email_edited,
    given,
    lead_sourced,
)

LEAD = Ref("lead", lead_number(1))
EMAIL = Ref("email", email_drafted().about())


def lead_state() -> State:
    return given("lead", lead_sourced())


async def test_recalled_is_what_stands_after_every_commit(store: Store) -> None:
    # Every second one is read in between, as another process would have it.
    for index, event in enumerate((email_drafted(), email_approved(), email_commented(), email_edited())):
        recalled = await store.log.recall(store.partition, [EMAIL, LEAD, EMAIL])
        assert recalled == await store.log.load(store.partition, [EMAIL, LEAD])
        made, _, _ = record([event], {EMAIL: recalled[EMAIL]}, Cause(RUN, f"step {index}", AGENT, RUN), AT)
        [answer] = await store.log.commit(store.partition, [made])
        assert answer.outcome == "done"
    assert await store.log.recall(store.partition, [EMAIL]) == await store.log.load(store.partition, [EMAIL])


@pytest.mark.parametrize("partitions", [1, 4])
async def test_recalled_behind_another_process_is_refused_once(redis_url: str, namespace: str, partitions: int) -> None:
    mine, other = [await redis_store(redis_url, namespace, partitions) for _ in range(2)]
    try:
        await mine.log.commit(mine.partition, [unit(sourced())])
        before = await mine.log.recall(mine.partition, [LEAD])
        await other.log.commit(other.partition, [unit(updated(), at=1)])
        assert await mine.log.recall(mine.partition, [LEAD], {LEAD: 1}) == before
        nothing_to_say = Unit([(LEAD, before[LEAD].version)])
        assert await mine.log.commit(mine.partition, [nothing_to_say]) == [Answer("conflict")]
        assert await mine.log.recall(mine.partition, [LEAD]) == await other.log.load(other.partition, [LEAD])
    finally:
        await mine.close()
        await other.close()


async def test_what_is_known_to_be_behind_is_not_recalled(redis_url: str, namespace: str) -> None:
    mine, other = [await redis_store(redis_url, namespace, 1) for _ in range(2)]
    try:
        await mine.log.commit(0, [unit(sourced())])
        await mine.log.recall(0, [LEAD])
        await other.log.commit(0, [unit(updated(), at=1)])
        assert (await mine.log.recall(0, [LEAD], {LEAD: 2}))[LEAD].version == 2
    finally:
        await mine.close()
        await other.close()


async def test_nothing_is_recalled_after_the_store_was_away(
    redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError

    mine, other = [await redis_store(redis_url, namespace, 1) for _ in range(2)]
    try:
        await mine.log.commit(0, [unit(sourced())])
        await mine.log.recall(0, [LEAD])
        await other.log.commit(0, [unit(updated(), at=1)])
        with monkeypatch.context() as patch:
            patch.setattr(mine.redis.store, "execute_command", away)
            with pytest.raises(StoreUnavailable):
                await mine.log.answered(0, "c1")
        assert (await mine.log.recall(0, [LEAD]))[LEAD].version == 2
    finally:
        await mine.close()
        await other.close()


def test_only_what_agents_alone_write_is_at_hand() -> None:
    run = Ref("run", RUN)
    loaded = {LEAD: Snapshot(1), run: Snapshot(1)}
    kept = AtHand()
    kept.read(loaded.items())
    kept.committed([Unit([(run, 1)], saves=[Save(run, 2, b"", state=lead_state())])], [Answer("done")])
    assert kept.find(loaded, {}) == {LEAD: Snapshot(1)}


def test_what_was_read_before_a_commit_does_not_replace_it() -> None:
    kept, state = AtHand(), lead_state()
    kept.committed([Unit([(LEAD, 0)], saves=[Save(LEAD, 1, b"", state=state)])], [Answer("done")])
    kept.read([(LEAD, Snapshot())])
    assert kept.find([LEAD], {}) == {LEAD: Snapshot(1, state)}


def test_mark_that_is_not_known_is_not_kept() -> None:
    kept, state = AtHand(), lead_state()
    kept.committed([Unit([(LEAD, 4)], saves=[Save(LEAD, 5, b"", state=state)])], [Answer("done")])
    assert not kept.find([LEAD], {})
    kept.committed([Unit([(LEAD, 5)], saves=[Save(LEAD, 7, b"", 2, state)])], [Answer("done", 41, 42)])
    assert kept.find([LEAD], {}) == {LEAD: Snapshot(7, state, 42)}


def test_no_more_is_kept_than_is_bounded() -> None:
    kept = AtHand()
    kept.read((Ref("lead", str(number)), Snapshot(1)) for number in range(at_hand.KEPT_MAX + 1))
    every = [Ref("lead", str(number)) for number in range(at_hand.KEPT_MAX + 1)]
    assert len(kept.find(every, {})) <= at_hand.KEPT_MAX
    assert kept.find([Ref("lead", str(at_hand.KEPT_MAX))], {})
