"""From what a gateway tells back to rows and facts: `contracts.codec.outward` the other way round.

What no reader outside is told, such as the salt of a hash, comes back empty.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from contracts.envelope import Personal
from contracts.errors import StoreUnavailable

S = TypeVar("S", bound=msgspec.Struct)
UNTOLD: Mapping[type, object] = {Personal: Personal(), str: "", bytes: b""}


def inward(kind: type[S], told: object) -> S:
    """The row or fact that was told.

    Raises:
        StoreUnavailable: it does not read: a gateway of another version.
    """
    try:
        return cast(S, _inward(kind, told))
    except (msgspec.ValidationError, AttributeError, KeyError, TypeError) as error:
        raise StoreUnavailable(
            f"The gateway tells a {kind.__name__} that this program does not read.", "Use programs of one version."
        ) from error


def _inward(kind: Any, told: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _inward(parts[0], told)
    if origin in {Union, UnionType}:
        return _one_of(parts, told)
    if kind is Personal:
        return Personal.plain(told)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind, told)
    if origin in {tuple, list} and parts:
        return origin(_inward(parts[0], one) for one in told)
    if origin is dict:
        return {msgspec.convert(name, parts[0]): _inward(parts[1], one) for name, one in told.items()}
    return msgspec.convert(told, kind)


def _one_of(kinds: tuple[Any, ...], told: Any) -> Any:
    """A text that may be personal or not is told as text alike; it is then taken as it is."""
    if told is None and type(None) in kinds:
        return None
    kinds = tuple(one for one in kinds if one is not type(None))
    if len(kinds) == 1:
        return _inward(kinds[0], told)
    return msgspec.convert(told, reduce(or_, (one for one in kinds if one is not Personal)))


def _struct(kind: type[S], told: Mapping[str, Any]) -> S:
    values = {}
    for field in msgspec.structs.fields(kind):
        if field.name in told:
            values[field.name] = _inward(field.type, told[field.name])
        elif field.required:
            values[field.name] = UNTOLD[field.type]
    return kind(**values)
