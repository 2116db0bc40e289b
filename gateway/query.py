"""What may stand in the URL of a read: the parameters that its route names, each once, and nothing else."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec
from litestar.connection import ASGIConnection, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from contracts.access import Person
from contracts.errors import BadInput

LIMIT, LIMIT_MAX = 50, 200
CURSOR_MAX, TEXT_MAX = 400, 200

Asking: TypeAlias = Request[Person, str, State]
"""A request of somebody who is known."""
After = Annotated[
    str | None,
    QueryParameter(description="Wait until the view has this position, as `X-Swarm-Position` gave it; 503 if not."),
]
Text = Annotated[str | None, QueryParameter(max_length=TEXT_MAX, description="Part of a text, in any case.")]


Format: TypeAlias = Literal["json", "csv"]
AsFormat = Annotated[
    Format, QueryParameter(description="`csv` gives all rows from the cursor on as a file, at most 10,000 of them.")
]


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of a list, or all pages as a file; an empty cursor is the beginning."""

    limit: int
    cursor: str
    format: Format = "json"


async def paging(
    limit: Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)] = LIMIT,
    cursor: Annotated[
        str, QueryParameter(max_length=CURSOR_MAX, description="`next` of the page before; whole and unchanged.")
    ] = "",
    format: AsFormat = "json",  # noqa: A002 - What people call it.
) -> Paging:
    """What every list takes."""
    return Paging(limit=limit, cursor=cursor, format=format)


PAGED = {"paging": Provide(paging)}
"""The dependencies of a list."""


async def only_known(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A guard. A misspelt filter would show everything, so it is refused. A plain function would go through a thread.

    Raises:
        BadInput: a parameter that the route does not name, or one that comes twice.
    """
    known = dict(_names(handler))
    given = [name for name, _ in connection.query_params.multi_items()]
    for name in given:
        if name not in known:
            remedy = f"It takes {', '.join(known)}." if known else "It takes none."
            raise BadInput(f"There is no parameter {name[:TEXT_MAX]!r} here.", remedy, field=name[:TEXT_MAX])
        if given.count(name) > 1 and not known[name]:
            raise BadInput(f"The parameter {name} came twice.", "Send it once.", field=name)


def _names(handler: BaseRouteHandler) -> Iterator[tuple[str, bool]]:
    """The query parameters of a route and of what it depends on, and whether each may come several times."""
    depended = (provided.parsed_fn_signature for provided in handler.resolve_dependencies().values())
    for signature in (handler.parsed_fn_signature, *depended):
        for name, parameter in signature.parameters.items():
            if isinstance(parameter.kwarg_definition, QueryParameter):
                yield parameter.kwarg_definition.name or name, parameter.is_non_string_collection


def among(name: str, asked: Sequence[str], values: Collection[str]) -> frozenset[str]:
    """The values of a filter that may come several times.

    Raises:
        BadInput: one is unknown; a typo in a filter must not make an answer empty.
    """
    unknown = sorted(set(asked) - set(values))
    if unknown:
        remedy = f"Use one of {', '.join(sorted(values))}."
        raise BadInput(f"There is no {name} {unknown[0][:TEXT_MAX]!r}.", remedy, field=name)
    return frozenset(asked)


def fits(value: object, wanted: object) -> bool:
    """Whether a value passes a filter that may not be set."""
    return wanted is None or value == wanted


def says(wanted: str | None, *texts: str) -> bool:
    """Whether one of the texts holds what is looked for, in any case."""
    return wanted is None or any(wanted.casefold() in text.casefold() for text in texts)
