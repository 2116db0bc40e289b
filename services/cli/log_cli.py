"""The commands about the log: read it, rebuild views from it, verify what is stored against it, and its dead letters."""

from typing import Annotated

import typer

from services.cli.command import CsvOption, command, only
from services.cli.given import Given


def register(app: typer.Typer) -> None:
    """Add this family."""
    for body in (tail, replay, verify, dead):
        command(app)(body)


async def tail(
    given: Given,
    from_: Annotated[
        str, typer.Option("--from", metavar="POSITION", help="Facts past it, such as 841 or 0:841.1:77; else all.")
    ] = "",
    type_: Annotated[
        str, typer.Option("--type", metavar="PREFIX", help="Only types that begin so, such as email.sent.")
    ] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for more until Ctrl-C.")] = False,
    csv: CsvOption = None,
) -> int:
    """The facts of the log in order; with --json one document a line."""
    from contracts.errors import BadInput
    from services.cli.tailing import print_facts, write_facts

    if csv is not None:
        if follow:
            raise BadInput("A file has an end, and --follow has none.", "Leave one of them out.", field="csv")
        return await write_facts(given, from_, type_, csv)
    return await print_facts(given, from_, type_, follow=follow)


async def replay(
    given: Given, view: Annotated[str, typer.Option(metavar="NAME", help="A view, or all.")] = "all"
) -> int:
    """Build a view anew from the whole log, beside the live one, and switch."""
    import time

    from contracts.errors import BadInput
    from services.cli.opening import reading
    from services.cli.printing import document, marked, say
    from services.cli.words import many, where
    from services.projections.rebuild import rebuild
    from services.projections.views import VIEWS
    from services.runtime.slots import served

    if view != "all" and view not in VIEWS:
        raise BadInput(f"There is no view {view!r}.", f"Use all, {', '.join(VIEWS)}.", field="view")
    chosen = list(VIEWS.values()) if view == "all" else [VIEWS[view]]
    async with reading(given) as store:
        # Readers look the live generation up with each request, so the old one has to outlive only those under way.
        busy = await served(store.client, store.log.namespace, ["projector"])
        began = time.perf_counter()
        done = await rebuild(store.log, store.views, chosen, grace_s=2.0 if busy else 0.0)
        seconds, namespace = time.perf_counter() - began, store.log.namespace
    if given.json:
        document(
            marked(namespace)
            | {"facts": done.facts, "seconds": round(seconds, 3), "generations": dict(done.generations)}
        )
    else:
        say(
            f"{many(len(chosen), 'view')} rebuilt from {many(done.facts, 'fact')} in {seconds:.2f} s. {where(namespace)}"
        )
    return 0


async def verify(given: Given) -> int:
    """Fold the log afresh and compare every snapshot and row, byte by byte; 1 where something differs."""
    from contracts.codec import outward
    from services.cli.printing import document, marked, say, warn
    from services.cli.store import open_store
    from services.cli.words import line, many, where
    from services.projections.verify import verify as check

    async with open_store(given.settings()) as store:
        report, namespace = await check(store.log, store.views), store.log.namespace
    if given.json:
        document(marked(namespace) | outward(report))
    else:
        say(
            f"{many(report.facts, 'fact')}, {many(report.aggregates, 'aggregate')} and {many(report.rows, 'row')} "
            f"compared: {many(report.total, 'difference') if report.total else 'all is as the log says'}. {where(namespace)}"
        )
        for name, count in report.behind.items():
            if count:
                say(f"View {name} has {many(count, 'fact')} still to fold; `swarm up` or the next command does that.")
        if report.unknown:
            say(f"{many(report.unknown, 'fact')} of a newer program were passed over.")
        say(*(f"  {line(one.sentence())}" for one in report.differences))
    if report.first is None:
        return 0
    warn(f"error: {line(report.first.sentence())}. Stop, keep the data, and compare with a backup; see `swarm replay`.")
    return 1


async def dead(
    given: Given,
    what: Annotated[str, typer.Argument(metavar="list|retry|drop", show_default=False)] = "list",
    dead_id: Annotated[str, typer.Argument(metavar="ID", help="The beginning of its id.", show_default=False)] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why it is dropped, in 3 to 2,000 characters.")] = "",
    csv: CsvOption = None,
) -> int:
    """What services gave up: list it, send one back, or drop it."""
    from contracts.errors import BadInput
    from services.cli.dead_letters import answer, show

    if what not in {"list", "retry", "drop"}:
        raise BadInput(f"There is no `dead {what}`.", "Use list, retry or drop.", field="what")
    only(what, reason=(reason, ["drop"]), csv=(csv, ["list"]))
    if what == "list":
        if dead_id:
            raise BadInput("`dead list` takes no ID.", f"Leave {dead_id!r} out: it lists all.", field="dead_id")
        return await show(given, csv)
    if not dead_id:
        raise BadInput(f"Which one is to {what}?", f"Write it as dead {what} ID.", field="dead_id")
    if what == "drop" and not reason:
        raise BadInput("Why is it to be dropped?", "Add --reason WORDS.", field="reason")
    return await answer(given, what, dead_id, reason)
