"""What tests of every kind share: one real store per worker, and a namespace of its own for each test."""

import hashlib
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import settings

from services.runtime.server_process import ThrowAwayServer, probe, socket_path
from tests.store_container import NoContainerError, docker_answers, store_container

settings.register_profile("swarm", deadline=None, print_blob=True)
settings.load_profile("swarm")
"""How long an example takes is no property of it: a busy machine is not a failure."""


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test that has the command line log warnings alone leaves nothing of it to the next one."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real store: the one named by SWARM_TEST_REDIS_URL, else a container, else the embedded server."""
    if given := os.environ.get("SWARM_TEST_REDIS_URL"):
        yield given
        return
    with ExitStack() as stack:
        url = ""
        if docker_answers():
            try:
                url = stack.enter_context(store_container())
            except NoContainerError as why:
                warnings.warn(f"The tests use the embedded server, for Docker gave no container: {why}", stacklevel=1)
        yield url or stack.enter_context(ThrowAwayServer(stack.enter_context(short_directory()))).url


@pytest.fixture
def namespace(request: pytest.FixtureRequest) -> str:
    """Unique to the test and the same in each run; a store that outlives the run gets a new one each time."""
    name: str = request.node.nodeid
    if os.environ.get("SWARM_TEST_REDIS_URL"):
        name += f"@{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    return f"t{hashlib.sha256(name.encode()).hexdigest()[:12]}"


@pytest.fixture
def home() -> Iterator[Path]:
    """A SWARM_HOME that nobody has used; a server that a failed test leaves over it is ended."""
    with short_directory() as directory:
        yield directory / "home"
        with suppress(redis.RedisError):
            os.kill(int(probe(socket_path(directory / "home"))["process_id"]), signal.SIGKILL)


@pytest.fixture
def server() -> Iterator[ThrowAwayServer]:
    """A running server for this test alone, to be killed and started again."""
    with short_directory() as directory, ThrowAwayServer(directory) as started:
        yield started


@contextmanager
def short_directory() -> Iterator[Path]:
    """A temporary directory whose path leaves room for a socket; pytest's own are often too long."""
    path = Path(tempfile.mkdtemp(prefix="swarm-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
