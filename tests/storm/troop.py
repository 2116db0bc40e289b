"""The processes of a storm: started, killed, watched, and started again by nobody but this supervisor."""

import asyncio
import multiprocessing
import os
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from services.runtime.server_process import ThrowAwayServer
from tests.storm.worker import Errand, Fault, main

GRACE_S = 20.0
SIGKILLED = -9

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.storm.worker"])


class Hit(NamedTuple):
    """A fault that came about: who died at which point, with how much in flight."""

    victim: str
    point: str
    in_flight: int


@dataclass
class Post:
    """One place in the troop: who stands there now, and the faults that are still to come there."""

    name: str
    service: str
    faults: deque[Fault] = field(default_factory=deque)
    armed: list[Fault] = field(default_factory=list)
    process: multiprocessing.process.BaseProcess | None = None
    lives: int = 0
    read: int = 0


class Troop:
    """Keeps every post manned and the server up; takes down what happened."""

    def __init__(
        self,
        server: ThrowAwayServer,
        folder: Path,
        environment: Mapping[str, str],
        posts: Mapping[str, Sequence[Fault]],
        *,
        least: int,
        ack_first: bool = False,
    ) -> None:
        self.server = server
        self._folder = folder
        self._environment = environment
        self._least = least
        self._ack_first = ack_first
        self.posts = [Post(name, name.partition("-")[0], deque(faults)) for name, faults in posts.items()]
        self.hits: list[Hit] = []
        self.random_kills: list[str] = []
        self.unasked: list[str] = []
        self.receipts = folder / "receipts"

    @property
    def to_come(self) -> int:
        """How many faults have not come about."""
        return sum(len(post.faults) + len(post.armed) for post in self.posts)

    def start(self) -> None:
        """Man every post."""
        self._note_server()
        for post in self.posts:
            self._man(post)

    def look(self) -> None:
        """One round: what died at its point is taken down, and everything that is down is started again."""
        exited = os.waitid(os.P_PID, self.server.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if exited is not None:
            self.server.kill()
            self.server.start()
            self._note_server()
        for post in self.posts:
            self._take_down(post)
            code = post.process.exitcode if post.process else None
            if code is None:
                continue
            if code != SIGKILLED:
                self.unasked.append(f"{post.name} ended with {code}")
            self._take_down(post)
            self._man(post)

    def kill_one(self, draw: random.Random) -> None:
        """Kill anybody, the server included, wherever it is."""
        chosen = draw.choice([*self.posts, None])
        self.random_kills.append(chosen.name if chosen else "server")
        if chosen is None:
            self.server.kill()
            self.server.start()
            self._note_server()
        elif chosen.process:
            chosen.process.kill()

    async def stop(self) -> list[str]:
        """Ask everybody to end; returns who did not in good order."""
        for post in self.posts:
            if post.process:
                post.process.terminate()
        for post in self.posts:
            if post.process:
                await asyncio.to_thread(post.process.join, GRACE_S)
        codes = {post.name: post.process.exitcode for post in self.posts if post.process}
        return [f"{name} ended with {code}" for name, code in codes.items() if code != 0]

    def end(self) -> None:
        """Leave nobody behind."""
        for post in self.posts:
            if post.process:
                post.process.kill()
                post.process.join(GRACE_S)

    def _man(self, post: Post) -> None:
        post.faults.extendleft(reversed(post.armed))
        post.armed = []
        while post.faults:
            post.armed.append(post.faults.popleft())
            if post.armed[-1].victim == "self":
                break
        post.lives += 1
        post.read = 0
        errand = Errand(
            service=post.service,
            environment=self._environment,
            faults=post.armed,
            least=self._least,
            log=str(self._log_of(post)),
            output=str(self._folder / f"{post.name}.out"),
            receipts=str(self.receipts),
            server_pid=str(self._folder / "server.pid"),
            ack_first=self._ack_first,
        )
        post.process = _forks.Process(target=main, args=(errand,), daemon=True)
        post.process.start()

    def _log_of(self, post: Post) -> Path:
        return self._folder / f"{post.name}.{post.lives}"

    def _take_down(self, post: Post) -> None:
        """What the process wrote before it, or the server, died; the faults come about in the order they were armed."""
        log = self._log_of(post)
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        for line in lines[post.read :]:
            *victim, point, in_flight = line.split()
            self.hits.append(Hit(victim[0] if victim else post.service, point, int(in_flight)))
            post.armed.pop(0)
        post.read = len(lines)

    def _note_server(self) -> None:
        (self._folder / "server.pid").write_text(str(self.server.pid), encoding="utf-8")
