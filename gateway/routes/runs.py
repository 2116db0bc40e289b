"""The runs: which there were, how one stands, and to cancel, withdraw or resume one."""

from functools import partial
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from contracts.access import Person
from contracts.commands import CancelRun, ResumeRun, RunCommand, WithdrawRun
from contracts.errors import NotFound
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.commanding import Because, Key, Told, carried_out, told
from gateway.pages import page
from gateway.query import PAGED, After, Asking, Paging, only_known
from services.projections.runs import Row, of_campaign, why
from services.projections.views import RUNS
from services.runtime.view_pages import listed


class Resume(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing is recorded of why a run goes on, so nothing else than an empty reason is taken."""

    reason: Annotated[str, msgspec.Meta(max_length=0)] = ""


@get("/api/runs", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def runs(
    request: Asking,
    backend: Behind,
    paging: NamedDependency[Paging],
    campaign: FromQuery[str | None] = None,
    after: After = None,
) -> Response[Page]:
    """The runs, the newest first; the header `X-Swarm-Total` says how many there are, whatever else is asked for.

    With `campaign` those that were asked for it, or of which a lead was routed there.
    """
    position, total = await reached(backend.views, RUNS, after), await backend.views.count(RUNS)
    read = listed(backend.views, RUNS, highest_first=True)
    show = partial(_told, person=request.user)
    return await page(
        "runs",
        paging,
        read,
        fits=lambda row: of_campaign(row, campaign or ""),
        show=show,
        position=position,
        total=total,
    )


@get("/api/runs/{run_id:str}", opt=needs("read"), guards=[only_known])
async def run(
    run_id: FromPath[str], request: Asking, backend: Behind, after: After = None
) -> Response[dict[str, object]]:
    """One run: what was asked, the rows, the stages, what waits; where it stopped or failed, `why`, and the `remedy`."""
    position = await reached(backend.views, RUNS, after)
    row = await backend.views.get(RUNS, run_id)
    if row is None:
        raise NotFound("There is no such run.", "`GET /api/runs` lists them.")
    return Response(_told(row, request.user), headers={POSITION: position})


@post("/api/runs/{run_id:str}/cancel", status_code=200, opt=needs("run"))
async def cancel(
    run_id: FromPath[str],
    data: JSONBody[Because],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """End a run: no further row is taken, its leads are held where they are."""
    return await _tell(CancelRun(run_id=run_id, reason=data.reason), request, backend, idempotency_key)


@post("/api/runs/{run_id:str}/withdraw", status_code=200, opt=needs("run"))
async def withdraw(
    run_id: FromPath[str],
    data: JSONBody[Because],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """Take back what a run brought: its leads and unanswered drafts leave every queue."""
    return await _tell(WithdrawRun(run_id=run_id, reason=data.reason), request, backend, idempotency_key)


@post("/api/runs/{run_id:str}/resume", status_code=200, opt=needs("run"))
async def resume(
    run_id: FromPath[str],
    data: JSONBody[Resume],  # noqa: ARG001 - That it has no reason in it is all there is to know.
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Told]:
    """Let a stopped run go on."""
    return await _tell(ResumeRun(run_id=run_id), request, backend, idempotency_key)


def _told(row: Row, person: Person) -> dict[str, object]:
    reason, remedy = why(row)
    return shown(row, person) | {"why": reason, "remedy": remedy}


async def _tell(command: RunCommand, request: Asking, backend: Backend, key: str | None) -> Response[Told]:
    """Carry a command out as the person whose token it came with."""
    return await told(backend, await carried_out(request, key, partial(backend.runs.command, command)))


ROUTES = (runs, run, cancel, withdraw, resume)
