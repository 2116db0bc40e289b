"""The shape limit commits what a follower would, in calls that the script takes, however much the follower reads at once."""

import asyncio

from contracts.codec import CODEC, Entry
from contracts.facts import Ref
from contracts.identity import CONTROL
from services.cli.bench.shape import Carried, Shape
from services.cli.bench.shape_limit import COUNT, Replay
from services.runtime.commit_call import EXPECTED_MAX
from services.runtime.log import MAX_FACTS, WATERMARKS, Unit
from services.runtime.log_memory import MemoryLog
from tests import controls

FOLLOWER = "twins:0"


async def followed(refs: int, facts: int) -> tuple[MemoryLog, Shape]:
    """A log after a follower heard as many facts as it reads at once, each with so many to look at and to record."""
    first = [_fact(Ref("lead", f"lead-{number}")) for number in range(COUNT)]
    carried = {
        entry.i: Carried(
            refs=[Ref("email", f"{number}-{index}") for index in range(refs)],
            facts=[("email", _fact(Ref("email", f"{number}-{index}"))) for index in range(facts)],
            saves=(),
        )
        for number, entry in enumerate(first)
    }
    expects = [(Ref("lead", entry.a.decode()), 0) for entry in first]
    shape = Shape(
        leads=COUNT,
        facts=COUNT * (1 + facts),
        request=Unit(expects, [("lead", entry) for entry in first]),
        followed={FOLLOWER: ("lead",)},
        carried={FOLLOWER: carried},
    )
    log = MemoryLog()
    replay = Replay(log, shape)
    await replay.commit([shape.request])
    await asyncio.wait_for(replay.follow(FOLLOWER), 10)
    return log, shape


def _fact(about: Ref) -> Entry:
    if about.category == "lead":
        return CODEC.encode(controls.envelope(controls.lead_sourced(lead_id=about.id)))
    return CODEC.encode(controls.envelope(controls.email_drafted(email_id=about.id)))


async def _place(log: MemoryLog) -> int:
    watermark = Ref(WATERMARKS, FOLLOWER)
    return (await log.load(CONTROL, [watermark]))[watermark].version


async def test_batch_that_looks_at_more_than_a_call_may_expect_is_halved() -> None:
    assert COUNT * 5 > EXPECTED_MAX
    log, shape = await followed(refs=5, facts=1)
    assert await log.head(CONTROL) == shape.facts
    assert await _place(log) == COUNT


async def test_batch_that_records_more_than_a_call_may_is_halved() -> None:
    assert COUNT * 3 > MAX_FACTS
    log, shape = await followed(refs=3, facts=3)
    assert await log.head(CONTROL) == shape.facts
    assert await _place(log) == COUNT
