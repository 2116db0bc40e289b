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
from services.cli.ideals import ideals_of
from services.cli.identity import provider_of
from services.cli.people import accounts_of
from services.cli.template_desk import TemplateDesk
from services.commands.icp_pages import Comparisons
from services.commands.personal_reads import PersonalReads
from services.commands.provided import ProviderSignIns
from services.providers.identity.port import IdentityProvider
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


def backend_over(swarm: Swarm, provider: IdentityProvider | None) -> Backend:
    """What the gateway works with, of what is open here."""
    sign_ins, oidc = swarm.sign_ins(), swarm.settings.oidc
    ideals = ideals_of(swarm.log, swarm.settings, swarm.identity_key, swarm.clock)
    return Backend(
        log=swarm.log,
        views=swarm.views,
        accounts=accounts_of(swarm.log, swarm.clock),
        sign_ins=sign_ins,
        provided=ProviderSignIns(sign_ins, provider, oidc.claim, oidc.domain) if provider else None,
        drafts=swarm.drafts(),
        runs=swarm.runs(),
        personal_reads=PersonalReads(swarm.log, swarm.clock),
        imports=swarm.imports(samples()),
        templates=TemplateDesk(swarm.settings, swarm.log, swarm.clock),
        ideals=ideals,
        comparisons=Comparisons(ideals),
        set_up=swarm.set_up,
        exclusions=swarm.exclusion_desk(),
        clock=swarm.clock,
        promise=swarm.promise.words,
        review_expires_h=swarm.settings.review.expires_h,
        services=SERVICES,
    )


def app_over(swarm: Swarm) -> Litestar:
    """The app over what is open here; of its own it has the connections to the identity provider.

    Raises:
        BadInput: what is said of the identity provider is not whole.
    """
    provider = provider_of(swarm.settings, swarm.clock)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        async with provider() as found:
            yield backend_over(swarm, found)

    return create_app(opened, origin=swarm.settings.origin)


def gateway_over(swarm: Swarm) -> Served:
    """Listen, and be ready to answer.

    Raises:
        BadInput: no port is free, or what is said of the identity provider is not whole.
    """
    app = app_over(swarm)
    listening = listen(swarm.settings.port, swarm.settings.listen)
    host, port = listening.getsockname()[:2]
    component = Component(NAME, lambda stopping: serve(app, listening, stopping))
    return Served(f"http://{_from_here(host)}:{port}", port, swarm.settings.listen, component)


def _from_here(host: str) -> str:
    """A listening address as this machine types it."""
    if host in EVERYWHERE:
        return LISTEN
    return f"[{host}]" if ":" in host else host
