"""The handshake of a WebSocket: from where it may come, and a refusal of it as HTTP would give it."""

from typing import Any, cast

from litestar import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from contracts.errors import SwarmError, Unauthenticated
from gateway.problems import on_failure, on_http_error, on_swarm_error

DENIAL = "websocket.http.response"
FAILED = "swarm_failed"
NOT_SIGNED_IN, NOT_ADMITTED, TOO_SLOW, GOING_AWAY, TOO_TALKATIVE, FAILURE = 4401, 4403, 4408, 1001, 1008, 1011


async def kept(error: Exception, scope: Scope) -> None:
    """A hook of the app: what a handshake failed with, which the framework would only close it for."""
    if scope["type"] == ScopeType.WEBSOCKET:
        cast(dict[str, Any], scope)[FAILED] = error


class Handshakes:
    """Answers a refused handshake with the problem document and status that a request would get.

    Where the server cannot, it accepts and closes with the code in place of the status.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at how it ends before it was accepted."""
        if scope["type"] != ScopeType.WEBSOCKET:
            await self._app(scope, receive, send)
            return
        accepted = False

        async def watched(message: Message) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            # Before the handshake is done a close is how the framework says that something failed.
            if accepted or message["type"] != "websocket.close":
                await send(message)

        try:
            await self._app(scope, receive, watched)
        except (SwarmError, HTTPException) as error:
            await kept(error, scope)
        failure = cast(dict[str, Any], scope).get(FAILED)
        if failure is not None and not accepted:
            await _refused(scope, receive, send, failure)


async def _refused(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    if DENIAL not in (scope.get("extensions") or {}):
        code = NOT_SIGNED_IN if isinstance(error, Unauthenticated) else NOT_ADMITTED
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        await send({"type": "websocket.close", "code": code, "reason": getattr(error, "slug", "")})
        return
    # A handshake is a GET, and is answered like one.
    asked: Request[object, object, State] = Request(cast(HTTPScope, {**scope, "type": "http", "method": "GET"}))
    if isinstance(error, SwarmError):
        answer = on_swarm_error(asked, error)
    elif isinstance(error, HTTPException):
        answer = on_http_error(asked, error)
    else:
        answer = on_failure(asked, error)

    async def denied(message: Message) -> None:
        await send(cast(Message, {**message, "type": message["type"].replace("http.response", DENIAL)}))

    await answer.to_asgi_response(app=None, request=asked)(asked.scope, receive, denied)
