"""What tests of every kind share: one real store per worker, and a namespace of its own for each test."""

import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis

from services.runtime.server_process import ThrowAwayServer, probe, socket_path

STORE_IMAGE = "valkey/valkey:9"
STORE_COMMAND = "valkey-server --appendonly yes --appendfsync always --maxmemory-policy noeviction"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real store: the one named by SWARM_TEST_REDIS_URL, else a container, else the embedded server."""
    if given := os.environ.get("SWARM_TEST_REDIS_URL"):
        yield given
    elif docker_answers():
        yield from _container()
    else:
        with short_directory() as directory, ThrowAwayServer(directory) as server:
            yield server.url


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


def docker_answers() -> bool:
    """Whether a Docker daemon is there; asked within two seconds."""
    if shutil.which("docker") is None and "DOCKER_HOST" not in os.environ:
        return False
    try:
        import docker

        client = docker.from_env(timeout=2)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except Exception:  # noqa: BLE001 - Whatever is wrong with Docker here, the embedded server will do.
        return False


def _container() -> Iterator[str]:
    # The reaper is an image of its own, which an offline machine lacks; the container is stopped here instead.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    try:
        from testcontainers.community.redis import RedisContainer
    except ImportError:
        from testcontainers.redis import RedisContainer
    with RedisContainer(STORE_IMAGE).with_command(STORE_COMMAND) as container:
        yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
