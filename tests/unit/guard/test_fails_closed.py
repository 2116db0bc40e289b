"""What the guard cannot judge, it does not let pass."""

from datetime import datetime
from typing import cast

from services.guard.draft import Compliance, Draft, Rejection, RejectionMemory
from services.guard.judge import UNJUDGED, failures, inspect
from services.guard.rules import RULES, Rule
from tests.unit.guard.controls import BODY, CLAIMS, CLOSING, COMPLIANCE, LEAD, NOW, SUBJECT, judged


def broken(_: Draft) -> str:
    raise RuntimeError("a bug")


def test_rule_that_raises_counts_as_failed() -> None:
    verdict = inspect(
        SUBJECT,
        BODY + CLOSING,
        claims=CLAIMS,
        recipient_lead_id=LEAD,
        company="Northwind",
        account=None,
        memory=RejectionMemory(),
        compliance=COMPLIANCE,
        now=NOW,
        rules=(*RULES, Rule("BROKEN", broken)),
    )
    assert not verdict.passed
    assert [(one.rule, one.found) for one in failures(verdict)] == [("BROKEN", UNJUDGED)]


def test_memory_that_cannot_be_compared_stops_the_draft() -> None:
    naive = Rejection(at=datetime(2026, 11, 1), tag="other", fingerprint="", template="")  # noqa: DTZ001 - That is the fault.
    verdict = judged({"memory": RejectionMemory(rejections=(naive,))})
    assert [(one.rule, one.found) for one in failures(verdict)] == [("GUARD-001", UNJUDGED)]


def test_no_rules_pass_nothing() -> None:
    assert not judged(only="no such rule").passed


def test_empty_compliance_parts_are_in_no_text() -> None:
    verdict = judged({"compliance": Compliance(signature="", postal_address="", opt_out="")})
    assert {one.rule for one in failures(verdict)} >= {"COMPLY-SIGNATURE", "COMPLY-ADDRESS", "COMPLY-OPT-OUT"}


def test_text_that_cannot_be_read_fails_every_rule() -> None:
    verdict = inspect(
        SUBJECT,
        cast("str", None),
        claims=CLAIMS,
        recipient_lead_id=LEAD,
        company="Northwind",
        account=None,
        memory=RejectionMemory(),
        compliance=COMPLIANCE,
        now=NOW,
    )
    assert not verdict.passed
    assert len(failures(verdict)) == len(RULES)
