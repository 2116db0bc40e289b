"""What people did: the answers to drafts with what was made of each text, and the record of every act."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from contracts.codec import outward
from contracts.email import RejectionTag
from contracts.lead import Tier
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Behind
from gateway.columns import SUMMARY, line
from gateway.export import table
from gateway.pages import page
from gateway.query import PAGED, After, AsFormat, Asking, Paging, fits, only_known
from services.projections.feedback import Outcome, Row
from services.projections.summary import By, Line, Traffic, summed_up, traffic_of
from services.projections.views import AUDIT, FEEDBACK
from services.runtime.view_pages import listed

ABOUT: Mapping[Traffic, str] = {
    "real": "drafts for real leads",
    "test": "drafts for invented leads, which say nothing of real ones, and those that a policy answered",
}
OfTraffic = Annotated[
    Traffic | None,
    QueryParameter(description="Drafts for real leads that people answer, or the others; `real` if nothing is said."),
]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of drafts, the largest first; `about` says in words which drafts were counted."""

    by: By
    traffic: Traffic
    about: str
    rows: list[Line]


@get("/api/feedback", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def feedback(
    request: Asking,
    backend: Behind,
    paging: NamedDependency[Paging],
    reviewer: FromQuery[str | None] = None,
    outcome: FromQuery[Outcome | None] = None,
    tag: FromQuery[RejectionTag | None] = None,
    angle: FromQuery[str | None] = None,
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    synthetic: FromQuery[bool | None] = None,
    traffic: OfTraffic = None,
    after: After = None,
) -> Response[Page]:
    """E-mails that a person answered, the newest answer first. `reviewer` is written as in the rows."""
    position = await reached(backend.views, FEEDBACK, after)

    def wanted(row: Row) -> bool:
        return (
            fits(row.reviewer, reviewer)
            and fits(row.outcome, outcome)
            and fits(row.tag, tag)
            and fits(row.angle, angle)
            and fits(row.tier, tier)
            and fits(row.run_id, run_id)
            and fits(row.campaign, campaign)
            and fits(row.synthetic, synthetic)
            and fits(traffic_of(row), traffic)
        )

    read = listed(backend.views, FEEDBACK, highest_first=True)
    show = partial(shown, person=request.user)
    return await page("feedback", paging, read, fits=wanted, show=show, position=position)


@get("/api/feedback/summary", opt=needs("read"), guards=[only_known])
async def feedback_summary(
    backend: Behind,
    by: FromQuery[By] = "reviewer",
    traffic: FromQuery[Traffic] = "real",
    campaign: FromQuery[str | None] = None,
    format: AsFormat = "json",  # noqa: A002 - What people call it.
    after: After = None,
) -> Response[Any]:
    """How drafts fared, by who answered them or by what was written. It reads every e-mail with each request.

    `share`, `low` and `high` are how many were approved, with the 95 % interval; `edits`, `parts` and `tags` say how
    the others were edited and why they were rejected. Test traffic, which is invented leads and what a policy answered,
    is counted apart.
    """
    position = await reached(backend.views, FEEDBACK, after)
    counted = [
        row
        async for _, row in backend.views.all(FEEDBACK)
        if traffic_of(row) == traffic and fits(row.campaign, campaign)
    ]
    lines = summed_up(counted, by)
    if format == "csv":
        rows = [line(SUMMARY, outward(one) | {"traffic": traffic}) for one in lines]
        return table(SUMMARY, rows, following="", position=position)
    return Response(Summary(by=by, traffic=traffic, about=ABOUT[traffic], rows=lines), headers={POSITION: position})


@get("/api/audit", opt=needs("audit"), guards=[only_known], dependencies=PAGED)
async def audit(
    request: Asking, backend: Behind, paging: NamedDependency[Paging], after: After = None
) -> Response[Page]:
    """Every act of a person or a policy, the newest first."""
    position = await reached(backend.views, AUDIT, after)
    read = listed(backend.views, AUDIT, highest_first=True)
    show = partial(shown, person=request.user)
    return await page("audit", paging, read, fits=lambda _: True, show=show, position=position)


ROUTES = (feedback, feedback_summary, audit)
