"""The table of views: what each is called, which facts it hears, and how its rows fold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, cast

import msgspec

from contracts.envelope import AnyEnvelope, Event
from contracts.errors import DamagedEntry
from services.projections import (
    accounts,
    approval_queue,
    audit,
    days,
    exclusions,
    feedback,
    leads,
    memory,
    runs,
    timeline,
    timers,
)

R = TypeVar("R", bound=msgspec.Struct)


@dataclass(frozen=True, eq=False)
class View(Generic[R]):
    """One view.

    Args:
        title: what people call it.
        version: raised when rows change their shape or meaning; the new version fills from the beginning of the log
            beside the old one.
        row: the type of its rows.
        hears: the types of fact that touch a row.
        key: the row that such a fact touches. All facts that touch one row lie in one partition.
        project: the row after such a fact; None removes it. Total.
        rank: what the rows are listed by; None for a row leaves it out of the listing. None for the view: no listing.
    """

    title: str
    version: int
    row: type[R]
    hears: frozenset[type[Event]]
    key: Callable[[AnyEnvelope], str]
    project: Callable[[R | None, AnyEnvelope], R | None]
    rank: Callable[[R], float | None] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "_decoder", msgspec.msgpack.Decoder(self.row))

    @property
    def name(self) -> str:
        """Where it is stored: title and version."""
        return f"{self.title}@{self.version}"

    @property
    def ranked(self) -> bool:
        """Whether it has a listing."""
        return self.rank is not None

    def keys(self, fact: AnyEnvelope) -> tuple[str, ...]:
        """The row that any fact touches, if it touches one."""
        return (self.key(fact),) if type(fact.event) in self.hears else ()

    def decode(self, blob: bytes) -> R:
        """A row from its bytes.

        Raises:
            DamagedEntry: they are not a row of this view.
        """
        try:
            row: R = self._decoder.decode(blob)  # type: ignore[attr-defined]
        except msgspec.MsgspecError as error:
            raise DamagedEntry(
                f"A row of view {self.title} does not read.", f"Run `swarm replay --view {self.title}`."
            ) from error
        return row


QUEUE = View(
    approval_queue.NAME,
    approval_queue.VERSION,
    approval_queue.Row,
    approval_queue.HEARS,
    approval_queue.key,
    approval_queue.project,
    approval_queue.rank,
)
FEEDBACK = View(
    feedback.NAME, feedback.VERSION, feedback.Row, feedback.HEARS, feedback.key, feedback.project, feedback.rank
)
AUDIT = View(audit.NAME, audit.VERSION, audit.Row, audit.HEARS, audit.key, audit.project, audit.rank)
LEADS = View(leads.NAME, leads.VERSION, leads.Row, leads.HEARS, leads.key, leads.project, leads.rank)
RUNS = View(runs.NAME, runs.VERSION, runs.Row, runs.HEARS, runs.key, runs.project, runs.rank)
TIMELINE = View(timeline.NAME, timeline.VERSION, timeline.Row, timeline.HEARS, timeline.key, timeline.project)
TIMERS = View(timers.NAME, timers.VERSION, timers.Row, timers.HEARS, timers.key, timers.project, timers.rank)
MEMORY = View(memory.NAME, memory.VERSION, memory.Row, memory.HEARS, memory.key, memory.project)
ACCOUNTS = View(
    accounts.NAME, accounts.VERSION, accounts.Row, accounts.HEARS, accounts.key, accounts.project, accounts.rank
)
DAYS = View(days.NAME, days.VERSION, days.Row, days.HEARS, days.key, days.project)
EXCLUSIONS = View(
    exclusions.NAME,
    exclusions.VERSION,
    exclusions.Row,
    exclusions.HEARS,
    exclusions.key,
    exclusions.project,
    exclusions.rank,
)

AnyView: TypeAlias = View[msgspec.Struct]
VIEWS: dict[str, AnyView] = {
    view.title: cast(AnyView, view)
    for view in (QUEUE, FEEDBACK, AUDIT, LEADS, RUNS, TIMELINE, TIMERS, MEMORY, ACCOUNTS, DAYS, EXCLUSIONS)
}
