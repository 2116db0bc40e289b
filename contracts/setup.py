"""What a person sets up before real people are written to, and what is said of it where it is not whole."""

import msgspec


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that keeps a file of the user from being used.

    Args:
        key: where it stands in the file, such as `reply_to` or `proofs[2].evidence`; empty for the whole file.
        why: what is wrong with it, as the end of a sentence that begins with the key.
        remedy: what mends it.
    """

    key: str
    why: str
    remedy: str

    def sentence(self) -> str:
        """Key and reason in words, without an end."""
        return f"{self.key} {self.why}".strip()
