"""The one way into reading: the name and the bytes of a file, and what a person maps."""

import hashlib
from collections.abc import Mapping

from contracts.errors import BadInput
from services.reading.as_it_came import RAW, WHY, comes_back, mended
from services.reading.columns import (
    Spelt,
    check_usable,
    doubts,
    mapping_of,
    option,
    preset_of,
    recognised,
    unmatched,
)
from services.reading.delimited import Lines, rows, start
from services.reading.encoding import text_of
from services.reading.objects import from_json, from_json_lines, is_json_lines
from services.reading.sheet import FILE_BYTES_MAX, Format, Row, Sheet

SAMPLE_CHARS = 4_096
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}


def read_file(
    name: str,
    content: bytes,
    *,
    mapping: Mapping[str, str] | None = None,
    unmapped: bool = False,
    spelt: Spelt = option,
) -> Sheet:
    """Everything that can be said of a file of leads; a row that cannot be read keeps its place and says why.

    Args:
        name: its name, for messages and to tell JSON Lines by its ending.
        content: its bytes, 64 MB at most.
        mapping: our field to its column; goes before what is recognised.
        unmapped: read it also where no column is recognised from which a lead could be made.
        spelt: how the reader of the messages says that a field is taken from a column.

    Raises:
        BadInput: nothing in it can be used: empty, too large, no header, no usable column, a wrong mapping. The message
            names the field or column and the remedy.
    """
    if len(content) > FILE_BYTES_MAX:
        raise BadInput(f"{name} is larger than {FILE_BYTES_MAX:,} bytes.", "Split it into several files.", field="file")
    if binary := next((kind for magic, kind in _BINARY.items() if content.startswith(magic)), ""):
        raise BadInput(f"{name} is {binary}.", "Save it as CSV UTF-8 first.", field="file")
    text, encoding = text_of(content)
    if not text.strip():
        raise BadInput(
            f"{name} is empty.", "Export it again with the names of the columns in the first line.", field="file"
        )
    kind, delimiter, skipped = _format(name, text), "", 0
    found: list[Row]
    if kind == "csv":
        lines = Lines(text)
        begin = start(lines, mapping or {})
        header, delimiter, skipped = begin.header, begin.delimiter, begin.at
    else:
        header, found = from_json(text) if kind == "json" else from_json_lines(text)
    if "\0" in text[:SAMPLE_CHARS] and not recognised(header, mapping or {}):
        raise BadInput(f"{name} is no text.", "Save it as CSV UTF-8 first.", field="file")
    back = kind == "csv" and comes_back(header)
    if back:
        header = header[: -len((*WHY, RAW))]
    taken = mapping_of(header, mapping or {}, spelt)
    if kind == "csv":
        found = list(rows(lines, begin))
    if back:
        found = mended(found)
    others = unmatched(header, taken, found, spelt)
    if not unmapped:
        check_usable(header, taken, others, spelt)
    if not found:
        raise BadInput(f"{name} has a header and no rows.", "Export it again.", field="file")
    return Sheet(
        sha256=hashlib.sha256(content).hexdigest(),
        name=name,
        encoding=encoding,
        delimiter=delimiter,
        format=kind,
        preset=preset_of(header),
        header=header,
        mapping=taken,
        unmatched=others,
        rows=found,
        doubts=doubts(header, taken, found, spelt),
        skipped=skipped,
        came_back=back,
    )


def _format(name: str, text: str) -> Format:
    ending = name.casefold().rpartition(".")[2]
    first = text.lstrip()[:1]
    if ending in {"jsonl", "ndjson"}:
        return "jsonl"
    if first == "{":
        return "jsonl" if is_json_lines(text) and "\n" in text.strip() else "json"
    return "json" if first == "[" or ending == "json" else "csv"
