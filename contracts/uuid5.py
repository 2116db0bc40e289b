"""`uuid.uuid5` as text, spelled out: every fact and every row asks for some."""

import hashlib


def uuid5(namespace: bytes, name: str) -> str:
    """The version 5 UUID of a name (RFC 9562, 5.5) in a namespace of 16 bytes."""
    digest = hashlib.sha1(namespace + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"
