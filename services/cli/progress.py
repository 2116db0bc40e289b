"""A run while it goes on: heard from the log as it is recorded, shown live on a terminal, line by line on a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, TypeAlias

from contracts.errors import StoreUnavailable
from contracts.identity import CONTROL
from contracts.run import NONE, OVER, Run, evolve
from services.cli.report import StageLine, ended, rows_of, stage_lines, verdict
from services.cli.report_text import rows_line, stage_table
from services.cli.words import took
from services.runtime.log import EventLog

COUNT = 500
BLOCK_MS = 1_000
MARGIN_S = 60.0
AT_REST = frozenset({"stopped", "waiting_for_review", *OVER})


class Standing(NamedTuple):
    """A run as it stands: the status, the stages, the rows by outcome, and how many rows there are to read."""

    status: str
    lines: tuple[StageLine, ...]
    rows: dict[str, int]
    total: int


Show: TypeAlias = Callable[[Standing], None]


async def follow(log: EventLog, run_id: str, after: int, *, until: frozenset[str] = AT_REST) -> AsyncIterator[Standing]:
    """The run after each batch of its facts, until its status is one of `until`.

    Args:
        after: a position before its first fact.

    Raises:
        StoreUnavailable: nothing was recorded about it for as long as a stall takes, and a minute more.
    """
    loop = asyncio.get_running_loop()
    run, moved = NONE, loop.time()
    while run.status not in until:
        some = await log.tail(CONTROL, ["run"], after, count=COUNT, block_ms=BLOCK_MS)
        facts = [one.decode(CONTROL) for one in some]
        mine = [fact for fact in facts if fact.aggregate_id == run_id]
        if some:
            after = some[-1].seq
        for fact in mine:
            run = evolve(run, fact)
        if mine:
            moved = loop.time()
            yield standing_of(run)
        elif run.status == "running" and loop.time() - moved > run.stall_s + MARGIN_S:
            raise StoreUnavailable(
                f"Nothing was recorded about {run_id} for {loop.time() - moved:.0f} s.",
                "Nothing is lost. `swarm doctor` says what is wrong; `swarm runs` where the run stands.",
            )


def standing_of(run: Run) -> Standing:
    """The run as its own state in the log has it."""
    return Standing(run.status, stage_lines(run), rows_of(run), run.file.rows if run.file else run.limit or 0)


def showing(*, quiet: bool) -> AbstractContextManager[Show]:
    """What to call with each new state of the run."""
    if quiet:
        return _nothing()
    return _live() if sys.stdout.isatty() else _lines()


@contextmanager
def _nothing() -> Iterator[Show]:
    yield lambda _: None


@contextmanager
def _lines() -> Iterator[Show]:
    """A line when a stage is over."""
    told: set[str] = set()

    def show(run: Standing) -> None:
        for line in run.lines:
            if line.passed is not None and line.stage not in told:
                told.add(line.stage)
                rest = f", {ended(line)}" if ended(line) else ""
                sys.stdout.write(
                    f"{line.stage:<8} {verdict(line)}  {line.entered:,} in, {line.out:,} out, "
                    f"{line.errors:,} errors{rest}, {took(line.duration_ms)}\n"
                )
                sys.stdout.flush()

    yield show
    if told:
        sys.stdout.write("\n")


@contextmanager
def _live() -> Iterator[Show]:
    """The table of stages, in place."""
    from rich.console import Group
    from rich.live import Live
    from rich.text import Text

    from services.cli.printing import console

    with Live(console=console(), refresh_per_second=10, transient=True) as live:

        def show(run: Standing) -> None:
            read = f"{run.rows.get('rows', 0):,} of {run.total:,} rows read"
            live.update(Group(Text(read), Text(rows_line(run.rows)), stage_table(run.lines)))

        yield show
