"""What holds for every request, also for those that no route takes: our own name, and the headers of every answer."""

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from contracts.errors import Misdirected
from gateway.origin import Site
from gateway.problems import on_swarm_error

ANY_NAME = frozenset({"/api/health/live", "/api/health/ready"})
"""Probes ask by whatever address they have; nothing here is anybody's secret."""
UNKEPT = ("/api", "/schema")
POLICY_CLOSE = 1008

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def with_headers(message: Message, scope: Scope) -> None:
    """A hook before each message: what a browser may do with an answer, unless the route says otherwise."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope["path"].startswith(UNKEPT):
        headers.setdefault("Cache-Control", "no-store")


def under_our_name(app: ASGIApp, site: Site) -> ASGIApp:
    """Answer only what is asked under a name of ours; 421 for the rest."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        if site.answers_to(host) or scope["path"] in ANY_NAME:
            await app(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            await send({"type": "websocket.close", "code": POLICY_CLOSE, "reason": "misdirected"})
        else:
            await _refuse(scope, receive, send)

    return guarded


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    request: Request = Request(scope, receive, send)  # type: ignore[type-arg]
    refusal = Misdirected("This gateway has another name.", "Set SWARM_ORIGIN to the address that people type.")
    answer = on_swarm_error(request, refusal).to_asgi_response(app=None, request=request)
    await answer(scope, receive, send)
