"""How a function becomes a command: the options all share, one event loop, and failures as exit codes."""

import asyncio
import functools
import inspect
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from contracts.errors import BadInput
from services.cli.failures import TERMINATED
from services.cli.given import Given
from services.runtime.loop import runner

Body = Callable[..., Awaitable[int | None] | int | None]

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document for a program.")]
NamespaceOption = Annotated[
    str, typer.Option("--namespace", metavar="NAME", help="The namespace to work in; SWARM_NAMESPACE, else main.")
]
CsvOption = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", help="Write the list to a file for a spreadsheet; - for stdout."),
]
LimitOption = Annotated[
    int | None, typer.Option(min=1, max=10_000, metavar="N", help="List so many; 20, in a file 10,000.")
]
AsOption = Annotated[str, typer.Option("--as", metavar="LOGIN", hidden=True, help="Act as this person; for tests.")]


LISTED, FILED = 20, 10_000
"""So many rows are listed, or written to a file, where nobody says."""


def listed(limit: int | None, csv: Path | None) -> int:
    """How many rows are meant."""
    return limit or (LISTED if csv is None else FILED)


def only(what: str, **options: tuple[object, Sequence[str]]) -> None:
    """For commands that do several things, of which each takes options of its own.

    Args:
        what: which of them is asked for.
        options: by name, what was given for it, false where nothing was, and which of them it is for.

    Raises:
        BadInput: an option was given that would say nothing here.
    """
    for name, (given, uses) in options.items():
        if given and what not in uses:
            instead = " or ".join(use or "the list" for use in uses)
            raise BadInput(f"--{name} does not go with {what or 'the list'}.", f"It is for {instead}.", field=name)


class ReaderGone(Exception):
    """Whoever read our output has enough of it."""


class Ended(Exception):
    """The process was asked to end, and did so in good order."""


def command(app: typer.Typer, name: str = "", *, help: str = "") -> Callable[[Body], Body]:  # noqa: A002 - Typer's own word.
    """Register a function `(given, …)` under its name, async or not; what it returns is the exit code, None for 0."""

    def register(body: Body) -> Body:
        plain = inspect.signature(body)
        own = list(plain.parameters.values())[1:]
        shared = [
            inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
            inspect.Parameter("json_", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption),
            inspect.Parameter("namespace_", inspect.Parameter.KEYWORD_ONLY, default="", annotation=NamespaceOption),
            inspect.Parameter("login_", inspect.Parameter.KEYWORD_ONLY, default="", annotation=AsOption),
        ]
        keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]

        @functools.wraps(body)
        def run(*, ctx: typer.Context, json_: bool, namespace_: str, login_: str, **values: Any) -> None:
            before = ctx.obj if isinstance(ctx.obj, Given) else Given()
            given = Given(before.json or json_, namespace_ or before.namespace, login_ or before.login)
            try:
                work = body(given, **values)
                raise typer.Exit((work if isinstance(work, int | None) else run_async(work)) or 0)
            except BrokenPipeError as error:
                raise ReaderGone from error  # Typer would make a failure of it.

        adapted = cast(Any, run)
        adapted.__signature__ = plain.replace(parameters=[*keyword, *shared], return_annotation=None)
        adapted.__annotations__ = {one.name: one.annotation for one in [*keyword, *shared]}
        del adapted.__wrapped__
        app.command(name or None, help=help or body.__doc__)(run)
        return body

    return register


def run_async(work: Awaitable[int | None]) -> int | None:
    """Run a command to its end; SIGINT and SIGTERM let it leave in good order.

    Raises:
        KeyboardInterrupt: SIGINT came.
        Ended: SIGTERM came.
    """
    came: list[signal.Signals] = []

    async def main() -> int | None:
        task = asyncio.current_task()

        def leave(which: signal.Signals) -> None:
            came.append(which)
            if task is not None:
                task.cancel()

        for which in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(which, leave, which)
        return await work

    with runner() as loop:
        try:
            return loop.run(main())
        except asyncio.CancelledError:
            if signal.SIGINT in came:
                raise KeyboardInterrupt from None
            if came:
                raise Ended(str(TERMINATED)) from None
            raise
