"""A person who answers every draft, many at once; killed and begun anew, they give the same answers under the same ids."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from contracts.commands import ApproveDraft, PersonsAnswer, RejectDraft, RequestChanges
from contracts.envelope import Actor
from contracts.errors import StoreUnavailable, UnsafeStore, VersionConflict
from services.cli.bootstrap import Swarm
from services.projections.approval_queue import Row
from services.projections.views import QUEUE
from services.runtime.clock import rest
from services.runtime.execute import command_id

WHO = Actor(kind="person", id="ruth@local")
AT_ONCE = 128
PATIENCE_S = 1.0
PAUSE_S = 0.05


class Reviewer:
    """Takes long queues at once and short ones after a while.

    Args:
        receipts: gets the id of the fact behind each answer that was acknowledged, once it was.
        busy: is told how many commands are under way.
    """

    def __init__(self, swarm: Swarm, receipts: Path, busy: Callable[[int], None]) -> None:
        self._swarm = swarm
        self._receipts = receipts
        self._busy = busy
        self._under_way = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Answer until told to stop."""
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while not stopping.is_set():
            try:
                listed = await self._swarm.views.by_rank(QUEUE, count=AT_ONCE)
                rows = [row for _, row in listed if row.status == "drafted"]
                if rows and (len(rows) >= AT_ONCE or loop.time() - looked > PATIENCE_S):
                    looked = loop.time()
                    await asyncio.gather(*(self._answer(row) for row in rows))
            except UnsafeStore:
                raise
            except (StoreUnavailable, VersionConflict):
                pass  # Asked again under the same id, the answer is the same.
            await rest(PAUSE_S, stopping)

    async def _answer(self, row: Row) -> None:
        self._under_way += 1
        self._busy(self._under_way)
        try:
            key = command_id(WHO, f"{row.email_id}:{row.draft_version}")
            receipt = await self._swarm.drafts().answer(answer_to(row), WHO, key)
            with self._receipts.open("a", encoding="utf-8") as file:
                file.write(f"{receipt.fact}\n")
        finally:
            self._under_way -= 1


def answer_to(row: Row) -> PersonsAnswer:
    """Always the same for one version of one e-mail: most go out, some do not, some are written anew first."""
    seen = {"email_id": row.email_id, "content_hash": row.content_hash}
    draw = sha256(row.email_id.encode()).digest()[0] % 16
    if draw == 0 and row.draft_version == 1:
        return RequestChanges(wishes=(), **seen, draft_version=row.draft_version, instruction="Make it shorter.")
    if draw in {1, 2}:
        return RejectDraft(**seen, draft_version=row.draft_version, tag="weak_cta", reason="It asks for nothing.")
    return ApproveDraft(**seen, draft_version=row.draft_version)
