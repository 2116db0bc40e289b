"""Each rule has a draft that it alone stops; without the rule the draft gets through."""

from datetime import timedelta

import msgspec
import pytest

from contracts.deal import Account, Approach
from contracts.email import Claim
from services.guard.draft import Compliance, Rejection, RejectionMemory
from services.guard.judge import failures
from services.guard.phrases import GENERIC
from services.guard.rules import RULES
from services.guard.text import fingerprint, opener, personal_part, shingles
from tests.unit.guard.controls import (
    BODY,
    CLAIMS,
    CLOSING,
    COLLEAGUE,
    COMPLIANCE,
    FACT,
    LEAD,
    NOW,
    SUBJECT,
    Spoiled,
    judged,
)

PERSONAL = personal_part(BODY + CLOSING, COMPLIANCE.signature)
OTHER_BODY = BODY.replace("I am curious how", "I would like to ask how")
STOCK = "It is a game changer. It is a cutting edge idea. It will move the needle. It is world class. It helps you drive growth."


def rejection(*, days: int = 1, mark: str = "other", sketch: tuple[int, ...] = ()) -> Rejection:
    return Rejection(
        at=NOW - timedelta(days=days), tag="tone_style_issue", fingerprint=mark, template="quick_win", shingles=sketch
    )


def broken(subject: str, body: str, compliance: Compliance) -> set[str]:
    """The rules that stop a text in another language."""
    verdict = judged({"subject": subject, "body": body, "compliance": compliance})
    return {one.rule for one in failures(verdict)}


def colleague(*, first: str = "other", sketch: tuple[int, ...] = (), lead_id: str = COLLEAGUE) -> Account:
    approach = Approach(
        lead_id=lead_id, email_id="e", angle="quick_win", variant=0, opener=first, shingles=sketch, at=NOW
    )
    return Account(approached=1, approaches=(approach,))


def body(old: str, new: str) -> Spoiled:
    assert old in BODY
    return {"body": BODY.replace(old, new)}


