"""Asks every rule about one text and fails closed: what could not be judged did not pass."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from contracts.deal import Account
from contracts.email import Claim, RuleResult, Verdict
from services.guard.draft import Compliance, Draft, RejectionMemory, read
from services.guard.rules import RULES, Rule
from services.guard.text import fingerprint

GUARD = "guard/1"
UNJUDGED = "This rule could not be judged."
_PASSED = {rule.id: RuleResult(rule=rule.id, passed=True) for rule in RULES}


class Examined(NamedTuple):
    """A verdict, with the numbers by which others at the company are kept from the same text."""

    verdict: Verdict
    opener: str
    shingles: tuple[int, ...]


def inspect(
    subject: str,
    text: str,
    *,
    claims: tuple[Claim, ...],
    recipient_lead_id: str,
    company: str,
    account: Account | None,
    memory: RejectionMemory,
    compliance: Compliance,
    now: datetime,
    first_touch: bool = True,
    rules: Sequence[Rule] = RULES,
) -> Verdict:
    """Judge one message as its recipient would get it.

    Args:
        subject: without the header's name.
        text: the whole text, from greeting to opt-out.
        claims: what it says of the recipient; after an edit, `evidence.surviving` of those before.
        recipient_lead_id: whom it is for; what the same lead got before makes no twin.
        company: the recipient's company as its facts have it; empty where unknown.
        account: what others at the company were written; None where nobody was.
        memory: what people rejected for this lead.
        compliance: what the sender must say.
        now: when it is judged, aware.
        first_touch: whether this opens the conversation.
        rules: the table; others than the whole only in tests. An empty one passes nothing.

    Returns:
        The verdict with one result for each rule. It never raises.
    """
    return examine(
        subject,
        text,
        claims=claims,
        recipient_lead_id=recipient_lead_id,
        company=company,
        account=account,
        memory=memory,
        compliance=compliance,
        now=now,
        first_touch=first_touch,
        rules=rules,
    ).verdict


def examine(
    subject: str,
    text: str,
    *,
    claims: tuple[Claim, ...],
    recipient_lead_id: str,
    company: str,
    account: Account | None,
    memory: RejectionMemory,
    compliance: Compliance,
    now: datetime,
    first_touch: bool = True,
    rules: Sequence[Rule] = RULES,
) -> Examined:
    """As `inspect`, for who records what was said to the account."""
    try:
        mark = fingerprint(subject, text)
        draft = read(
            subject,
            text,
            claims=claims,
            recipient_lead_id=recipient_lead_id,
            company=company,
            account=account,
            memory=memory,
            compliance=compliance,
            first_touch=first_touch,
            now=now,
            fingerprint=mark,
        )
    except Exception:  # noqa: BLE001 - Whatever went wrong, a text that cannot be read does not pass.
        unread = tuple(RuleResult(rule=rule.id, passed=False, found=UNJUDGED) for rule in rules)
        return Examined(Verdict(guard=GUARD, passed=False, results=unread, fingerprint=""), "", ())
    results = tuple(_result(rule, draft) for rule in rules)
    passed = bool(results) and all(one.passed for one in results)
    verdict = Verdict(guard=GUARD, passed=passed, results=results, fingerprint=mark)
    return Examined(verdict, draft.opener, draft.sketch)


def _result(rule: Rule, draft: Draft) -> RuleResult:
    try:
        found = rule.check(draft)
    except Exception:  # noqa: BLE001 - A rule that breaks has not let the text pass.
        found = UNJUDGED
    if found:
        return RuleResult(rule=rule.id, passed=False, found=found)
    return _PASSED.get(rule.id) or RuleResult(rule=rule.id, passed=True)


def failures(verdict: Verdict) -> tuple[RuleResult, ...]:
    """The rules that did not pass, in the order of the table."""
    return tuple(one for one in verdict.results if not one.passed)
