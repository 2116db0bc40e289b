"""JSON as exports write it: an array of objects, or one object a line."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from contracts.errors import BadInput
from services.reading.delimited import TOO_LARGE, TOO_LONG, damage
from services.reading.sheet import CELL_CHARS_MAX, COLUMNS_MAX, ROW_CHARS_MAX, ROWS_MAX, Row, RowError

WRAPPERS = ("leads", "contacts", "people", "data", "results", "rows")
"""The keys under which an export keeps its array."""

NO_OBJECT = RowError("row", "The row is no JSON object.", 'Write each row as {"email": …, "company": …}.')
BROKEN = RowError("row", "The line is no valid JSON.", "Write one JSON object on each line.")

_SURROGATES = re.compile("[\ud800-\udfff]")
Line = tuple[int, dict[str, str] | RowError]


def from_json(text: str) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows of a JSON array of objects, or of an object that holds one; a single object is one row.

    Raises:
        BadInput: it is no valid JSON, holds no rows, or holds too many.
    """
    try:
        # A lone surrogate stands for a damaged byte; its value is refused where it is used.
        document: object = msgspec.json.decode(_SURROGATES.sub("\ufffd", text))
    except msgspec.DecodeError as error:
        raise BadInput(f"The file is no valid JSON: {error}.", "Export it again.", field="file") from error
    except RecursionError as error:
        raise BadInput("The file is nested too deep to be rows.", NO_OBJECT.remedy, field="file") from error
    if isinstance(document, dict):
        listed = next((document[key] for key in WRAPPERS if isinstance(document.get(key), list)), None)
        document = listed if listed is not None else [document]
    if not isinstance(document, list) or not document:
        raise BadInput("The file holds no rows.", 'Write a JSON array of objects: [{"email": …}, …].', field="file")
    return _table((0, _flat(one)) for one in document)


def from_json_lines(text: str) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows of JSON Lines; a broken line is a row with an error.

    Raises:
        BadInput: no line can be read, or there are too many.
    """
    header, rows = _table(
        (number, _line(line)) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    )
    if not header:
        raise BadInput("No line of the file is a JSON object.", BROKEN.remedy, field="file")
    return header, rows


def is_json_lines(text: str) -> bool:
    """Whether a text that begins with a brace has one object a line."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return isinstance(_line(first), dict)


def _line(line: str) -> dict[str, str] | RowError:
    if len(line) > ROW_CHARS_MAX:
        return TOO_LARGE
    try:
        return _flat(msgspec.json.decode(line))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return BROKEN


def _flat(value: object) -> dict[str, str] | RowError:
    """One row as names and texts; an object inside is taken apart once, so `company.name` is a column."""
    if not isinstance(value, dict):
        return NO_OBJECT
    flat: dict[str, str] = {}
    for key, one in value.items():
        if isinstance(one, dict):
            flat.update({f"{key}.{inner}": _text(deep) for inner, deep in one.items()})
        else:
            flat[str(key).strip()] = _text(one)
    return flat


def _text(value: object) -> str:
    """A scalar as text, a list as its parts; whatever is deeper says nothing rather than showing its brackets."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case list():
            return "; ".join(
                part for one in value if (part := _text(one.get("name") if isinstance(one, dict) else one))
            )
        case _:
            return ""


def _table(lines: Iterable[Line]) -> tuple[tuple[str, ...], list[Row]]:
    kept = list(_limited(lines))
    names: dict[str, int] = {}
    for _, one in kept:
        if isinstance(one, dict) and len(names) <= COLUMNS_MAX:
            for name in one:
                names.setdefault(name, len(names))
    header = tuple(names)
    if len(header) > COLUMNS_MAX:
        return header, []  # It is refused for them; so many cells are never made.
    return header, [_row(number, line, one, header) for number, (line, one) in enumerate(kept, start=1)]


def _limited(lines: Iterable[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if number > ROWS_MAX:
            raise BadInput(f"The file has more than {ROWS_MAX:,} rows.", "Split it into several files.", field="file")
        yield line


def _row(number: int, line: int, one: dict[str, str] | RowError, header: tuple[str, ...]) -> Row:
    if isinstance(one, RowError):
        return Row(number, line, error=one)
    cells = [one.get(name, "") for name in header]
    if max(map(len, cells), default=0) > CELL_CHARS_MAX:
        return Row(number, line, error=TOO_LONG)
    if sum(map(len, cells)) > ROW_CHARS_MAX:
        return Row(number, line, error=TOO_LARGE)
    return Row(number, line, error=error) if (error := damage(cells)) else Row(number, line, tuple(cells))
