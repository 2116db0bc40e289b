"""A person's command to a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from contracts.commands import Receipt, RequestRun, RunCommand
from contracts.envelope import Actor, Event
from contracts.errors import SwarmError
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.run import Run
from services.runs.decide import decide, is_synthetic
from services.runtime.clock import Clock
from services.runtime.execute import Asked, answered, execute
from services.runtime.file_store import FileStore
from services.runtime.log import EventLog
from services.runtime.service import States


@dataclass(frozen=True)
class Runs:
    """Takes commands to runs.

    Args:
        max_error_share: the share of a stage's leads, of at least ten, that may err.
        stall_s: how long a run may stand still.
        ready: refuses a run for which not everything is set up.
    """

    log: EventLog
    max_error_share: float
    stall_s: int
    clock: Clock
    ready: Callable[[RequestRun], None]

    async def command(self, command: RunCommand, actor: Actor, command_id: str, *, body: bytes = b"") -> Receipt | None:
        """Carry out a command; None where what it asks for already stands.

        Args:
            command_id: see `Asked`; the same id gets the same receipt.
            body: what a repeat under the same id has to equal; where none is given, the command itself.

        Raises:
            NotSetUp: a run is asked for, and something it needs is missing.
            See `services.runs.decide.decide` and `services.runtime.execute.execute`.
        """
        if isinstance(command, RequestRun):
            self.ready(command)
        synthetic = isinstance(command, RequestRun) and is_synthetic(command)
        asked = Asked(
            command_id, body or msgspec.json.encode(command), actor, correlation_id=command.run_id, synthetic=synthetic
        )
        answering = partial(self._decide, command=command, actor=actor)
        return await execute(self.log, CONTROL, Ref("run", command.run_id), (), asked, answering, self.clock)

    async def answered(self, actor: Actor, command_id: str, body: bytes) -> Receipt | None:
        """The receipt of a run that this very command started before; None where it is new.

        Raises:
            KeyReused: the id came before with another body.
        """
        return await answered(self.log, CONTROL, Asked(command_id, body, actor))

    async def start(
        self,
        command: RequestRun,
        pieces: Sequence[bytes],
        files: FileStore,
        actor: Actor,
        command_id: str,
        *,
        body: bytes = b"",
    ) -> Receipt:
        """Store the file, then ask for the run: whoever hears of a run finds its rows.

        Args:
            pieces: the chunks of the file; none for a source that invents.

        Returns:
            The receipt. Its `about` is the run: where this command id was answered before, the run of then.

        Raises:
            See `command`. The file stays stored where the outcome is not known.
        """
        file = command.file
        if file:
            await files.put(file.sha256, command.run_id, pieces)
        try:
            receipt = await self.command(command, actor, command_id, body=body)
        except SwarmError as error:
            if file and not error.retryable:
                await files.drop(file.sha256, command.run_id)
            raise
        if receipt is None:
            raise LookupError("a run that was asked for before, under an id that was drawn for it now")
        if file and receipt.about != command.run_id:
            await files.drop(file.sha256, command.run_id)
        return receipt

    def _decide(self, states: States, *, command: RunCommand, actor: Actor) -> Sequence[Event]:
        return decide(
            states.get(Ref("run", command.run_id), Run) or Run(),
            command,
            actor=actor,
            now=self.clock(),
            max_error_share=self.max_error_share,
            stall_s=self.stall_s,
        )
