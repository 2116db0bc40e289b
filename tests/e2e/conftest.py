"""Homes whose store runs already: to start one and to stop it is the slow part of a command that joins it instead."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

from services.runtime.embedded import EmbeddedServer
from services.runtime.server_process import probe, socket_path
from tests.conftest import short_directory


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """A SWARM_HOME for one module; a server that a failed test leaves over it is ended."""
    with short_directory() as directory:
        home = directory / "home"
        with held(home):
            yield home
        with suppress(redis.RedisError):
            os.kill(int(probe(socket_path(home))["process_id"]), signal.SIGKILL)


@pytest.fixture
def kept_home(home: Path) -> Iterator[Path]:
    """As `shared_home`, for the test alone."""
    with held(home):
        yield home


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Use the server over this home for as long as the block."""
    server = EmbeddedServer(home)
    asyncio.run(server.enter())
    try:
        yield
    finally:
        asyncio.run(server.leave())
