"""One answer to many drafts that are named one by one; each is answered for itself."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import JSONBody

from contracts.commands import ApproveDraft, Receipt, RejectDraft, RevokeApproval
from contracts.email import RejectionTag
from contracts.errors import SwarmError
from gateway.answers import POSITION, position_text, read_position
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.commanding import Key
from gateway.problems import document_of, status_of
from gateway.query import Asking
from gateway.routes.decisions import Decision, answered

ITEMS_MAX = 1_000


class Item(Decision, frozen=True, kw_only=True):
    """One draft, and the version of it that was shown."""

    email_id: str


Items = Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=ITEMS_MAX)]


class ApproveMany(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let these go out as they are."""

    items: Items


class RejectMany(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stop these, all for one reason."""

    items: Items
    tag: RejectionTag
    reason: str


class RevokeMany(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take these approvals back, all for one reason or for none. The version is the one that was approved."""

    items: Items
    reason: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one: `status` as it would have been alone, with the receipt or the problem."""

    email_id: str
    status: int
    receipt: Receipt | None = None
    problem: dict[str, object] | None = None


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, in the order asked for, and how many were done."""

    done: int
    results: list[Result]


@post("/api/bulk/approve", status_code=200, opt=needs("decide"))
async def approve_many(
    data: JSONBody[ApproveMany], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Results]:
    """Let named drafts go out. One that cannot does not hold up the others."""
    return await _each(ApproveDraft, data.items, {}, request, backend, idempotency_key)


@post("/api/bulk/reject", status_code=200, opt=needs("decide"))
async def reject_many(
    data: JSONBody[RejectMany], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Results]:
    """Stop named drafts. One that cannot be stopped does not hold up the others."""
    said = {"tag": data.tag, "reason": data.reason}
    return await _each(RejectDraft, data.items, said, request, backend, idempotency_key)


@post("/api/bulk/revoke", status_code=200, opt=needs("decide"))
async def revoke_many(
    data: JSONBody[RevokeMany], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Results]:
    """Take named approvals back. One whose undo window is over does not hold up the others."""
    return await _each(RevokeApproval, data.items, {"reason": data.reason}, request, backend, idempotency_key)


async def _each(
    kind: type[ApproveDraft | RejectDraft | RevokeApproval],
    items: Sequence[Item],
    said: Mapping[str, Any],
    request: Asking,
    backend: Backend,
    key: str | None,
) -> Response[Results]:
    """Answer all at once: what arrives together shares a commit."""

    async def one(item: Item) -> Result:
        own_key = f"{key}:{item.email_id}" if key else None
        body = msgspec.json.encode((request.scope["path"], item, said))
        try:
            receipt = await answered(kind, item.email_id, item, said, request, backend, key=own_key, body=body)
        except SwarmError as error:
            return Result(email_id=item.email_id, status=int(status_of(error)), problem=document_of(error))
        return Result(email_id=item.email_id, status=200, receipt=receipt)

    results = await asyncio.gather(*map(one, items))
    receipts = [one.receipt for one in results if one.receipt is not None]
    return Response(Results(done=len(receipts), results=results), headers={POSITION: _newest(receipts)})


def _newest(receipts: Iterable[Receipt]) -> str:
    """The position that includes them all."""
    reached: dict[int, int] = {}
    for one in receipts:
        for partition, seq in read_position(one.position).items():
            reached[partition] = max(seq, reached.get(partition, 0))
    return position_text(reached)


ROUTES = (approve_many, reject_many, revoke_many)
