"""Asks every rule about one text and fails closed: what could not be judged did not pass."""

from collections.abc import Sequence
from typing import NamedTuple, Unpack

from contracts.email import RuleResult, Verdict
from services.guard.draft import Around, Draft, read
from services.guard.rules import RULES, Rule

GUARD = "guard/1"
UNJUDGED = "This rule could not be judged."
_PASSED = {rule.id: RuleResult(rule=rule.id, passed=True) for rule in RULES}


class Examined(NamedTuple):
    """A verdict, with the numbers by which others at the company are kept from the same text."""

    verdict: Verdict
    opener: str
    shingles: tuple[int, ...]


def inspect(subject: str, text: str, *, rules: Sequence[Rule] = RULES, **around: Unpack[Around]) -> Verdict:
    """Judge one message as its recipient would get it.

    Args:
        subject: without the header's name.
        text: the whole text, from greeting to opt-out.
        rules: the table; others than the whole only in tests. An empty one passes nothing.
        **around: see `Around`.

    Returns:
        The verdict with one result for each rule. It never raises.
    """
    return examine(subject, text, rules=rules, **around).verdict


def examine(subject: str, text: str, *, rules: Sequence[Rule] = RULES, **around: Unpack[Around]) -> Examined:
    """As `inspect`, for who records what was said to the account."""
    try:
        draft = read(subject, text, **around)
    except Exception:  # noqa: BLE001 - Whatever went wrong, a text that cannot be read does not pass.
        unread = tuple(RuleResult(rule=rule.id, passed=False, found=UNJUDGED) for rule in rules)
        return Examined(Verdict(guard=GUARD, passed=False, results=unread, fingerprint=""), "", ())
    results = tuple([_result(rule, draft) for rule in rules])
    passed = bool(results) and all(one.passed for one in results)
    verdict = Verdict(guard=GUARD, passed=passed, results=results, fingerprint=draft.fingerprint)
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
