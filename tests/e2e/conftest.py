"""A home that all tests of a module share: starting is the slow part of a command."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from services.runtime.server_process import probe, socket_path
from tests.conftest import short_directory


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """A SWARM_HOME for one module; a server that a failed test leaves over it is ended."""
    with short_directory() as directory:
        home = directory / "home"
        yield home
        with suppress(redis.RedisError):
            os.kill(int(probe(socket_path(home))["process_id"]), signal.SIGKILL)
