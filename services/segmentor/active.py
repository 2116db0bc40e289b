"""The model that leads are scored by: the one that a person activated, as the log says, else one that was given."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeAlias

from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.policy import MODEL_ID, ActiveModel
from services.runtime.log import EventLog
from services.segmentor.model import Model, parse_model

FRESH_S = 0.25
LOOK_S = FRESH_S / 2
ABOUT = Ref("policy", MODEL_ID)
Seconds: TypeAlias = Callable[[], float]


class Models(Protocol):
    """Says what to score by."""

    async def model(self) -> Model:
        """The model of now."""
        ...


class Always:
    """One model, whatever was activated."""

    def __init__(self, model: Model) -> None:
        self._model = model

    async def model(self) -> Model:
        """See `Models`."""
        return self._model


class ModelBoard:
    """The active model, looked up in the control partition at most every `FRESH_S` seconds while leads come.

    Each score names the model that it was made by, so one that is a moment old is no fault.

    Args:
        seconds: a clock that only runs forward.
        given: the model to score by where none was ever activated.
    """

    def __init__(self, log: EventLog, seconds: Seconds, given: Model) -> None:
        self._log = log
        self._seconds = seconds
        self._given = given
        self._at = -FRESH_S
        self._model = given
        self._read: tuple[str, Model] | None = None
        self._asking: asyncio.Task[Model] | None = None

    async def model(self) -> Model:
        """See `Models`. Many that ask at once share one look.

        Raises:
            StoreUnavailable: it cannot be looked up.
            BadInput: this program does not read the active model.
        """
        age = self._seconds() - self._at
        if age < FRESH_S:
            if age > LOOK_S:  # While leads keep coming, none waits for the answer that the next ones need.
                self._ask()
            return self._model
        return await asyncio.shield(self._ask())

    def _ask(self) -> "asyncio.Task[Model]":
        if self._asking is None:
            self._asking = asyncio.create_task(self._look())
            self._asking.add_done_callback(self._asked)
        return self._asking

    def _asked(self, done: "asyncio.Task[Model]") -> None:
        self._asking = None
        if not done.cancelled():
            done.exception()  # Seen, also where nobody waited for it.

    async def _look(self) -> Model:
        state = (await self._log.load(CONTROL, [ABOUT]))[ABOUT].state
        self._model = self._made(state) if isinstance(state, ActiveModel) else self._given
        self._at = self._seconds()
        return self._model

    def _made(self, active: ActiveModel) -> Model:
        """The model from its text, which is read once."""
        if self._read is None or self._read[0] != active.text:
            self._read = active.text, parse_model(active.text, f"{active.model_id} that is active")
        return self._read[1]
