"""A sheet in pieces small enough to be stored and worked through one by one."""

from collections.abc import Iterator

import msgspec

from contracts.errors import DamagedEntry
from services.reading.sheet import Row, Sheet

CHUNK_ROWS = 200
CHUNK_BYTES_MAX = 1_000_000


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a file, with all that is needed to read them without the others."""

    first_row: int
    header: tuple[str, ...]
    mapping: dict[str, str]
    rows: list[Row]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Chunk)


def chunks(sheet: Sheet, size: int = CHUNK_ROWS) -> list[bytes]:
    """The rows in order, at most `size` and about `CHUNK_BYTES_MAX` bytes in each chunk.

    A chunk passes that many bytes by its header and one row at most.
    """
    return [
        _encoder.encode(Chunk(first_row=rows[0].number, header=sheet.header, mapping=sheet.mapping, rows=rows))
        for rows in _pieces(sheet.rows, size)
    ]


def _pieces(rows: list[Row], size: int) -> Iterator[list[Row]]:
    piece: list[Row] = []
    weight = 0
    for row in rows:
        # Counted in bytes only where characters could hide more of them.
        cost = sum(len(cell) if cell.isascii() else len(cell.encode()) for cell in row.cells)
        if piece and (len(piece) >= size or weight + cost > CHUNK_BYTES_MAX):
            yield piece
            piece, weight = [], 0
        piece.append(row)
        weight += cost
    if piece:
        yield piece


def read_chunk(blob: bytes) -> Chunk:
    """The chunk in these bytes.

    Raises:
        DamagedEntry: they are none.
    """
    try:
        return _decoder.decode(blob)
    except msgspec.MsgspecError as error:
        raise DamagedEntry("A stored chunk of a file does not read.", "Import the file again.") from error
