"""The leads: where each stands and why, how many stand where, and everything that happened to one."""

from functools import partial
from typing import Annotated, Literal, TypeAlias

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from contracts import email
from contracts.access import Person
from contracts.errors import NotFound
from contracts.lead import Status, Tier
from contracts.run import STAGES, Stage
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend, Behind
from gateway.lead_list import Wish, by_count, everywhere, said, stage_of
from gateway.pages import page
from gateway.query import PAGED, TEXT_MAX, After, Asking, Paging, Text, only_known
from gateway.why import Why, explain
from services.projections.leads import Row
from services.projections.timeline import Row as Moments
from services.projections.views import LEADS, MEMORY, TIMELINE
from services.runtime.view_pages import listed

Order: TypeAlias = Literal["newest", "oldest"]
Stands = Annotated[
    str | None, QueryParameter(max_length=TEXT_MAX, description="Where a lead stands, in the words of the funnel.")
]


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """How many leads, refused rows among them, stand where.

    Args:
        stands: by where they stand, in words, the most first.
        stages: by the last stage that did its part, or failed to.
    """

    total: int
    stands: dict[str, int]
    stages: dict[Stage, int]


@get("/api/leads", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def leads(
    request: Asking,
    backend: Behind,
    paging: NamedDependency[Paging],
    status: FromQuery[Status | None] = None,
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    email_status: FromQuery[email.Status | None] = None,
    stands: Stands = None,
    stage: FromQuery[Stage | None] = None,
    company: Text = None,
    q: Text = None,
    sort: FromQuery[Order] = "newest",
    after: After = None,
) -> Response[Page]:
    """The leads, refused rows among them, by their newest change. `q` looks in company, title and name.

    `said` has the words for each: `why` it stands where it stands, and what `moves` it further.
    """
    person = request.user
    position = await reached(backend.views, LEADS, after)
    wish = Wish(
        status=status,
        tier=tier,
        run_id=run_id,
        campaign=campaign,
        email_status=email_status,
        stands=stands,
        stage=stage,
        company=company,
        q=q,
    )
    wanted, show = partial(wish.fits, personal=person.may("read_personal")), partial(_told, person=person)
    read = listed(backend.views, LEADS, highest_first=sort == "newest")
    return await page(f"leads {sort}", paging, read, fits=wanted, show=show, position=position)


@get("/api/leads/funnel", opt=needs("read"), guards=[only_known])
async def funnel(backend: Behind, after: After = None) -> Response[Funnel]:
    """How many leads stand where.

    It reads every lead, in pages, with each request: ask for it when somebody looks, not every second.
    """
    position = await reached(backend.views, LEADS, after)
    stands: dict[str, int] = {}
    stages = dict.fromkeys(STAGES, 0)
    async for row in everywhere(backend.views):
        stands[row.stands] = stands.get(row.stands, 0) + 1
        stages[stage_of(row)] += 1
    counted = Funnel(total=sum(stages.values()), stands=by_count(stands), stages=stages)
    return Response(counted, headers={POSITION: position})


@get("/api/leads/{lead_id:str}", opt=needs("read"), guards=[only_known])
async def lead(
    lead_id: FromPath[str], request: Asking, backend: Behind, after: After = None
) -> Response[dict[str, object]]:
    """One lead, or one row that became none."""
    position = await reached(backend.views, LEADS, after)
    return Response(_told(await _found(backend, lead_id), request.user), headers={POSITION: position})


@get("/api/leads/{lead_id:str}/timeline", opt=needs("read"), guards=[only_known])
async def timeline(
    lead_id: FromPath[str], request: Asking, backend: Behind, after: After = None
) -> Response[dict[str, object]]:
    """What happened to a lead and its e-mails, oldest first; `dropped` earlier moments are in the log alone."""
    position = await reached(backend.views, TIMELINE, after)
    row = await _history(backend, lead_id)
    return Response(shown(row, request.user), headers={POSITION: position})


@get("/api/leads/{lead_id:str}/why", opt=needs("read"), guards=[only_known])
async def why(lead_id: FromPath[str], request: Asking, backend: Behind, after: After = None) -> Response[Why]:
    """Why this person got this letter: the facts about them, and what led to each, back to whoever asked for the run.

    An edge is `caused` where the fact names the other as its cause. What a person or a clock decided has a command for
    a cause: an edge `found` then leads there from the fact that it was decided on. `rejections` are the texts that
    people stopped for this lead, which are not written again.
    """
    await reached(backend.views, MEMORY, after)
    position = await reached(backend.views, TIMELINE, after)
    row = await _history(backend, lead_id)
    found = await explain(backend.log, backend.views, row, personal=request.user.may("read_personal"))
    return Response(found, headers={POSITION: position})


def _told(row: Row, person: Person) -> dict[str, object]:
    """A lead as this person may see it, with its words, which name nobody."""
    return shown(row, person) | {"said": msgspec.to_builtins(said(row))}


async def _found(backend: Backend, lead_id: str) -> Row:
    row = await backend.views.get(LEADS, lead_id)
    if row is None:
        raise NotFound("There is no such lead.", "`GET /api/leads` lists them.")
    return row


async def _history(backend: Backend, lead_id: str) -> Moments:
    row = await backend.views.get(TIMELINE, lead_id)
    if row is None:
        await _found(backend, lead_id)
        row = Moments(lead_id=lead_id)  # A refused row is in the list of leads and has no history.
    return row


ROUTES = (leads, funnel, lead, timeline, why)
