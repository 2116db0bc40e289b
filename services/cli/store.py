"""Opening a namespace to read it: the server, what it promises, the log and the views; no agent is loaded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from services.projections.views import VIEWS
from services.runtime.clock import Clock, utc_now
from services.runtime.embedded import EmbeddedServer
from services.runtime.identity_key import kept_key, parse_key
from services.runtime.log_redis import RedisLog
from services.runtime.namespace import Promise, check_name, check_server, open_log
from services.runtime.redis_client import Client, writer
from services.runtime.settings import Settings
from services.runtime.view_store import ViewStore


@dataclass(frozen=True)
class Store:
    """An open namespace."""

    settings: Settings
    url: str
    promise: Promise
    client: Client
    log: RedisLog
    views: ViewStore
    identity_key: bytes
    clock: Clock = utc_now

    def partitions(self) -> range:
        """Every partition; beside several there is the control partition 0."""
        return range(1 if self.log.partitions == 1 else self.log.partitions + 1)

    async def heads(self) -> dict[int, int]:
        """By partition the position of the newest fact."""
        return {partition: await self.log.head(partition) for partition in self.partitions()}

    async def projected(self) -> bool:
        """Whether every view has seen everything that is in the log."""
        heads = await self.heads()
        standing = await self.views.standing(list(VIEWS.values()))
        return all(one.positions.get(partition, 0) >= head for one in standing for partition, head in heads.items())


def identity_key_of(settings: Settings) -> bytes:
    """The key that lead ids are derived from: as given, else as kept in SWARM_HOME."""
    given = settings.identity_key.get_secret_value()
    return parse_key(given, "SWARM_IDENTITY_KEY") if given else kept_key(settings.home)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Join or start the server, check what it promises, and open the namespace.

    Raises:
        StoreUnavailable: no server answers or can be started.
        UnsafeStore: it does not keep what it acknowledges, or the namespace was made with another identity key.
        BadInput: a setting cannot be used.
    """
    check_name(settings.namespace)
    async with AsyncExitStack() as stack:
        url = settings.redis_url.get_secret_value()
        if not url:
            url = (await stack.enter_async_context(EmbeddedServer(settings.home))).url
        client = writer(url)
        stack.push_async_callback(client.aclose)
        promise = await check_server(client, settings.durability)
        key = identity_key_of(settings)
        log = await open_log(url, settings.namespace, identity_key=key, partitions=settings.partitions)
        stack.push_async_callback(log.close)
        views = ViewStore(url, settings.namespace)
        stack.push_async_callback(views.close)
        yield Store(settings, url, promise, client, log, views, key)
