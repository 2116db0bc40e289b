"""The gateway as one more service of this process: the app, over what is open here, on a port of this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from litestar import Litestar

from gateway.app import create_app
from gateway.backend import Backend
from gateway.server import listen, serve
from services.cli.bootstrap import SERVICES, Swarm
from services.cli.given import samples
from services.cli.people import accounts_of
from services.commands.personal_reads import PersonalReads
from services.runtime.host import Component
from services.runtime.settings import LISTEN

NAME = "gateway"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - Recognised here; it is the person who says so.


class Served(NamedTuple):
    """Where the gateway is from this machine, which addresses it listens on, and what has to run for it to answer."""

    address: str
    port: int
    listens: str
    component: Component


def backend_over(swarm: Swarm) -> Backend:
    """What the gateway works with, of what is open here."""
    return Backend(
        log=swarm.log,
        views=swarm.views,
        accounts=accounts_of(swarm.log, swarm.clock),
        sign_ins=swarm.sign_ins(),
        drafts=swarm.drafts(),
        runs=swarm.runs(),
        personal_reads=PersonalReads(swarm.log, swarm.clock),
        imports=swarm.imports(samples()),
        clock=swarm.clock,
        promise=swarm.promise.words,
        review_expires_h=swarm.settings.review.expires_h,
        services=SERVICES,
    )


def app_over(swarm: Swarm) -> Litestar:
    """The app over what is open here; it opens and closes nothing."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        yield backend_over(swarm)

    return create_app(opened, origin=swarm.settings.origin)


def gateway_over(swarm: Swarm) -> Served:
    """Listen, and be ready to answer.

    Raises:
        BadInput: no port is free.
    """
    listening = listen(swarm.settings.port, swarm.settings.listen)
    app = app_over(swarm)
    host, port = listening.getsockname()[:2]
    component = Component(NAME, lambda stopping: serve(app, listening, stopping))
    return Served(f"http://{_from_here(host)}:{port}", port, swarm.settings.listen, component)


def _from_here(host: str) -> str:
    """A listening address as this machine types it."""
    if host in EVERYWHERE:
        return LISTEN
    return f"[{host}]" if ":" in host else host
