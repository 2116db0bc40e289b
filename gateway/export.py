"""The answer to whoever asks for a list as a file."""

from collections.abc import Iterator, Sequence

from litestar.response import Stream

from gateway import csv_cells
from gateway.answers import POSITION
from gateway.columns import NEXT, TRUNCATED, head


def table(title: str, rows: Sequence[str], *, following: str, position: str) -> Stream:
    """The answer: a file of rows that `line` wrote.

    Whether it is whole stands in a header, which comes before the body: so the rows are found first, and then sent.
    """
    headers = {
        POSITION: position,
        TRUNCATED: "true" if following else "false",
        "Content-Disposition": f'attachment; filename="swarm-{title}.csv"',
    }
    if following:
        headers[NEXT] = following

    def pieces() -> Iterator[bytes]:
        yield head(title).encode()
        yield from (row.encode() for row in rows)

    return Stream(pieces(), headers=headers, media_type=csv_cells.MEDIA_TYPE)
