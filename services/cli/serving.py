"""Serving: all services of a namespace, or one of them, until the process is told to stop."""

import asyncio
import fcntl
import os
import secrets
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.errors import BadInput, Conflict
from contracts.identity import CONTROL
from services.cli.bootstrap import SERVICES, Swarm, open_swarm
from services.cli.given import Given
from services.cli.health import answering
from services.cli.logs import configure
from services.cli.printing import document, say
from services.cli.words import SHADOW, program
from services.runtime.health import Health
from services.runtime.host import Component, host
from services.runtime.slots import HELD_MS, Slot

if TYPE_CHECKING:
    from services.cli.gateway import Served

UP = "up"
GATEWAY = "gateway"
LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "localhost", "::1"})
WAIT_S = HELD_MS / 1000 + 1
WAIT_POLL_S = 0.25


async def up(given: Given, *, link: bool) -> int:
    """Run every service and the gateway until told to stop; alone in its namespace.

    Args:
        link: whoever sees it start is shown a way in, not only the first time.
    """
    configure()
    settings = given.settings()
    async with open_swarm(settings) as swarm, _alone(swarm) as place:
        await _serve(given, swarm, SERVICES, [place], gateway=True, link=link)
    return 0


async def serve_one(given: Given, service: str) -> int:
    """Run one service until told to stop; others may run the same."""
    known = (*SERVICES, GATEWAY)
    if service not in known:
        raise BadInput(f"There is no service {service!r}.", f"Use one of {', '.join(known)}.", field="service")
    configure()
    async with open_swarm(given.settings()) as swarm:
        await _serve(given, swarm, [one for one in SERVICES if one == service], [], gateway=service == GATEWAY)
    return 0


async def _serve(
    given: Given,
    swarm: Swarm,
    services: Sequence[str],
    others: Sequence[Component],
    *,
    gateway: bool,
    link: bool = False,
) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for how in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(how, stopping.set)
    namespace = swarm.log.namespace
    components, names, served, admin = [*await swarm.serve(services), *others], list(services), None, ""
    if gateway:
        # Its libraries are slow to load, and only this process needs them.
        from services.cli.gateway import gateway_over
        from services.cli.sign_in import first_admin

        served = gateway_over(swarm)
        admin = await first_admin(given, swarm.sign_ins())
        components.append(served.component)
        names.append(GATEWAY)
    settings = swarm.settings
    if settings.health_port:
        about = {"services": ", ".join(names), "namespace": namespace, "promise": swarm.promise.words}
        health = Health(components, partial(swarm.log.head, CONTROL), about)
        components = [*health.watched(), answering(health, settings.listen, settings.health_port)]
    hosting = asyncio.create_task(host(components, stopping))
    if given.json:
        told = {"status": "up", "namespace": namespace, "services": names, "promise": swarm.promise.words}
        told |= {"address": served.address} if served else {}
        document(told | {"first_admin": admin} if admin else told)
    else:
        say(f"Serving {', '.join(names)} in namespace {namespace}: {swarm.promise.words}. {SHADOW} Ctrl-C stops.")
        if served:
            await _introduce(given, swarm, served, admin, link=link)
        if len(services) > 1:
            say(f"In another terminal: {program()} run, queue, review …{given.options()}")
    await hosting
    if not given.json:
        say("Stopped in good order.")


async def _introduce(given: Given, swarm: Swarm, served: "Served", admin: str, *, link: bool) -> None:
    """Tell whoever started the gateway where it is and how to come in."""
    from services.cli.sign_in import how_to_sign_in, page_address

    reach = "on this machine only" if served.listens in LOOPBACK_ADDRESSES else f"on {served.listens}"
    address = page_address(swarm.settings, served.port)
    say(f"The gateway answers at {address}, {reach}; {address}/schema/openapi.json says what it takes.")
    say(await how_to_sign_in(given, swarm.sign_ins(), admin, address, link=link))


@asynccontextmanager
async def _alone(swarm: Swarm) -> AsyncIterator[Component]:
    """Be the only `up` of this namespace; yields what keeps that place.

    A lock says so at once on this machine and falls with its process. A slot says it to other machines; the one that a
    killed process left behind is waited for.

    Raises:
        Conflict: another one is.
    """
    taken = Conflict(
        f"Another `swarm up` serves namespace {swarm.log.namespace}.",
        "Commands use it as it is; stop it with Ctrl-C there before starting anew.",
    )
    held = _lock(swarm.settings.home / f"up.{swarm.log.namespace}.lock")
    if held is None:
        raise taken
    try:
        slot = Slot(swarm.views.client, swarm.log.namespace, UP, secrets.token_hex(8))
        deadline = asyncio.get_running_loop().time() + WAIT_S
        while await slot.take() != 0:
            await slot.leave()
            if asyncio.get_running_loop().time() > deadline:
                raise taken
            await asyncio.sleep(WAIT_POLL_S)
        try:
            yield Component(f"{UP}:slot", slot.keep, slot.check)
        finally:
            await slot.leave()
    finally:
        os.close(held)


def _lock(path: Path) -> int | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor
    os.close(descriptor)
    return None
