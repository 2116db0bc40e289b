"""The words the guard looks for, in normal form: lower case, no punctuation, one space around each word."""

import re


def _whole(*phrases: str) -> tuple[str, ...]:
    """With a space at each end, as they are found in a text in normal form."""
    return tuple(f" {phrase} " for phrase in phrases)


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Whether one of them is there: half the time of asking for each, and nearly always the answer is no."""
    return re.compile("|".join(phrases))


BANNED_OPENERS = _whole(
    "given your role as",
    "i noticed you re",
    "i noticed you are",
    "i hope this finds you",
    "i hope this email finds you",
    "i wanted to reach out",
    "i m reaching out",
    "i am reaching out",
    "quick question",
    "i saw you re",
    "i saw you are",
    "just wanted to",
)
"""First sentences that thousands have received before. Source: the seed's list, with the spellings people use."""

AS_A_X_AT = re.compile(r" as (?:a|an|the) (?:\w+ ){1,6}at ")
"""`As a VP Sales at Acme`: the opener that every mail merge writes."""

GENERIC = _whole(
    "in today s fast paced",
    "take your business to the next level",
    "to the next level",
    "game changer",
    "game changing",
    "cutting edge",
    "best in class",
    "world class",
    "one stop shop",
    "unlock the full potential",
    "unlock your potential",
    "drive growth",
    "move the needle",
    "low hanging fruit",
    "seamless integration",
    "streamline your operations",
    "digital transformation journey",
    "stay ahead of the curve",
    "leverage synergies",
)
"""Nineteen phrases that could stand in any mail to anybody."""

ANY_GENERIC = _any_of(GENERIC)
GENERIC_SHARE_MAX = 0.4

SPAM = _whole(
    "act now",
    "limited time",
    "risk free",
    "no obligation",
    "click here",
    "buy now",
    "order now",
    "you ve won",
    "you have won",
    "free trial",
    "free gift",
    "for free",
    "100 free",
    "special promotion",
    "once in a lifetime",
    "lowest price",
    "best price",
    "money back",
    "guaranteed",
    "double your",
    "don t miss",
    "last chance",
    "make money",
    "extra income",
    "earn cash",
)
"""What mail filters and readers both stop at."""

ANY_SPAM = _any_of(SPAM)

PROMISES = _whole("guarantee", "guarantees", "guaranteed", "the best", "the only", "number one", "no 1")
"""Words that promise in a subject what nobody can keep."""
