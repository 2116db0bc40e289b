"""Those who are left alone: the list, whether somebody is on it, and what changes it. It keeps hashes, no names."""

from dataclasses import dataclass
from functools import partial

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, JSONBody

from contracts.commands import Receipt
from contracts.errors import BadInput
from contracts.exclusion import PREFIX
from gateway.answers import POSITION, Page, reached, shown
from gateway.auth import needs
from gateway.backend import Behind
from gateway.commanding import Key, carried_out, received
from gateway.pages import page
from gateway.problems import ANSWERS
from gateway.query import PAGED, After, Asking, Paging, only_known
from gateway.upload import FILE, MULTIPART, read_upload
from services.commands.exclusions import BYTES_MAX, Brought, Covered
from services.projections.views import EXCLUSIONS
from services.runtime.view_pages import listed

REASON = "reason"
STORED_WITHIN_S = 30.0


class Exclude(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address, or a domain with all that is below it, and why; the reason does not name them."""

    who: str
    reason: str = ""


class Who(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address, a domain, or a key from the list."""

    who: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody is left alone, by which entries, and the key that they themselves have or would have."""

    excluded: bool
    key: str
    by: list[Covered]


@dataclass
class _Upload(Operation):
    """Says in the description what the handler reads from the stream itself."""

    def __post_init__(self) -> None:
        text, words = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY), Schema(type=OpenAPIType.STRING)
        words.description = "Why, without naming anybody."
        schema = Schema(type=OpenAPIType.OBJECT, properties={FILE: text, REASON: words}, required=[FILE])
        self.request_body = RequestBody(content={MULTIPART: OpenAPIMediaType(schema=schema)}, required=True)


@get("/api/exclusions", opt=needs("run"), guards=[only_known], dependencies=PAGED)
async def exclusions(
    request: Asking, backend: Behind, paging: NamedDependency[Paging], after: After = None
) -> Response[Page]:
    """Everybody who is left alone, as keyed hashes, in the order in which they came on the list."""
    position = await reached(backend.views, EXCLUSIONS, after)
    read, show = listed(backend.views, EXCLUSIONS), partial(shown, person=request.user)
    return await page("exclusions", paging, read, fits=lambda _: True, show=show, position=position)


@post("/api/exclusions", status_code=200, opt=needs("run"))
async def exclude(
    data: JSONBody[Exclude], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Receipt]:
    """Leave somebody alone: no lead from any source, no draft, no approval, no send. The receipt is about the key.

    One without a fact says that they were left alone already. Drafts that wait for them leave the queue in a moment.
    """
    command = partial(backend.exclusions.add, data.who, reason=data.reason)
    return received(await carried_out(request, idempotency_key, command))


@post("/api/exclusions/check", status_code=200, opt=needs("run"))
async def check(data: JSONBody[Who], backend: Behind) -> Checked:
    """Look whether somebody is left alone. It changes nothing; what is asked for is no part of an address."""
    key = backend.exclusions.key_of(data.who)
    by = await backend.exclusions.check(data.who)
    return Checked(excluded=bool(by), key=key, by=by)


@post(
    "/api/exclusions/import",
    status_code=200,
    opt={**needs("run"), ANSWERS: (400, 413, 415)},
    request_max_body_size=None,
    operation_class=_Upload,
)
async def bring(request: Asking, backend: Behind) -> Response[Brought]:
    """Leave everybody alone whom a file names: one a line, or a table with a column `email` or `domain`.

    The lines that name nobody are told by their numbers. Brought again, a file adds whoever is not on the list yet.
    """
    upload = await read_upload(request, BYTES_MAX, frozenset({REASON}))
    command = partial(backend.exclusions.bring, upload.name, upload.content, reason=upload.fields.get(REASON, ""))
    brought = await carried_out(request, None, command, within_s=STORED_WITHIN_S)
    return Response(brought, headers={POSITION: brought.position})


@delete("/api/exclusions/{key:str}", status_code=200, opt=needs("run"))
async def include(
    key: FromPath[str], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Receipt]:
    """Leave somebody alone no longer, named by the key. Leads that were held out come back when they are brought again.

    One without a fact says that this stood before.
    """
    if not key.startswith(PREFIX):
        raise BadInput("This is no key of the list.", "The list and `check` tell it.", field="key")
    return received(await carried_out(request, idempotency_key, partial(backend.exclusions.remove, key)))


ROUTES = (exclusions, exclude, check, bring, include)
