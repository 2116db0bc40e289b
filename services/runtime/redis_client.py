"""Connections to the store: what is retried (nothing), how long is waited, and what each failure is called.

Writers have a short timeout; readers block, so theirs is longer than the block. No client retries by itself: a
repeated write is only safe where the commit script recognises it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeAlias, cast

import hiredis
import redis.asyncio as redis
from redis import exceptions
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.typing import EncodableT

from contracts.errors import StoreUnavailable, SwarmError, UnsafeStore

WRITE_TIMEOUT_S = 10.0
BLOCK_MS_MAX = 5_000
WRITERS_MAX = 16
READERS_MAX = 1_024
"""A blocked read keeps its connection, so there may be as many as there are readers."""
READ_MARGIN_S = 5.0
READ_BYTES = 1 << 20
"""What is parsed at once: a batch of entries has some hundred kB."""
AWAY_S_MAX = 5.0
"""The longest pause between two looks for a store that is away: who waits longer is late when it is back."""
RAW_REPLIES = ("XREAD", "XREADGROUP", "XRANGE", "XREVRANGE", "XAUTOCLAIM")

WORDS_CUT_OFF: dict[type[BaseException], str] = {
    exceptions.OutOfMemoryError: "OOM",
    exceptions.ReadOnlyError: "READONLY",
    exceptions.ClusterDownError: "CLUSTERDOWN",
    exceptions.MasterDownError: "MASTERDOWN",
    exceptions.TryAgainError: "TRYAGAIN",
}

Client = redis.Redis


def connect(url: str, *, timeout_s: float, connections_max: int) -> Client:
    """A client with its own pool whose stream replies are the plain lists of the wire.

    Whoever finds all connections busy waits for one: a hundred handlers that each opened their own would overrun the
    server's backlog.
    """
    pool = _Pool.from_url(
        url,
        max_connections=connections_max,
        timeout=timeout_s,
        protocol=2,
        decode_responses=False,
        socket_timeout=timeout_s,
        socket_connect_timeout=WRITE_TIMEOUT_S,
        socket_read_size=READ_BYTES,
        driver_info=_driver(),
        retry=Retry(NoBackoff(), 0),
    )
    pool.connection_class = type("Connection", (_Quick, pool.connection_class), {})
    client: Client = redis.Redis.from_pool(pool)
    for command in RAW_REPLIES:
        client.response_callbacks[command] = cast(Any, _as_it_came)
    return client


@cache
def _driver() -> DriverInfo:
    """What connections say of the client; without it each of them looks up anew which version is installed."""
    return DriverInfo()


class _Pool(redis.BlockingConnectionPool):
    """Hands over a connection that is free and in order without the client's locks, timer and meters, which took as long
    as the command; whoever has to wait for one, or for it to be connected, waits as in any pool."""

    _waiting = 0

    async def get_connection(self, *_: Any, **__: Any) -> Any:
        """A connection that is ready to send."""
        if self._available_connections:
            # Nobody else has a turn between the look and the taking: hiredis answers `can_read` without waiting.
            free = self._available_connections[-1]
            if free.is_connected and not await free.can_read():
                return self.get_available_connection()  # type: ignore[no-untyped-call]
        self._waiting += 1
        try:
            return await super().get_connection()  # type: ignore[no-untyped-call]
        finally:
            self._waiting -= 1

    async def release(self, connection: AbstractConnection) -> None:
        """Take it back."""
        if self._waiting or connection.should_reconnect():  # type: ignore[no-untyped-call]
            await super().release(connection)
            return
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)


class _Quick(AbstractConnection):
    """Packs and sends in its own way; the rest is the client's."""

    def pack_command(self, *args: EncodableT) -> list[bytes]:
        """In C: argument by argument in Python took a sixth of the pipeline's time, a commit has thousands of them.

        The first word may be several, as redis-py writes `XGROUP CREATE`.
        """
        first = args[0]
        words = first.split() if isinstance(first, (str, bytes)) else [first]
        return [hiredis.pack_command((*words, *args[1:]))]

    def pack_commands(self, commands: Iterable[Iterable[EncodableT]]) -> list[bytes]:
        """Commands of one pipeline, in one write."""
        return [b"".join(self.pack_command(*command)[0] for command in commands)]

    async def send_packed_command(self, command: bytes | str | Iterable[bytes], check_health: bool = True) -> None:
        """Without `asyncio.wait_for`: up to Python 3.11 that swallows a cancellation which comes as the write ends, and
        whoever was told to stop reads on. It also makes a task of each write.

        Raises:
            ConnectionError, TimeoutError: of the client; it may have been sent or not, and the connection is closed.
        """
        if not self.is_connected:
            await self.connect_check_health(check_health=False)
        if check_health:
            await self.check_health()  # type: ignore[no-untyped-call]
        text = command.encode() if isinstance(command, str) else command
        writer = self._writer
        if writer is None:
            raise exceptions.ConnectionError("The connection was closed meanwhile.")
        try:
            writer.writelines([text] if isinstance(text, bytes) else text)
            if writer.transport.get_write_buffer_size():  # Else all of it is with the system already.
                async with asyncio.timeout(self.socket_timeout):
                    await writer.drain()
        except BaseException as error:
            await self.disconnect(nowait=True)
            if isinstance(error, TimeoutError):
                raise exceptions.TimeoutError("Timeout writing to socket") from None
            if isinstance(error, OSError):
                raise exceptions.ConnectionError(f"Error while writing to socket: {error}") from error
            raise


