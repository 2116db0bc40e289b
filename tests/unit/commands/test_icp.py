"""A person says which ideal customer is in force: once, by a text that can be kept, under an id that means one thing."""

from typing import Any

import pytest

from contracts.envelope import Actor, Event
from contracts.errors import BadInput, DecisionRefused, NotFound, TooLarge
from contracts.identity import CONTROL
from contracts.policy import ModelActivated
from services.commands.icp import Given, IdealCustomers, next_id
from services.runtime.execute import command_id
from services.runtime.log_memory import MemoryLog
from services.segmentor.judge import read_judge
from services.segmentor.model import own_text, parse_model
from tests.controls import outbound_halted
from tests.unit.runtime_loop.loops import now, write
from tests.unit.segmentor.leads import SHIPPED

ADA = Actor(kind="person", id="ada@local")
KEY = bytes(32)
OWN = own_text()
SECOND = OWN.replace("my-icp-1", "my-icp-2").replace("tier_3 = 40", "tier_3 = 30")


def ideals(log: MemoryLog) -> IdealCustomers:
    return IdealCustomers(log, now, read_judge, lambda: Given(text=SHIPPED, way="shipped"), KEY)


def key(number: int) -> str:
    """The id of a command."""
    return command_id(ADA, str(number))


async def facts(log: MemoryLog) -> list[Event]:
    return [one.decode(CONTROL).event for one in await log.tail(CONTROL, ["policy"], 0, count=100)]


async def test_shipped_one_holds_until_another_is_activated() -> None:
    ours = ideals(MemoryLog())
    before = await ours.ideal()
    assert (before.model_id, before.way, before.by, await ours.versions()) == ("icp-2", "shipped", "", [])
    assert await ours.activate(OWN, " We sell to factories. ", ADA, key(1)) is not None
    after = await ours.ideal()
    assert (after.model_id, after.way, after.by, after.reason, after.text) == (
        "my-icp-1", "activated", "person:ada@local", "We sell to factories.", OWN,
    )  # fmt: skip
    assert after.model_hash == parse_model(OWN).hash


async def test_same_one_again_changes_nothing_whatever_its_remarks_say() -> None:
    log = MemoryLog()
    await ideals(log).activate(OWN, "", ADA, key(1))
    assert await ideals(log).activate(f"# Another remark.\n{OWN}", "", ADA, key(2)) is None
    assert len(await facts(log)) == 1


async def test_command_that_comes_twice_is_carried_out_once() -> None:
    log = MemoryLog()
    first = await ideals(log).activate(OWN, "", ADA, key(1))
    again = await ideals(log).activate(OWN, "", ADA, key(1))
    assert first is not None
    assert again is not None
    assert (again.status, again.fact) == ("repeated", first.fact)
    assert len(await facts(log)) == 1


async def test_versions_come_newest_first_and_one_can_be_gone_back_to() -> None:
    log = MemoryLog()
    ours = ideals(log)
    await ours.activate(OWN, "first", ADA, key(1))
    await write(log, outbound_halted())
    await ours.activate(SECOND, "second", ADA, key(2))
    assert [(one.model_id, one.reason, one.active) for one in await ours.versions()] == [
        ("my-icp-2", "second", True),
        ("my-icp-1", "first", False),
    ]
    version, text = await ours.version("my-icp-1")
    assert (text, version.active) == (OWN, False)
    assert (await ours.version(parse_model(SECOND).hash[:8]))[0].model_id == "my-icp-2"
    await ours.activate(text, "back", ADA, key(3))
    assert [(one.model_id, one.active) for one in await ours.versions()] == [
        ("my-icp-1", True),
        ("my-icp-2", False),
        ("my-icp-1", False),
    ]


@pytest.mark.parametrize("wanted", ["my-icp-9", "", "5b"])
async def test_version_that_never_was_is_not_found(wanted: str) -> None:
    log = MemoryLog()
    await ideals(log).activate(OWN, "", ADA, key(1))
    with pytest.raises(NotFound):
        await ideals(log).version(wanted)


async def test_id_that_was_active_before_means_one_thing_for_ever() -> None:
    log = MemoryLog()
    await ideals(log).activate(OWN, "", ADA, key(1))
    await ideals(log).activate(SECOND, "", ADA, key(2))
    with pytest.raises(DecisionRefused, match="my-icp-1 was activated before") as refused:
        await ideals(log).activate(OWN.replace("tier_3 = 40", "tier_3 = 20"), "", ADA, key(3))
    assert refused.value.values["field"] == "id"
    assert 'id = "my-icp-3"' in refused.value.remedy
    assert len(await facts(log)) == 2


@pytest.mark.parametrize(
    ("text", "reason", "kind", "values"),
    [
        (OWN.replace("tier_1 = 80", "tier_1 = 180"), "", BadInput, {"field": "tiers.tier_1", "line": 17}),
        (f"# Ask ada@analytical.example.\n{OWN}", "", BadInput, {"field": "text", "line": 1}),
        (OWN + "#" * 200_000, "", TooLarge, {"field": "text"}),
        (OWN, "ada@analytical.example wants it", BadInput, {"field": "reason"}),
        (OWN, "x" * 2_001, BadInput, {"field": "reason"}),
    ],
    ids=["fault", "address", "large", "address in the reason", "long reason"],
)
async def test_what_cannot_be_kept_is_refused(
    text: str, reason: str, kind: type[BadInput], values: dict[str, Any]
) -> None:
    log = MemoryLog()
    with pytest.raises(kind) as refused:
        await ideals(log).activate(text, reason, ADA, key(1))
    assert refused.value.values == values
    assert refused.value.remedy
    assert "ada@" not in refused.value.sentence()
    assert await facts(log) == []


async def test_fact_holds_the_whole_text() -> None:
    log = MemoryLog()
    await ideals(log).activate(OWN, "Why not.", ADA, key(1))
    model = parse_model(OWN)
    assert await facts(log) == [ModelActivated(model_id=model.id, model_hash=model.hash, text=OWN, reason="Why not.")]


@pytest.mark.parametrize(
    ("given", "taken", "wanted"),
    [
        ("icp-1", {"icp-1"}, "icp-2"),
        ("icp-1", {"icp-1", "icp-2"}, "icp-3"),
        ("factories", {"factories"}, "factories-2"),
    ],
)
def test_next_id_has_the_next_number(given: str, taken: set[str], wanted: str) -> None:
    assert next_id(given, taken) == wanted
