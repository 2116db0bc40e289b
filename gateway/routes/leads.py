"""The leads: where each stands and why, how many stand where, and everything that happened to one."""

from functools import partial
from typing import Annotated, Literal, TypeAlias

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from contracts import email
from contracts.access import Person
from contracts.envelope import reveal
from contracts.errors import NotFound
from contracts.lead import Status, Tier
from contracts.run import STAGES, Stage
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend
from gateway.pages import page
from gateway.query import PAGED, TEXT_MAX, After, Asking, Paging, Text, fits, only_known, says
from gateway.why import Why, explain
from services.projections.leads import Row
from services.projections.timeline import Row as Moments
from services.projections.views import LEADS, TIMELINE
from services.runtime.view_pages import listed

EMAIL_STAGE: dict[email.Status, Stage] = {
    "blocked": "craft",
    "drafted": "craft",
    "changes_requested": "approve",
    "approved": "approve",
    "rejected": "approve",
    "expired": "approve",
    "withdrawn": "approve",
}
"""The last stage that did its part; whatever is not here is on its way out or went."""
LEAD_STAGE: dict[Status, Stage] = {
    "enriched": "enrich",
    "needs_data": "enrich",
    "scored": "segment",
    "disqualified": "segment",
}

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
    backend: NamedDependency[Backend],
    paging: NamedDependency[Paging],
    status: FromQuery[Status | None] = None,
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    email_status: FromQuery[email.Status | None] = None,
    stands: Stands = None,
    stage: FromQuery[Stage | None] = None,
    q: Text = None,
    sort: FromQuery[Order] = "newest",
    after: After = None,
) -> Response[Page]:
    """The leads, refused rows among them, by their newest change. `q` looks in company, title and name."""
    person = request.user
    position = await reached(backend.views, LEADS, after)

    def wanted(row: Row) -> bool:
        return (
            fits(row.status, status)
            and fits(row.tier, tier)
            and fits(row.run_id, run_id)
            and fits(row.campaign, campaign)
            and fits(row.email_status, email_status)
            and fits(row.stands, stands)
            and fits(stage_of(row), stage)
            and says(q, row.company, row.title, _name(row, person))
        )

    read = listed(backend.views, LEADS, highest_first=sort == "newest")
    return await page(f"leads {sort}", paging, read, fits=wanted, show=partial(shown, person=person), position=position)


@get("/api/leads/funnel", opt=needs("read"), guards=[only_known])
async def funnel(backend: NamedDependency[Backend], after: After = None) -> Response[Funnel]:
    """How many leads stand where.

    It reads every lead, in pages, with each request: ask for it when somebody looks, not every second.
    """
    position = await reached(backend.views, LEADS, after)
    stands: dict[str, int] = {}
    stages = dict.fromkeys(STAGES, 0)
    async for _, row in backend.views.all(LEADS):
        stands[row.stands] = stands.get(row.stands, 0) + 1
        stages[stage_of(row)] += 1
    by_count = dict(sorted(stands.items(), key=lambda one: (-one[1], one[0])))
    counted = Funnel(total=sum(stages.values()), stands=by_count, stages=stages)
    return Response(counted, headers={POSITION: position})


@get("/api/leads/{lead_id:str}", opt=needs("read"), guards=[only_known])
async def lead(
    lead_id: FromPath[str], request: Asking, backend: NamedDependency[Backend], after: After = None
) -> Response[dict[str, object]]:
    """One lead, or one row that became none."""
    position = await reached(backend.views, LEADS, after)
    return Response(shown(await _found(backend, lead_id), request.user), headers={POSITION: position})


@get("/api/leads/{lead_id:str}/timeline", opt=needs("read"), guards=[only_known])
async def timeline(
    lead_id: FromPath[str], request: Asking, backend: NamedDependency[Backend], after: After = None
) -> Response[dict[str, object]]:
    """What happened to a lead and its e-mails, oldest first; `dropped` earlier moments are in the log alone."""
    position = await reached(backend.views, TIMELINE, after)
    row = await _history(backend, lead_id)
    return Response(shown(row, request.user), headers={POSITION: position})


@get("/api/leads/{lead_id:str}/why", opt=needs("read"), guards=[only_known])
async def why(lead_id: FromPath[str], backend: NamedDependency[Backend], after: After = None) -> Response[Why]:
    """Why this person got this letter: the facts about them, and what led to each, back to whoever asked for the run.

    An edge is `caused` where the fact names the other as its cause. What a person or a clock decided has a command for
    a cause: an edge `found` then leads there from the fact that it was decided on.
    """
    position = await reached(backend.views, TIMELINE, after)
    row = await _history(backend, lead_id)
    return Response(await explain(backend.log, backend.views, row), headers={POSITION: position})


def stage_of(row: Row) -> Stage:
    """The last stage that did its part for a lead, or failed to."""
    if row.email_status != "none":
        return EMAIL_STAGE.get(row.email_status, "send")
    return "segment" if row.score is not None else LEAD_STAGE.get(row.status, "scrape")


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


def _name(row: Row, person: Person) -> str:
    return reveal(row.name) if row.name and person.may("read_personal") else ""


ROUTES = (leads, funnel, lead, timeline, why)
