"""What people said to each other about an e-mail, as the views of e-mails keep it."""

from datetime import datetime

import msgspec

from contracts.email import EmailCommented
from contracts.envelope import AnyEnvelope, Personal

KEPT = 20


class Comment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One of them; the text may name the prospect."""

    by: str
    at: datetime
    text: Personal


def with_one_more(comments: tuple[Comment, ...], said: EmailCommented, fact: AnyEnvelope) -> tuple[Comment, ...]:
    """The newest, oldest first; the log has those before them."""
    return (*comments, Comment(by=str(fact.actor), at=fact.recorded_at, text=said.text))[-KEPT:]
