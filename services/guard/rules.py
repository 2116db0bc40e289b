"""Every rule of the guard, in one table. A rule says what is wrong as a sentence for the reviewer, or nothing.

No sentence repeats what a lead's fields hold: verdicts are kept in plain and outlive the person's data.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from services.guard import patterns, phrases
from services.guard.draft import Draft
from services.guard.evidence import weakness
from services.guard.text import likeness, normal

MEMORY_WINDOW = timedelta(days=30)
REJECTIONS_MAX = 2
LIKENESS_MAX = 0.6
SUBJECT_CHARACTERS = (3, 60)
BODY_WORDS = (40, 160)


def _finds(pattern: re.Pattern[str], sign: re.Pattern[str], draft: Draft) -> bool:
    return any(sign.search(text) and pattern.search(text) for text in (draft.subject, draft.text))


def rejected_often(draft: Draft) -> str:
    """People turned this lead's drafts down twice within the window: let it rest."""
    since = draft.now - MEMORY_WINDOW
    count = sum(one.at >= since for one in draft.memory.rejections)
    return f"Drafts to this lead were rejected {count} times in 30 days." if count >= REJECTIONS_MAX else ""


def rejected_before(draft: Draft) -> str:
    """The same text, give or take punctuation, was rejected for this lead."""
    again = any(one.fingerprint == draft.fingerprint for one in draft.memory.rejections)
    return "This text was rejected for this lead before." if again else ""


def nearly_rejected_before(draft: Draft) -> str:
    """A text with most of the same word runs was rejected for this lead."""
    again = any(likeness(draft.sketch, one.shingles) >= LIKENESS_MAX for one in draft.memory.rejections)
    return "Nearly the same text was rejected for this lead before." if again else ""


def unsupported(draft: Draft) -> str:
    """Each claim stands in the text and cites a fact; one is about the company, one about the role."""
    return weakness(draft.subject, draft.text, draft.claims)


def worn_opener(draft: Draft) -> str:
    """The first sentence is one that everybody has read before."""
    known = phrases.LANGUAGES[draft.compliance.language]
    for phrase in known.banned_openers:
        if phrase in draft.plain_first:
            return f"The first sentence says “{phrase.strip()}”."
    worn = known.role_at.search(draft.plain_first)
    return "The first sentence names role and company as every mail merge does: “as a … at …”." if worn else ""


def generic(draft: Draft) -> str:
    """More than 0.4 of the sentences could stand in any mail."""
    known = phrases.LANGUAGES[draft.compliance.language]
    if not known.any_generic.search(draft.words):
        return ""
    found = [phrase for phrase in known.generic if phrase in draft.words]
    stock = sum(any(phrase in normal(one) for phrase in found) for one in draft.sentences)
    share = stock / max(1, len(draft.sentences))
    return f"Stock phrases in {share:.0%} of the sentences." if share > phrases.GENERIC_SHARE_MAX else ""


def spam(draft: Draft) -> str:
    """Words that filters stop at, in the subject or in what is said to the recipient."""
    known, said = phrases.LANGUAGES[draft.compliance.language], draft.plain_subject + draft.words
    if not known.any_spam.search(said):
        return ""
    phrase = next(one for one in known.spam if one in said)
    return f"“{phrase.strip()}” reads as spam."


def feigned_reply(draft: Draft) -> str:
    """A first message that pretends to be an answer deceives."""
    deceives = draft.first_touch and patterns.REPLY_MARK.match(draft.subject)
    return "The subject pretends to be a reply or a forward." if deceives else ""


def shouting(draft: Draft) -> str:
    """Capitals, exclamation marks and urgency in the subject."""
    if all(map(str.isupper, filter(str.isalpha, draft.subject))) and sum(map(str.isalpha, draft.subject)) > 4:
        return "The subject is all capitals."
    if "!" in draft.subject:
        return "The subject has an exclamation mark."
    urgent = phrases.LANGUAGES[draft.compliance.language].urgent
    found = next((one.strip() for one in urgent if one in draft.plain_subject), "")
    return f"The subject says “{found}”." if found else ""


def subject_length(draft: Draft) -> str:
    """A subject that is shown whole on a telephone."""
    least, most = SUBJECT_CHARACTERS
    size = len(draft.subject.strip())
    return "" if least <= size <= most else f"The subject has {size} characters; {least} to {most} are allowed."


def subject_promise(draft: Draft) -> str:
    """No guarantees, no superlatives, no competitor by name in the subject."""
    for phrase in phrases.LANGUAGES[draft.compliance.language].promises:
        if phrase in draft.plain_subject:
            return f"The subject promises: “{phrase.strip()}”."
    named = any(f" {one.casefold()} " in draft.plain_subject for one in draft.compliance.competitors)
    return "The subject names a competitor." if named else ""


def placeholder(draft: Draft) -> str:
    """A slot that somebody meant to fill in."""
    left = _finds(patterns.PLACEHOLDER, patterns.PLACEHOLDER_SIGN, draft)
    return "A placeholder was left in the text." if left else ""


def length(draft: Draft) -> str:
    """Long enough to say something, short enough to be read; counted without greeting, signature and footer."""
    least, most = BODY_WORDS
    count = len(draft.personal.split())
    return "" if least <= count <= most else f"The message has {count} words; {least} to {most} are allowed."


