"""Whether the gateway lives, whether it can do its work, and what it depends on."""

import msgspec
from litestar import get

from contracts.identity import CONTROL
from gateway.auth import OPEN_TO_ALL, needs
from gateway.backend import Behind
from gateway.query import Asking
from services.projections.views import VIEWS
from services.runtime.slots import served


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """The process answers."""

    status: str = "live"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The store answers; `promise` is what it keeps of what it acknowledged."""

    status: str
    promise: str
    position: str


class Dependencies(msgspec.Struct, frozen=True, kw_only=True):
    """Which services run somewhere, and how many facts each view is behind."""

    services: dict[str, bool]
    behind: dict[str, int]
    promise: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks, as the gateway knows them, and the namespace that it serves."""

    login: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    namespace: str


@get("/api/health/live", opt=OPEN_TO_ALL)
async def live() -> Live:
    """For whoever restarts processes that hang."""
    return Live()


@get("/api/health/ready", opt=OPEN_TO_ALL)
async def ready(backend: Behind) -> Ready:
    """For whoever sends requests here; 503 while the store is away."""
    return Ready(status="ready", promise=backend.promise, position=f"{CONTROL}:{await backend.log.head(CONTROL)}")


@get("/api/runtime/dependencies", opt=needs("read"))
async def dependencies(backend: Behind) -> Dependencies:
    """What has to run for drafts to come and go."""
    running = await served(backend.views.client, backend.views.namespace, backend.services)
    partitions = range(1 if backend.log.partitions == 1 else backend.log.partitions + 1)
    heads = {partition: await backend.log.head(partition) for partition in partitions}
    views = list(VIEWS.values())
    standings = await backend.views.standing(views)
    behind = {
        view.title: sum(head - standing.positions.get(partition, 0) for partition, head in heads.items())
        for view, standing in zip(views, standings, strict=True)
    }
    return Dependencies(
        services={name: name in running for name in backend.services}, behind=behind, promise=backend.promise
    )


@get("/api/me", opt=needs("read"))
async def me(request: Asking, backend: Behind) -> Me:
    """Who these credentials belong to."""
    person = request.user
    return Me(login=person.login, roles=person.roles, permissions=person.permissions, namespace=backend.log.namespace)


ROUTES = (live, ready, dependencies, me)
