"""What the guard is given to judge, and what it makes of it once so that the rules need not."""

from datetime import datetime

import msgspec

from contracts.deal import Account
from contracts.email import Claim, RejectionTag
from services.guard.text import first_sentence, mark_of, normal, personal_part, sentences, sketch


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A draft to the same lead that a person stopped. `shingles` is empty where only the fingerprint was kept."""

    at: datetime
    tag: RejectionTag
    fingerprint: str
    template: str
    shingles: tuple[int, ...] = ()


class RejectionMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What people turned down for one lead, oldest first."""

    rejections: tuple[Rejection, ...] = ()


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """What every message of this sender must say.

    `signature` is the sender's name as it stands on its own line. `competitors` may not be named in a subject. An empty
    part cannot be found in any text, so it closes the guard.
    """

    signature: str
    postal_address: str
    opt_out: str
    competitors: tuple[str, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One text with all that the rules look at. `words`, `plain_subject` and `plain_first` are in normal form."""

    subject: str
    text: str
    claims: tuple[Claim, ...]
    lead_id: str
    company: str
    account: Account | None
    memory: RejectionMemory
    compliance: Compliance
    first_touch: bool
    now: datetime
    fingerprint: str
    personal: str
    sentences: tuple[str, ...]
    words: str
    plain_subject: str
    plain_first: str
    opener: str
    sketch: tuple[int, ...]


def read(
    subject: str,
    text: str,
    *,
    claims: tuple[Claim, ...],
    recipient_lead_id: str,
    company: str,
    account: Account | None,
    memory: RejectionMemory,
    compliance: Compliance,
    first_touch: bool,
    now: datetime,
    fingerprint: str,
) -> Draft:
    """Take a text apart, once for all rules."""
    personal = personal_part(text, compliance.signature)
    words = normal(personal)
    first = normal(first_sentence(personal))
    return Draft(
        subject=subject,
        text=text,
        claims=claims,
        lead_id=recipient_lead_id,
        company=company,
        account=account,
        memory=memory,
        compliance=compliance,
        first_touch=first_touch,
        now=now,
        fingerprint=fingerprint,
        personal=personal,
        sentences=sentences(personal),
        words=words,
        plain_subject=normal(subject),
        plain_first=first,
        opener=mark_of(first),
        sketch=sketch(words),
    )
