"""Mappings of columns that are kept under a name: look at them, keep one, let one go."""

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from gateway.auth import needs
from gateway.backend import Behind
from gateway.query import Asking, only_known
from services.commands.imports import spelt
from services.reading.sheet import COLUMN_NAME_CHARS_MAX, COLUMNS_MAX
from services.runtime.mapping_store import KeptMapping

MAPPED_MAX = 100
Column = Annotated[str, msgspec.Meta(max_length=COLUMN_NAME_CHARS_MAX)]


class KeepMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of the columns of a header: our field and the column that it is taken from."""

    name: str
    header: Annotated[tuple[Column, ...], msgspec.Meta(max_length=COLUMNS_MAX)]
    mapping: Annotated[dict[str, Column], msgspec.Meta(max_length=MAPPED_MAX)]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, by name."""

    mappings: list[KeptMapping]


@get("/api/mappings", opt=needs("run"), guards=[only_known])
async def mappings(backend: Behind) -> Kept:
    """The mappings that are kept; a preview offers those for its own header."""
    return Kept(mappings=await backend.imports.mappings.store.all())


@post("/api/mappings", status_code=200, opt=needs("run"))
async def keep(data: JSONBody[KeepMapping], request: Asking, backend: Behind) -> KeptMapping:
    """Keep one, in place of what has its name. Repeating it changes nothing but the time."""
    kept = backend.imports.mappings
    return await kept.keep(data.name, data.header, data.mapping, request.user.actor, spelt)


@delete("/api/mappings/{mapping_name:str}", opt=needs("run"))
async def forget(mapping_name: FromPath[str], backend: Behind) -> None:
    """Let one go. What was imported with it stays as it is."""
    await backend.imports.mappings.drop(mapping_name)


ROUTES = (mappings, keep, forget)
