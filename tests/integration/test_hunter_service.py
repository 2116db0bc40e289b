"""HUNTER over a real store: chunks worked through once, whatever is repeated, and runs that end, stop and go on."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from contracts.envelope import AnyEnvelope, Event
from contracts.facts import Ref, ref_of
from contracts.identity import CONTROL, partition_of
from contracts.lead import LeadDuplicate, LeadReleased, LeadSourced, LeadUpdated, LeadWithdrawn, RunTerms
from contracts.run import FileRef, Run, RunChunkRead, RunRequested, RunSourceBlocked
from services.hunter.service import build
from services.hunter.source_work import Tools
from services.reading.chunks import chunks
from services.reading.file import read_file
from services.runtime.consumer import Consumer
from services.runtime.exclusion_list import ExclusionList
from services.runtime.file_store import FileStore
from services.runtime.log import Answer, EventLog, Unit
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import open_log
from tests.controls import (
    IDENTITY_KEY,
    email_approved,
    email_drafted,
    lead_held,
    run_cancelled,
    run_resumed,
    run_stopped,
    run_tallied,
    run_withdrawn,
)
from tests.unit.runtime_loop.loops import (
    PACE,
    consumer,
    facts,
    now,
    running,
    snapshots_fit,
    until,
    write,
)

FIRST = "0b9a0e2a-5f7c-5c0c-8a61-9b1b8b0a0001"
SECOND = "0b9a0e2a-5f7c-5c0c-8a61-9b1b8b0a0002"


def rows(count: int, title: str = "Head") -> bytes:
    lines = [f"Person {n},p{n}@company-{n % 7}.example,Company {n % 7},{title}" for n in range(1, count + 1)]
    return "\n".join(["Name,Email,Company,Title", *lines]).encode()


def tools_of(log: EventLog, files: FileStore) -> Tools:
    return Tools(log, files, IDENTITY_KEY, now, ExclusionList(log, IDENTITY_KEY, time.monotonic))


class Hunt:
    """A namespace with HUNTER, and the files of its runs."""

    def __init__(self, log: RedisLog) -> None:
        self.log = log
        self.files = FileStore(log.store, log.namespace)

    async def of(self, run_id: str) -> Sequence[str]:
        """The leads of a run, as the view would give them."""
        found = [fact.event for fact in await self.facts(LeadSourced)]
        return [one.lead_id for one in found if isinstance(one, LeadSourced) and one.run.run_id == run_id]

    def places(self) -> range:
        return range(1) if self.log.partitions == 1 else range(self.log.partitions + 1)

    async def facts(self, kind: type[Event]) -> list[AnyEnvelope]:
        return [fact for place in self.places() for fact in await facts(self.log, kind, place)]

    async def request(
        self, content: bytes, run_id: str = FIRST, *, limit: int | None = None, size: int = 10, stored: bool = True
    ) -> None:
        sheet = read_file("leads.csv", content)
        blobs = chunks(sheet, size)
        if stored:
            await self.files.put(sheet.sha256, run_id, blobs)
        file = FileRef(
            sha256=sheet.sha256,
            name=sheet.name,
            rows=len(sheet.rows),
            chunks=len(blobs),
            mapping=sheet.mapping,
            dialect="",
            synthetic=False,
        )
        terms = RunTerms(run_id=run_id, mode="staging")
        await self.write(RunRequested(run_id=run_id, terms=terms, source="file", file=file, limit=limit), run_id)

    async def write(self, event: Event, cause: str = FIRST) -> None:
        spread = ref_of(event).category in {"lead", "email"}
        place = partition_of(event.about(), self.log.partitions) if spread else CONTROL
        await write(self.log, event, partition=place, cause=cause)

    async def run(self, run_id: str = FIRST) -> Run:
        ref = Ref("run", run_id)
        run = (await self.log.load(CONTROL, [ref]))[ref].state
        assert isinstance(run, Run)
        return run

    async def read(self, run_id: str = FIRST) -> bool:
        return (await self.run(run_id)).rows_read

    async def idle(self) -> bool:
        from services.runtime.settle import group_behind

        return not await group_behind(self.log, CONTROL, "hunter")

    def hunter(self, slot: int = 0, log: EventLog | None = None) -> Consumer:
        tools = tools_of(log or self.log, self.files)
        return consumer(self.log, build(tools, self), slot=slot, pace=PACE)

    async def work(self) -> None:
        async with running(self.hunter()):
            await until(self.idle)


@pytest.fixture(params=[1, 4])
async def hunt(request: pytest.FixtureRequest, redis_url: str, namespace: str) -> AsyncIterator[Hunt]:
    log = await open_log(redis_url, namespace, identity_key=IDENTITY_KEY, partitions=request.param)
    yield Hunt(log)
    await log.close()


async def test_file_is_worked_through_chunk_by_chunk(hunt: Hunt) -> None:
    await hunt.request(rows(45))
    await hunt.work()
    run = await hunt.run()
    assert (run.chunks_read, run.rows["rows"], run.rows["sourced"]) == (5, 45, 45)
    read = [one.event for one in await hunt.facts(RunChunkRead)]
    assert [one.chunk for one in read if isinstance(one, RunChunkRead)] == list(range(5))
    assert len({fact.aggregate_id for fact in await hunt.facts(LeadSourced)}) == 45
    for place in hunt.places():
        assert await snapshots_fit(hunt.log, place)


async def test_every_row_has_one_outcome(hunt: Hunt) -> None:
    content = rows(20) + b"\nNobody,,,\nPerson 1,p1@company-1.example,Company 1,Head\n,not an address,,"
    await hunt.request(content, limit=22)
    await hunt.work()
    counts = (await hunt.run()).rows
    assert counts["sourced"] + counts["updated"] + counts["duplicate"] + counts["refused"] + counts["not_taken"] == 23
    assert (counts["sourced"], counts["duplicate"], counts["refused"], counts["not_taken"]) == (20, 1, 1, 1)


@pytest.mark.parametrize(("limit", "taken"), [(1, 1), (10, 10), (15, 15), (25, 20)])
async def test_rows_beyond_the_limit_are_not_taken(hunt: Hunt, limit: int, taken: int) -> None:
    await hunt.request(rows(20), limit=limit)
    await hunt.work()
    counts = (await hunt.run()).rows
    assert (counts["sourced"], counts["not_taken"]) == (taken, 20 - taken)


async def test_second_run_of_the_same_file_finds_duplicates(hunt: Hunt) -> None:
    for run in (FIRST, SECOND):
        await hunt.request(rows(25), run)
        await hunt.work()
    counts = (await hunt.run(SECOND)).rows
    assert (counts["sourced"], counts["duplicate"]) == (0, 25)
    named = [one.event for one in await hunt.facts(LeadDuplicate)]
    assert all(isinstance(one, LeadDuplicate) and one.first_run_id == FIRST and one.first_row for one in named)


async def test_second_run_with_news_updates(hunt: Hunt) -> None:
    await hunt.request(rows(5))
    await hunt.work()
    await hunt.request(rows(5, "Countess"), SECOND)
    await hunt.work()
    assert (await hunt.run(SECOND)).rows["updated"] == 5
    assert len(await hunt.facts(LeadUpdated)) == 5


class Failing:
    """A log that dies after some commits have had their effect."""

    def __init__(self, log: RedisLog, lives: int) -> None:
        self._log = log
        self.lives = lives

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        if not self.lives:
            raise KeyError("dead")
        self.lives -= 1
        return await self._log.commit(partition, units, acks)


@pytest.mark.parametrize("lives", [0, 1, 2, 3])
async def test_I3_chunk_that_was_half_done_gives_the_same_counts_when_it_is_done_again(hunt: Hunt, lives: int) -> None:
    await hunt.request(rows(150), size=200)
    dying = Failing(hunt.log, lives)
    async with running(hunt.hunter(log=dying)):  # type: ignore[arg-type]

        async def dead() -> bool:
            return bool(await hunt.log.store.exists(f"{{{hunt.log.namespace}:0}}:failed:hunter")) or await hunt.read()

        await until(dead)
        dying.lives = 1_000
        await until(hunt.read)
    assert (await hunt.run()).rows["sourced"] == 150
    assert len(await hunt.facts(LeadSourced)) == 150
    ids = [fact.event_id for place in hunt.places() for fact in await facts(hunt.log, partition=place)]
    assert len(set(ids)) == len(ids)


async def test_I3_two_hunters_count_each_row_once(hunt: Hunt) -> None:
    await hunt.request(rows(100))
    await hunt.request(rows(100), SECOND)
    async with running(hunt.hunter(0), hunt.hunter(1)):

        async def both() -> bool:
            return await hunt.read(FIRST) and await hunt.read(SECOND)

        await until(both)
    first, second = (await hunt.run(FIRST)).rows, (await hunt.run(SECOND)).rows
    assert first["sourced"] + second["sourced"] == 100
    assert first["sourced"] + first["duplicate"] == second["sourced"] + second["duplicate"] == 100
    assert len(await hunt.facts(LeadSourced)) == 100


async def test_I3_chunk_that_two_work_on_at_once_is_counted_once(hunt: Hunt) -> None:
    await hunt.request(rows(60), size=200)
    heard = (await hunt.facts(RunRequested))[0]
    run = await hunt.run()
    from services.hunter.source_work import work_through

    tools = [tools_of(hunt.log, hunt.files) for _ in range(3)]
    read = await asyncio.gather(*(work_through(heard, FIRST, run, 0, one) for one in tools))
    assert {one.sourced for one in read if isinstance(one, RunChunkRead)} == {60}
    assert len(await hunt.facts(LeadSourced)) == 60


async def test_chunk_is_not_worked_through_again_because_queen_counted(hunt: Hunt) -> None:
    await hunt.request(rows(10))
    loads = 0

    class Counting(Failing):
        async def commit(
            self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
        ) -> list[Answer]:
            nonlocal loads
            loads += 1
            answers = await super().commit(partition, units, acks)
            if loads == 1:
                await hunt.write(run_tallied(run_id=FIRST))
            return answers

    async with running(hunt.hunter(log=Counting(hunt.log, 1_000))):  # type: ignore[arg-type]
        await until(hunt.read)
    assert (await hunt.run()).rows["sourced"] == 10
    assert loads == len(
        {partition_of(fact.aggregate_id, hunt.log.partitions) for fact in await hunt.facts(LeadSourced)}
    )


async def test_file_that_is_no_longer_stored_blocks_the_source(hunt: Hunt) -> None:
    await hunt.request(rows(5), stored=False)
    await hunt.work()
    (blocked,) = [one.event for one in await hunt.facts(RunSourceBlocked)]
    assert isinstance(blocked, RunSourceBlocked)
    assert (blocked.reason, blocked.remedy) == ("Chunk 1 of the file is no longer stored.", "Import the file again.")
    assert await hunt.read()


async def test_other_columns_of_a_later_run_do_not_reach_the_first(hunt: Hunt) -> None:
    content = rows(5)
    await hunt.request(content)
    other = read_file("leads.csv", content, mapping={"company": "Title"})
    await hunt.files.put(other.sha256, SECOND, chunks(other, 10))
    await hunt.work()
    sourced = [one.event for one in await hunt.facts(LeadSourced)]
    assert {str(one.fields["company"])[:7] for one in sourced if isinstance(one, LeadSourced)} == {"Company"}


async def test_invented_source_gives_as_many_leads_as_asked_for(hunt: Hunt) -> None:
    terms = RunTerms(run_id=FIRST, mode="sandbox")
    asked = RunRequested(run_id=FIRST, terms=terms, source="competitor_gong", limit=5, seed=7)
    await write(hunt.log, asked, cause=FIRST, synthetic=True)
    await hunt.work()
    assert (await hunt.run()).rows["sourced"] == 5
    assert all(fact.synthetic for fact in await hunt.facts(LeadSourced))


@pytest.mark.parametrize("over", [run_cancelled(run_id=FIRST), run_withdrawn(run_id=FIRST)])
async def test_file_is_dropped_when_the_run_is_over(hunt: Hunt, over: Event) -> None:
    await hunt.request(rows(5))
    await hunt.work()
    sha256 = read_file("leads.csv", rows(5)).sha256
    assert await hunt.files.chunk(sha256, 0)
    await hunt.write(over)
    await hunt.work()
    assert await hunt.files.chunk(sha256, 0) is None


async def test_withdrawn_run_takes_its_leads_and_undecided_drafts_back_once(hunt: Hunt) -> None:
    await hunt.request(rows(6))
    await hunt.work()
    from contracts.identity import email_id

    leads = sorted(await hunt.of(FIRST))
    for lead in leads[:3]:
        about = {"lead_id": lead, "email_id": email_id(lead, 1), "run_id": FIRST}
        await hunt.write(email_drafted(**about), lead)
    await hunt.write(email_approved(lead_id=leads[0], email_id=email_id(leads[0], 1), run_id=FIRST), leads[0])
    await hunt.write(run_withdrawn(run_id=FIRST))
    await hunt.work()
    assert sorted(fact.aggregate_id for fact in await hunt.facts(LeadWithdrawn)) == leads
    withdrawn = [
        f for p in hunt.places() for f in await facts(hunt.log, partition=p) if "withdrawn" in f.event.type_tag()
    ]
    assert len(withdrawn) == len(leads) + 3 + 1


async def test_stopped_run_reads_no_further_until_it_is_resumed(hunt: Hunt) -> None:
    await hunt.request(rows(30))
    await hunt.write(run_stopped(run_id=FIRST))
    await hunt.work()
    assert (await hunt.run()).chunks_read == 0
    await hunt.write(run_resumed(run_id=FIRST))
    await hunt.work()
    assert (await hunt.run()).rows["sourced"] == 30


async def test_resumed_run_releases_the_leads_that_were_held(hunt: Hunt) -> None:
    await hunt.request(rows(4))
    await hunt.work()
    leads = sorted(await hunt.of(FIRST))
    for lead in leads[:2]:
        await hunt.write(lead_held(lead_id=lead, run_id=FIRST), lead)
    await hunt.write(run_stopped(run_id=FIRST))
    await hunt.write(run_resumed(run_id=FIRST))
    await hunt.work()
    assert sorted(fact.aggregate_id for fact in await hunt.facts(LeadReleased)) == leads[:2]


class Withdrawing:
    """A log in which a person withdraws the run once the first leads of its chunk are in, and another replica hears it."""

    def __init__(self, hunt: Hunt) -> None:
        self._hunt = hunt
        self._sourced = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._hunt.log, name)

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        answers = await self._hunt.log.commit(partition, units, acks)
        if not self._sourced:
            self._sourced = len(units)
            await self._hunt.write(run_withdrawn(run_id=FIRST))
            async with running(self._hunt.hunter(slot=1)):
                await until(self._taken_back)
        return answers

    async def _taken_back(self) -> bool:
        return len(await self._hunt.facts(LeadWithdrawn)) == self._sourced


async def test_leads_that_come_while_their_run_is_withdrawn_are_taken_back_too(hunt: Hunt) -> None:
    await hunt.request(rows(150), size=200)
    async with running(hunt.hunter(log=Withdrawing(hunt))):  # type: ignore[arg-type]
        await until(hunt.idle)
    sourced = {fact.aggregate_id for fact in await hunt.facts(LeadSourced)}
    assert len(sourced) == 150
    assert {fact.aggregate_id for fact in await hunt.facts(LeadWithdrawn)} == sourced
    assert (await hunt.run()).status == "withdrawn"
