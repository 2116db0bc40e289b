"""Many readers of the live feed, who break off at random and come back: each hears everything once and in order.

The long form is as many, for as long, as the acceptance has it:
SWARM_FEED_SUBSCRIBERS=500 SWARM_FEED_SECONDS=60 SWARM_FEED_EVENTS=5000.
"""

import asyncio
import json
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic, process_time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from contracts.envelope import Actor
from services.cli.bootstrap import open_swarm
from services.cli.people import accounts_of
from services.commands.accounts import Accounts
from services.runtime.log import EventLog
from services.runtime.server_process import ThrowAwayServer
from services.runtime.settings import Settings
from tests.e2e.console import command
from tests.integration.gateway.office import Lead
from tests.storm.checks import facts_of
from tests.storm.listeners import Door, Listener
from tests.unit.projections.stories import Teller

SUBSCRIBERS = int(os.environ.get("SWARM_FEED_SUBSCRIBERS", "60"))
SECONDS = float(os.environ.get("SWARM_FEED_SECONDS", "8"))
EVENTS = int(os.environ.get("SWARM_FEED_EVENTS", "600"))
SEED = int(os.environ.get("SWARM_FEED_SEED", "20260403"))
STAYS_S = 8.0
"""How long a reader listens on average before it breaks off."""
WARM_S = max(4.0, SECONDS / 6)
GROWTH_MAX = 1.1
STOP_S_MAX = 2.0
CATCH_UP_S = 20.0
FOUNDER = Actor(kind="person", id="founder@local")
ROLES = ("admin", "auditor")
"""Both hear everything; one of them sees nothing that belongs to a prospect."""
QUERIES = ("", "", "", "category=email", "category=lead&category=run", "type=lead.scored.v1")
"""Half of the readers want everything, the others a part of it."""


@pytest.fixture
def settings(server: ThrowAwayServer, tmp_path: Path) -> Iterator[Settings]:
    """What the gateway's process and the test share."""
    values = {
        "SWARM_REDIS_URL": server.url,
        "SWARM_HOME": str(tmp_path / "home"),
        "SWARM_NAMESPACE": "feeds",
        "SWARM_IDENTITY_KEY": "5e" * 32,
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in values.items():
            patched.setenv(name, value)
        yield Settings()


@asynccontextmanager
async def gateway() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`swarm serve gateway` in a process of its own, and where it listens."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command("serve", "gateway", "--json"), stdout=pipe, stderr=pipe)
    try:
        assert process.stdout is not None
        yield process, json.loads(await process.stdout.readline())["address"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def memory_mb(pid: int) -> float:
    """What a process has in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1_024


def worked_s(pid: int) -> float:
    """How many seconds of processor time a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def token_of(accounts: Accounts, role: str) -> str:
    """Somebody of this role, and the text of their token."""
    await accounts.open_account(role, name="", roles=[role], actor=FOUNDER, command_id=str(uuid4()))
    _, text = await accounts.create_token(
        role, label="", scopes=(), life=timedelta(days=1), actor=FOUNDER, command_id=str(uuid4())
    )
    return text


async def tell(log: EventLog, luck: random.Random) -> None:
    """So many facts over so many seconds, four with each commit, unevenly."""
    teller, began, steps = Teller(log, told=1), monotonic(), EVENTS // 4
    for number in range(1, steps + 1):
        await teller.tell([Lead(number=number).step()])
        due = began + SECONDS * number / steps
        await asyncio.sleep(max(0.0, due - monotonic()) * luck.uniform(0.5, 1.5))


async def weigh(pid: int, weights: list[float]) -> None:
    """What the server has in memory, every second from when it is warm."""
    await asyncio.sleep(WARM_S)
    while True:
        weights.append(memory_mb(pid))
        await asyncio.sleep(1.0)


def wanted(facts: Sequence[tuple[int, str]], query: str, after: int) -> list[int]:
    """What somebody with this query has to hear."""
    values = {one.split("=")[1] for one in query.split("&") if one}
    return [seq for seq, tag in facts if seq > after and (not values or values & {tag, tag.split(".")[0]})]


@pytest.mark.timeout(400)
async def test_I14_I16_I18_many_readers_hear_everything_once_while_memory_stays_and_the_end_is_quick(
    settings: Settings,
) -> None:
    luck, weights = random.Random(SEED), list[float]()
    async with open_swarm(settings) as swarm, gateway() as (process, address):
        accounts, where = accounts_of(swarm.log, swarm.clock), urlsplit(address)
        doors = [Door(str(where.hostname), int(where.port or 0), await token_of(accounts, one)) for one in ROLES]
        start = await swarm.log.head(0)
        listeners = [
            Listener(doors[n % len(doors)], QUERIES[n % len(QUERIES)], start, random.Random(luck.random()), STAYS_S)
            for n in range(SUBSCRIBERS)
        ]
        working = [asyncio.create_task(one.run()) for one in listeners]
        await asyncio.sleep(1.0)
        weighing = asyncio.create_task(weigh(process.pid, weights))
        await tell(swarm.log, luck)
        facts = [(one.position.seq, one.event.type_tag()) for one in await facts_of(swarm.log)]
        due = {query: wanted(facts, query, start) for query in QUERIES}
        told_at = monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_S):
                await asyncio.gather(*(one.has(len(due[one.query])) for one in listeners))
        caught_up_s = monotonic() - told_at
        for task in (*working, weighing):
            task.cancel()
        await asyncio.gather(*working, weighing, return_exceptions=True)
        staying = [asyncio.create_task(one.stay()) for one in listeners]
        async with asyncio.timeout(CATCH_UP_S):
            await asyncio.gather(*(one.settled.wait() for one in listeners))
        weights.append(memory_mb(process.pid))
        worked = worked_s(process.pid), process_time()
        began = monotonic()
        process.send_signal(signal.SIGTERM)
        code = await process.wait()
        stopped_s = monotonic() - began
        whole = await asyncio.gather(*staying)
        assert process.stderr is not None
        said = (await process.stderr.read()).decode()
    wrong = [f"{one.query or 'all'}: {len(one.heard)} of {len(due[one.query])}" for one in listeners if list(one.heard) != due[one.query]]  # fmt: skip
    report = "\n".join([
        f"seed {SEED}: {SUBSCRIBERS} readers, {EVENTS} facts in {SECONDS:.0f} s; SWARM_FEED_… set them",
        f"{sum(one.cuts for one in listeners)} cuts by readers, {sum(one.ended for one in listeners)} by the server; caught up after {caught_up_s:.2f} s",
        f"{sum(len(one.heard) for one in listeners)} messages heard; wrong: {wrong[:5]} {[one.words[:2] for one in listeners if one.words][:5]}",
        f"memory {weights[0]:.1f} MB after {WARM_S:.0f} s, at most {max(weights):.1f}, at the end {weights[-1]:.1f}: {weights[-1] / weights[0]:.3f}",
        f"processor time: the server {worked[0]:.1f} s, the readers {worked[1]:.1f} s; load {os.getloadavg()[0]:.1f}",
        f"stopped in {stopped_s:.2f} s with {code}, {sum(whole)} feeds ended whole; on stderr: {said[:300]!r}",
    ])  # fmt: skip
    print(f"\n{report}")
    assert not wrong, report
    assert not any(one.words for one in listeners), report
    assert not sum(one.ended for one in listeners), report
    assert weights[-1] <= GROWTH_MAX * weights[0], report
    assert (code, said) == (0, ""), report
    assert stopped_s < STOP_S_MAX, report
    assert all(whole), report