SPOILED: list[tuple[str, Spoiled]] = [
    ("GUARD-001", {"memory": RejectionMemory(rejections=(rejection(), rejection(days=29)))}),
    ("GUARD-002", {"memory": RejectionMemory(rejections=(rejection(mark=fingerprint(SUBJECT, BODY + CLOSING)),))}),
    ("GUARD-002-NEAR", {"memory": RejectionMemory(rejections=(rejection(sketch=shingles(OTHER_BODY)),))}),
    ("GUARD-003", {"claims": CLAIMS[:2]}),
    ("GUARD-003", {"claims": CLAIMS[::2]}),
    ("GUARD-003", {"claims": ()}),
    ("GUARD-003", {"claims": (*CLAIMS, Claim(words="HubSpot", field="technologies", fact=FACT, source="import"))}),
    ("GUARD-003", {"claims": (*CLAIMS, Claim(words="orders", field="industry", fact="", source="import"))}),
    ("GUARD-004", body("I am curious how", "I hope this finds you well and curious how")),
    ("GUARD-004", body("I am curious how", "I’m reaching out to learn how")),
    ("GUARD-004", body("I am curious how", "As a Head of Operations at Northwind you know how")),
    ("GUARD-004", body("Hi Dana,\n\nI am", "Hi Dana, just wanted to say I am")),
    ("GUARD-005", body("We time one workflow and show what changed.", STOCK)),
    ("SPAM", body("We time one", "Act now: we time one")),
    ("SPAM", {"subject": "Order handling, risk-free"}),
    ("SUBJECT-REPLY", {"subject": "Re: order handling"}),
    ("SUBJECT-REPLY", {"subject": "FWD: order handling"}),
    ("SUBJECT-SHOUT", {"subject": "ORDER HANDLING"}),
    ("SUBJECT-SHOUT", {"subject": "Order handling!"}),
    ("SUBJECT-SHOUT", {"subject": "Urgent: order handling"}),
    ("SUBJECT-LENGTH", {"subject": "Hi"}),
    ("SUBJECT-LENGTH", {"subject": "Order handling " * 5}),
    ("SUBJECT-PROMISE", {"subject": "Orders handled, we guarantee"}),
    ("SUBJECT-PROMISE", {"subject": "Better than Gong"}),
    ("PLACEHOLDER", body("Dana", "[First Name]")),
    ("PLACEHOLDER", {"subject": "Order handling, TODO"}),
    (
        "LENGTH",
        {
            "body": BODY.replace(
                "As volume grows, exceptions grow faster: standard orders run by themselves and the odd ones take the day. We time one workflow and show what changed.",
                "Orders.",
            )
        },
    ),
    ("LENGTH", body("We time", "and so it goes on " * 30 + "We time")),
    ("RENDER-BRACE", body("Dana", "{{ first_name }}")),
    ("RENDER-BRACE", {"subject": "Order handling at {company}"}),
    ("RENDER-NOTHING", body("Dana", "None")),
    ("RENDER-NOTHING", body("one workflow", "nan workflows")),
    ("RENDER-NOTHING", {"subject": "Order handling at null"}),
    ("RENDER-RAW", body("one workflow", "['HubSpot', 'Slack']")),
    ("RENDER-RAW", body("one workflow", "('HubSpot', 'Slack')")),
    ("RENDER-SLOT", body("Hi Dana,", "Hi ,")),
    ("RENDER-SLOT", body("We time one workflow", "We time one workflow at .")),
    ("RENDER-SPACE", body("We time", "We  time")),
    ("RENDER-HIDDEN", body("We time", "We\u202e time")),
    ("RENDER-HIDDEN", {"subject": "Order handling\r\nBcc: someone@else.example"}),
    ("COMPANY-NAME", body("runs at Northwind,", "runs at Northwind, Inc.,")),
    ("COMPLY-SIGNATURE", {"closing": CLOSING.replace("Mara Lindqvist", "Somebody Else")}),
    ("COMPLY-ADDRESS", {"closing": CLOSING.replace("14 Harbour Lane", "somewhere")}),
    ("COMPLY-OPT-OUT", {"closing": CLOSING.replace("reply “no thanks”", "bad luck")}),
    ("COMPLY-ASK", body("already?", "already.")),
    ("TWIN-TEXT", {"account": colleague(sketch=shingles(OTHER_BODY.partition("\n")[2]))}),
    ("TWIN-OPENER", {"account": colleague(first=opener(PERSONAL))}),
]


def test_good_draft_passes_every_rule() -> None:
    verdict = judged()
    assert verdict.passed, failures(verdict)
    assert [one.rule for one in verdict.results] == [rule.id for rule in RULES]


@pytest.mark.parametrize(("rule", "spoiled"), SPOILED)
def test_rule_alone_stops_its_draft(rule: str, spoiled: Spoiled) -> None:
    verdict = judged(spoiled)
    assert not verdict.passed
    assert [one.rule for one in failures(verdict)] == [rule]
    assert all(one.found for one in failures(verdict))


@pytest.mark.parametrize(("rule", "spoiled"), SPOILED)
def test_draft_gets_through_when_its_rule_is_removed(rule: str, spoiled: Spoiled) -> None:
    assert judged(spoiled, without=rule).passed


def test_every_rule_has_a_draft_that_it_stops() -> None:
    assert {rule for rule, _ in SPOILED} == {rule.id for rule in RULES}


def test_ids_of_rules_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_nineteen_generic_phrases_are_known() -> None:
    assert len(set(GENERIC)) == 19


def test_rejections_before_the_window_do_not_count() -> None:
    assert judged({"memory": RejectionMemory(rejections=(rejection(), rejection(days=31)))}).passed


def test_own_earlier_text_makes_no_twin() -> None:
    mine = colleague(first=opener(PERSONAL), sketch=shingles(PERSONAL), lead_id=LEAD)
    assert judged({"account": mine}).passed


