"""The texts: which there are in which language, what is wrong with the user's own, and how one reads for a lead."""

from typing import Annotated, Literal

from litestar import get
from litestar.params import FromPath, QueryParameter

from gateway.auth import needs
from gateway.backend import Behind
from gateway.personal import note
from gateway.problems import ANSWERS
from gateway.query import only_known
from services.commands.templates import Catalogue, TemplatePreview

ID_MAX = 64
OPENERS_MAX = 100

Language = Annotated[
    Literal["de", "en", "fr"] | None, QueryParameter(description="Its code, such as `de`; if left out, see the route.")
]
LeadId = Annotated[str, QueryParameter(max_length=ID_MAX, description="The whole id of the lead.")]
Opener = Annotated[
    int | None,
    QueryParameter(ge=1, le=OPENERS_MAX, description="Which opener, from 1; the first that fits, if left out."),
]


@get("/api/templates", opt=needs("read"), guards=[only_known], sync_to_thread=True)
def templates(backend: Behind, language: Language = None) -> Catalogue:
    """Every angle, own or shipped, in every language or in one, and what is wrong with the own ones: file and line."""
    return backend.templates.catalogue(language or "")


@get(
    "/api/templates/{angle:str}/preview",
    opt={**needs("read_personal"), ANSWERS: (404,)},
    guards=[only_known],
)
async def preview(
    angle: FromPath[str],
    lead: LeadId,
    backend: Behind,
    language: Language = None,
    opener: Opener = None,
) -> TemplatePreview:
    """How an angle would read for a lead: subject, text, claims and verdict. Nothing is recorded but that it was read."""
    variant = None if opener is None else opener - 1
    found = await backend.templates.preview(angle, lead, language=language or "", variant=variant)
    note(lead)
    return found


ROUTES = (templates, preview)
