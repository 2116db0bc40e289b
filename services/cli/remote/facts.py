"""The log over a gateway: from a position on, and as it grows."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from contracts.envelope import Actor, ActorKind, AnyEnvelope, Envelope, Event, Position, Unknown
from contracts.errors import StoreUnavailable
from contracts.facts import FACTS
from services.cli.csv_file import Table
from services.cli.given import Given
from services.cli.printing import warn
from services.cli.remote.client import Gateway, Lost, read_answer
from services.cli.remote.inward import inward
from services.cli.remote.opening import gateway

COME_BACK_S, COME_BACK_S_MAX = 0.5, 10.0
GIVE_UP_AFTER = 8
"""Times in a row that a feed cannot be heard."""

Tell: TypeAlias = Callable[[AnyEnvelope], None]


async def print_told(given: Given, position: str, prefix: str, *, follow: bool, told: Tell) -> int:
    """Print the facts past a position, oldest first; returns how many there were."""
    types = [tag for tag in FACTS if tag.startswith(prefix)]
    async with gateway(given) as there:
        shown, place = 0, _place(position)
        while types:
            page = (await there.get("/api/events", **_asked(types, prefix, place), limit=200)).document
            for one in page["items"]:
                told(_fact(one))
            sys.stdout.flush()
            shown, place = shown + len(page["items"]), page["position"]
            if not page["next"]:
                break
        if follow and types:
            await _follow(there, types if prefix else [], place, told)
    return shown


async def table_of(given: Given, position: str, prefix: str, limit: int) -> Table:
    """The facts past a position as rows of a file, at most so many."""
    types = [tag for tag in FACTS if tag.startswith(prefix)]
    if not types:
        return Table.of("events", [], more=False)
    async with gateway(given) as there:
        return await there.table("/api/events", limit, **_asked(types, prefix, _place(position)))


def _asked(types: list[str], prefix: str, place: str) -> dict[str, Any]:
    # Without the right to read these a list of types would only be empty, and the category is refused.
    only = ["access"] if all(tag.startswith("access.") for tag in types) else []
    return {"category": only, "type": types if prefix else [], "from": place}


def _place(position: str) -> str:
    """A position as the gateway writes it; a bare number speaks of the only partition."""
    return ".".join(part if ":" in part else f"0:{part}" for part in position.split(".")) if position else ""


async def _follow(there: Gateway, types: list[str], place: str, told: Tell) -> None:
    """Tell what comes, and come back to the place where a feed ended."""
    failed, pause_s = 0, COME_BACK_S
    while True:
        try:
            async for event, at, data in there.listen("/api/feed", {"type": types}, place):
                place, failed, pause_s = at or place, 0, COME_BACK_S
                if event in FACTS:
                    told(_fact(read_answer(data.encode())))
                    sys.stdout.flush()
                elif event == "reset":
                    warn(f"The place is not in this log any more; it goes on from {place}.")
        except (Lost, StoreUnavailable) as error:
            failed += 1
            if failed > GIVE_UP_AFTER:
                raise StoreUnavailable(
                    f"The feed of {there.origin} cannot be heard.", f"Go on later with --from {place}."
                ) from error
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, COME_BACK_S_MAX)


def _fact(told: dict[str, Any]) -> AnyEnvelope:
    kind, _, login = str(told["actor"]).partition(":")
    partition, _, seq = str(told["position"]).partition(":")
    return Envelope(
        event_id=told["event_id"],
        version=told["version"],
        recorded_at=msgspec.convert(told["at"], datetime),
        actor=Actor(kind=msgspec.convert(kind, ActorKind), id=login),
        correlation_id=told["correlation_id"],
        causation_id=told["causation_id"],
        event=_event(told),
        traceparent=told["traceparent"],
        synthetic=told["synthetic"],
        position=Position(int(partition), int(seq)),
    )


def _event(told: dict[str, Any]) -> Event:
    """The fact; of a type that this program does not know, an `Unknown`."""
    kind = FACTS.get(told["type"])
    return inward(kind, told["data"]) if kind else Unknown(name=told["type"], aggregate_id=told["about"])