def test_reply_mark_is_allowed_after_the_first_touch() -> None:
    assert judged({"subject": "Re: order handling", "first_touch": False}).passed


@pytest.mark.parametrize(
    "hole", ["to , and", "to ; so", "at the, so", "at an. So", "kept () so", "kept ( ) so", "one,, two"]
)
def test_hole_in_a_sentence_is_seen(hole: str) -> None:
    assert [one.rule for one in failures(judged(body("We time", f"It is {hole}. We time")))] == ["RENDER-SLOT"]


def test_first_of_two_phrases_in_the_table_is_named() -> None:
    (found,) = failures(judged(body("We time", "It is for free. Act now. We time")))
    assert found.found == "“act now” reads as spam."


def test_ordinary_words_of_people_are_no_defects() -> None:
    assert judged(
        body("We time", "None of them is (as far as I know) an exception. What are you looking for? We time")
    ).passed


@pytest.mark.parametrize(
    ("language", "rule", "subject", "text"),
    [
        ("de", "GUARD-004", SUBJECT, "Hallo Dana,\n\nIch hoffe, diese E-Mail erreicht Sie gut. Und nun?"),
        ("de", "GUARD-004", SUBJECT, "Guten Tag Dana,\n\nAls Leiterin Vertrieb bei Acme kennen Sie das. Und nun?"),
        ("de", "GUARD-004", SUBJECT, "Sehr geehrte Frau Weber,\n\nKurze Frage zu Acme: passt das? Und nun?"),
        ("de", "SPAM", SUBJECT, "Acme bekommt das garantiert."),
        ("de", "SPAM", SUBJECT, "Acme: click here."),
        ("de", "SUBJECT-PROMISE", "Mit Garantie für Acme", "Acme."),
        ("de", "SUBJECT-SHOUT", "Dringend: Acme", "Acme."),
        ("de", "SUBJECT-REPLY", "AW: Acme", "Acme."),
        ("de", "RENDER-SLOT", SUBJECT, "Wir schreiben Ihnen für ."),
        ("de", "RENDER-SLOT", SUBJECT, "Eine Frage zur?"),
        ("fr", "GUARD-004", SUBJECT, "Bonjour Dana,\n\nJe me permets de vous contacter. Et alors ?"),
        ("fr", "GUARD-004", SUBJECT, "Bonjour,\n\nEn tant que directrice chez Acme, vous savez. Et alors ?"),
        ("fr", "SPAM", SUBJECT, "Pour Acme, c’est gratuit."),
        ("fr", "SUBJECT-PROMISE", "Le meilleur pour Acme", "Acme."),
        ("fr", "SUBJECT-SHOUT", "Urgent : Acme", "Acme."),
        ("fr", "SUBJECT-REPLY", "RE : Acme", "Acme."),
        ("fr", "RENDER-SLOT", SUBJECT, "Une question chez ?"),
        ("fr", "RENDER-SLOT", SUBJECT, "Bonjour ,"),
    ],
)
def test_each_language_has_its_own_words(language: str, rule: str, subject: str, text: str) -> None:
    compliance = msgspec.structs.replace(COMPLIANCE, language=language)
    assert rule in broken(subject, text, compliance)


@pytest.mark.parametrize("text", ["Et chez vous ?", "C’est simple : un processus ; un seul !", "Le « poste » ouvert."])
def test_a_blank_before_a_french_mark_is_no_hole(text: str) -> None:
    compliance = msgspec.structs.replace(COMPLIANCE, language="fr")
    assert "RENDER-SLOT" not in broken("Un sujet", text, compliance)
    assert "RENDER-SLOT" in broken("Un sujet", "Bonjour .", compliance)


def test_a_text_in_a_language_whose_words_nobody_listed_does_not_pass() -> None:
    compliance = msgspec.structs.replace(COMPLIANCE, language="it")
    assert {"GUARD-004", "GUARD-005", "SPAM", "SUBJECT-PROMISE"} <= broken("Acme", "Acme.", compliance)
