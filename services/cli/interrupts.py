"""Being told to leave, also where the order got lost on its way."""

import asyncio


def obey() -> None:
    """Leave if this task was told to; long loops call it once a round.

    Before Python 3.12 `asyncio.wait_for`, with which the store's client sends, swallows a cancellation that arrives
    together with its answer.

    Raises:
        CancelledError: it was.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
