"""What a reviewer's instruction asks of the next text, as far as the offline drafter can tell from its words."""

import re

import msgspec

from contracts.email import Wish


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """`keep` stays with angle and opener but for what else is asked; `wanted` and `unwanted` name angles.

    `soft` asks what is easy to say no to, `fact` says something else of the company, `subject` takes the other subject.
    """

    short: bool = False
    soft: bool = False
    fact: bool = False
    subject: bool = False
    keep: bool = False
    wanted: frozenset[str] = frozenset()
    unwanted: frozenset[str] = frozenset()


NO_WISHES = Wishes()

_SHORT = re.compile(
    r"\b(?:short\w*|too long|long[- ]?winded|trim|brief\w*|concise|cut|tighten|half the length)\b", re.IGNORECASE
)
_SUBJECT = re.compile(r"\bsubject\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:angle|opener|opening line|first (?:line|sentence)|approach|rewrite|start over|different|another|generic|tone|pushy|salesy)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:no|not|don't|do not|without|less|avoid|drop|remove|stop|leave out|never)\b[^.;!?]{0,30}$", re.IGNORECASE
)
_ANGLES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"\bhir(?:e|ing)\b|\bvacanc|\bopen(?:ing)? role", frozenset({"hiring_trigger"})),
    (r"\bindustr|\bsector\b|\bvertical\b", frozenset({"industry_specific"})),
    (r"\btech(?:nolog\w+)?\b|\bstack\b|\btools?\b", frozenset({"tech_stack"})),
    (r"\bworksheet\b|\bresource\b|\bgive (?:them )?something|\bvalue\b", frozenset({"value_first", "diy_resource"})),
    (r"\bhours?\b|\btime sav|\bsave time", frozenset({"time_savings"})),
    (r"\bcompetit", frozenset({"competitor_fomo"})),
    (r"\bprocess|\befficien|\boperations?\b", frozenset({"operations_efficiency"})),
    (r"\bAI\b|\binnovat", frozenset({"innovation_champion"})),
    (r"\bquick win|\bsmall (?:fix|step)", frozenset({"quick_win"})),
)
_NAMED = tuple((re.compile(pattern, re.IGNORECASE), angles) for pattern, angles in _ANGLES)


def read_wishes(instruction: str) -> Wishes:
    """Read an instruction. Where it names nothing that is known, another angle is written."""
    wanted: set[str] = set()
    unwanted: set[str] = set()
    for pattern, angles in _NAMED:
        for found in pattern.finditer(instruction):
            (unwanted if _NOT.search(instruction[: found.start()]) else wanted).update(angles)
    short = _SHORT.search(instruction) is not None
    subject = _SUBJECT.search(instruction) is not None
    other = _OTHER.search(instruction) is not None and not subject
    return Wishes(
        short=short,
        keep=(short or subject) and not other and not wanted and not unwanted,
        wanted=frozenset(wanted - unwanted),
        unwanted=frozenset(unwanted),
    )


def asked(wishes: tuple[Wish, ...], instruction: str) -> Wishes:
    """What is asked of the next text: what the wishes name, and what can be read from the words.

    Wishes are plain where words are not, so with them the words add angles and a shorter text, and undo nothing.
    """
    read = read_wishes(instruction) if instruction else Wishes(keep=bool(wishes))
    if not wishes:
        return read
    return Wishes(
        short=read.short or "shorter" in wishes,
        soft="softer_ask" in wishes,
        fact="other_fact" in wishes,
        subject="other_subject" in wishes,
        keep="other_angle" not in wishes and not read.wanted and not read.unwanted,
        wanted=read.wanted,
        unwanted=read.unwanted,
    )
