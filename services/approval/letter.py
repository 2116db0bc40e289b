"""The parts of a letter, found without knowing who sends it: greeting, what is said, sign-off, and what must be below."""

import re
from typing import NamedTuple

_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|bonjour)\b[^\n,.!?:]{0,60}(?:[,!:.]\s*|\n|\Z)",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:(?:all the |my )?best(?: wishes| regards)?|(?:kind|warm|best) regards|regards|cheers|sincerely"
    r"|yours (?:sincerely|truly|faithfully)|thanks(?: again| so much)?|thank you|many thanks|talk soon|--)\s*[,.!]?",
    re.IGNORECASE,
)
_OPT_OUT = re.compile(
    r"\b(?:unsubscribe|opt[ -]?out|stop e-?mails?|not (?:want|wish) to hear|rather not hear|no longer (?:wish|want)"
    r"|don['’]t want to hear|reply (?:with )?[\"'“‘]?(?:stop|no)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+")
_LINE_WORDS_MAX = 9
"""A line of a signature or an address is shorter than this and ends no sentence."""


class Letter(NamedTuple):
    """One message, taken apart. `block` is everything from the sign-off on: signature, address, opt-out."""

    subject: str
    text: str
    greeting: str
    said: str
    sign_off: str
    block: str

    @property
    def opener(self) -> str:
        """The first sentence after the greeting; empty where nothing is said."""
        return next(iter(_sentences(self.said)), "")

    @property
    def ask(self) -> str:
        """The last question, else the last sentence before the signature."""
        sentences = _sentences(self.said)
        questions = [each for each in sentences if each.rstrip("\"'”’)").endswith("?")]
        return (questions or sentences or [""])[-1]


def read(subject: str, text: str) -> Letter:
    """Take a message apart. Total: what cannot be told apart counts as said."""
    above, block = _split(text)
    greeting = _GREETING.match(above)
    start = greeting.end() if greeting else 0
    first = block.split("\n", 1)[0].strip()
    return Letter(
        subject=subject,
        text=text,
        greeting=above[:start].strip(),
        said=above[start:].strip(),
        sign_off=first if _SIGN_OFF.fullmatch(first) else "",
        block=block.strip(),
    )


def _split(text: str) -> tuple[str, str]:
    """What is above the signature, and the rest.

    The last sign-off on a line of its own begins the block; without one it is the paragraphs at the end that opt out or
    look like a signature or an address.
    """
    lines = text.split("\n")
    signed = [index for index, line in enumerate(lines) if _SIGN_OFF.fullmatch(line.strip())]
    if signed:
        return "\n".join(lines[: signed[-1]]), "\n".join(lines[signed[-1] :])
    paragraphs = re.split(r"\n[ \t]*\n", text)
    start = len(paragraphs)
    while start > 0 and _is_block(paragraphs[start - 1]):
        start -= 1
    if not any(_OPT_OUT.search(each) or "\n" in each.strip() for each in paragraphs[start:]):
        start = len(paragraphs)
    return "\n\n".join(paragraphs[:start]), "\n\n".join(paragraphs[start:])


def _is_block(paragraph: str) -> bool:
    lines = [line.strip() for line in paragraph.strip().split("\n")]
    short = all(len(line.split()) < _LINE_WORDS_MAX and not line.endswith((".", "!", "?", ",")) for line in lines)
    return bool(_OPT_OUT.search(paragraph)) or short


def _sentences(text: str) -> list[str]:
    return [each for each in map(str.strip, _SENTENCE_END.split(text)) if each]
