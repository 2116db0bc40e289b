"""Whoever is excluded becomes no lead, gets no draft, no approval and no send, whatever happens in whatever order."""

import asyncio
import os
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, find, given, note, seed, settings
from hypothesis import strategies as st

from services.operator import service as operator_service
from services.runtime.exclusion_list import ExclusionList
from tests.controls import IDENTITY_KEY
from tests.unit.exclusion.world import PEOPLE, TARGETS, VERSIONS, Check, World

Step = tuple[Any, ...]

ADA, HERS, ACME = 0, 0, 4
BROUGHT: Step = ("bring", [(ADA, 0)])
SEED = int(os.environ.get("SWARM_PROPERTY_SEED", "20260302"))
"""Of what is played: the same each time, unless somebody asks for another."""
ROWS = st.lists(st.tuples(st.integers(0, len(PEOPLE) - 1), st.integers(0, VERSIONS - 1)), min_size=1, max_size=5)
ANSWERS = ("approve", "approve edited", "edit", "changes", "revoke")
TARGET = st.integers(0, len(TARGETS) - 1)
WITHDRAW = st.tuples(st.just("withdraw"), st.integers(-2, 1))
AGAIN = st.tuples(st.just("again"), st.integers(0, 3))
EXCLUDE = st.tuples(st.just("exclude"), TARGET)
LIFT = st.tuples(st.just("lift"), TARGET)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("bring"), ROWS),
        AGAIN,
        st.tuples(st.just("invent")),
        EXCLUDE,
        EXCLUDE,
        LIFT,
        WITHDRAW,
        st.tuples(st.sampled_from(ANSWERS), st.integers(0, 5)),
        st.tuples(st.just("work"), st.integers(1, 12)),
        st.tuples(st.just("settle")),
        st.tuples(st.just("tick")),
        st.tuples(st.just("send")),
    ),
    min_size=4,
    max_size=16,
)
"""What people and the swarm do; deliveries are handed out some at a time, so that everything meets half-way."""
OUT = st.sampled_from([("exclude", HERS), ("exclude", ACME)])
BACK = st.sampled_from([("lift", HERS), ("lift", ACME)])
SETTLE = st.just(("settle",))
FEW = st.tuples(st.just("work"), st.integers(1, 12))
WORK = st.one_of(SETTLE, FEW)
APPROVE = st.tuples(st.just("approve"), st.integers(0, 2))
RETURNS = st.lists(
    st.one_of(
        st.tuples(WITHDRAW, WORK, AGAIN, FEW, OUT, SETTLE),
        st.tuples(WITHDRAW, WORK, AGAIN, SETTLE, OUT, APPROVE),
        st.tuples(WITHDRAW, WORK, OUT, AGAIN, WORK),
        st.tuples(st.tuples(st.just("bring"), ROWS), WORK),
        st.tuples(BACK, AGAIN, WORK),
    ),
    min_size=3,
    max_size=5,
).map(lambda some: [step for few in some for step in few])
"""Runs that are withdrawn and files that come again, while those few who come and go are excluded and excluded no more."""


async def play(steps: list[Step], partitions: int, *off: Check) -> World:
    world = World(partitions, *off)
    for what, *said in steps:
        match what:
            case "bring":
                await world.bring(*said)
            case "again":
                await world.again(*said)
            case "invent":
                await world.invent()
            case "exclude":
                await world.exclude(*said)
            case "lift":
                await world.lift(*said)
            case "withdraw":
                await world.withdraw(*said)
            case "work":
                await world.work(*said)
            case "settle":
                await world.work()
            case "tick":
                await world.leave_alone.tick()
            case "send":
                await world.send.tick()
            case _:
                await world.answer(what, *said)
        await world.look()
        world.pass_time()
    await world.end()
    return world


def holds(steps: list[Step], partitions: int) -> None:
    note(f"seed {SEED}, {partitions} partitions; SWARM_PROPERTY_SEED sets another seed")
    assert asyncio.run(play([("bring", [(0, 0), (1, 0), (3, 1)]), *steps], partitions)).broken == []


@pytest.mark.parametrize("partitions", [1, 4])
@seed(SEED)
@given(steps=STEPS)
@settings(max_examples=50, database=None)
def test_excluded_person_is_left_alone_whatever_happens(partitions: int, steps: list[Step]) -> None:
    holds(steps, partitions)


@pytest.mark.parametrize("partitions", [1, 4])
@seed(SEED)
@given(steps=RETURNS)
@settings(max_examples=50, database=None)
def test_excluded_person_is_left_alone_however_often_runs_are_taken_back_and_files_come_again(
    partitions: int, steps: list[Step]
) -> None:
    holds(steps, partitions)


