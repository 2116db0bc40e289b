"""Leads for a person: where each stands, why, and what would move it; and what led to what for one of them."""

from collections.abc import Iterator, Sequence

from contracts.envelope import reveal
from gateway.lead_list import said
from gateway.why import Node, Why
from services.cli.printing import heading, say, table
from services.cli.words import line, many, minute, short
from services.projections.leads import Row
from services.projections.plain_words import TIERS, capital, theme_of

MORE, LAST = "├─ ", "└─ "
BESIDE, BELOW = "│  ", "   "


def print_leads(rows: Sequence[Row]) -> None:
    """One lead a line of the table."""
    cells = [(short(row.id), called(row), score(row), _standing(row)) for row in rows]
    say(table(("id", "lead", "score", "where it stands, why, and what would move it"), cells))


def called(row: Row) -> str:
    """Who it is: name, title and company; for a row that became no lead, which one it was."""
    name = reveal(row.name) if row.name else f"row {row.origin.row}" if row.origin else "no name"
    return ", ".join(line(part) for part in (name, row.title, row.company) if part)


def score(row: Row) -> str:
    """Points and tier, and what they could become."""
    if row.score is None:
        return ""
    tier = TIERS.get(row.tier, row.tier) if row.tier else ""
    could = f", could reach {row.could_reach}" if row.could_reach is not None and row.could_reach > row.score else ""
    return f"{row.score} {tier}{could}"


def _standing(row: Row) -> str:
    told = said(row)
    why = f": {told.why}" if told.why and told.why != row.stands else ""
    return line(f"{capital(row.stands)}{why}{_end(why)}{f' {told.moves}{_end(told.moves)}' if told.moves else ''}")


def _end(text: str) -> str:
    return "" if text.endswith((".", "!", "?")) else "."


def print_why(row: Row, why: Why) -> None:
    """Who it is, how things stand, the chain of facts, and what people rejected before."""
    told = said(row)
    say(heading(called(row)), f"stands: {line(row.stands)}{f' ({line(told.why)})' if told.why else ''}")
    if told.moves:
        say(f"{'would move it' if row.status == 'needs_data' or row.remedy else 'open'}: {line(told.moves)}")
    about = (
        score(row),
        f"campaign: {theme_of(row.campaign)}" if row.campaign else "",
        f"from {told.origin}" if told.origin else "",
        f"run {row.run_id}" if row.run_id else "",
    )
    say(", ".join(part for part in about if part), f"lead {row.id}, e-mail {row.email_id or 'none'}", "")
    say(heading("What led to what"))
    if not why.nodes:
        say("  Nothing more: a row that was refused has no history. What would mend it stands above.")
    if why.dropped:
        say(f"  {many(why.dropped, 'earlier fact is', 'earlier facts are')} in the log alone.")
    say(*tree(why))
    if any(edge.how == "found" for edge in why.edges):
        say("", "  (after) decided on what stood there before")
    if why.rejections:
        of_all = f", the newest of {why.rejected:,}" if why.rejected > len(why.rejections) else ""
        say("", heading(f"Rejected for this lead, and not written again{of_all}"))
        say(
            *(
                f"  {minute(one.at)}  {one.label}, template {one.template}{f': {line(one.reason)}' if one.reason else ''}"
                for one in why.rejections
            )
        )


def tree(why: Why) -> Iterator[str]:
    """A line for each fact, under the one that led to it: further right where several came of one."""
    causes = {edge.target: edge for edge in why.edges}
    effects: dict[str, list[Node]] = {}
    for node in why.nodes:
        effects.setdefault(causes[node.id].source if node.id in causes else "", []).append(node)
    width = max((len(node.by) for node in why.nodes), default=0)
    open_: list[tuple[Node, str, str]] = [(node, "", "") for node in reversed(effects.get("", []))]
    while open_:
        node, before, mark = open_.pop()
        edge = causes.get(node.id)
        after = "(after) " if edge is not None and edge.how == "found" else ""
        yield f"  {node.at:%Y-%m-%d %H:%M:%S}  {node.by:<{width}}  {before}{mark}{after}{line(node.said)}"
        below = before + {"": "", MORE: BESIDE, LAST: BELOW}[mark]
        came = effects.get(node.id, [])
        marks = [*(MORE for _ in came[1:]), LAST] if len(came) > 1 else [""]
        open_ += [(one, below, sign) for one, sign in reversed(list(zip(came, marks, strict=False)))]
