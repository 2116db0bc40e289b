"""The ETag of a card: which version of the text it shows, and the hash of it."""

import re

from contracts.errors import BadInput

_ETAG = re.compile(r'"(?P<version>[1-9]\d{0,8})\.(?P<content_hash>[0-9a-f]{64})"')


def etag(draft_version: int, content_hash: str) -> str:
    """The value of the header, quotes included."""
    return f'"{draft_version}.{content_hash}"'


def read_etag(value: str) -> tuple[int, str]:
    """Version and hash.

    Raises:
        BadInput: it is none of ours.
    """
    found = _ETAG.fullmatch(value.strip())
    if found is None:
        raise BadInput("If-Match is no ETag of a card.", "Send the ETag as the card came with it.", field="If-Match")
    return int(found["version"]), found["content_hash"]
