"""What an agent is to the machinery: a name, and a table of the facts it hears."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from contracts.envelope import Actor, AnyEnvelope, Event
from contracts.facts import Ref, State

S = TypeVar("S", bound=State)


class States:
    """The aggregates that were loaded for one delivery, each as the deliveries before it left it."""

    def __init__(self, loaded: Mapping[Ref, State | None]) -> None:
        self._loaded = loaded

    def get(self, ref: Ref, kind: type[S]) -> S | None:
        """The state of an aggregate; None where nothing was ever recorded on it.

        Raises:
            KeyError: the table of the service does not name it; a programming error.
        """
        state = self._loaded[ref]
        if state is not None and not isinstance(state, kind):
            raise TypeError(f"{ref} is a {type(state).__name__}, not a {kind.__name__}")
        return state


class Handler(Protocol):
    """Gathers and decides. It may run more than once for one fact: what it does outside must bear that."""

    def __call__(self, heard: AnyEnvelope, states: States, /) -> Coroutine[Any, Any, Sequence[Event]]: ...


@dataclass(frozen=True)
class Hears:
    """How one type of fact is answered.

    Args:
        handler: gathers and decides.
        loads: the aggregates to load; facts may be recorded on these only. The first is the lane: deliveries of one
            lane are decided one after another.
        actor: in whose name the facts are recorded; the agent's own where none is given.
    """

    handler: Handler
    loads: Callable[[AnyEnvelope], tuple[Ref, ...]]
    actor: Actor | None = None


@dataclass(frozen=True)
class Service:
    """An agent. The name is also its consumer group.

    Args:
        hears: by type of fact.
        concurrency: how many handlers may gather at once.
        timeout_s: how long one handler may take before it counts as failed.
    """

    name: str
    hears: Mapping[type[Event], Hears] = field(default_factory=dict)
    concurrency: int = 64
    timeout_s: float = 30.0

    def categories(self) -> tuple[str, ...]:
        """The categories in which something is heard, sorted."""
        return tuple(sorted({fact.type_category() for fact in self.hears}))
