"""The ideal customer: the one in force and those before it, what another one would do, and the one a person wants."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from contracts.commands import Receipt
from contracts.envelope import Actor
from contracts.errors import Forbidden
from contracts.identity import CONTROL
from gateway.answers import POSITION, position_text
from gateway.auth import needs
from gateway.backend import Behind
from gateway.commanding import Key, Told, carried_out, told
from gateway.lookup import find
from gateway.problems import ANSWERS
from gateway.query import CURSOR_MAX, LIMIT, LIMIT_MAX, TEXT_MAX, Asking, only_known
from services.commands.icp import Ideal, Version
from services.commands.icp_compare import Explained
from services.commands.icp_pages import Moves
from services.projections.service import partitions

ACTIVATED_WITHIN_S = 10.0


class IdealsTold(msgspec.Struct, frozen=True, kw_only=True):
    """The one that leads are scored by, and every one that was activated, the newest first."""

    active: Ideal
    versions: list[Version]


class VersionTold(msgspec.Struct, frozen=True, kw_only=True):
    """One that was activated, and its whole file."""

    version: Version
    text: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file of another one. `cursor` is `next` of the page before; empty for the first."""

    text: str
    cursor: Annotated[str, msgspec.Meta(max_length=CURSOR_MAX)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MAX)] = LIMIT


class Activate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file, and why, in at most 2,000 characters. Both are kept in the log for good."""

    text: str
    reason: str = ""


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lead: its address, or the beginning of an id."""

    about: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]


@get("/api/icp", opt=needs("read"), guards=[only_known])
async def icp(backend: Behind) -> Response[IdealsTold]:
    """The ideal customer that leads are scored by, with its whole file, and every one that was ever activated."""
    position = position_text({CONTROL: await backend.log.head(CONTROL)})
    found = IdealsTold(active=await backend.ideals.ideal(), versions=await backend.ideals.versions())
    return Response(found, headers={POSITION: position})


@get("/api/icp/versions/{version:str}", opt={**needs("read"), ANSWERS: (404,)}, guards=[only_known])
async def version(version: FromPath[str], backend: Behind) -> Response[VersionTold]:
    """One that was activated, by its id or the beginning of its hash, with its whole file."""
    position = position_text({CONTROL: await backend.log.head(CONTROL)})
    found, text = await backend.ideals.version(version)
    return Response(VersionTold(version=found, text=text), headers={POSITION: position})


@post("/api/icp/compare", status_code=200, opt=needs("read"))
async def compare(data: JSONBody[Candidate], backend: Behind) -> Response[Moves]:
    """Who among all leads would move between tiers under another one, and why. Nothing is recorded.

    Each lead is judged twice as it is known now. Whatever is wrong with the file is named in `values`: `field`, and
    `line` where it stands. The pages of one answer are one comparison, whatever is recorded meanwhile.
    """
    position = position_text({one: await backend.log.head(one) for one in partitions(backend.log)})
    found = await backend.comparisons.page(data.text, data.cursor, data.limit)
    return Response(found, headers={POSITION: position})


@post("/api/icp/activate", status_code=200, opt={**needs("admin"), ANSWERS: (409,)})
async def activate(
    data: JSONBody[Activate], request: Asking, backend: Behind, idempotency_key: Key = None
) -> Response[Told]:
    """Let leads be scored by this from now on; scores that stand stay as they are. `receipt` is null where it already is.

    409 where its id was activated before and said something else.
    """

    async def command(*, actor: Actor, command_id: str) -> Receipt | None:
        return await backend.ideals.activate(data.text, data.reason, actor, command_id)

    receipt = await carried_out(request, idempotency_key, command, within_s=ACTIVATED_WITHIN_S)
    return await told(backend, receipt)


@post("/api/icp/explain", status_code=200, opt={**needs("read"), ANSWERS: (404,)})
async def explain(data: JSONBody[About], request: Asking, backend: Behind) -> Response[Explained]:
    """What the one in force says of a lead as it is known now: its parts with their points, and what would move it.

    Nothing is recorded. Whoever names an address has to be allowed to see what belongs to a person.
    """
    position = position_text({one: await backend.log.head(one) for one in partitions(backend.log)})
    if "@" not in data.about:
        lead_id = (await find(backend.views, data.about)).lead_id
    elif request.user.may("read_personal"):
        lead_id = backend.ideals.lead_of(data.about)
    else:
        raise Forbidden("You may not ask by address.", "Ask by the beginning of an id.")
    return Response(await backend.ideals.explain(lead_id), headers={POSITION: position})


ROUTES = (icp, version, compare, activate, explain)
