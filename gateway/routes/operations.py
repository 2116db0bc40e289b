"""What holds for every send, and what the services gave up, with a person's answer to it."""

from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

import msgspec
from litestar import Response, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from contracts.codec import outward
from contracts.commands import Receipt
from contracts.errors import Forbidden
from contracts.facts import Ref
from contracts.identity import CONTROL
from contracts.ops import DeadDropped
from contracts.policy import POLICY_ID, Policy
from gateway.answers import POSITION, Page, position_text
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.commanding import Key, Nothing, carried_out, received
from gateway.gates import Standing, standing
from gateway.pages import page
from gateway.query import PAGED, Asking, Paging, only_known
from services.commands.dead import DeadLetters, Listed
from services.projections.service import partitions
from services.runtime.view_pages import Place, Placed

Answered: TypeAlias = Literal["waiting", "retried", "dropped"]


class Dead(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a service gave up: where it is, why, and what a person made of it; `waiting` for nobody did."""

    dead_id: str
    died_at: datetime
    service: str
    entry_type: str
    position: str
    reason: str
    attempts: int
    run_id: str
    answer: Answered
    answered_by: str
    answered_at: datetime | None
    answer_reason: str


class Drop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it needs no answer, in 3 to 2,000 characters."""

    reason: str


@get("/api/policy", opt=needs("read"), guards=[only_known])
async def policy(backend: Behind) -> Response[Standing]:
    """The phase, whether sending is halted, how long people have, and each gate as it stands."""
    position = position_text({CONTROL: await backend.log.head(CONTROL)})
    about = Ref("policy", POLICY_ID)
    state = (await backend.log.load(CONTROL, [about]))[about].state
    found = standing(
        state if isinstance(state, Policy) else Policy(),
        undo_window_s=backend.drafts.undo_window_s,
        review_expires_h=backend.review_expires_h,
    )
    return Response(found, headers={POSITION: position})


def run_or_audit(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A guard for what both those who run the swarm and those who audit it look at.

    Raises:
        Forbidden: whoever asks does neither.
    """
    if not (connection.user.may("run") or connection.user.may("audit")):
        raise Forbidden("This needs the permission 'run' or 'audit'.", "An admin gives roles with `swarm user roles`.")


@get("/api/dead-letters", opt=needs("read"), guards=[run_or_audit, only_known], dependencies=PAGED)
async def dead_letters(
    backend: Behind,
    paging: NamedDependency[Paging],
    answer: FromQuery[Answered | Literal["all"]] = "waiting",
) -> Response[Page]:
    """What services gave up after repeated failure, the oldest first.

    It reads every fact about dead letters with each request; there are few as long as somebody answers them.
    """
    position = position_text({one: await backend.log.head(one) for one in partitions(backend.log)})
    found = [_dead(one) async for one in _letters(backend).all()]
    placed = sorted((Place(one.died_at.timestamp(), one.dead_id), one) for one in found)

    async def read(after: Place | None, count: int) -> list[Placed[Dead]]:
        return [Placed(place, one) for place, one in placed if after is None or place > after][:count]

    return await page(
        "dead-letters",
        paging,
        read,
        fits=lambda one: answer in ("all", one.answer),
        show=outward,
        position=position,
    )


@post("/api/dead-letters/{dead_id:str}/retry", status_code=200, opt=needs("run"))
async def retry(
    dead_id: FromPath[str],
    data: JSONBody[Nothing],  # noqa: ARG001 - That there is nothing in it is all there is to know.
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Send what a service gave up back to it, once its cause is mended. Should it fail again, it waits again.

    Takes the whole id. Where somebody sent it back before, the answer is the receipt of that.
    """
    return received(await carried_out(request, idempotency_key, partial(_letters(backend).retry, dead_id)))


@post("/api/dead-letters/{dead_id:str}/drop", status_code=200, opt=needs("run"))
async def drop(
    dead_id: FromPath[str],
    data: JSONBody[Drop],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Receipt]:
    """Decide that what a service gave up needs no answer; nothing of it is done.

    Takes the whole id. Where somebody dropped it before, the answer is the receipt of that.
    """
    command = partial(_letters(backend).drop, dead_id, data.reason)
    return received(await carried_out(request, idempotency_key, command))


def _letters(backend: Backend) -> DeadLetters:
    return DeadLetters(backend.log, backend.clock)


def _dead(one: Listed) -> Dead:
    letter, answer = one.letter, one.answer
    dropped = answer is not None and isinstance(answer.event, DeadDropped)
    return Dead(
        dead_id=one.dead_id,
        died_at=one.died_at,
        service=letter.service,
        entry_type=letter.entry_type,
        position=f"{one.partition}:{letter.entry_seq}",
        reason=letter.reason,
        attempts=letter.attempts,
        run_id=letter.run_id,
        answer="waiting" if answer is None else "dropped" if dropped else "retried",
        answered_by=str(answer.actor) if answer else "",
        answered_at=answer.recorded_at if answer else None,
        answer_reason=answer.event.reason if answer and isinstance(answer.event, DeadDropped) else "",
    )


ROUTES = (policy, dead_letters, retry, drop)
