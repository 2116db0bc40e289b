"""From the bytes of a file to its text, whichever way a spreadsheet saved it."""

import re
from typing import NamedTuple

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE_BYTES = 4096
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Text(NamedTuple):
    """Text with `\\n` line ends, and the encoding it was read with.

    A lone surrogate stands for a byte that does not belong into the encoding; whoever meets it refuses that row.
    """

    text: str
    encoding: str


def text_of(content: bytes) -> Text:
    """The text of a file; never fails.

    A byte order mark decides; without one UTF-16 shows by its zeros and UTF-8 by being valid. What is neither is Excel's
    cp1252, or Latin-1 where cp1252 has a gap. A file with more valid UTF-8 sequences than stray bytes is a damaged
    UTF-8 file and is read as such.
    """
    text, encoding = _decoded(content)
    return Text(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "") or _wide(content)
    if encoding and encoding != "utf-8-sig":
        return content.decode(encoding, errors="replace"), encoding
    encoding = encoding or "utf-8"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="surrogateescape")
    strays = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    if encoding == "utf-8-sig" or len(_UTF8_SEQUENCE.findall(content)) > strays:
        return text, encoding
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: every other byte of ordinary text is zero."""
    sample = content[:_SAMPLE_BYTES]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high * 4 > len(sample) and not low:
        return "utf-16-le"
    return "utf-16-be" if low * 4 > len(sample) and not high else ""