def braces(draft: Draft) -> str:
    """Nothing a person writes in a mail has braces or template marks."""
    found = any(mark in draft.text or mark in draft.subject for mark in ("{", "}"))
    return "The text holds a brace: a template was not rendered." if found else ""


def nothing_word(draft: Draft) -> str:
    """`None`, `nan`, `null`: a missing value that was printed."""
    found = _finds(patterns.NOTHING, patterns.NOTHING_SIGN, draft)
    return "The text holds a missing value that was printed." if found else ""


def raw_value(draft: Draft) -> str:
    """A list, a pair or an object as a program prints it."""
    found = _finds(patterns.RAW, patterns.RAW_SIGN, draft)
    return "The text holds a list or an object as a program prints it." if found else ""


def empty_slot(draft: Draft) -> str:
    """`Hi ,` or `at .`: a sentence built around a value that is not there."""
    language = draft.compliance.language
    if language == "en":
        found = _finds(patterns.EMPTY_SLOT, patterns.EMPTY_SIGN, draft)
    else:
        holes = patterns.EMPTY_SLOTS[language]
        found = bool(holes.search(draft.subject) or holes.search(draft.text))
    return "A sentence has a hole where a value should be." if found else ""


def double_space(draft: Draft) -> str:
    """Two spaces in a row, or more than two empty lines: where something was left out."""
    texts = (draft.subject.replace("\u00a0", " "), draft.text.replace("\u00a0", " "))
    found = any("  " in text or "\n\n\n\n" in text for text in texts)
    return "The text has two spaces in a row." if found else ""


def hidden(draft: Draft) -> str:
    """Control characters, and those that turn the reading direction, show another text than is there."""
    if draft.subject.isprintable() and draft.text.replace("\n", "").isprintable():
        return ""
    found = patterns.HIDDEN.search(draft.text) or patterns.HIDDEN.search(draft.subject) or "\n" in draft.subject
    return "The text holds characters that cannot be seen." if found else ""


def legal_name(draft: Draft) -> str:
    """People say `Acme`, not `Acme, Inc.`."""
    stiff = patterns.LEGAL_FORM.search(draft.company) and draft.company.strip() in draft.personal
    return "The company is named with its legal form." if stiff else ""


def unsigned(draft: Draft) -> str:
    """The sender's name stands on a line of its own."""
    name = draft.compliance.signature
    return "" if name and f"\n{name}\n" in f"{draft.text}\n" else "The signature is missing."


def addressless(draft: Draft) -> str:
    """The sender's postal address, as the law wants it."""
    address = draft.compliance.postal_address
    return "" if address and address in draft.text else "The postal address is missing."


def no_way_out(draft: Draft) -> str:
    """The sentence that says how not to be written to again."""
    sentence = draft.compliance.opt_out
    return "" if sentence and sentence in draft.text else "The sentence on how to opt out is missing."


def no_ask(draft: Draft) -> str:
    """After its first sentence the text asks something: what can be answered with no."""
    return "" if any(one.endswith("?") for one in draft.sentences[1:]) else "The text asks nothing after its opener."


def twin(draft: Draft) -> str:
    """Most of the text went to somebody else at the same company."""
    if draft.account is None:
        return ""
    others = (one for one in draft.account.approaches if one.lead_id != draft.recipient_lead_id)
    same = any(likeness(draft.sketch, one.shingles) >= LIKENESS_MAX for one in others)
    return "Somebody else at this company gets nearly the same text." if same else ""


def twin_opener(draft: Draft) -> str:
    """Somebody else at the same company gets the same first sentence."""
    if draft.account is None:
        return ""
    same = any(one.opener == draft.opener for one in draft.account.approaches if one.lead_id != draft.recipient_lead_id)
    return "Somebody else at this company gets the same first sentence." if same else ""


class Rule(NamedTuple):
    """One rule: its id, as verdicts and overrides name it, and the function that judges."""

    id: str
    check: Callable[[Draft], str]


RULES: tuple[Rule, ...] = (
    Rule("GUARD-001", rejected_often),
    Rule("GUARD-002", rejected_before),
    Rule("GUARD-002-NEAR", nearly_rejected_before),
    Rule("GUARD-003", unsupported),
    Rule("GUARD-004", worn_opener),
    Rule("GUARD-005", generic),
    Rule("SPAM", spam),
    Rule("SUBJECT-REPLY", feigned_reply),
    Rule("SUBJECT-SHOUT", shouting),
    Rule("SUBJECT-LENGTH", subject_length),
    Rule("SUBJECT-PROMISE", subject_promise),
    Rule("PLACEHOLDER", placeholder),
    Rule("LENGTH", length),
    Rule("RENDER-BRACE", braces),
    Rule("RENDER-NOTHING", nothing_word),
    Rule("RENDER-RAW", raw_value),
    Rule("RENDER-SLOT", empty_slot),
    Rule("RENDER-SPACE", double_space),
    Rule("RENDER-HIDDEN", hidden),
    Rule("COMPANY-NAME", legal_name),
    Rule("COMPLY-SIGNATURE", unsigned),
    Rule("COMPLY-ADDRESS", addressless),
    Rule("COMPLY-OPT-OUT", no_way_out),
    Rule("COMPLY-ASK", no_ask),
    Rule("TWIN-TEXT", twin),
    Rule("TWIN-OPENER", twin_opener),
)
