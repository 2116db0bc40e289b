"""Several components in one process: they start together, and none goes on when one has failed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from services.runtime.dead_letter import explain

logger = structlog.get_logger()


@dataclass(frozen=True)
class Component:
    """Something that works until it is told to stop."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]


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
