"""What may stand in a mail header: one line, and bare addresses only."""

import re

from contracts.errors import BadInput

_BREAKS = re.compile(r"[\r\n\x00\u0085\u2028\u2029]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]{2,63}")


def one_line(value: str) -> bool:
    """Whether no line end or NUL in the value could end a header and begin another."""
    return _BREAKS.search(value) is None


def is_address(value: str) -> bool:
    """Whether a text is one bare mail address: no quoted local part, no source route, no address literal."""
    return len(value) <= 254 and _ADDRESS.fullmatch(value) is not None


def fit_for_header(field: str, value: str) -> str:
    """The value, if it is one line that says something.

    Raises:
        BadInput: it is empty, or a line end or NUL in it could add a header; the field is named.
    """
    if not one_line(value):
        raise BadInput(f"{field} holds a line end or NUL.", "Write it on one line.", field=field)
    if not value.strip():
        raise BadInput(f"{field} is empty.", "Fill it in.", field=field)
    return value
