"""Every failure as a problem document (RFC 9457): what happened, what to do about it, and the values a program reads."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException

from contracts.errors import (
    BadInput,
    Conflict,
    DecisionRefused,
    Forbidden,
    GuardRefused,
    LockedOut,
    Misdirected,
    NotFound,
    PreconditionMissing,
    StoreUnavailable,
    SwarmError,
    TooLarge,
    Unauthenticated,
)
from services.runtime.dead_letter import explain

logger = structlog.get_logger()

PROBLEM = "application/problem+json"
RETRY_AFTER_S = 2
ANSWERS = "answers"
"""The option of a route that names refusals beside those that follow from what it takes; for the description."""

# The first class that fits: the more special ones come before those they belong to.
STATUS: tuple[tuple[type[SwarmError], HTTPStatus], ...] = (
    (Unauthenticated, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (LockedOut, HTTPStatus.TOO_MANY_REQUESTS),
    (Misdirected, HTTPStatus.MISDIRECTED_REQUEST),
    (NotFound, HTTPStatus.NOT_FOUND),
    (PreconditionMissing, HTTPStatus.PRECONDITION_REQUIRED),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (GuardRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DecisionRefused, HTTPStatus.CONFLICT),
    (Conflict, HTTPStatus.CONFLICT),
    (StoreUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: SwarmError) -> HTTPStatus:
    """The status of one of our errors; one that nobody expects here is the server's own failure."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def on_swarm_error(request: Request[object, object, State], error: SwarmError) -> Response[dict[str, object]]:
    """One of ours."""
    status, headers = status_of(error), dict[str, str]()
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.retryable:
        headers["Retry-After"] = str(error.values.get("retry_after_s", RETRY_AFTER_S))
    return _problem(request, status, document_of(error), headers)


def document_of(error: SwarmError) -> dict[str, object]:
    """What happened, in words and for a program."""
    return {
        "type": f"urn:swarm:{error.slug}",
        "title": error.slug.replace("-", " "),
        "detail": error.detail,
        "remedy": error.remedy,
        "values": error.values,
        "retryable": error.retryable,
    }


def on_http_error(request: Request[object, object, State], error: HTTPException) -> Response[dict[str, object]]:
    """One of the framework: no such path, another method, a body that does not read."""
    status = HTTPStatus(error.status_code)
    if isinstance(error, ValidationException):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _problem(request, status, document_of_http(error, status), error.headers or {})


def document_of_http(error: HTTPException, status: HTTPStatus) -> dict[str, object]:
    """Likewise of an error of the framework."""
    return {
        "type": "urn:swarm:bad-input" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "about:blank",
        "title": status.phrase,
        "detail": error.detail or status.phrase,
        "remedy": "/schema has every path with its parameters and bodies.",
        "values": {"fields": error.extra} if error.extra else {},
        "retryable": False,
    }


def on_failure(request: Request[object, object, State], error: Exception) -> Response[dict[str, object]]:
    """A defect of ours: the log has it, the answer says no more than that."""
    reason, stack_hash = explain(error)
    logger.error("request failed", path=request.scope["path"], reason=reason, stack_hash=stack_hash)
    document: dict[str, object] = {
        "type": "urn:swarm:internal",
        "title": "internal error",
        "detail": "Something went wrong here.",
        "remedy": "Try again; if it stays, look at the gateway's log.",
        "values": {},
        "retryable": False,
    }
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, document, {})


def _problem(
    request: Request[object, object, State],
    status: HTTPStatus,
    document: dict[str, object],
    headers: Mapping[str, str],
) -> Response[dict[str, object]]:
    return Response(
        {**document, "status": int(status), "instance": request.scope["path"]},
        status_code=status,
        headers=dict(headers),
        media_type=PROBLEM,
    )