def test_what_is_drawn_would_write_to_somebody_who_came_again_if_nobody_asked() -> None:
    """Else the property might hold because nobody ever gets there."""

    def is_red(steps: list[Step]) -> bool:
        world = asyncio.run(play([BROUGHT, *steps], 1, "sourcing", "drafting"))
        return world.broken_again >= {"sourcing", "drafting"}

    drawn = settings(max_examples=40, database=None, phases=[Phase.generate])
    assert find(RETURNS, is_red, settings=drawn, random=random.Random(SEED))


TAKEN_BACK: list[Step] = [BROUGHT, ("settle",), ("withdraw", 0), ("settle",)]
RETURNED: list[Step] = [*TAKEN_BACK, ("again", 0)]
APPROVED: list[Step] = [("settle",), ("approve", 0), ("tick",), ("send",)]
STORIES: list[tuple[Check, list[Step]]] = [
    ("sourcing", [("exclude", ACME), BROUGHT]),
    ("sourcing", [*TAKEN_BACK, ("exclude", HERS), ("again", 0)]),
    ("sourcing", [*RETURNED, ("settle",), ("exclude", ACME), ("withdraw", 1), ("settle",), ("again", 0)]),
    ("drafting", [BROUGHT, ("work", 1), ("exclude", HERS), ("settle",)]),
    ("drafting", [*RETURNED, ("work", 1), ("exclude", HERS), ("settle",)]),
    ("approval", [BROUGHT, ("settle",), ("exclude", HERS), ("approve", 0)]),
    ("approval", [*RETURNED, ("settle",), ("exclude", HERS), ("approve", 0)]),
    ("reservation", [BROUGHT, *APPROVED, ("exclude", ACME), ("settle",)]),
    ("reservation", [*RETURNED, *APPROVED, ("exclude", ACME), ("settle",)]),
    ("queue", [BROUGHT, ("settle",), ("exclude", HERS)]),
    ("queue", [*RETURNED, ("settle",), ("exclude", HERS)]),
]
"""For each check stories in which nothing but that check is in the way: at first sight, and when somebody comes again."""


@pytest.mark.parametrize("partitions", [1, 4])
@pytest.mark.parametrize(("check", "story"), STORIES, ids=[f"{check}-{len(story)}" for check, story in STORIES])
def test_property_can_fail_and_each_check_is_needed(
    check: Check, story: list[Step], partitions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asyncio.run(play(story, partitions)).broken == []
    if check == "reservation":
        monkeypatch.setattr(operator_service, "standing_of", lambda _: None)
    broken = {one for one, _ in asyncio.run(play(story, partitions, check)).broken}
    assert check in broken


@pytest.mark.parametrize("partitions", [1, 4])
async def test_those_who_are_not_excluded_get_their_draft(partitions: int) -> None:
    """Else the property would hold of a swarm that writes to nobody."""
    world = await play([("exclude", ACME), ("bring", [(0, 0), (4, 0), (6, 1)]), ("settle",)], partitions)
    waiting = sorted([world.people[email.lead_id][0] async for _, email in world.emails() if email.status == "drafted"])
    assert waiting == ["eve@plain.example", "gus@quiet.example"]
    assert world.broken == []


@pytest.mark.parametrize("partitions", [1, 4])
async def test_lead_that_was_held_out_gets_its_draft_once_it_is_brought_again_after(partitions: int) -> None:
    steps: list[Step] = [BROUGHT, ("work", 1), ("exclude", HERS), ("settle",)]
    world = await play(steps, partitions)
    lead = await world.lead(ADA)
    assert lead is not None
    assert (lead.status, lead.outcome) == ("scored", "excluded")
    assert [email async for _, email in world.emails()] == []
    world = await play([*steps, ("lift", HERS), ("bring", [(ADA, 0), (4, 0)]), ("settle",)], partitions)
    assert sorted([email.status async for _, email in world.emails()]) == ["drafted", "drafted"]


async def test_answers_that_bring_a_draft_nearer_are_refused_and_no_others() -> None:
    for answer in ("approve", "approve edited", "edit", "changes"):
        world = await play([BROUGHT, ("settle",), ("exclude", HERS), (answer, 0)], 1)
        assert world.refused == 1, answer
    world = await play([BROUGHT, ("settle",), ("approve", 0), ("exclude", HERS), ("revoke", 0)], 1)
    assert world.refused == 0


@pytest.mark.parametrize("answer", ["approve", "edit"])
async def test_exclusion_of_this_moment_stops_an_answer_that_still_believes_the_list_empty(answer: str) -> None:
    world = await play([BROUGHT, ("settle",)], 1)
    believes = ExclusionList(world.log, IDENTITY_KEY, lambda: 0.0)
    assert await believes.empty() is not None
    world.drafts = replace(world.drafts, exclusions=believes)
    await world.exclude(HERS)
    await world.answer(answer, 0)
    await world.look()
    assert (world.refused, world.broken) == (1, [])
