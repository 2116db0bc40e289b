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

NAME = "gateway"


class Served(NamedTuple):
    """Where the gateway listens, and what has to run for it to answer."""

    address: str
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
    return Served(f"http://{host}:{port}", Component(NAME, lambda stopping: serve(app, listening, stopping)))
