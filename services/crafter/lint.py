"""What the guard would say of a template before any lead is written to: every text it can give, tried on one lead."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateError

from contracts.email import Verdict
from contracts.envelope import Personal
from contracts.lead import PERSONAL_FIELDS, Known, Lead, Value
from services.crafter.library import Library
from services.crafter.render import Rendered, Voice, render, sayable
from services.crafter.sheet import Sheet
from services.crafter.template_file import ALWAYS, Angle, Part, line_of
from services.guard.draft import RejectionMemory
from services.guard.judge import failures, inspect
from services.guard.rules import RULES, Rule

THEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FACT = "00000000-0000-5000-8000-000000000000"
WHO: dict[str, Value] = {
    "full_name": "Robin Sample",
    "first_name": "Robin",
    "last_name": "Sample",
    "email": "robin@sample.example",
    "title": "COO",
    "company": "Sample Works",
    "industry": "Computer Software",
    "employees": 120,
    "technologies": ("HubSpot", "Slack"),
    "hiring": "Operations Manager",
}
"""Somebody of whom everything is known."""
OF_SUBJECTS = tuple(rule for rule in RULES if rule.id in {"SUBJECT-SHOUT", "SUBJECT-PROMISE", "SUBJECT-REPLY"})
"""What a subject can break in its own words, whatever a lead fills in."""
NEXT = {"SUBJECT": "Write another subject.", "GUARD-004": "Begin with another sentence."}


class Weakness(NamedTuple):
    """A text that the guard would stop: the template, the line it comes from, the rule, and what it found."""

    angle: str
    file: Path | None
    line: int
    rule: str
    found: str
    remedy: str


def somebody(fields: dict[str, Value] = WHO, persona: str = "operations") -> Lead:
    """A lead for a trial; nobody is meant."""
    known = {
        name: Known(
            value=Personal.plain(value) if name in PERSONAL_FIELDS and isinstance(value, str) else value,
            fact=FACT,
            source="sample",
            confidence=1.0,
            at=THEN,
        )
        for name, value in fields.items()
    }
    return Lead(status="scored", fields=known, tier="tier_1", persona=persona)


def weaknesses(library: Library, voice: Voice, angle: Angle, source: str) -> list[Weakness]:
    """Every rule that some text of this template breaks, each at the first line that leads to it.

    Args:
        library: of the template's language.
        voice: whose offer is said in the text.
        angle: the template.
        source: the text of its file, for the lines.
    """
    lines, found = source.split("\n"), dict[tuple[int, str], Weakness]()
    sheet = Sheet(somebody(persona=(angle.personas or ("operations",))[0]), library.speech)
    words = sayable(sheet, voice)
    for subject in angle.subjects:
        line = _nth(lines, "subjects", subject.number)
        for result in failures(_verdict(_bare(angle, subject), voice, OF_SUBJECTS)):
            one = Weakness(angle.name, angle.file, line, result.rule, result.found, NEXT["SUBJECT"])
            found.setdefault((line, result.rule), one)
    for opener in angle.openers:
        for subject in angle.subjects:
            if not opener.needs | subject.needs | angle.needs <= words:
                continue
            at_opener = _nth(lines, "openers", opener.number)
            try:
                text = _text(library, voice, angle, sheet, opener.number, subject.number)
            except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
                one = Weakness(angle.name, angle.file, at_opener, "RENDER", f"It fails: {error}.", "Mend the slot.")
                found.setdefault((at_opener, "RENDER"), one)
                continue
            for result in failures(_verdict(text, voice)):
                about_subject = result.rule.startswith("SUBJECT")
                line = _nth(lines, "subjects", subject.number) if about_subject else at_opener
                remedy = next((words for rule, words in NEXT.items() if result.rule.startswith(rule)), "")
                one = Weakness(
                    angle.name, angle.file, line, result.rule, result.found, remedy or "Rewrite what it speaks of."
                )
                found.setdefault((line, result.rule), one)
    return sorted(found.values(), key=lambda one: (one.line, one.rule))


def _text(library: Library, voice: Voice, angle: Angle, sheet: Sheet, variant: int, subject: int) -> Rendered:
    persona = (angle.personas or ("operations",))[0]
    return render(sheet, voice, library, angle, variant, subject=subject, persona=persona, proof=variant)


def _bare(angle: Angle, subject: Part) -> Rendered:
    """A subject's own words without what leads fill in: what is filled in must not hide how loud they are."""
    words = dict.fromkeys(subject.needs | ALWAYS, "")
    return Rendered(angle.subject.render(words | {"subject_number": subject.number}).strip(), "", ())


def _verdict(text: Rendered, voice: Voice, rules: Sequence[Rule] = RULES) -> Verdict:
    return inspect(
        text.subject,
        text.text,
        rules=rules,
        claims=text.claims,
        recipient_lead_id="nobody",
        company=str(WHO["company"]),
        account=None,
        memory=RejectionMemory(),
        compliance=voice.compliance,
        now=THEN,
    )


def _nth(lines: list[str], key: str, number: int) -> int:
    """The line of the nth text of a key that has each on a line of its own; else that of the key."""
    at = line_of(lines, key)
    head = lines[at - 1].partition("=")[2].strip() if at <= len(lines) else ""
    return at + 1 + number if head == "[" and at + number < len(lines) else at
