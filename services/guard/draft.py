"""What the guard is given to judge, and what it makes of it once so that the rules need not."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

import msgspec

from contracts.deal import Account
from contracts.email import Claim, RejectionTag
from services.guard.text import fingerprint_of, first_sentence, mark_of, normal, personal_part, sentences, sketch


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
    part cannot be found in any text, so it closes the guard; so does a `language` whose words nobody listed.
    """

    signature: str
    postal_address: str
    opt_out: str
    competitors: tuple[str, ...] = ()
    language: str = "en"


class Around(TypedDict):
    """What must be known beside a text to judge it.

    `claims` are what the text says of the recipient; after an edit, `evidence.surviving` of those before.
    `recipient_lead_id` says whom it is for: what the same lead got before makes no twin. `company` is the recipient's
    as its facts have it, empty where unknown. `account` is what others there were written, None where nobody was.
    `memory` is what people rejected for this lead, `compliance` what the sender must say, `now` when it is judged,
    aware. `first_touch` is whether the text opens the conversation; left out, it does.
    """

    claims: tuple[Claim, ...]
    recipient_lead_id: str
    company: str
    account: Account | None
    memory: RejectionMemory
    compliance: Compliance
    now: datetime
    first_touch: NotRequired[bool]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One text with all that the rules look at. `words`, `plain_subject` and `plain_first` are in normal form."""

    subject: str
    text: str
    claims: tuple[Claim, ...]
    recipient_lead_id: str
    company: str
    account: Account | None
    memory: RejectionMemory
    compliance: Compliance
    now: datetime
    first_touch: bool = True
    fingerprint: str
    personal: str
    sentences: tuple[str, ...]
    words: str
    plain_subject: str
    plain_first: str
    opener: str
    sketch: tuple[int, ...]


def read(subject: str, text: str, **around: Unpack[Around]) -> Draft:
    """Take a text apart, once for all rules."""
    personal = personal_part(text, around["compliance"].signature)
    words = normal(personal)
    plain_subject = normal(subject)
    first = normal(first_sentence(personal))
    return Draft(
        subject=subject,
        text=text,
        fingerprint=fingerprint_of(plain_subject, text),
        personal=personal,
        sentences=sentences(personal),
        words=words,
        plain_subject=plain_subject,
        plain_first=first,
        opener=mark_of(first),
        sketch=sketch(words),
        **around,
    )
