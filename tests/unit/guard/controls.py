"""A draft that passes every rule, to be spoiled one way at a time."""

from datetime import UTC, datetime
from typing import TypedDict

from contracts.deal import Account
from contracts.email import Claim, Verdict
from services.guard.draft import Compliance, RejectionMemory
from services.guard.judge import inspect
from services.guard.rules import RULES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FACT = "8a1c2f0e-0000-5000-8000-00000000abcd"
LEAD = "11111111-0000-5000-8000-0000aabbccdd"
COLLEAGUE = "22222222-0000-5000-8000-0000aabbccdd"
SUBJECT = "Order handling at Northwind"
BODY = """Hi Dana,

I am curious how order handling runs at Northwind, and you seemed the right person to ask.

As volume grows, exceptions grow faster: standard orders run by themselves and the odd ones take the day. We time one workflow and show what changed.

Is that a fair description from where you sit as Head of Operations, or have you solved it already?"""
CLOSING = """

Best regards,
Mara Lindqvist
Client Partner, Fieldnote Works

Fieldnote Works, 14 Harbour Lane, Portland, OR 97200, USA
If you would rather not hear from me again, reply “no thanks”.
"""
COMPLIANCE = Compliance(
    signature="Mara Lindqvist",
    postal_address="Fieldnote Works, 14 Harbour Lane, Portland, OR 97200, USA",
    opt_out="If you would rather not hear from me again, reply “no thanks”.",
    competitors=("Gong",),
)
CLAIMS = (
    Claim(words="", field="first_name", fact=FACT, source="import"),
    Claim(words="Northwind", field="company", fact=FACT, source="import"),
    Claim(words="Head of Operations", field="title", fact=FACT, source="import"),
)


class Spoiled(TypedDict, total=False):
    """What of the good draft is other."""

    subject: str
    body: str
    closing: str
    claims: tuple[Claim, ...]
    company: str
    account: Account
    memory: RejectionMemory
    compliance: Compliance
    first_touch: bool


def judged(spoiled: Spoiled | None = None, without: str = "", only: str = "") -> Verdict:
    """The verdict on the good draft, spoiled so, by the rules without or with only one."""
    given = spoiled or {}
    return inspect(
        given.get("subject", SUBJECT),
        given.get("body", BODY) + given.get("closing", CLOSING),
        claims=given.get("claims", CLAIMS),
        recipient_lead_id=LEAD,
        company=given.get("company", "Northwind, Inc."),
        account=given.get("account"),
        memory=given.get("memory", RejectionMemory()),
        compliance=given.get("compliance", COMPLIANCE),
        first_touch=given.get("first_touch", True),
        now=NOW,
        rules=[rule for rule in RULES if rule.id != without and only in {"", rule.id}],
    )
