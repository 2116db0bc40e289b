"""Campaigns whose audience leads would enter or leave under another ideal customer: an audience may name tiers. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import msgspec

from contracts.campaign import Audience
from contracts.lead import Lead, LeadDisqualified, LeadScored, Tier

Verdict: TypeAlias = LeadScored | LeadDisqualified
Change: TypeAlias = Literal["", "enters", "leaves"]
AudienceOf: TypeAlias = Callable[[str], Audience | None]
"""Whom the campaign of this name is for; None where that cannot be read."""


class Takes(Protocol):
    """SEGMENTOR's own answer."""

    def takes(self, lead: Lead, tier: Tier, audience: Audience) -> bool:
        """Whether a lead of this tier is in an audience."""
        ...


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign. Whoever is disqualified is in no audience.

    Args:
        leads: how many of those that were judged are of a run for it.
        before, after: how many of them are in its audience under each of the two; None where that cannot be read.
        enter, leave: how many would, under the candidate.
    """

    campaign: str
    leads: int
    before: int | None
    after: int | None
    enter: int = 0
    leave: int = 0


@dataclass
class _Counted:
    leads: int = 0
    before: int = 0
    after: int = 0
    enter: int = 0
    leave: int = 0


class Reach:
    """Counts leads by campaign. An audience is read once, so that all are held to the same one."""

    def __init__(self, judge: Takes, audience_of: AudienceOf) -> None:
        self._judge, self._audience_of = judge, audience_of
        self._audiences: dict[str, Audience | None] = {}
        self._counted: dict[str, _Counted] = {}

    def add(self, lead: Lead, one: Verdict, other: Verdict) -> Change:
        """Count one lead, and say what it does under the other verdict."""
        campaign = campaign_of(lead)
        if not campaign:
            return ""
        if campaign not in self._audiences:
            self._audiences[campaign] = self._audience_of(campaign)
        counted = self._counted.setdefault(campaign, _Counted())
        counted.leads += 1
        audience = self._audiences[campaign]
        if audience is None:
            return ""
        before, after = self._inside(lead, one, audience), self._inside(lead, other, audience)
        counted.before += before
        counted.after += after
        counted.enter += after and not before
        counted.leave += before and not after
        if before == after:
            return ""
        return "enters" if after else "leaves"

    def _inside(self, lead: Lead, verdict: Verdict, audience: Audience) -> bool:
        return isinstance(verdict, LeadScored) and self._judge.takes(lead, verdict.tier, audience)

    def done(self) -> tuple[Reached, ...]:
        """By name."""
        return tuple(
            Reached(campaign=name, leads=one.leads, before=None, after=None)
            if self._audiences[name] is None
            else Reached(
                campaign=name, leads=one.leads, before=one.before, after=one.after, enter=one.enter, leave=one.leave
            )
            for name, one in sorted(self._counted.items())
        )


def campaign_of(lead: Lead) -> str:
    """The campaign of the run that the lead is of; empty where it is for none."""
    return lead.run.campaign if lead.run else ""


def nobody_knows(campaign: str) -> Audience | None:  # noqa: ARG001 - It is an `AudienceOf`.
    """For a comparison that has no campaigns at hand."""
    return None
