"""A campaign: under one name whom it is for, in whose words, and which ways to begin it may use."""

import re

import msgspec

from contracts.lead import Tier

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""What a campaign may be called: it is the name of its file, too."""

_WORDS = re.compile(r"[^\W_]+")


class Audience(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a campaign is for; what is empty asks for nothing.

    Args:
        tiers: a tier that is not drafted otherwise is, where it is named here.
        industries: one of these stands in the lead's industry, in whole words.
        titles: one of these stands in the lead's title, in whole words.
    """

    tiers: tuple[Tier, ...] = ()
    industries: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def takes(self, *, tier: Tier, industry: str, title: str) -> bool:
        """Whether it is for a lead of which this is known."""
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.industries or _named(industry, self.industries))
            and (not self.titles or _named(title, self.titles))
        )


class Campaign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file of a campaign says.

    Args:
        offer: the file of an offer beside this one; empty for the user's own.
        angles: the ways to begin that it may use; empty for all.
        language, sender_name, sender_title, sender_address, reply_to, booking_link: in place of what the offer says.
    """

    audience: Audience = Audience()
    offer: str = ""
    angles: tuple[str, ...] = ()
    language: str | None = None
    sender_name: str | None = None
    sender_title: str | None = None
    sender_address: str | None = None
    reply_to: str | None = None
    booking_link: str | None = None

    def changes(self) -> dict[str, object]:
        """What stands in place of the offer's own values."""
        names = ("language", "sender_name", "sender_title", "sender_address", "reply_to", "booking_link")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


EVERYBODY = Audience()


def _named(text: str, wanted: tuple[str, ...]) -> bool:
    """Whether the words of one of these follow each other in the text: a director is no CTO."""
    said = f" {' '.join(_WORDS.findall(text.casefold()))} "
    return any(f" {' '.join(_WORDS.findall(one.casefold()))} " in said for one in wanted)
