"""The report of a bench for a person."""

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from services.cli.bench.pipeline import SPLIT
from services.cli.bench.report import TARGETS, TITLES, Report


def show(report: Report, console: Console) -> None:
    """Two tables: what was measured, and what it comes to beside the limits."""
    words = _words(report)
    figures = Table(
        "what", "median", "lowest", "highest", "unit", title=f"Figures, {report.sizes.rounds} rounds", box=SIMPLE
    )
    for column in figures.columns[1:4]:
        column.justify = "right"
    for name, one in report.figures.items():
        title = TITLES.get(name, name).format(**words)
        figures.add_row(title, _number(one.median), _number(one.lowest), _number(one.highest), one.unit)
    console.print(figures)
    if report.no_ratios:
        console.print(f"No ratios: {report.no_ratios}")
    else:
        _ratios(report, console)
    facts = report.machine
    console.print(
        f"{facts.cores} cores, load {facts.load_before} before, Python {facts.python} on {facts.loop}, {facts.server}, "
        f"{facts.durability}; {report.sizes.pipeline_leads} leads a round, seed {report.sizes.seed}; "
        f"took {report.took_s:.0f} s"
    )


def _ratios(report: Report, console: Console) -> None:
    words = _words(report)
    table = Table("ratio", "is", "in rounds", "asked for", "goal", "", title="Ratios", box=SIMPLE)
    for column in table.columns[1:3]:
        column.justify = "right"
    for column in table.columns[1:]:
        column.no_wrap = True
    for name, value in report.ratios.items():
        target, rounds, spoken = TARGETS[name], report.ratio_rounds[name], name.replace("_", " ")
        table.add_row(
            f"[bold]{spoken}[/bold]: {TITLES[target.above]} / {TITLES[target.below]}".format(**words),
            f"{value:.3g}",
            f"{min(rounds):.3g} to {max(rounds):.3g}",
            f"{target.kind} {target.bound:g}",
            f"{target.goal:g}",
            "met" if report.met[name] else "missed",
        )
    console.print(table)


def _words(report: Report) -> dict[str, int]:
    sizes = report.sizes
    return {"processes": len(SPLIT), "at_once": sizes.at_once, "subscribers": sizes.subscribers}


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
