"""A log that remembers what was committed through it, in the order of the log."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.runtime.log import Answer, Unit
from services.runtime.log_redis import RedisLog


class Committed(NamedTuple):
    """A unit that stands, and the position of its first fact (0 without facts)."""

    unit: Unit
    first: int


class RecordingLog(RedisLog):
    """The log as it is, beside a list of every unit that was done."""

    def __init__(self, url: str, namespace: str, partitions: int) -> None:
        super().__init__(url, namespace, partitions)
        self.committed: list[Committed] = []

    async def commit(
        self, partition: int, units: Sequence[Unit], acks: Mapping[tuple[str, str], Sequence[int]] | None = None
    ) -> list[Answer]:
        """See `EventLog`."""
        answers = await super().commit(partition, units, acks)
        self.committed += [
            Committed(unit, answer.first)
            for unit, answer in zip(units, answers, strict=True)
            if answer.outcome == "done"
        ]
        return answers
