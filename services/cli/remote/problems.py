"""A problem document of a gateway as the error that it was there: same class, so same exit code and remedy."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from contracts.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    StoreUnavailable,
    SwarmError,
    TooLarge,
    Unauthenticated,
)
from services.cli.failures import Unexpected

PREFIX = "urn:swarm:"
BY_STATUS: Mapping[int, type[SwarmError]] = {
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge,
    HTTPStatus.TOO_MANY_REQUESTS: StoreUnavailable,
    HTTPStatus.INTERNAL_SERVER_ERROR: Unexpected,
}
"""For a problem that names no class of ours, such as one of a newer gateway or of a proxy before it."""


def _classes(root: type[SwarmError]) -> Iterator[type[SwarmError]]:
    yield root
    for one in root.__subclasses__():
        yield from _classes(one)


BY_SLUG: Mapping[str, type[SwarmError]] = {
    one.slug: one for one in _classes(SwarmError) if one.__module__ == SwarmError.__module__
}


def error_of(status: int, document: object) -> SwarmError:
    """What went wrong there.

    Args:
        document: what the answer held; anything but an object where a proxy answered.
    """
    told = document if isinstance(document, Mapping) else {}
    kind = BY_SLUG.get(str(told.get("type", "")).removeprefix(PREFIX)) or _by_status(status)
    values = told.get("values")
    return kind(
        str(told.get("detail") or f"The gateway answered with status {status}."),
        str(told.get("remedy") or ""),
        **({str(name): value for name, value in values.items()} if isinstance(values, Mapping) else {}),
    )


def _by_status(status: int) -> type[SwarmError]:
    if found := BY_STATUS.get(status):
        return found
    return StoreUnavailable if status >= HTTPStatus.INTERNAL_SERVER_ERROR else BadInput
