"""Whether a process lives and can do its work, for whoever restarts it or waits for it.

Live: no component has ended by itself. Ready: besides, the store answers and every component can work: its slot is held,
and what waits for its readers moves. Whoever is told to stop lives on, and is not ready any more.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import msgspec

from contracts.errors import StoreUnavailable, SwarmError, UnsafeStore
from services.runtime.host import Check, Component, Standing

LOOK_S_MAX = 3.0
"""A store that answers later is not one to send work to; a probe is given up a little later."""
STUCK_S = 180.0
"""Longer than five attempts of a handler that runs out of its time in each of them."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a probe; `wrong` says in words what is."""

    status: str
    wrong: list[str]
    about: Mapping[str, str]


class Moving:
    """The check of a reader: work may wait, but not at one place for ever. Each look counts from the one before it.

    Args:
        seconds: a clock that only runs forward.
    """

    def __init__(self, look: Callable[[], Awaitable[Standing]], seconds: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._seconds = seconds
        self._place: tuple[int, ...] | None = None
        self._since = 0.0

    async def __call__(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        place, waits = await self._look()
        if not waits:
            self._place = None
        elif place != self._place:
            self._place, self._since = place, self._seconds()
        elif (stood := self._seconds() - self._since) > STUCK_S:
            return f"work waits and nothing has moved for {stood:.0f} s"
        return ""


class Health:
    """Watches the components of a process and answers for them.

    Args:
        store: any read; it raises where the store is away.
        about: what every answer repeats: which services these are, and what the store promises.
    """

    def __init__(
        self, components: Sequence[Component], store: Callable[[], Awaitable[object]], about: Mapping[str, str]
    ) -> None:
        self._components = components
        self._store = store
        self._about = about
        self._ended: list[str] = []
        self._working = len(components)
        self.over = asyncio.Event()
        """Set when no component works any more."""

    def watched(self) -> list[Component]:
        """The components, to be run in place of those that were given."""
        return [Component(one.name, partial(self._watch, one), one.check) for one in self._components]

    def live(self) -> Told:
        """Whether the process should be left alone."""
        return self._told("live", [f"{name} has ended by itself" for name in self._ended])

    async def ready(self, *, stopping: bool) -> Told:
        """Whether the process can do its work now."""
        wrong = [*self.live().wrong, *(["the process was told to stop"] if stopping else [])]
        found = await _words(self._store)
        if found:
            # Nobody else can be asked either.
            return self._told("ready", [*wrong, f"store: {found}"])
        checks = [(one.name, one.check) for one in self._components if one.check is not None]
        for (name, _), words in zip(checks, await asyncio.gather(*(_words(check) for _, check in checks)), strict=True):
            wrong += [f"{name}: {words}"] if words else []
        return self._told("ready", wrong)

    def _told(self, status: str, wrong: list[str]) -> Told:
        return Told(status=f"not {status}" if wrong else status, wrong=wrong, about=self._about)

    async def _watch(self, component: Component, stopping: asyncio.Event) -> None:
        try:
            await component.run(stopping)
        finally:
            if not stopping.is_set():
                self._ended.append(component.name)
            self._working -= 1
            if not self._working:
                self.over.set()


async def _words(check: Check | Callable[[], Awaitable[object]]) -> str:
    """What a check says, or how it failed: only our own sentences, never what the store wrote."""
    try:
        async with asyncio.timeout(LOOK_S_MAX):
            said = await check()
    except TimeoutError:
        return f"no answer within {LOOK_S_MAX:.0f} s"
    except SwarmError as error:
        # A store that does not fit says why in its own words.
        plain = isinstance(error, StoreUnavailable) and not isinstance(error, UnsafeStore)
        return error.detail if plain else error.slug
    return said if isinstance(said, str) else ""
