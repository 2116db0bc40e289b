"""Runs: what the commands ask about them and tell them; beside the store, or over a gateway."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import uuid4

import msgspec

from contracts.codec import outward
from contracts.commands import CancelRun, Receipt, RequestRun, ResumeRun, WithdrawRun
from contracts.envelope import Actor
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.lead import Origin
from contracts.run import Run
from gateway import lookup
from services.cli.csv_file import Table
from services.cli.given import SAMPLE_COMPANIES, Given
from services.cli.icp_differs import differing
from services.cli.opening import Acting, acting, reading
from services.cli.progress import Standing, follow
from services.cli.refused import refusals_of
from services.cli.report import Refusal, Report, report_of
from services.cli.set_up import STAND_IN
from services.cli.source import Wish
from services.cli.store import Store
from services.commands.mappings import Mappings
from services.commands.preview import (
    as_rows,
    came_before,
    counted,
    first_of,
    items_of,
    known_leads,
    refused_of,
    unaddressed,
)
from services.commands.sources import Source
from services.hunter import synthetic
from services.projections import leads, runs
from services.projections.views import LEADS, QUEUE, RUNS
from services.reading.decide import FILE_BASIS, Item
from services.reading.rows import Candidate, Refused
from services.runtime.mapping_store import KeptMapping, MappingStore

CARDS_LOOKED_AT = 500
LEFT_NOTHING = frozenset({"none", "blocked", "withdrawn"})


@dataclass(frozen=True)
class Prepared:
    """Everything that can be found out without a store; `content` is the file as it came."""

    wish: Wish
    source: Source
    content: bytes
    command: RequestRun
    pieces: Sequence[bytes]


class Tried(NamedTuple):
    """What would come of a source: its first leads, the rows that would be refused, and how many end as what.

    Of the rows that can be leads `unaddressed` have no e-mail address, and `older` an older value of something than is
    known. `came_before` is the run that brought this very file before.
    """

    namespace: str
    came_before: str
    older: int
    first: Sequence[Candidate]
    refused: Sequence[Refused]
    counts: Mapping[str, int]
    unaddressed: int


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """What a withdrawal took out of every queue, and by how it stood what was past that: answered, or on its way."""

    leads: int
    drafts: int
    stayed: dict[str, int]


class Started(NamedTuple):
    """A run that was asked for, and a position before its first fact, or with it."""

    run_id: str
    position: str


class RunDesk(Protocol):
    """What there is to know about runs."""

    async def namespace(self) -> str:
        """Where they are."""
        ...

    async def find_run(self, given: str) -> str:
        """The run that the beginning or the end of its id names.

        Raises:
            NotFound: none has it.
            Ambiguous: several have.
        """
        ...

    async def newest(self, limit: int, campaign: str) -> tuple[list[runs.Row], int]:
        """The newest runs, of one campaign or of any, at most so many; and how many there are of any."""
        ...

    async def table(self, limit: int, campaign: str) -> Table:
        """The newest runs as rows of a file."""
        ...

    async def report(self, run_id: str) -> Report:
        """The report of a run as it stands; the run is known to be there."""
        ...

    async def refusals(self, run_id: str) -> list[Refusal]:
        """Every refused row of a run, in order."""
        ...

    async def taken_back(self, run_id: str) -> TakenBack:
        """What the withdrawal of a run took back."""
        ...

    async def first_draft(self, run_id: str) -> str:
        """The best draft of a run that waits; empty where there is none."""
        ...

    async def tried(self, what: Prepared) -> Tried:
        """What would come of a source now; nothing is recorded."""
        ...

    async def mappings(self) -> list[KeptMapping]:
        """The mappings of columns that are kept, by name."""
        ...

    async def keep_mapping(self, name: str, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        """Keep one, in place of what has its name.

        Raises:
            BadInput: it cannot be kept.
        """
        ...

    async def drop_mapping(self, name: str) -> None:
        """Let one go.

        Raises:
            NotFound: there is none.
        """
        ...


class RunsAtWork(Protocol):
    """Runs that can be told something."""

    @property
    def desk(self) -> RunDesk:
        """What there is to know about them."""
        ...

    @property
    def remark(self) -> str:
        """What whoever starts a run here should know; mostly nothing."""
        ...

    async def tell(self, command: CancelRun | WithdrawRun | ResumeRun) -> Receipt | None:
        """Give a command and wait until it shows; None where it stood so before."""
        ...

    async def start(self, what: Prepared) -> Started:
        """Ask for a run."""
        ...

    def follow(self, started: Started, until: frozenset[str]) -> AsyncIterator[Standing]:
        """The run each time that it has moved, until its status is one of `until`.

        Raises:
            StoreUnavailable: it does not move for longer than a stall takes.
        """
        ...

    async def settle(self) -> None:
        """Wait until all that a run caused shows.

        Raises:
            StoreUnavailable: it does not in time.
        """
        ...


def taken_back_of(withdrawn: Sequence[leads.Row]) -> TakenBack:
    """What was taken back, from the leads of a run that are withdrawn."""
    mails = Counter(row.email_status for row in withdrawn)
    past = {str(status): count for status, count in sorted(mails.items()) if status not in LEFT_NOTHING}
    return TakenBack(leads=len(withdrawn), drafts=mails["withdrawn"], stayed=past)


@dataclass(frozen=True)
class StoreRuns:
    """Runs beside the store, to be looked at."""

    store: Store
    actor: Actor

    async def namespace(self) -> str:
        """See `RunDesk`; so for all of these."""
        return self.store.settings.namespace

    async def find_run(self, given: str) -> str:
        return await lookup.find_run(self.store.views, given)

    async def newest(self, limit: int, campaign: str) -> tuple[list[runs.Row], int]:
        views, found, offset = self.store.views, list[runs.Row](), 0
        while page := await views.by_rank(RUNS, offset=offset, count=limit, highest_first=True):
            found += [row for _, row in page if runs.of_campaign(row, campaign)]
            offset += len(page)
            if len(found) >= limit:
                break
        return found[:limit], await views.count(RUNS)

    async def table(self, limit: int, campaign: str) -> Table:
        found, _ = await self.newest(limit + 1, campaign)
        return Table.of("runs", [_item(row) for row in found[:limit]], more=len(found) > limit)

    async def report(self, run_id: str) -> Report:
        """From the run's own state in the log."""
        state = (await self.store.log.load(CONTROL, [Ref("run", run_id)]))[Ref("run", run_id)].state
        run_state = state if isinstance(state, Run) else Run()
        row = await self.store.views.get(RUNS, run_id)
        refused = await self.refusals(run_id) if run_state.rows.get("refused") else []
        return report_of(run_id, run_state, refused, row.remedy if row else "")

    async def refusals(self, run_id: str) -> list[Refusal]:
        return await refusals_of(self.store, run_id)

    async def taken_back(self, run_id: str) -> TakenBack:
        rows = self.store.views.all(LEADS)
        return taken_back_of([row async for _, row in rows if row.run_id == run_id and row.status == "withdrawn"])

    async def first_draft(self, run_id: str) -> str:
        cards = await self.store.views.by_rank(QUEUE, count=CARDS_LOOKED_AT)
        return next((key for key, row in cards if row.run_id == run_id), "")

    async def tried(self, what: Prepared) -> Tried:
        command, sheet = what.command, what.source.sheet
        items: Sequence[Item]
        if sheet is None:
            rows = range(1, (command.limit or 0) + 1)
            items = list(synthetic.candidates(what.source.name, rows, command.seed, self.store.identity_key))
        else:
            items = items_of(what.pieces, self.store.identity_key)
        sha256 = sheet.sha256 if sheet else ""
        origin = Origin(
            source=what.source.name,
            kind="import",
            row=0,
            file_sha256=sha256,
            basis=FILE_BASIS,
            as_of=what.source.as_of,
        )
        known = await known_leads(self.store.log, items, command.run_id, command.limit)
        counts = counted(items, known, command.terms, origin, command.limit)
        return Tried(
            namespace=self.store.settings.namespace,
            came_before=came_before(known, sha256) if sha256 else "",
            older=counts.older,
            first=first_of(items),
            refused=refused_of(items, command.limit),
            counts=as_rows(counts),
            unaddressed=unaddressed(items, command.limit),
        )

    async def mappings(self) -> list[KeptMapping]:
        return await self._mappings().store.all()

    async def keep_mapping(self, name: str, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        await self._mappings().keep(name, header, mapping, self.actor)

    async def drop_mapping(self, name: str) -> None:
        await self._mappings().drop(name)

    def _mappings(self) -> Mappings:
        return Mappings(MappingStore(self.store.client, self.store.settings.namespace), self.store.clock)


@dataclass(frozen=True)
class StoreRunsAtWork:
    """Runs beside the store, with every service running."""

    given: Given
    here: Acting
    differs: str = ""

    @property
    def desk(self) -> StoreRuns:
        """See `RunsAtWork`; so for all of these."""
        return StoreRuns(self.here.store, self.given.actor())

    @property
    def remark(self) -> str:
        sample = self.here.store.settings.company_directory == SAMPLE_COMPANIES
        if sample:
            said = "Companies are looked up in the shipped sample directory, since this is the namespace demo."
        else:
            said = STAND_IN if self.here.swarm.set_up.missing() else ""
        return "\n".join(filter(None, (said, self.differs)))

    async def tell(self, command: CancelRun | WithdrawRun | ResumeRun) -> Receipt | None:
        receipt = await self.here.swarm.runs().command(command, self.given.actor(), str(uuid4()))
        await self.here.effect(receipt)
        return receipt

    async def start(self, what: Prepared) -> Started:
        """Store the file, then ask for the run."""
        before, swarm = await self.here.store.log.head(CONTROL), self.here.swarm
        await swarm.runs().start(what.command, what.pieces, swarm.files, self.given.actor(), str(uuid4()))
        return Started(what.command.run_id, str(before))

    async def follow(self, started: Started, until: frozenset[str]) -> AsyncIterator[Standing]:
        async for standing in follow(self.here.store.log, started.run_id, int(started.position), until=until):
            yield standing

    async def settle(self) -> None:
        from services.cli.session import must_settle, must_show

        if self.here.hosted:
            await must_settle(self.here.swarm)
        else:
            await must_show(self.here.swarm, await self.here.store.heads())


def _item(row: runs.Row) -> dict[str, object]:
    """A run as HTTP tells it."""
    reason, remedy = runs.why(row)
    return outward(row) | {"why": reason, "remedy": remedy}


@asynccontextmanager
async def at_runs(given: Given) -> AsyncIterator[RunDesk]:
    """Open a namespace to look at its runs."""
    if given.elsewhere():
        from services.cli.remote.opening import gateway
        from services.cli.remote.runs import GatewayRuns

        async with gateway(given) as there:
            yield GatewayRuns(there)
    else:
        async with reading(given) as store:
            yield StoreRuns(store, given.actor())


@asynccontextmanager
async def running(given: Given) -> AsyncIterator[RunsAtWork]:
    """Open a namespace to tell its runs something."""
    if given.elsewhere():
        from services.cli.remote.opening import gateway
        from services.cli.remote.runs import GatewayRuns

        async with gateway(given) as there:
            yield GatewayRuns(there)
    else:
        async with acting(given) as here:
            yield StoreRunsAtWork(given, here, await differing(here.store))
