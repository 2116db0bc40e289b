"""Whoever is excluded becomes no lead, gets no draft, no approval and no send, whatever happens in whatever order."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.operator import service as operator_service
from services.runtime.exclusion_list import ExclusionList
from tests.controls import IDENTITY_KEY
from tests.unit.exclusion.world import PEOPLE, TARGETS, Check, World

Step = tuple[Any, ...]

ROWS = st.lists(st.tuples(st.integers(0, len(PEOPLE) - 1), st.integers(0, 2)), min_size=1, max_size=5)
ANSWERS = ("approve", "approve edited", "edit", "changes", "revoke")
TARGET = st.integers(0, len(TARGETS) - 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("bring"), ROWS),
        st.tuples(st.just("exclude"), TARGET),
        st.tuples(st.just("exclude"), TARGET),
        st.tuples(st.just("lift"), TARGET),
        st.tuples(st.just("withdraw"), st.integers(0, 3)),
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


async def play(steps: list[Step], partitions: int, off: Check | None = None) -> World:
    world = World(partitions, off)
    for what, *said in steps:
        match what:
            case "bring":
                await world.bring(*said)
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


@pytest.mark.parametrize("partitions", [1, 4])
@given(steps=STEPS)
@settings(max_examples=100, deadline=None)
def test_excluded_person_is_left_alone_whatever_happens(partitions: int, steps: list[Step]) -> None:
    assert asyncio.run(play([("bring", [(0, 0), (1, 0), (3, 1)]), *steps], partitions)).broken == []


ADA, HERS, ACME = 0, 0, 4
BROUGHT: Step = ("bring", [(ADA, 0)])
STORIES: dict[Check, list[Step]] = {
    "sourcing": [("exclude", ACME), BROUGHT],
    "drafting": [BROUGHT, ("work", 1), ("exclude", HERS), ("settle",)],
    "approval": [BROUGHT, ("settle",), ("exclude", HERS), ("approve", 0)],
    "reservation": [
        BROUGHT,
        ("settle",),
        ("approve", 0),
        ("tick",),
        ("send",),
        ("exclude", ACME),
        ("settle",),
    ],
    "queue": [BROUGHT, ("settle",), ("exclude", HERS)],
}
"""For each check the shortest story in which nothing but that check is in the way."""


@pytest.mark.parametrize("partitions", [1, 4])
@pytest.mark.parametrize("check", STORIES)
def test_property_can_fail_and_each_check_is_needed(
    check: Check, partitions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asyncio.run(play(STORIES[check], partitions)).broken == []
    if check == "reservation":
        monkeypatch.setattr(operator_service, "standing_of", lambda _: None)
    broken = {one for one, _ in asyncio.run(play(STORIES[check], partitions, check)).broken}
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
