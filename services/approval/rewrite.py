"""Another text in the same message: what an edit changes, and what it leaves as it was."""

import msgspec

from contracts.email import Content, canonical
from contracts.envelope import Personal, reveal


def same_text(content: Content, *, subject: str | None, body: str | None) -> bool:
    """Whether the message already reads so. White space at the ends does not count, nor does what is not given."""
    return (subject is None or _plain(subject) == _plain(reveal(content.subject))) and (
        body is None or _plain(body) == _plain(reveal(content.text))
    )


def rewritten(content: Content, *, subject: str | None, body: str | None, salt: str) -> Content:
    """The message with another subject, body or both; recipient, sender, headers and attachments stay.

    The HTML part goes with the old body: it was made from it, and the recipient would read what nobody approved.

    Args:
        content: the message as it stands.
        subject: the new subject, None to keep it.
        body: the whole new text as it goes out, with signature, postal address and opt-out; None to keep it.
        salt: 16 random bytes in hex, never used before.

    Raises:
        ValueError: no salt, or the old one; a programming error.
    """
    if not salt or salt == reveal(content.salt):
        raise ValueError("a new text needs a salt of its own")
    replaced = msgspec.structs.replace(content, salt=Personal.plain(salt))
    if subject is not None:
        replaced = msgspec.structs.replace(replaced, subject=Personal.plain(_plain(subject)))
    if body is not None and not same_text(content, subject=None, body=body):
        replaced = msgspec.structs.replace(replaced, text=Personal.plain(canonical(body)), html="")
    return replaced


def _plain(text: str) -> str:
    return canonical(text).strip()
