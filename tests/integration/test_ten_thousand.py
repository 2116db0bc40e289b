"""Ten thousand rows, of which three in a hundred are dirty: none is lost, and all that is stored is what the log says."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest

from services.cli.bootstrap import Swarm, open_swarm
from services.cli.session import settle, working
from services.projections.rebuild import rebuild
from services.projections.verify import verify
from services.projections.views import LEADS, RUNS, VIEWS
from services.runtime import keys, stored
from services.runtime.redis_client import ask
from services.runtime.server_process import ThrowAwayServer
from services.runtime.settings import Settings
from tests.samples.make_leads import RowFate, make_with_key
from tests.storm import checks
from tests.storm.source import request

ROWS = 10_000
DIRTY_SHARE = 0.03
SEED = 10
RUN = "run_20260302_090000_010000"
SETTLED_S_MAX = 150.0
ALL = list(VIEWS.values())
WAITING = frozenset({"drafted"})


async def everything(swarm: Swarm) -> Mapping[str, Mapping[str, tuple[bytes, float | None]]]:
    """Every row of every live view, byte for byte, with its place in the listing."""
    found = {}
    for view in ALL:
        [standing] = await swarm.views.standing([view])
        pages = stored.view_pages(swarm.views.client, swarm.log.namespace, view.name, standing.generation)
        found[view.title] = {one.key: (one.value, one.rank) async for page in pages for one in page.rows}
    return found


@pytest.mark.timeout(300)
async def test_I2_I11_of_ten_thousand_rows_none_is_lost_and_every_view_is_the_fold_of_the_log(
    server: ThrowAwayServer, tmp_path: Path
) -> None:
    made = make_with_key(ROWS, SEED, DIRTY_SHARE)
    assert 1 - Counter(made.key)["sourced"] / ROWS == pytest.approx(DIRTY_SHARE)
    settings = Settings(redis_url=server.url, home=tmp_path, namespace="big")  # type: ignore[arg-type]
    async with open_swarm(settings) as swarm:
        async with working(swarm):
            await request(swarm, made, RUN)
            assert await settle(swarm, timeout_s=SETTLED_S_MAX)
        await every_row_has_its_fate(swarm, made.key)
        before = await everything(swarm)
        assert sum(map(len, before.values())) > ROWS
        rebuilt = await rebuild(swarm.log, swarm.views, ALL, grace_s=0)
        assert set(rebuilt.generations.values()) == {2}
        assert await everything(swarm) == before
        report = await verify(swarm.log, swarm.views)
        assert [one.sentence() for one in report.differences] == []
        assert report.facts == await swarm.log.head(0)
        assert set(report.behind.values()) == {0}
        await it_is_found_and_named(swarm, one_byte_of_a_snapshot, one_byte_of_a_row, a_row_removed)
        await it_is_found_and_named(swarm, one_byte_of_an_entry)


async def every_row_has_its_fate(swarm: Swarm, key: Sequence[RowFate]) -> None:
    """In the log row by row, and in the report of the run by number."""
    found = checks.examine(await checks.facts_of(swarm.log), {RUN: key}, waiting=WAITING)
    assert found.violations == []
    assert sum(found.outcomes.values()) == Counter(key)["sourced"] + Counter(key)["refused"]
    run = await swarm.views.get(RUNS, RUN)
    assert run is not None
    assert run.status == "waiting_for_review"
    assert {name: run.rows[name] for name in checks.COUNTED} == Counter(key)
    for earlier, later in zip(run.stages, run.stages[1:], strict=False):
        assert later.entered == earlier.out


async def it_is_found_and_named(swarm: Swarm, *damages: Callable[[Swarm], Awaitable[str]]) -> None:
    """Break some things; verify names each, and the first of them first."""
    names = [await damage(swarm) for damage in damages]
    report = await verify(swarm.log, swarm.views)
    found = [one.sentence() for one in report.differences]
    assert names[0] in found[0]
    for name in names:
        assert any(name in one for one in found), found


async def one_byte_of_a_snapshot(swarm: Swarm) -> str:
    """Of the lead in the middle of the listing by id."""
    client, name = swarm.views.client, keys.snapshots(swarm.log.namespace, 0, "lead")
    fields = sorted(await ask(client, "HKEYS", name))
    field = fields[len(fields) // 2]
    value = await ask(client, "HGET", name, field)
    await ask(client, "HSET", name, field, value[:-1] + bytes([value[-1] ^ 1]))
    return f"lead {field.decode()}"


async def one_byte_of_a_row(swarm: Swarm) -> str:
    client, name = swarm.views.client, keys.view_rows(swarm.log.namespace, LEADS.name, 2)
    field = max(await ask(client, "HKEYS", name))
    value = await ask(client, "HGET", name, field)
    await ask(client, "HSET", name, field, value[:-1] + bytes([value[-1] ^ 1]))
    return f"leads {field.decode()}"


async def a_row_removed(swarm: Swarm) -> str:
    client, name = swarm.views.client, keys.view_rows(swarm.log.namespace, LEADS.name, 2)
    field = min(await ask(client, "HKEYS", name))
    await ask(client, "HDEL", name, field)
    return f"leads {field.decode()}"


async def one_byte_of_an_entry(swarm: Swarm) -> str:
    """Of a lead's fact in the middle of the log. An entry is never changed in place, so its stream is written anew."""
    client, name = swarm.views.client, keys.stream(swarm.log.namespace, 0, "lead")
    entries = await ask(client, "XRANGE", name, "-", "+")
    damaged, fields = entries[len(entries) // 2]
    fields[9] = fields[9][:-1] + bytes([fields[9][-1] ^ 1])
    await client.delete(name)
    for start in range(0, len(entries), 1_000):
        pipeline = client.pipeline(transaction=False)
        for stream_id, parts in entries[start : start + 1_000]:
            pipeline.execute_command("XADD", name, stream_id, *parts)
        await pipeline.execute()
    return f"0:{damaged.decode().removesuffix('-0')}"
