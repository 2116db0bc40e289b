"""Entries and snapshots that do not read are given up with a reason; nothing else stops for them."""

import pytest

from contracts.codec import Entry, check
from contracts.facts import Ref
from services.runtime.log import Save, Unit
from services.runtime.log_memory import MemoryLog
from tests.conformance.logs import lead_number, sourced
from tests.controls import envelope
from tests.unit.runtime_loop.loops import (
    dead,
    enriched,
    entry_of,
    pending,
    sent_back,
    service,
    work_off,
    write,
    write_leads,
    write_raw,
)
from tests.unit.runtime_loop.test_consumer_failures import POISON


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def newer(number: int) -> Entry:
    """A fact of a heard type as a newer program writes it."""
    return _with_sum(entry_of(envelope(sourced(number))), t=b"lead.sourced.v2")


def _with_sum(entry: Entry, **changes: bytes) -> Entry:
    changed = entry._replace(**changes)
    return changed._replace(h=check(*changed[:5]))


async def test_newer_version_of_a_heard_type_is_given_up_and_not_swallowed(log: MemoryLog) -> None:
    await write_raw(log, newer(1))
    await write_leads(log, 2, 2)
    await work_off(log, service())
    (letter,) = await dead(log)
    assert letter.entry_type == "lead.sourced.v2"
    assert letter.reason == "This service does not know lead.sourced.v2. Upgrade it."
    assert await enriched(log) == [lead_number(2)]


async def test_newer_version_that_is_sent_back_too_early_keeps_its_letter(log: MemoryLog) -> None:
    await write_raw(log, newer(1))
    await work_off(log, service())
    await write(log, sent_back((await dead(log))[0]))
    await work_off(log, service())
    first, second = await dead(log)
    assert (first.dead_id, first.entry_category, first.entry_seq) == (
        second.dead_id,
        second.entry_category,
        second.entry_seq,
    )


async def test_newer_version_of_an_unheard_type_is_passed(log: MemoryLog) -> None:
    await write_raw(log, _with_sum(entry_of(envelope(sourced(1))), t=b"lead.painted.v1"))
    await work_off(log, service())
    assert not await dead(log)


@pytest.mark.parametrize("field", ["b", "t", "h"])
async def test_damaged_entry_is_given_up_and_everything_behind_it_proceeds(log: MemoryLog, field: str) -> None:
    entry = entry_of(envelope(sourced(1)))
    raw: bytes = getattr(entry, field)
    await write_raw(log, entry._replace(**{field: bytes([raw[0] ^ 1]) + raw[1:]}))
    await write_raw(log, entry._replace(**{field: bytes([raw[0] ^ 2]) + raw[1:]}))
    await write_leads(log, 2, 4)
    await work_off(log, service())
    assert len(await enriched(log)) == 3
    letters = await dead(log)
    assert [letter.entry_seq for letter in letters] == [1, 2]
    assert all("does not carry the sum" in letter.reason for letter in letters)
    assert pending(log) == 0


async def test_damaged_id_does_not_stop_the_service(log: MemoryLog) -> None:
    await write_raw(log, entry_of(envelope(sourced(1)))._replace(i=b"\xffnot an id"))
    await write_leads(log, 2, 2)
    await work_off(log, service())
    assert len(await dead(log)) == 1


async def test_damaged_snapshot_stops_its_own_lead_alone(log: MemoryLog) -> None:
    await write_leads(log, 1, 5)
    ref = Ref("lead", POISON)
    await log.commit(0, [Unit([(ref, 1)], saves=[Save(ref, 1, b"\xc1")])])
    await work_off(log, service())
    assert len(await enriched(log)) == 4
    (letter,) = await dead(log)
    assert letter.entry_seq == 3
