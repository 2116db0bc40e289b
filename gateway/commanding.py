"""What all commands have in common: nothing comes from the URL, one key is one answer, and there is an answer in time."""

import asyncio
from typing import Annotated, Protocol, TypeVar
from uuid import uuid4

import msgspec
from litestar import Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import HeaderParameter

from contracts.commands import Receipt
from contracts.envelope import Actor
from contracts.errors import BadInput, StoreUnavailable
from contracts.identity import CONTROL
from gateway.answers import POSITION, position_text
from gateway.auth import SAFE_METHODS
from gateway.backend import Backend
from gateway.query import Asking
from services.runtime.execute import command_id

ANSWER_WITHIN_S = 5.0
KEY_MAX = 200

Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        max_length=KEY_MAX,
        description="Drawn by the client for one command; sent again it gets the first answer.",
    ),
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Command(Protocol[T_co]):
    """What is left to do when it is known who asks, and under which id."""

    async def __call__(self, *, actor: Actor, command_id: str) -> T_co: ...


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt; null where what was asked for already stood."""

    receipt: Receipt | None


class Nothing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`{}`: there is nothing to say."""


class Because(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, in at most 2,000 characters."""

    reason: str = ""


async def nothing_in_the_url(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of every command: URLs are kept in logs and histories, and a link must not be able to decide.

    Raises:
        BadInput: there is a query.
    """
    if connection.scope.get("method", "GET") not in SAFE_METHODS and connection.scope["query_string"]:
        raise BadInput("A command takes nothing from the URL.", "Send it in the JSON body.", field="query")


async def carried_out(
    request: Asking,
    key: str | None,
    command: Command[T],
    *,
    within_s: float | None = None,
) -> T:
    """Carry a command out as the person whose token it came with, under the id that their key gives it.

    Args:
        within_s: how long it may take where there is work before anything is recorded; else `ANSWER_WITHIN_S`.

    Raises:
        StoreUnavailable: what became of it is not known in time.
    """
    actor = request.user.actor
    limit_s = ANSWER_WITHIN_S if within_s is None else within_s
    try:
        async with asyncio.timeout(limit_s):
            return await command(actor=actor, command_id=command_id(actor, key) if key else str(uuid4()))
    except TimeoutError:
        raise StoreUnavailable(
            f"Whether this was recorded is not known after {limit_s:.0f} s.",
            "Send it again with the same Idempotency-Key: it is carried out once.",
        ) from None


def received(receipt: Receipt) -> Response[Receipt]:
    """The answer to a command that always has a receipt."""
    return Response(receipt, headers={POSITION: receipt.position})


async def told(backend: Backend, receipt: Receipt | None) -> Response[Told]:
    """The answer to a command about runs or people; what already stood holds as of the log's newest fact."""
    position = receipt.position if receipt else position_text({CONTROL: await backend.log.head(CONTROL)})
    return Response(Told(receipt=receipt), headers={POSITION: position})
