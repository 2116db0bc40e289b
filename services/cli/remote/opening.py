"""The way to a gateway: one session for a command, with the token in its header."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from contracts.errors import BadInput
from services.cli.given import URL, Given
from services.cli.remote.client import Gateway
from services.runtime.settings import variable


@asynccontextmanager
async def gateway(given: Given) -> AsyncIterator[Gateway]:
    """Open it.

    Raises:
        BadInput: the command names somebody else to act as, or a namespace that this gateway does not serve.
    """
    address = given.elsewhere()
    if address is None:
        raise BadInput(f"{URL} is not set.", "Set it to the address of a gateway.", field=URL)
    if given.login:
        raise BadInput(f"--as does not go with {URL}.", "The token says who acts.", field="as")
    headers = {"Authorization": f"Bearer {address.token}", "User-Agent": "swarm"}
    # No cookies, no proxies and no other addresses: the token goes to this one alone.
    async with aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar()) as session:
        there = Gateway(address, session)
        wanted = given.namespace or os.environ.get(variable("namespace"), "")
        if wanted and wanted != await there.namespace():
            raise BadInput(
                f"The gateway at {address.origin} serves the namespace {await there.namespace()}, not {wanted}.",
                f"Set {URL} to the gateway of {wanted}, or do not name it.",
                field="namespace",
            )
        yield there
