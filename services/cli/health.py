"""The health port of a process that serves: `/health/live` and `/health/ready`, 200 or 503, always with words.

Nothing it says is out of the log. It answers for as long as any component works, also while they end.
"""

import asyncio
import socket
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from contracts.errors import BadInput
from services.runtime.health import Health, Told
from services.runtime.host import Component

if TYPE_CHECKING:
    from aiohttp import web

LIVE, READY = "/health/live", "/health/ready"
CLOSE_S_MAX = 1.0


def answering(health: Health, host: str, port: int) -> Component:
    """Listen, and be ready to answer. Unlike the gateway this takes no other port: whoever probes knows this one alone.

    Raises:
        BadInput: it cannot be had.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        detail = f"Port {port} of {host} cannot be had: {error.strerror}."
        raise BadInput(detail, "Set SWARM_HEALTH_PORT.", field="SWARM_HEALTH_PORT") from error
    return Component("health", partial(_answer, health, listening))


async def _answer(health: Health, listening: socket.socket, stopping: asyncio.Event) -> None:
    # Slow to load, and only a process that is probed needs it.
    from aiohttp import web

    async def live(_: web.Request) -> web.Response:
        return _response(health.live())

    async def ready(_: web.Request) -> web.Response:
        return _response(await health.ready(stopping=stopping.is_set()))

    app = web.Application()
    app.router.add_get(LIVE, live)
    app.router.add_get(READY, ready)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_S_MAX)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        await health.over.wait()
    finally:
        await runner.cleanup()


def _response(told: Told) -> "web.Response":
    from aiohttp import web

    return web.Response(
        body=msgspec.json.encode(told),
        status=503 if told.wrong else 200,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "Server": "swarm"},
    )
