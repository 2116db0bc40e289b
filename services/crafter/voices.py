"""In whose words a lead is written to: the user's own offer, or the demonstration's for invented people alone."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from contracts.campaign import Campaign
from contracts.errors import NotSetUp
from contracts.lead import Lead
from contracts.setup import Gap
from services.crafter.offer import load_offer, read_offer
from services.crafter.render import Voice, voice_of
from services.runtime.campaigns import Campaigns, stamp_of

VoiceOf: TypeAlias = Callable[[Lead], Voice]
"""The voice in which a lead is written to.

Raises:
    NotSetUp: there is none for a real person, or the lead's campaign cannot be used.
"""

NO_OFFER = Gap(
    key="offer", why="is not set", remedy="`swarm init` writes an offer.toml, and a swarm.toml that names it."
)
IS_DEMO = Gap(
    key="company",
    why="is that of the demonstration",
    remedy="Write who you are; the demonstration's company is invented.",
)


class Voices:
    """The user's own offers, read anew when a file changes, so that what is mended there holds for the next draft.

    Args:
        own: the file of the offer; None where nobody named one.
        campaigns: the campaigns that leads can be of.
    """

    def __init__(self, own: Path | None, campaigns: Campaigns) -> None:
        self.campaigns = campaigns
        self._own = own
        self._known: dict[str, _Read] = {}
        self._demo = voice_of(load_offer())

    def of(self, lead: Lead) -> Voice:
        """See `VoiceOf`."""
        return self.find(lead.run.campaign if lead.run else "", synthetic=lead.synthetic)

    def find(self, campaign: str = "", *, synthetic: bool) -> Voice:
        """The voice for an invented person, or for a real one, of a campaign, or of none.

        Raises:
            NotSetUp: there is none for a real person, or the campaign cannot be used.
        """
        found = self._fresh(campaign)
        if found.voice is not None:
            return found.voice
        if synthetic and not campaign:
            return self._demo
        raise not_set_up(found.gaps, campaign)

    def gaps(self, campaign: str = "") -> tuple[Gap, ...]:
        """What keeps real people from being written to; empty where nothing does."""
        return self._fresh(campaign).gaps

    def _fresh(self, name: str) -> "_Read":
        found = self.campaigns.read(name) if name else None
        if found and found.campaign is None:
            return _Read((), None, found.gaps)
        campaign = found.campaign if found else None
        own = self._own
        if campaign and campaign.offer and (path := self.campaigns.path(name)):
            own = path.parent / campaign.offer
        if own is None:
            return _Read((), None, (NO_OFFER,))
        stamps = (str(own), stamp_of(own), found.stamp if found else None)
        known = self._known.get(name)
        if known is None or known.stamps != stamps:
            offer, gaps = read_offer(own, campaign.changes() if campaign else None)
            if campaign:
                gaps = tuple(_told(one, campaign, own.name) for one in gaps)
            if offer and offer.company == self._demo.offer.company:
                offer, gaps = None, (IS_DEMO,)
            voice = voice_of(offer, frozenset(campaign.angles) if campaign else frozenset()) if offer else None
            known = self._known[name] = _Read(stamps, voice, gaps)
        return known


class _Read(NamedTuple):
    stamps: tuple[object, ...]
    voice: Voice | None
    gaps: tuple[Gap, ...]


def _told(gap: Gap, campaign: Campaign, file: str) -> Gap:
    """A gap of an offer that a campaign uses, with the file in which it is."""
    if gap.key in campaign.changes():
        return gap
    if not gap.key:
        return Gap(
            key="offer", why=f"cannot be used: {gap.why}", remedy="Put the file beside the campaign's, or mend it."
        )
    return msgspec.structs.replace(gap, key=f"{file}: {gap.key}")


def not_set_up(gaps: tuple[Gap, ...], campaign: str = "") -> NotSetUp:
    """The refusal to write to a real person, with everything that is missing by its key."""
    keys = ", ".join(one.key or one.why for one in gaps)
    if campaign:
        return NotSetUp(
            f"The campaign {campaign!r} cannot be used, or its offer is not whole: {keys}.",
            f"`swarm campaigns check {campaign}` says what each is.",
            missing=keys,
            field="campaign",
        )
    return NotSetUp(
        f"Real people are written to in your own words alone, and your offer is not whole: {keys}.",
        "Fill it in; `swarm doctor` says what each is, and `swarm init` writes the file to fill in.",
        missing=keys,
    )
