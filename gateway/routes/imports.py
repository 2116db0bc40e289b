"""Files of leads: bring one, see what would come of it, say what its columns mean, and start the run that takes it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)
from litestar.params import FromPath, JSONBody, QueryParameter

from contracts.access import Person
from contracts.commands import Receipt
from contracts.errors import BadInput
from gateway import csv_cells
from gateway.answers import POSITION
from gateway.auth import needs
from gateway.backend import Behind
from gateway.commanding import Key, carried_out
from gateway.personal import exporting, note
from gateway.problems import ANSWERS
from gateway.query import Asking, only_known
from gateway.upload import FILE, MULTIPART, read_upload
from services.commands.imports import Preview
from services.commands.sources import RunWish

MAPPING = "mapping"
AS_OF = "as_of"
STORED_WITHIN_S = 60.0
"""A file of the largest size is read again and stored for its run before that is recorded."""
MAPPED_MAX = 100
DRAFTS_MAX = 8
Limit = Annotated[int | None, QueryParameter(ge=1, description="The last row that would be taken.")]
_mapping = msgspec.json.Decoder(dict[str, str])


class MapColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which column each field is taken from, in place of what was said before; what is not said is recognised.

    A field with an empty column is taken from none.
    """

    mapping: Annotated[dict[str, str], msgspec.Meta(max_length=MAPPED_MAX)]


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both kinds of run are told. `draft` may name tiers that are not drafted otherwise.

    `campaign` names a campaign of `/api/setup`; empty where each lead is routed by itself.
    """

    mode: str
    limit: int | None = None
    segment: str = ""
    draft: Annotated[tuple[str, ...], msgspec.Meta(max_length=DRAFTS_MAX)] = ()
    campaign: str = ""


class RunFile(Wish, frozen=True, kw_only=True):
    """Work through the rows: `staging` for invented people, `production` for real ones.

    Args:
        limit: the last row that is taken; all where none is named.
        synthetic: the file holds invented people.
        confirm: for a production run, the name of the namespace.
    """

    synthetic: bool = False
    confirm: str = ""


class RunSource(Wish, frozen=True, kw_only=True):
    """Work through invented people; the same seed invents the same ones."""

    source: str
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None = None


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """The run that was asked for, and the receipt."""

    run_id: str
    receipt: Receipt


@dataclass
class _Upload(Operation):
    """Says in the description what the handler reads from the stream itself."""

    def __post_init__(self) -> None:
        text, document = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY), Schema(type=OpenAPIType.STRING)
        document.description = 'JSON, such as {"email": "Work Mail"}.'
        made = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME)
        made.description = (
            "When the file was made; now where it is not said. An older value never replaces a newer one."
        )
        parts: dict[str, Reference | Schema] = {FILE: text, MAPPING: document, AS_OF: made}
        schema = Schema(type=OpenAPIType.OBJECT, properties=parts, required=[FILE])
        self.request_body = RequestBody(content={MULTIPART: OpenAPIMediaType(schema=schema)}, required=True)


@post(
    "/api/imports",
    status_code=201,
    opt={**needs("run"), ANSWERS: (400, 413, 415)},
    request_max_body_size=None,
    operation_class=_Upload,
)
async def take(request: Asking, backend: Behind) -> Preview:
    """Bring a file: CSV, JSON or JSON Lines. It waits for a run for a day; nothing is recorded of it until then."""
    upload = await read_upload(request, backend.imports.bytes_max, frozenset({MAPPING, AS_OF}))
    mapping = _read_mapping(upload.fields.get(MAPPING, ""))
    as_of = _read_time(upload.fields.get(AS_OF, ""))
    found = await backend.imports.take(upload.name, upload.content, mapping, request.user.actor, as_of)
    return _shown(found, request.user)


@get("/api/imports/{import_id:str}", opt=needs("run"), guards=[only_known])
async def look(import_id: FromPath[str], request: Asking, backend: Behind, limit: Limit = None) -> Preview:
    """A file that waits, and what would come of it now, or of its first rows alone."""
    return _shown(await backend.imports.look(import_id, limit), request.user)


@delete("/api/imports/{import_id:str}", opt=needs("run"))
async def drop(import_id: FromPath[str], backend: Behind) -> None:
    """Let a file go. A run that took it keeps its rows."""
    await backend.imports.drop(import_id)


@post("/api/imports/{import_id:str}/mapping", status_code=200, opt=needs("run"))
async def change(import_id: FromPath[str], data: JSONBody[MapColumns], request: Asking, backend: Behind) -> Preview:
    """Say what the columns mean."""
    return _shown(await backend.imports.change(import_id, data.mapping), request.user)


@get(
    "/api/imports/{import_id:str}/refused.csv",
    opt=needs("run"),
    guards=[only_known],
    responses={200: ResponseSpec(data_container=str, description="CSV.", media_type=csv_cells.MEDIA_TYPE)},
)
async def refused(import_id: FromPath[str], request: Asking, backend: Behind) -> Response[bytes]:
    """The rows that can be no lead, as they came, each with what mends it."""
    with_cells = request.user.may("read_personal")
    rows = await backend.imports.refused(import_id, with_cells=with_cells)
    if with_cells:
        note(import_id)
        exporting()
    headers = {"Content-Disposition": 'attachment; filename="refused.csv"', "Cache-Control": "no-store"}
    document = await asyncio.to_thread(csv_cells.document, rows)
    return Response(document, media_type=csv_cells.MEDIA_TYPE, headers=headers)


@post("/api/imports/{import_id:str}/run", status_code=200, opt=needs("run"))
async def run_file(
    import_id: FromPath[str],
    data: JSONBody[RunFile],
    request: Asking,
    backend: Behind,
    idempotency_key: Key = None,
) -> Response[Started]:
    """Work through a file that waits; the file is stored for the run before it is asked for."""
    start = partial(
        backend.imports.run,
        import_id,
        _as_wish(data),
        synthetic=data.synthetic,
        confirm=data.confirm,
        body=msgspec.json.encode((import_id, data)),
    )
    return _started(await carried_out(request, idempotency_key, start, within_s=STORED_WITHIN_S))


@post("/api/runs", status_code=200, opt=needs("run"))
async def run_source(
    data: JSONBody[RunSource], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Started]:
    """Work through a source that invents people."""
    asked = partial(backend.imports.invent, _as_wish(data), data.source, data.seed, body=msgspec.json.encode(data))
    return _started(await carried_out(request, idempotency_key, asked))


def _as_wish(data: Wish) -> RunWish:
    return RunWish(mode=data.mode, limit=data.limit, segment=data.segment, draft=data.draft, campaign=data.campaign)


def _started(receipt: Receipt) -> Response[Started]:
    return Response(Started(run_id=receipt.about, receipt=receipt), headers={POSITION: receipt.position})


def _read_mapping(text: str) -> dict[str, str]:
    """The field of a form that maps columns; empty where there is none.

    Raises:
        BadInput: it is no such thing.
    """
    try:
        mapping = _mapping.decode(text or "{}")
    except msgspec.MsgspecError as error:
        raise BadInput(
            "`mapping` is no JSON object of texts.", 'Send it as {"email": "Work Mail"}.', field=MAPPING
        ) from error
    if len(mapping) > MAPPED_MAX:
        raise BadInput(f"`mapping` names {len(mapping)} fields; {MAPPED_MAX} is the most.", field=MAPPING)
    return mapping


def _read_time(text: str) -> datetime | None:
    """The field of a form that says when its file was made; None where there is none.

    Raises:
        BadInput: it is no time with a zone.
    """
    try:
        made = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput("`as_of` is no time.", "Send it as 2026-03-02T09:15:00Z.", field=AS_OF) from error
    if made is not None and made.tzinfo is None:
        raise BadInput("`as_of` has no time zone.", "Send it as 2026-03-02T09:15:00Z.", field=AS_OF)
    return made


def _shown(preview: Preview, person: Person) -> Preview:
    """Counts and names of columns are for whoever may start runs; the rows themselves belong to people."""
    if not person.may("read_personal"):
        return msgspec.structs.replace(preview, sample=[])
    if preview.sample:
        note(preview.import_id)
    return preview


ROUTES = (take, look, drop, change, refused, run_file, run_source)