def _as_it_came(reply: Any, **_: Any) -> Any:
    return reply


Command: TypeAlias = tuple[str | int | bytes, ...]


async def together(client: Client, commands: Sequence[Command], *, raising: bool = True) -> list[Any]:
    """Commands word for word, in one round trip and not as one transaction; one by itself does without a pipeline, which
    costs as much again.

    Args:
        raising: whether the first refusal is raised; else each stands in the place of its answer.
    """
    if len(commands) == 1:
        try:
            return [await ask(client, *commands[0])]
        except exceptions.ResponseError as refusal:
            if raising:
                raise
            return [refusal]
    pipeline = client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command)
    return await pipeline.execute(raise_on_error=raising)


async def ask(client: Client, *command: str | int | bytes) -> Any:
    """One command word for word; stream replies come as the lists of the wire."""
    return await client.execute_command(*command)  # type: ignore[no-untyped-call]


def writer(url: str) -> Client:
    """For loads, commits and anything short."""
    return connect(url, timeout_s=WRITE_TIMEOUT_S, connections_max=WRITERS_MAX)


def reader(url: str) -> Client:
    """For reads that block up to `BLOCK_MS_MAX`."""
    return connect(url, timeout_s=BLOCK_MS_MAX / 1000 + READ_MARGIN_S, connections_max=READERS_MAX)


def translate(error: BaseException) -> SwarmError | None:
    """Our name for a failure of the store; None where it is not one."""
    if isinstance(error, (exceptions.AuthenticationError, exceptions.NoPermissionError)):
        return UnsafeStore("The store refuses the credentials.", "Check the password in SWARM_REDIS_URL.")
    if isinstance(error, (exceptions.ConnectionError, exceptions.TimeoutError, OSError, asyncio.IncompleteReadError)):
        return StoreUnavailable("The store does not answer.", "Check that the server of SWARM_REDIS_URL is up.")
    if not isinstance(error, exceptions.ResponseError):
        return None
    # The client cuts the word off where it has a class for it.
    word = WORDS_CUT_OFF.get(type(error)) or str(error).split(" ", 1)[0]
    if word in {"FOLD", "NONAMESPACE", "WENTBACK"}:
        remedy = {
            "FOLD": "Run the version of the swarm that wrote it.",
            "NONAMESPACE": "Open the namespace with `swarm doctor`, which creates it.",
            "WENTBACK": "The store lost what it had acknowledged: stop, and restore the newest backup.",
        }[word]
        return UnsafeStore(f"The store does not fit this program: {error}.", remedy)
    if word in {"OOM", "MISCONF", "READONLY", "LOADING", "BUSY", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN"}:
        return StoreUnavailable(
            f"The store takes no writes ({word}).", "Free its memory or disk, or wait, and try again."
        )
    return None


@asynccontextmanager
async def named_failures() -> AsyncIterator[None]:
    """Turn what the client raises into errors of ours.

    Raises:
        StoreUnavailable: it cannot be reached or takes no writes.
        UnsafeStore: it does not hold what this program may work on.
    """
    try:
        yield
    except Exception as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error
