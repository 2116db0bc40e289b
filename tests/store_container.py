"""A store for the tests in a container, with the settings that `docker-compose.yml` ships, or one line why not."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

IMAGE = "valkey/valkey:9"
SETTINGS = Path(__file__).parents[1] / "deploy" / "redis.conf"
SETTINGS_INSIDE = "/etc/swarm/redis.conf"
PORT = 6379
LOOPBACK = "127.0.0.1"

# All of them together stay far below the time that one test may take: the first one waits for its store.
PING_S_MAX = 2
DAEMON_S_MAX = 10
PULL_S_MAX = 30.0
READY_S_MAX = 15.0
POLL_S = 0.05
REASON_LENGTH_MAX = 300


class NoContainerError(Exception):
    """A daemon answers, and still there is no store in a container; the text is one line."""


def docker_answers() -> bool:
    """Whether a Docker daemon of this machine is there; asked within two seconds."""
    if shutil.which("docker") is None and "DOCKER_HOST" not in os.environ:
        return False
    try:
        import docker

        client = docker.from_env(timeout=PING_S_MAX)
        try:
            # A container of another machine could be reached only if the port of a store without a password were open.
            return urlsplit(client.api.base_url).hostname in {"localhost", LOOPBACK, "::1"} and bool(client.ping())
        finally:
            client.close()
    except Exception:  # noqa: BLE001 - Whatever is wrong with Docker here, the embedded server will do.
        return False


@contextmanager
def store_container() -> Iterator[str]:
    """The address of a store that lives as long as the context, reached from this machine alone.

    Raises:
        NoContainerError: it cannot be had, or not soon; nothing of it is left behind.
    """
    # The reaper is an image of its own, which an offline machine lacks; the container is stopped here instead.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    with ExitStack() as stack:
        try:
            from testcontainers.core.container import DockerContainer

            container = DockerContainer(IMAGE, docker_client_kw={"timeout": DAEMON_S_MAX})
            stack.callback(_remove, container)
            container.with_copy_into_container(SETTINGS, SETTINGS_INSIDE)
            container.with_command(["valkey-server", SETTINGS_INSIDE])
            ports: dict[str, Any] = container.ports
            ports[f"{PORT}/tcp"] = (LOOPBACK, None)
            _fetch(container)
            container.start()
            docker = container.get_docker_client()
            # Not `get_container_host_ip`: where it believes to be in a container itself, it names the bridge.
            port = int(docker.port(container.get_container_id(), PORT))
            _wait_ready(port, lambda: _state(container))
        except Exception as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise NoContainerError(said[:REASON_LENGTH_MAX]) from error
        yield f"redis://{LOOPBACK}:{port}/0"


def _fetch(container: Any) -> None:
    """Pull the image where it is not there; the library itself would wait for a registry for ever."""
    from docker.errors import ImageNotFound

    images = container.get_docker_client().client.images
    with suppress(ImageNotFound):
        images.get(container.image)
        return
    failures: list[Exception] = []

    def pull() -> None:
        try:
            images.pull(container.image)
        except Exception as error:  # noqa: BLE001 - Told by the thread that waits.
            failures.append(error)

    thread = Thread(target=pull, daemon=True)
    thread.start()
    thread.join(PULL_S_MAX)
    if thread.is_alive():
        raise TimeoutError(f"{container.image} is not here after {PULL_S_MAX:.0f} s; `docker pull` fetches it.")
    if failures:
        raise failures[0]


def _wait_ready(port: int, state: Callable[[], str]) -> None:
    began = time.monotonic()
    retry = Retry(NoBackoff(), 0)
    with redis.Redis(LOOPBACK, port, socket_timeout=1, socket_connect_timeout=1, retry=retry) as client:
        while True:
            try:
                client.ping()
                return
            except redis.RedisError as error:
                if (found := state()) != "running":
                    raise RuntimeError(f"The container is {found}.") from error
                if time.monotonic() - began > READY_S_MAX:
                    raise TimeoutError(f"No answer at {LOOPBACK}:{port} after {READY_S_MAX:.0f} s: {error}") from error
            time.sleep(POLL_S)


def _state(container: Any) -> str:
    container.reload()
    return str(container.status)


def _remove(container: Any) -> None:
    # A daemon that is gone by now must not fail the tests that ran on it.
    with suppress(Exception):
        container.stop()
