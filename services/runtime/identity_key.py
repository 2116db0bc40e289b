"""The key that lead ids are derived from: made once, kept beside the data, never rotated.

Without it every known person would be a new lead, so it belongs into each backup of the data.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from contracts.errors import BadInput

KEY_BYTES = 32
FILE_NAME = "identity.key"


def parse_key(text: str, where: str) -> bytes:
    """The key in a text of 64 hex digits.

    Raises:
        BadInput: it is not that.
    """
    with suppress(ValueError):
        key = bytes.fromhex(text.strip())
        if len(key) == KEY_BYTES:
            return key
    raise BadInput(f"The identity key in {where} is not {2 * KEY_BYTES} hex digits.", "Restore it from the backup.")


def kept_key(home: Path) -> bytes:
    """The key of this home, made where there is none yet; of two processes that make it, one wins."""
    file = home / FILE_NAME
    if not file.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = home / f"{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(KEY_BYTES))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(fresh, file)  # A link, unlike a rename, never replaces what another process has just made.
        fresh.unlink()
        _keep_names(home)
    return parse_key(file.read_text(encoding="ascii", errors="replace"), str(file))


def _keep_names(folder: Path) -> None:
    """Make a new name survive a power loss: a key that is gone while its namespace stands locks everybody out."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
