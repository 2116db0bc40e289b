"""What people do with a draft besides answering it: claim it, leave it to others, put it off, comment on it."""

from datetime import datetime
from functools import partial

import msgspec
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from contracts.commands import ClaimDraft, CommentDraft, Handling, Receipt, ReleaseDraft, SnoozeDraft
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.commanding import Key, Nothing, carried_out, received
from gateway.query import Asking


class Snooze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when, with its zone: at most 14 days from now, and before the draft expires."""

    until: datetime


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to tell the others, in 1 to 2,000 characters."""

    text: str


@post("/api/emails/{email_id:str}/claim", status_code=200, opt=needs("decide"))
async def claim(
    email_id: FromPath[str],
    data: JSONBody[Nothing],  # noqa: ARG001 - That there is nothing in it is all there is to know.
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Tell the others that one is looking at a draft, for 15 minutes from now. It keeps nobody from answering it."""
    return await _handle(ClaimDraft(email_id=email_id), request, backend, idempotency_key)


@post("/api/emails/{email_id:str}/release", status_code=200, opt=needs("decide"))
async def release(
    email_id: FromPath[str],
    data: JSONBody[Nothing],  # noqa: ARG001 - As above.
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Leave a claimed draft to the others. Where nobody has claimed it there is nothing to record, and no fact."""
    return await _handle(ReleaseDraft(email_id=email_id), request, backend, idempotency_key)


@post("/api/emails/{email_id:str}/snooze", status_code=200, opt=needs("decide"))
async def snooze(
    email_id: FromPath[str],
    data: JSONBody[Snooze],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Put a draft off: it leaves the list and comes back by itself, or with an answer or another text."""
    return await _handle(SnoozeDraft(email_id=email_id, until=data.until), request, backend, idempotency_key)


@post("/api/emails/{email_id:str}/comment", status_code=200, opt=needs("decide"))
async def comment(
    email_id: FromPath[str],
    data: JSONBody[Said],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Say something about an e-mail to the others, whatever has become of it. Send a key: each call is a comment."""
    return await _handle(CommentDraft(email_id=email_id, text=data.text), request, backend, idempotency_key)


async def _handle(command: Handling, request: Asking, backend: Backend, key: str | None) -> Response[Receipt]:
    """Carry it out as the person whose token it came with."""
    return received(await carried_out(request, key, partial(backend.drafts.answer, command)))


ROUTES = (claim, release, snooze, comment)
