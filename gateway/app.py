"""The gateway: commands, views and health over HTTP, for people and programs that show who they are."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.datastructures import ResponseHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler, WebsocketRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from contracts.errors import SwarmError
from gateway.auth import COOKIE, CSRF, OPEN_TO_ALL, Authentication, admitted, cookie_name
from gateway.backend import Backend, Opens
from gateway.commanding import nothing_in_the_url
from gateway.description import Description, DocumentPlugin, HandbookPlugin
from gateway.handbook import POLICY
from gateway.handshake import Handshakes, kept
from gateway.hub import Hub
from gateway.origin import Site
from gateway.outer import under_our_name, with_headers
from gateway.personal import begin, recorded
from gateway.problems import on_failure, on_http_error, on_swarm_error
from gateway.routes import (
    approval_queue,
    bulk,
    decisions,
    events,
    exclusions,
    feed,
    handling,
    health,
    icp,
    imports,
    leads,
    lookup,
    mappings,
    operations,
    page,
    people,
    provided,
    records,
    runs,
    session,
    set_up,
    templates,
)
from gateway.wording import ABOUT

BODY_BYTES_MAX = 1_000_000
ROUTES: Sequence[HTTPRouteHandler | WebsocketRouteHandler] = (
    *decisions.ROUTES,
    *bulk.ROUTES,
    *handling.ROUTES,
    *health.ROUTES,
    *approval_queue.ROUTES,
    *leads.ROUTES,
    *runs.ROUTES,
    *imports.ROUTES,
    *mappings.ROUTES,
    *icp.ROUTES,
    *exclusions.ROUTES,
    *records.ROUTES,
    *feed.ROUTES,
    *page.ROUTES,
    *session.ROUTES,
    *provided.ROUTES,
    *events.ROUTES,
    *operations.ROUTES,
    *people.ROUTES,
    *lookup.ROUTES,
    *templates.ROUTES,
    *set_up.ROUTES,
)


def create_app(opens: Opens | None = None, *, origin: str = "") -> Litestar:
    """The app. Without `opens` it has its routes and its description and no store behind them.

    Args:
        opens: opens the namespace when the app starts, and closes it when it ends.
        origin: where people find it, such as `https://swarm.example.com`; empty for this machine alone.
    """
    site = Site(origin)
    state = State({"site": site})

    def backend() -> Backend:
        opened: Backend = state.backend
        return opened

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.stopping = asyncio.Event()
        if opens is None:
            yield
            return
        async with opens() as backend, Hub(backend.log, app.state.stopping) as hub:
            app.state.backend, app.state.hub = backend, hub
            yield

    app = Litestar(
        route_handlers=list(ROUTES),
        lifespan=[lifespan],
        guards=[admitted, nothing_in_the_url],
        before_request=begin,
        after_request=recorded,
        middleware=[Handshakes, DefineMiddleware(Authentication)],
        dependencies={"backend": Provide(backend, sync_to_thread=False)},
        exception_handlers={SwarmError: on_swarm_error, HTTPException: on_http_error, Exception: on_failure},
        after_exception=[kept],
        request_max_body_size=BODY_BYTES_MAX,
        openapi_config=_described(),
        before_send=[with_headers],
        state=state,
        logging_config=None,
    )
    # Around the router, for a middleware is only asked where a route was found.
    app.asgi_handler = under_our_name(app.asgi_handler, site)
    return app


def _described() -> OpenAPIConfig:
    description, policy = Description(), ResponseHeader(name="Content-Security-Policy", value=POLICY)
    bearer = SecurityScheme(type="http", scheme="bearer", description="`swarm token create LOGIN` makes one.")
    cookie = SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name=COOKIE,
        description=f"POST /api/session sets it; whatever changes something needs {CSRF} beside it. "
        f"With https it is called {cookie_name(secure=True)}.",
    )
    return OpenAPIConfig(
        title="Alpha Swarm",
        version="1",
        description=ABOUT,
        components=Components(security_schemes={"token": bearer, "session": cookie}),
        security=[{"token": []}, {"session": []}],
        # The pages that come with the framework load their scripts from elsewhere; ours has none.
        render_plugins=[HandbookPlugin(description), DocumentPlugin(description)],
        openapi_router=Router("/schema", route_handlers=[], opt=OPEN_TO_ALL, response_headers=[policy]),
    )
