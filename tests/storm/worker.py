"""One service in a process of its own, as the storm starts it, with the faults it has to bring about."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from contracts.errors import StoreUnavailable, UnsafeStore
from services.cli.bootstrap import Swarm, open_swarm
from services.runtime import crash, keys
from services.runtime.clock import rest
from services.runtime.host import Component, host
from services.runtime.log import Answer, Unit
from services.runtime.log_redis import RedisLog
from services.runtime.redis_client import ask, named_failures
from services.runtime.settings import Settings
from tests.storm.reviewer import Reviewer

RETRY_S = 0.1


class Fault(NamedTuple):
    """Who is killed when the process passes a point for the n-th time with enough in flight."""

    victim: str
    point: str
    nth: int


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What a process is to do.

    `least` is how much must be in flight for a pass to count; `ack_first` is the switch that breaks the commit.
    """

    service: str
    environment: Mapping[str, str]
    faults: Sequence[Fault]
    least: int
    log: str
    output: str
    receipts: str
    server_pid: str
    ack_first: bool = False


class Saboteur:
    """Stands in for `crash.point`: counts the passes that matter, and brings about one fault after the other."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._faults = list(errand.faults)
        self._left = 0
        self._die = crash.point
        self.commands = 0
        self._next()

    def _next(self) -> None:
        crash.arm("")
        if not self._faults:
            return
        fault = self._faults[0]
        self._left = fault.nth
        if fault.victim == "self":
            crash.arm(f"{fault.point}:{fault.nth}")

    def busy(self, commands: int) -> None:
        """Told by the reviewer: so many commands are under way, of which each passes its points alone."""
        self.commands = commands

    def __call__(self, name: str, in_flight: int = 0) -> None:
        in_flight = self.commands if name.startswith("execute.") else in_flight
        if not self._faults or in_flight < self._errand.least or name != self._faults[0].point:
            return
        if self._faults[0].victim == "self":
            self._die(name, in_flight)
            return
        self._left -= 1
        if self._left <= 0 and _kill_server(Path(self._errand.server_pid)):
            with Path(self._errand.log).open("a", encoding="utf-8") as file:
                file.write(f"server {name} {in_flight}\n")
            self._faults.pop(0)
            self._next()


def _kill_server(noted: Path) -> bool:
    """Kill the server; False where it is down already, so that this would be no fault of its own."""
    pid = int(noted.read_text(encoding="utf-8") or "0")
    state = Path(f"/proc/{pid}/stat")
    if not pid or (state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"):
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def main(errand: Errand) -> None:
    """The process's whole life."""
    output = os.open(errand.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(errand.environment, SWARM_CRASH_LOG=errand.log)
    saboteur = Saboteur(errand)
    crash.point = saboteur
    if errand.ack_first:
        RedisLog.commit = _acknowledge_first  # type: ignore[method-assign, assignment]
    asyncio.run(_work(errand, saboteur))
    sys.exit(0)


async def _work(errand: Errand, saboteur: Saboteur) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    parent = multiprocessing.parent_process()
    if parent is not None:
        # Whoever started this is gone: so is the server.
        loop.add_reader(parent.sentinel, os._exit, 1)
    while not stopping.is_set():
        try:
            async with open_swarm(Settings()) as swarm:
                await host(await _components(swarm, errand, saboteur), stopping)
        except UnsafeStore:
            raise
        except StoreUnavailable:
            await rest(RETRY_S, stopping)


async def _components(swarm: Swarm, errand: Errand, saboteur: Saboteur) -> list[Component]:
    if errand.service != "reviewer":
        return await swarm.serve([errand.service])
    return [Component("reviewer", Reviewer(swarm, Path(errand.receipts), saboteur.busy).run)]


_commit = RedisLog.commit


async def _acknowledge_first(
    log: RedisLog,
    partition: int,
    units: Sequence[Unit],
    acks: Mapping[tuple[str, str], Sequence[int]] | None = None,
) -> list[Answer]:
    """The mistake that the storm has to find: what is heard is acknowledged before what it led to stands."""
    async with named_failures():
        for unit in units:
            for category, group, seq in unit.deliveries:
                await ask(log.store, "XACK", keys.stream(log.namespace, partition, category), group, f"{seq}-0")
    crash.point("consumer.decided", len(units))
    return await _commit(log, partition, [unit._replace(deliveries=()) for unit in units], acks)
