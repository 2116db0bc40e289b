"""What people did: the answers to drafts with what was made of each text, and the record of every act."""

from functools import partial

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from contracts.email import RejectionTag
from contracts.lead import Tier
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Backend
from gateway.pages import page
from gateway.query import PAGED, After, Asking, Paging, fits, only_known
from services.projections.feedback import Outcome, Row
from services.projections.summary import By, Line, summed_up
from services.projections.views import AUDIT, FEEDBACK
from services.runtime.view_pages import listed

REAL, INVENTED = "drafts for real leads", "drafts for invented leads, which say nothing of real ones"


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of drafts, the largest first; `about` says in words which drafts were counted."""

    by: By
    about: str
    rows: list[Line]


@get("/api/feedback", opt=needs("read"), guards=[only_known], dependencies=PAGED)
async def feedback(
    request: Asking,
    backend: NamedDependency[Backend],
    paging: NamedDependency[Paging],
    reviewer: FromQuery[str | None] = None,
    outcome: FromQuery[Outcome | None] = None,
    tag: FromQuery[RejectionTag | None] = None,
    angle: FromQuery[str | None] = None,
    tier: FromQuery[Tier | None] = None,
    run_id: FromQuery[str | None] = None,
    campaign: FromQuery[str | None] = None,
    synthetic: FromQuery[bool | None] = None,
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
        )

    read = listed(backend.views, FEEDBACK, highest_first=True)
    show = partial(shown, person=request.user)
    return await page("feedback", paging, read, fits=wanted, show=show, position=position)


@get("/api/feedback/summary", opt=needs("read"), guards=[only_known])
async def feedback_summary(
    backend: NamedDependency[Backend],
    by: FromQuery[By] = "reviewer",
    synthetic: FromQuery[bool] = False,
    after: After = None,
) -> Response[Summary]:
    """How drafts fared, by who answered them or by what was written. It reads every e-mail with each request."""
    position = await reached(backend.views, FEEDBACK, after)
    rows = [row async for _, row in backend.views.all(FEEDBACK) if row.synthetic == synthetic]
    about = INVENTED if synthetic else REAL
    return Response(Summary(by=by, about=about, rows=summed_up(rows, by)), headers={POSITION: position})


@get("/api/audit", opt=needs("audit"), guards=[only_known], dependencies=PAGED)
async def audit(
    request: Asking, backend: NamedDependency[Backend], paging: NamedDependency[Paging], after: After = None
) -> Response[Page]:
    """Every act of a person or a policy, the newest first."""
    position = await reached(backend.views, AUDIT, after)
    read = listed(backend.views, AUDIT, highest_first=True)
    show = partial(shown, person=request.user)
    return await page("audit", paging, read, fits=lambda _: True, show=show, position=position)


ROUTES = (feedback, feedback_summary, audit)
