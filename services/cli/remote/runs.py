"""Runs over a gateway. A file is read here to find out what is wrong with it, and sent there to be worked through."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from contracts.commands import CancelRun, Receipt, ResumeRun, WithdrawRun
from contracts.errors import BadInput, StoreUnavailable, SwarmError
from services.cli.csv_file import Table
from services.cli.given import URL
from services.cli.progress import Standing
from services.cli.remote.client import STORED_WITHIN_S, TOTAL, Answer, Gateway
from services.cli.remote.desk import run_named
from services.cli.remote.inward import inward
from services.cli.report import Refusal, Report, counts_of_rows, lines_of_row, report_of_row
from services.cli.run_desk import Prepared, Started, TakenBack, Tried, taken_back_of
from services.commands.mappings import check_name
from services.commands.preview import first_of, items_of, refused_of, unaddressed
from services.projections import leads
from services.projections.runs import REMEDIES, Row
from services.reading.sheet import ROWS_MAX
from services.runtime.mapping_store import KeptMapping

LOOK_S, LOOK_S_MAX = 0.1, 1.0
STILL_S_MAX = 360.0
"""A run that has not moved for longer than a stall takes, and a minute more, is not moved by anybody."""
NOBODY = bytes(32)
"""In place of the key that ids of leads are made with: the gateway has it, and no id is shown."""
PATHS: dict[type[CancelRun | WithdrawRun | ResumeRun], str] = {
    CancelRun: "cancel",
    WithdrawRun: "withdraw",
    ResumeRun: "resume",
}


@dataclass
class GatewayRuns:
    """See `services.cli.run_desk.RunDesk` and `RunsAtWork`: over a gateway they are one."""

    there: Gateway
    remark: str = ""
    after: str = field(default="", init=False)

    @property
    def desk(self) -> "GatewayRuns":
        return self

    async def namespace(self) -> str:
        return await self.there.namespace()

    async def find_run(self, given: str) -> str:
        return await run_named(self.there, given)

    async def newest(self, limit: int, campaign: str) -> tuple[list[Row], int]:
        found = [row_of(one) async for one in self.there.pages("/api/runs", limit, campaign=campaign)]
        return found, int((await self.there.get("/api/runs", limit=1)).headers[TOTAL])

    async def table(self, limit: int, campaign: str) -> Table:
        return await self.there.table("/api/runs", limit, campaign=campaign)

    async def report(self, run_id: str) -> Report:
        row = await self._run(run_id)
        return report_of_row(row, await self.refusals(run_id) if row.rows.get("refused") else [])

    async def refusals(self, run_id: str) -> list[Refusal]:
        wanted = {"run_id": run_id, "status": "refused", "after": self.after}
        found = []
        async for told in self.there.pages("/api/leads", ROWS_MAX, **wanted):
            lead = inward(leads.Row, told)
            name, _, reason = lead.why.partition(": ")
            row = lead.origin.row if lead.origin else 0
            found.append(Refusal(row=row, field=name, reason=reason, remedy=lead.remedy))
        return sorted(found, key=lambda one: one.row)

    async def taken_back(self, run_id: str) -> TakenBack:
        wanted = {"run_id": run_id, "status": "withdrawn", "after": self.after}
        pages = self.there.pages("/api/leads", ROWS_MAX, **wanted)
        return taken_back_of([inward(leads.Row, one) async for one in pages])

    async def first_draft(self, run_id: str) -> str:
        cards = self.there.pages("/api/pending-emails", 1, run_id=run_id, after=self.after)
        card = await anext(cards, None)
        return str(card["email_id"]) if card else ""

    async def tried(self, what: Prepared) -> Tried:
        if what.source.sheet is None:
            raise BadInput(
                "A gateway does not try an inventing source out.",
                f"Run it in mode sandbox, or unset {URL} where the swarm runs.",
                field="mode",
            )
        import_id = await self._bring(what)
        try:
            limit = what.command.limit or 0
            found = (await self.there.get(f"/api/imports/{import_id}", limit=limit)).document
        finally:
            await self._let_go(import_id)
        items = items_of(what.pieces, NOBODY)
        return Tried(
            namespace=await self.namespace(),
            came_before=found["came_before"],
            older=found["older"],
            first=first_of(items),
            refused=refused_of(items, what.command.limit),
            counts=found["counts"],
            unaddressed=unaddressed(items, what.command.limit),
        )

    async def mappings(self) -> list[KeptMapping]:
        return [inward(KeptMapping, one) for one in (await self.there.get("/api/mappings")).document["mappings"]]

    async def keep_mapping(self, name: str, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        await self.there.say_once("/api/mappings", {"name": name, "header": header, "mapping": mapping})

    async def drop_mapping(self, name: str) -> None:
        check_name(name)  # It becomes a part of the path.
        await self.there.drop(f"/api/mappings/{name}")

    async def tell(self, command: CancelRun | WithdrawRun | ResumeRun) -> Receipt | None:
        said = {} if isinstance(command, ResumeRun) else {"reason": command.reason}
        told = await self.there.post(f"/api/runs/{command.run_id}/{PATHS[type(command)]}", said)
        receipt = msgspec.convert(told.document["receipt"], Receipt | None)
        if receipt is not None:
            self.after = receipt.position
            await self._run(command.run_id)
        return receipt

    async def start(self, what: Prepared) -> Started:
        """The file goes first. What is real is confirmed here, by whoever started the command."""
        wish, mode = what.wish.for_run(), what.command.terms.mode
        asked = {"mode": mode, "limit": wish.limit, "segment": wish.segment, "draft": wish.draft}
        if wish.campaign:
            asked |= {"campaign": wish.campaign}
        if what.source.sheet is None:
            told = await self.there.post("/api/runs", asked | {"source": what.source.name, "seed": wish.seed})
            return self._started(told)
        confirm = await self.namespace() if mode == "production" else ""
        import_id = await self._bring(what)
        try:
            asked |= {"synthetic": what.wish.synthetic, "confirm": confirm}
            told = await self.there.post(f"/api/imports/{import_id}/run", asked, within_s=STORED_WITHIN_S)
        finally:
            await self._let_go(import_id)
        return self._started(told)

    async def follow(self, started: Started, until: frozenset[str]) -> AsyncIterator[Standing]:
        loop = asyncio.get_running_loop()
        pause_s, moved_at, before = LOOK_S, loop.time(), None
        while True:
            row = await self._run(started.run_id)
            if row != before:
                before, pause_s, moved_at = row, LOOK_S, loop.time()
                total = row.file_rows or row.limit or 0
                yield Standing(row.status, lines_of_row(row), counts_of_rows(row.rows), total)
            if row.status in until:
                return
            if row.status == "running" and loop.time() - moved_at > STILL_S_MAX:
                raise StoreUnavailable(
                    f"Nothing was recorded about {started.run_id} for {loop.time() - moved_at:.0f} s.",
                    "Nothing is lost. `swarm runs` says where the run stands; see that the swarm is up.",
                )
            await asyncio.sleep(pause_s)
            pause_s = min(1.5 * pause_s, LOOK_S_MAX)

    async def settle(self) -> None:
        """What is read from now on has heard all that is in the log now."""
        self.after = str((await self.there.get("/api/events", newest="true", limit=1)).document["position"])

    async def _run(self, run_id: str) -> Row:
        return row_of((await self.there.get(f"/api/runs/{run_id}", after=self.after)).document)

    def _started(self, told: Answer) -> Started:
        self.after = str(told.document["receipt"]["position"])
        return Started(str(told.document["run_id"]), self.after)

    async def _bring(self, what: Prepared) -> str:
        sheet = what.source.sheet
        fields = {"mapping": msgspec.json.encode(what.wish.columns()).decode()}
        if what.source.as_of:
            fields["as_of"] = what.source.as_of.isoformat()
        told = await self.there.bring("/api/imports", sheet.name if sheet else "", what.content, fields)
        return str(told.document["import_id"])

    async def _let_go(self, import_id: str) -> None:
        """It would go by itself after a day."""
        with suppress(SwarmError):
            await self.there.drop(f"/api/imports/{import_id}")


def row_of(told: dict[str, object]) -> Row:
    """A run as the view keeps it: what the gateway says beyond that is taken out again."""
    row = inward(Row, told)
    return msgspec.structs.replace(row, remedy="") if row.remedy == REMEDIES.get(row.status) else row
