"""Cells of a CSV that a spreadsheet takes for text, whatever somebody wrote into them (RFC 4180; OWASP CSV injection)."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide forms of the first."""
BOM = "\ufeff"
"""Excel reads a CSV with it as UTF-8, and without it in the code page of its machine."""
MEDIA_TYPE = "text/csv"


def cell(text: str) -> str:
    """The text as no formula, and as a file can hold it: half characters and NULs are shown as replaced."""
    safe = f"'{text}" if text.startswith(FORMULA_STARTS) else text
    return safe.replace("\0", "\ufffd").encode(errors="replace").decode()


def row(texts: Iterable[str]) -> str:
    """One line of a file, every cell safe."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(map(cell, texts))
    return out.getvalue()


def document(rows: Iterable[Iterable[str]]) -> bytes:
    """The rows as a file, every cell safe, beginning with a byte order mark."""
    return (BOM + "".join(map(row, rows))).encode()
