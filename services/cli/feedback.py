"""What people made of drafts, summed up: beside the store, or over a gateway."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, get_args

import msgspec

from contracts.codec import outward
from contracts.errors import BadInput
from gateway.columns import SUMMARY
from services.cli import csv_file
from services.cli.csv_file import Table
from services.cli.given import Given
from services.cli.opening import call, reading
from services.cli.printing import document, heading, marked, say, table
from services.cli.store import Store
from services.cli.words import SHADOW
from services.projections.plain_words import TAGS, words
from services.projections.summary import By, Line, Traffic, summed_up, traffic_of
from services.projections.views import FEEDBACK

if TYPE_CHECKING:
    from rich.table import Table as RichTable

HEADINGS: Mapping[Traffic, str] = {
    "real": "Drafts for real leads",
    "test": "Test traffic: drafts for invented leads, and those that a policy answered",
}
FEW = 10
"""Below so many answers a share says next to nothing: its interval spans half of all there is."""


class FeedbackDesk(Protocol):
    """How drafts fared."""

    async def namespace(self) -> str:
        """Where they are."""
        ...

    async def summary(self, by: By, traffic: Traffic, campaign: str) -> Sequence[Line]:
        """A line for each group, the largest first; an empty campaign is all of them."""
        ...

    async def table(self, by: By, traffic: Traffic, campaign: str) -> Table:
        """The same as rows of a file."""
        ...


@dataclass(frozen=True)
class StoreFeedback:
    """Feedback beside the store."""

    store: Store

    async def namespace(self) -> str:
        """See `FeedbackDesk`; so for all of these."""
        return self.store.settings.namespace

    async def summary(self, by: By, traffic: Traffic, campaign: str) -> Sequence[Line]:
        rows = [row async for _, row in self.store.views.all(FEEDBACK)]
        return summed_up((row for row in rows if traffic_of(row) == traffic and campaign in {"", row.campaign}), by)

    async def table(self, by: By, traffic: Traffic, campaign: str) -> Table:
        lines = await self.summary(by, traffic, campaign)
        return Table.of(SUMMARY, [outward(one) | {"traffic": traffic} for one in lines], more=False)


@asynccontextmanager
async def at_feedback(given: Given) -> AsyncIterator[FeedbackDesk]:
    """Open a namespace to look at what people said."""
    if given.elsewhere():
        from services.cli.remote.feedback import GatewayFeedback
        from services.cli.remote.opening import gateway

        async with gateway(given) as there:
            yield GatewayFeedback(there)
    else:
        async with reading(given) as store:
            yield StoreFeedback(store)


async def show(given: Given, by: str, traffic: str, campaign: str, path: Path | None) -> int:
    """Print how drafts fared, or write it to a file."""
    group = msgspec.convert(_among("by", by, get_args(By)), By)
    chosen: Sequence[Traffic] = get_args(Traffic)
    if traffic:
        chosen = [msgspec.convert(_among("traffic", traffic, get_args(Traffic)), Traffic)]
    csv_file.check(path)
    async with at_feedback(given) as desk:
        if path is not None:
            tables = [await desk.table(group, one, campaign) for one in chosen]
            rows = [row for one in tables for row in one.rows]
            return csv_file.write(given, path, Table(tables[0].head, rows, more=False))
        found = {one: await desk.summary(group, one, campaign) for one in chosen}
        namespace = await desk.namespace()
    if given.json:
        told: dict[str, object] = {str(one): [outward(line) for line in lines] for one, lines in found.items()}
        document(marked(namespace) | {"by": group, "campaign": campaign, **told})
    else:
        _print(given, group, found, namespace)
    return 0


def _among(name: str, value: str, known: Sequence[str]) -> str:
    """The value.

    Raises:
        BadInput: it is none of those.
    """
    if value not in known:
        raise BadInput(f"There is no --{name} {value!r}.", f"Use one of {', '.join(known)}.", field=name)
    return value


def _print(given: Given, by: By, found: Mapping[Traffic, Sequence[Line]], namespace: str) -> None:
    if not any(found.values()):
        what = "Nothing was rejected" if by == "tag" else "No draft is there" if by != "reviewer" else "Nobody answered"
        say(f"{what} yet in namespace {namespace}. `{call(given, 'queue')}` shows what waits. {SHADOW}")
        return
    for traffic, lines in found.items():
        if lines:
            say(heading(f"{HEADINGS[traffic]}, namespace {namespace}"))
            say(_by_tag(lines) if by == "tag" else _by_group(by, lines), "")
    say(f"A share stands with where the true one lies, 19 times out of 20. {SHADOW}")


def _by_group(by: By, lines: Sequence[Line]) -> "RichTable":
    cells = [
        (
            one.label,
            f"{one.drafts:,}",
            f"{one.approved:,}",
            _share(one, one.approved + one.rejected + one.changes_requested),
            _how(one.edited, [f"{count:,} {code}" for code, count in one.edits.items()], one.parts),
            _how(one.rejected, [f"{count:,} {TAGS[tag].lower()}" for tag, count in one.tags.items()], ()),
            f"{one.changes_requested:,}",
        )
        for one in lines
    ]
    columns = (by, "drafts", "approved", "share approved", "edited, how", "rejected, why", "changes")
    return table(columns, cells, right=("drafts", "approved", "changes"))


def _by_tag(lines: Sequence[Line]) -> "RichTable":
    rejections = sum(one.drafts for one in lines)
    cells = [(one.label, f"{one.drafts:,}", _share(one, rejections)) for one in lines]
    return table(("tag", "rejections", "share of all rejections"), cells, right=("rejections",))


def _share(line: Line, answered: int) -> str:
    """In words, with how far it is to be believed."""
    if line.share is None or line.low is None or line.high is None:
        return "nobody answered yet"
    few = ", too few to say" if answered < FEW else ""
    return f"{line.share:.0%}, between {line.low:.0%} and {line.high:.0%}{few}"


def _how(count: int, kinds: Sequence[str], parts: Iterable[str]) -> str:
    """A count with what it is made of: `3: 2 minor, 1 major; in subject, ask`."""
    where = ", ".join(map(words, parts))
    return f"{count:,}: {', '.join(kinds)}{f'; in {where}' if where else ''}" if count else "0"
