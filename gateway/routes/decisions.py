"""A person's answers to drafts: approve, edit, reject, ask for changes, take an approval back."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import FromPath, HeaderParameter, JSONBody

from contracts.commands import (
    ApproveDraft,
    EditDraft,
    PersonsAnswer,
    Receipt,
    RejectDraft,
    RequestChanges,
    RevokeApproval,
)
from contracts.email import RejectionTag, Wish
from contracts.errors import BadInput, PreconditionMissing
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.commanding import Key, carried_out, received
from gateway.etag import read_etag
from gateway.query import Asking

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The ETag of the card that was shown.")]


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every decision may say: the version of the text that was on the screen, and its hash."""

    expected_version: Annotated[int, msgspec.Meta(ge=1)] | None = None
    content_hash: str = ""


class Approve(Decision, frozen=True, kw_only=True):
    """Let it go out, as it is or with another subject or body. `override_reason` lets a failed check pass."""

    subject: str | None = None
    body: str | None = None
    feedback: str = ""
    override_reason: str = ""


class Edit(Decision, frozen=True, kw_only=True):
    """Another subject, body or both: a new version that waits for an answer."""

    subject: str | None = None
    body: str | None = None


class Reject(Decision, frozen=True, kw_only=True):
    """Stop it, with one of the twelve tags and a reason of 3 to 2,000 characters."""

    tag: RejectionTag
    reason: str


class Changes(Decision, frozen=True, kw_only=True):
    """Ask for another text: by wishes, in words of 3 to 2,000 characters, or both."""

    instruction: str = ""
    wishes: tuple[Wish, ...] = ()


class Revoke(Decision, frozen=True, kw_only=True):
    """Take an approval back while its undo window is open."""

    reason: str = ""


DECISION: dict[str, Any] = {"status_code": 200, "opt": needs("decide")}


@post("/api/emails/{email_id:str}/approve", **DECISION)
async def approve(
    email_id: FromPath[str],
    data: JSONBody[Approve],
    request: Asking,
    backend: Behind,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Let a draft go out. Repeating the call changes nothing."""
    return await _answer(ApproveDraft, email_id, data, request, backend, if_match, idempotency_key)


@post("/api/emails/{email_id:str}/edit", **DECISION)
async def edit(
    email_id: FromPath[str],
    data: JSONBody[Edit],
    request: Asking,
    backend: Behind,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Write another version of a draft; approvals of the one before are void."""
    return await _answer(EditDraft, email_id, data, request, backend, if_match, idempotency_key)


@post("/api/emails/{email_id:str}/reject", **DECISION)
async def reject(
    email_id: FromPath[str],
    data: JSONBody[Reject],
    request: Asking,
    backend: Behind,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Stop a draft and say why."""
    return await _answer(RejectDraft, email_id, data, request, backend, if_match, idempotency_key)


@post("/api/emails/{email_id:str}/request-changes", **DECISION)
async def request_changes(
    email_id: FromPath[str],
    data: JSONBody[Changes],
    request: Asking,
    backend: Behind,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Ask CRAFTER for another text."""
    return await _answer(RequestChanges, email_id, data, request, backend, if_match, idempotency_key)


@post("/api/emails/{email_id:str}/revoke", **DECISION)
async def revoke(
    email_id: FromPath[str],
    data: JSONBody[Revoke],
    request: Asking,
    backend: Behind,
    if_match: IfMatch = None,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Take an approval back; the draft waits again."""
    return await _answer(RevokeApproval, email_id, data, request, backend, if_match, idempotency_key)


async def _answer(
    kind: type[PersonsAnswer],
    email_id: str,
    data: Decision,
    request: Asking,
    backend: Backend,
    if_match: str | None,
    key: str | None,
) -> Response[Receipt]:
    """Answer, as this kind of command says, with what the body says."""
    body = f"{request.scope['path']} {if_match or ''} ".encode() + await request.body()
    receipt = await answered(
        kind, email_id, data, said_of(data), request, backend, if_match=if_match, key=key, body=body
    )
    return received(receipt)


def said_of(data: Decision) -> dict[str, Any]:
    """What a body says beside the text that it is about."""
    return {name: getattr(data, name) for name in data.__struct_fields__ if name not in Decision.__struct_fields__}


async def answered(
    kind: type[PersonsAnswer],
    email_id: str,
    seen: Decision,
    said: Mapping[str, Any],
    request: Asking,
    backend: Backend,
    *,
    if_match: str | None = None,
    key: str | None,
    body: bytes,
) -> Receipt:
    """Bind a decision to what was shown, and carry it out as the person whose token it came with.

    Args:
        body: what a repeat under the same key has to equal.
    """
    version, content_hash = _shown(seen, if_match)
    command = kind(email_id=email_id, draft_version=version, content_hash=content_hash, **said)
    return await carried_out(request, key, partial(backend.drafts.answer, command, body=body))


def _shown(data: Decision, if_match: str | None) -> tuple[int, str]:
    """The version that the person saw, and the hash of its text where they said it.

    Raises:
        PreconditionMissing: neither number nor ETag came.
        BadInput: number or hash and ETag speak of two texts.
    """
    tagged = read_etag(if_match) if if_match else None
    if tagged is None:
        if data.expected_version is None:
            raise PreconditionMissing("Which version of the text this is about is not said.")
        return data.expected_version, data.content_hash
    if tagged != (data.expected_version or tagged[0], data.content_hash or tagged[1]):
        raise BadInput("Body and If-Match speak of two texts.", "Send one of them.", field="expected_version")
    return tagged


ROUTES = (approve, edit, reject, request_changes, revoke)
