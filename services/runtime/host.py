"""Several components in one process: they start together, and none goes on when one has failed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import structlog

from services.runtime.dead_letter import explain

logger = structlog.get_logger()


Check: TypeAlias = Callable[[], Awaitable[str]]
"""What keeps a component from its work, in words; empty where nothing does."""


class Standing(NamedTuple):
    """Where a reader stands, and whether something waits for it. Between two looks at one place nothing was done."""

    place: tuple[int, ...]
    waits: bool


@dataclass(frozen=True)
class Component:
    """Something that works until it is told to stop, and can be asked whether it can work."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]
    check: Check | None = None


async def host(components: Sequence[Component], stopping: asyncio.Event) -> None:
    """Run components until `stopping`; returns when each has ended in good order.

    Raises:
        Exception: what the first one failed with; the others are told to stop before it is raised.
    """

    failures: list[Exception] = []

    async def guarded(component: Component) -> None:
        try:
            await component.run(stopping)
        except Exception as error:  # noqa: BLE001 - it is raised again when the others have ended
            reason, stack_hash = explain(error)
            logger.error("component failed", component=component.name, reason=reason, stack_hash=stack_hash)
            failures.append(error)
        finally:
            # One that ends early must not leave the others working as if all were well.
            stopping.set()

    await asyncio.gather(*(guarded(one) for one in components))
    if failures:
        raise failures[0]
