"""For who types: the lead or run that the beginning of an id means, and everything there is to know about one lead."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from gateway.answers import POSITION, reached, shown
from gateway.auth import needs
from gateway.backend import Behind
from gateway.dossier import gather
from gateway.lookup import Found, find, find_address, find_run
from gateway.personal import note
from gateway.problems import ANSWERS
from gateway.query import After, Asking, only_known
from services.projections.views import FEEDBACK, LEADS, QUEUE, TIMELINE

ID_MAX = 64
FINDS = {**needs("read"), ANSWERS: (404,)}

Id = Annotated[str, QueryParameter(name="id", max_length=ID_MAX, description="Its beginning is enough.")]


class FoundLead(msgspec.Struct, frozen=True, kw_only=True):
    """A lead and its e-mail; the e-mail's id is empty where none was ever drafted or tried."""

    lead_id: str
    email_id: str


class ByAddress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom is asked for."""

    address: str


class FoundRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run."""

    run_id: str


@get("/api/find/lead", opt=FINDS, guards=[only_known])
async def find_lead(id_: Id, backend: Behind) -> FoundLead:
    """The lead that an id, or its beginning, names: its own or that of its e-mail. 422 where several have it."""
    lead_id, email_id = await find(backend.views, id_)
    return FoundLead(lead_id=lead_id, email_id=email_id)


@post("/api/find/lead", status_code=200, opt={**needs("read_personal"), ANSWERS: (404,)})
async def find_by_address(data: JSONBody[ByAddress], backend: Behind) -> FoundLead:
    """The lead with an e-mail address, which stands in no URL and so in no log of one. That it was looked up is recorded."""
    lead_id, email_id = await find_address(backend.views, backend.imports.identity_key, data.address)
    note(lead_id)
    return FoundLead(lead_id=lead_id, email_id=email_id)


@get("/api/find/run", opt=FINDS, guards=[only_known])
async def find_one_run(id_: Id, backend: Behind) -> FoundRun:
    """The run that an id, its beginning or its end names. 422 where several have it."""
    return FoundRun(run_id=await find_run(backend.views, id_))


@get("/api/leads/{lead_id:str}/dossier", opt=needs("read"), guards=[only_known])
async def dossier(
    lead_id: FromPath[str], request: Asking, backend: Behind, after: After = None
) -> Response[dict[str, object]]:
    """A lead, its newest e-mail with the text that stands, the fact behind each claim, and what happened, in one."""
    await reached(backend.views, QUEUE, after)
    await reached(backend.views, FEEDBACK, after)
    await reached(backend.views, LEADS, after)
    headers = {POSITION: await reached(backend.views, TIMELINE, after)}
    row = await backend.views.get(LEADS, lead_id)
    found = await gather(backend.log, backend.views, Found(lead_id, row.email_id if row else ""))
    return Response(shown(found, request.user), headers=headers)


ROUTES = (find_lead, find_by_address, find_one_run, dossier)
