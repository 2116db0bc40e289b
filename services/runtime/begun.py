"""A coroutine that was taken up to where it first waits: most handlers never do, and need no timer then."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Begun(Generic[T]):
    """The rest of a coroutine, to be awaited by the task that began it.

    Args:
        work: the coroutine.
        waits_for: what its first `send` gave.
    """

    def __init__(self, work: Coroutine[Any, Any, T], waits_for: Any) -> None:
        self._work = work
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, T]:
        work, waits_for = self._work, self._waits_for
        step: Callable[[Any], Any]
        while True:
            try:
                sent = yield waits_for
            except GeneratorExit:
                work.close()
                raise
            except BaseException as error:  # noqa: BLE001 - it is the coroutine's
                step, sent = work.throw, error
            else:
                step = work.send
            try:
                waits_for = step(sent)
            except StopIteration as done:
                answer: T = done.value
                return answer
